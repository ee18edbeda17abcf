/** 154 1234 5678, with or without country code and separators. */
const MOBILE = /(?<![0-9a-zA-Z-])((?:\+?86[- ]?)?1\d{2})[- ]?\d{4}[- ]?(\d{4})(?![0-9a-zA-Z-])/g;
/** 0851-00012345: area code and number. */
const LANDLINE = /(?<![0-9a-zA-Z-])(0\d{2,3}[- ]?)\d{3,4}(\d{4})(?![0-9a-zA-Z-])/g;
const IDENTITY = /(?<![0-9a-zA-Z-])(\d{3})\d{11,14}([\dXx])(?![0-9a-zA-Z-])/g;

/**
 * Telephone and identity numbers in a text that should hold none, masked: what people type into a reason, what an error quotes.
 * Every column of free text that is not sealed is written through it.
 */
export function maskText(text: string): string;
export function maskText(text: string | null): string | null;
export function maskText(text: string | null): string | null {
  if (text === null) return null;
  return text.replace(MOBILE, '$1****$2').replace(LANDLINE, '$1****$2').replace(IDENTITY, '$1***********$2');
}
