import { PREFERENCES_MAX } from '#placement/columns';
import type { CsvFile } from './place-csv.ts';
import { preferenceColumns } from './place-headers.ts';
import type { Lists, Tables } from './place-list.ts';
import { emptyLists, readLong } from './place-long.ts';
import { note } from './place-tables.ts';
import { readWide } from './place-wide.ts';

/** The lists of a round from either form of export. */
export function readLists(file: CsvFile, tables: Tables): Lists {
  const k = preferenceColumns(file).length;
  if (k === 0) return readLong(file, tables);
  const lists = emptyLists(tables, k <= PREFERENCES_MAX ? k : 0);
  if (k > PREFERENCES_MAX) {
    const message = `志愿 ${k} 个，超过上限 ${PREFERENCES_MAX} 个。`;
    note(tables.findings, 'TOO_MANY', file.path, message);
  } else readWide(file, lists, tables);
  return lists;
}
