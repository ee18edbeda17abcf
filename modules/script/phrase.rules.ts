/** Phrases that must not be said lightly: promises, threats, pressing. 十项禁令 6 and 7; 30个不得 16. */

export const PHRASE_KINDS = ['promise', 'threat', 'discouragement', 'other'] as const;
export type PhraseKind = (typeof PHRASE_KINDS)[number];

export interface Phrase {
  readonly id: string;
  /** Literal text; `*` stands for up to eight characters of the same sentence: see isPattern. */
  readonly pattern: string;
  readonly kind: PhraseKind;
  readonly advice: string;
  /** The rule that the phrase may break. */
  readonly rule: string;
}

/** A phrase found in a text. */
export interface Flag {
  readonly phraseId: string;
  readonly pattern: string;
  readonly kind: PhraseKind;
  readonly advice: string;
  readonly rule: string;
  /** The words around it. */
  readonly excerpt: string;
}

const GAP = 8;
const AROUND = 12;

/** Full-width letters folded, blanks and invisible signs out, so that nobody gets round a phrase by a space. */
const fold = (text: string): string =>
  text
    .normalize('NFKC')
    .replaceAll(/[\s\p{Cf}]/gu, '')
    .toLowerCase();

/** More gaps would take the search seconds on a long text. */
const GAPS_MAX = 3;

/** At least two signs that are looked for, and between any two gaps at least one: less would be found everywhere. */
export function isPattern(pattern: string): boolean {
  const parts = fold(pattern).split('*');
  return parts.length <= GAPS_MAX + 1 && parts.every((part) => part !== '') && parts.join('').length >= 2;
}

const matcher = (pattern: string): RegExp =>
  new RegExp(
    fold(pattern)
      .split('*')
      .map((part) => part.replaceAll(/[.+?^${}()|[\]\\]/g, '\\$&'))
      .join(`[^。！？!?;；]{0,${GAP}}`),
    'u',
  );

/** The phrases that a text contains, each once, with the words around it. */
export function findPhrases(text: string, phrases: readonly Phrase[]): Flag[] {
  const folded = fold(text);
  return phrases.flatMap(({ id, pattern, kind, advice, rule }) => {
    const found = matcher(pattern).exec(folded);
    if (!found) return [];
    const start = Math.max(0, found.index - AROUND);
    const end = Math.min(folded.length, found.index + found[0].length + AROUND);
    const excerpt = `${start > 0 ? '…' : ''}${folded.slice(start, end)}${end < folded.length ? '…' : ''}`;
    return [{ phraseId: id, pattern, kind, advice, rule, excerpt }];
  });
}
