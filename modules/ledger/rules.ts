/** Exports are marked row by row, approved above a size and safe to open in a spreadsheet: 数据安全法 art. 27, 个人信息保护法 art. 51. */

export const EXPORT_KINDS = ['decisions', 'ledger'] as const;
export type ExportKind = (typeof EXPORT_KINDS)[number];

/** Kinds of a season, and the log of the whole college, which the auditor takes out. */
export type AnyKind = ExportKind | 'audit';

/** On what ground somebody outside gets personal data: 个人信息保护法 art. 13 (3), 21, 23. */
export const RECEIVER_BASES = ['duty', 'consent', 'entrusted'] as const;
export type ReceiverBasis = (typeof RECEIVER_BASES)[number];

/** What goes to the authority always has a receiver. */
export const needsReceiver = (kind: AnyKind): boolean => kind === 'decisions';

export type ExportState = 'waiting' | 'making' | 'ready' | 'rejected' | 'failed';

/** A file may be fetched so long after it was made. */
export const EXPIRES_HOURS = 24;
/** One workbook sheet holds 1,048,576 rows; two are for the head. */
export const LEDGER_ROWS_MAX = 1_000_000;

/** Exports of one person without a second count together so long: many small ones are a large one. */
export const ALONE_HOURS = 24;

/** More rows than the season allows to one person alone need a second; `taken` are those of the last hours. */
export const needsApproval = (rows: number, limit: number, taken = 0): boolean => rows + taken > limit;

/** Alphabet without look-alikes; twelve signs are 60 bits. */
const SIGNS = 'ABCDEFGHJKLMNPQRSTUVWXYZ23456789';

/** The mark of an export out of random bytes: stands on every row, so any fragment of the file names its request. */
export function markOf(random: Uint8Array): string {
  const signs = [...random.subarray(0, 12)].map((byte) => SIGNS[byte % SIGNS.length]);
  return `${signs.slice(0, 4).join('')}-${signs.slice(4, 8).join('')}-${signs.slice(8, 12).join('')}`;
}

/** The password of a zip out of random bytes: sixteen signs are 80 bits, which WinZip's thousand rounds need. */
export function passwordOf(random: Uint8Array): string {
  const signs = [...random.subarray(0, 16)].map((byte) => SIGNS[byte % SIGNS.length]);
  return [0, 4, 8, 12].map((at) => signs.slice(at, at + 4).join('')).join('-');
}

/** What the authority is told of a case; null: nothing yet, it has no final state. */
export function decisionOf(result: string | null): 'admit' | 'return' | null {
  if (result === 'admitted') return 'admit';
  return result === 'withdrawn' || result === 'returned' ? 'return' : null;
}
