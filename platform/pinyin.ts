import { createRequire } from 'node:module';

/** Sort key and search initials of a name. Both compare by bytes (collate "C"), never by a collation of the database. */
export interface NameKeys {
  /** `ou yang xiu wen 欧阳修文`: syllables, then the name, so that equal sounds stay together. */
  readonly key: string;
  /** `oyxw`. */
  readonly initials: string;
}

const require = createRequire(import.meta.url);
let library: typeof import('pinyin-pro') | undefined;

const KEY_MAX = 200;
const CACHE_MAX = 60_000;
const heads = new Map<string, readonly string[]>();
const syllables = new Map<string, string>();

/** Compound surname that the library reads by its first character. */
const READINGS: Readonly<Record<string, readonly string[]>> = { 单于: ['chan', 'yu'] };

const options = { toneType: 'none', type: 'array', v: true } as const;

/** Pinyin of a name with surnames read as surnames (单 shan, 曾 zeng, 欧阳 ou yang). About a microsecond a name. */
export function nameKeys(name: string): NameKeys {
  const characters = [...name.trim()].filter(isLetter);
  const sounds = [
    ...headOf(characters.slice(0, 2).join('')),
    ...characters.slice(2).map((character) => soundOf(character)),
  ];
  return {
    key: `${sounds.join(' ')} ${name.trim()}`.trim().slice(0, KEY_MAX),
    initials: sounds
      .map((sound) => sound[0] ?? '')
      .filter((initial) => initial >= 'a' && initial <= 'z')
      .join(''),
  };
}

/** Blanks, dots between parts of a name and signs of lost characters carry no sound. */
const isLetter = (character: string): boolean => /\p{L}/u.test(character);

/** The first two characters decide together, because of compound surnames. */
function headOf(head: string): readonly string[] {
  const known = heads.get(head);
  if (known) return known;
  const read = READINGS[head] ?? soundsOf(head, { surname: 'head' });
  if (heads.size >= CACHE_MAX) heads.clear();
  heads.set(head, read);
  return read;
}

function soundOf(character: string): string {
  const known = syllables.get(character);
  if (known !== undefined) return known;
  const sound = soundsOf(character)[0] ?? clean(character);
  if (syllables.size >= CACHE_MAX) syllables.clear();
  syllables.set(character, sound);
  return sound;
}

/** By the library, which is mostly its dictionary: loaded when first asked, which most processes never do. */
function soundsOf(text: string, how: { surname?: 'head'; multiple?: true } = {}): string[] {
  library ??= require('pinyin-pro') as typeof import('pinyin-pro');
  return library.pinyin(text, { ...options, ...how }).map(clean);
}

/**
 * Rows in the order of names, of people, groups, units or anything else: by the sound, equal sounds by the name; numbers by their size (第二组
 * before 第十组); equal names stay as they come.
 */
export function inNameOrder<T>(rows: readonly T[], nameOf: (row: T) => string): T[] {
  if (rows.length < 2) return [...rows];
  const keyed = rows.map((row) => ({ row, key: nameKeys(inFigures(nameOf(row))).key }));
  return keyed
    .sort((one, other) => (one.key < other.key ? -1 : Number(one.key > other.key)))
    .map(({ row }) => row);
}

/** A number: figures, or Chinese ones below a hundred that count something. Not every 一 is one: 丁一 is a person. */
const NUMBER = /\d+|(?<=第)[一二三四五六七八九十]{1,3}|[一二三四五六七八九十]{1,3}(?=[组队班])/gu;
const DIGITS = '一二三四五六七八九';
const FIGURES = 9;

/** Numbers of one length, so that they sort by size: 第十组 is 第000000010组. */
const inFigures = (name: string): string =>
  name.replace(NUMBER, (number) => String(figureOf(number)).padStart(FIGURES, '0'));

/** Up to 九十九; figures as they are. */
function figureOf(number: string): number | string {
  if (/\d/.test(number)) return number.replace(/^0+(?=\d)/, '');
  const [tens = '', ones] = number.split('十');
  return ones === undefined ? digitOf(tens) : (digitOf(tens) || 1) * 10 + digitOf(ones);
}

const digitOf = (digit: string): number => (digit === '' ? 0 : DIGITS.indexOf(digit) + 1);

const clean = (sound: string): string => sound.trim().toLowerCase();

/** The stretch of sort keys in which names with this first character lie, whatever its reading. */
export function keysOfFirst(text: string): { from: string; until: string } {
  const [first = ''] = [...text];
  const readings = [
    ...soundsOf(first, { multiple: true }),
    ...headOf(first),
    ...headOf([...text].slice(0, 2).join('')).slice(0, 1),
  ].sort();
  return { from: readings[0] ?? '', until: `${readings.at(-1) ?? ''}!` };
}
