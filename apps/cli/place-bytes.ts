/** Bytes that a plain row of CSV is read by; the same in UTF-8 and GB18030. */
export const COMMA = 44;
export const QUOTE = 34;
export const LINE_FEED = 10;
export const RETURN = 13;
export const ZERO = 48;
export const NINE = 57;

// Four bytes at a time: a word is four bytes read as little-endian, so that the first one is the lowest. Each test sets
// the top bit of the bytes it finds; a carry can only reach bytes after the first one found, and only that one counts.

const TOP_BITS = 0x8080_8080;

/** How many of the four bytes, from the first, are digits. */
export const digitsOf = (word: number): number => firstOf(notDigits(word));

/** 0 if all four bytes are digits. */
export function notDigits(word: number): number {
  const values = word ^ 0x3030_3030;
  return ((values + 0x7676_7676) | values) & TOP_BITS;
}

/** The number that the first so many bytes of the word spell. */
export function numberOf(word: number, digits: number): number {
  const gap = 16 - 4 * digits;
  const values = ((word ^ 0x3030_3030) << gap) << gap;
  const pairs = Math.imul(values, 10) + (values >>> 8);
  return (pairs & 0xff) * 100 + ((pairs >>> 16) & 0xff);
}

/** How many of the four bytes stand before the first comma or line feed. */
export const beforeSeparator = (word: number): number =>
  firstOf(zerosOf(word ^ 0x2c2c_2c2c) | zerosOf(word ^ 0x0a0a_0a0a));

const zerosOf = (word: number): number => (word - 0x0101_0101) & ~word & TOP_BITS;

const firstOf = (found: number): number => (found === 0 ? 4 : (31 - Math.clz32(found & -found)) >>> 3);
