import type { noteText } from '../rules.ts';

/** What a file of a delivery is by its name alone; what it holds is judged when it is opened. */
export type FileKind =
  | { kind: 'dbf' | 'text' | 'workbook' | 'archive' | 'other' }
  | { kind: 'unread'; note: keyof typeof noteText };

const extensions: Readonly<Record<string, 'dbf' | 'text' | 'workbook' | 'archive'>> = {
  ...{ dbf: 'dbf', csv: 'text', tsv: 'text', txt: 'text', xlsx: 'workbook', zip: 'archive' },
} as const;

/** Left behind by Windows, macOS and Office; `._T_BMK.DBF` is no table. */
const SYSTEM_FILE = /(^|\/)(\.|~\$|__MACOSX\/|Thumbs\.db$|desktop\.ini$)/i;
/** Index, memo, code page and layout files that stand beside a DBF. */
const COMPANION = /\.(cpg|dbt|fpt|smt|cdx|idx|mdx|ndx|ntx|dbc|dct|dcx|lbl|prj)$/i;
const OTHER_ARCHIVE = /\.(rar|7z|tar|gz|tgz|bz2|xz|cab|iso|arj)$/i;

export function fileKindOf(name: string): FileKind {
  if (SYSTEM_FILE.test(name)) return { kind: 'unread', note: 'file_system' };
  if (COMPANION.test(name)) return { kind: 'unread', note: 'file_companion' };
  if (OTHER_ARCHIVE.test(name)) return { kind: 'unread', note: 'archive_unread' };
  const extension = /\.([^./]+)$/.exec(name)?.[1]?.toLowerCase() ?? '';
  return { kind: extensions[extension] ?? 'other' };
}
