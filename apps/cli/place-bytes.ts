/** Bytes that a plain row of CSV is read by; the same in UTF-8 and GB18030. */
export const COMMA = 44;
export const QUOTE = 34;
export const LINE_FEED = 10;
export const RETURN = 13;
export const ZERO = 48;
export const NINE = 57;
