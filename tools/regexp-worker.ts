import { parentPort } from 'node:worker_threads';

/** Runs one regexp over the worst texts that its own letters make, and says so when it is through. In a thread, because nothing else stops one that hangs. */

const LENGTH = 100_000;
const LETTERS_MAX = 8;

/** One text in place of each class: enough to keep a loop turning. */
const CLASSES: Readonly<Record<string, string>> = {
  d: '0',
  w: 'a',
  s: ' ',
  D: 'x',
  W: '-',
  S: 'x',
  t: '\t',
  n: '\n',
  r: '\r',
};

/** Letters that the regexp may loop over, in the order in which it names them. */
function lettersOf(source: string): string[] {
  const letters: string[] = [];
  const bare = source.replace(/\{\d+(?:,\d*)?\}/g, '').replace(/\\[pP]\{[^}]*\}/g, '一');
  for (let at = 0; at < bare.length; at += 1) {
    const sign = bare[at] ?? '';
    if (sign === '\\') {
      at += 1;
      letters.push(CLASSES[bare[at] ?? ''] ?? bare[at] ?? '');
    } else if (sign === '.') letters.push('x');
    else if (!'()[]{}?*+|^$'.includes(sign)) letters.push(sign);
  }
  return [...new Set([...letters, 'x', ' ', '0'])].filter((letter) => letter !== '').slice(0, LETTERS_MAX);
}

const filled = (part: string): string => part.repeat(Math.ceil(LENGTH / part.length)).slice(0, LENGTH);

/** Long runs of each letter and of neighbours, ended by something that no pattern wants. */
function textsOf(source: string): string[] {
  const letters = lettersOf(source);
  const parts = [
    ...letters,
    ...letters.slice(1).map((letter, index) => `${letters[index]}${letter}`),
    letters.join(''),
  ];
  return parts.flatMap((part) => [
    filled(part),
    `${filled(part)}\u0000`,
    `${letters[0]}${filled(part)}\u0000`,
  ]);
}

parentPort?.on('message', ({ source, flags }: { source: string; flags: string }) => {
  const regexp = new RegExp(source, flags);
  for (const text of textsOf(source)) {
    regexp.lastIndex = 0;
    text.replace(regexp, '');
  }
  parentPort?.postMessage('through');
});
