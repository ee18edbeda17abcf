import { COMMA } from './place-bytes.ts';
import { type Cursor, keyOf, nextField } from './place-csv.ts';
import { endOfKey, findKey, isPlain, type KeyTable } from './place-keys.ts';

/** Whose row is next. Lists mostly come in the order of the candidates, and a row a preference repeats the id. */
export interface Ids {
  readonly keys: KeyTable;
  readonly isPlain: boolean;
  /** Number of the id that was read last. */
  key: number;
}

export const idsOf = (keys: KeyTable): Ids => ({ keys, isPlain: isPlain(keys), key: 0 });

/**
 * Reads an id in the first of several columns: the candidate's row, and the cursor is behind the comma. Tries the id of
 * the row before and the one after it, and looks others up. -1 if there is no such id; the cursor is where it was.
 */
export function nextRow(ids: Ids, cursor: Cursor): number {
  const { keys, key } = ids;
  if (ids.isPlain) {
    let end = endOfKey(keys, key, cursor);
    if (end < 0) {
      end = endOfKey(keys, key + 1, cursor);
      if (end >= 0) ids.key = key + 1;
    }
    if (end >= 0 && cursor.bytes[end] === COMMA) {
      cursor.position = end + 1;
      return keys.labels[ids.key] as number;
    }
  }
  const start = cursor.position;
  const found = nextField(cursor) ? -1 : findKey(keys, keyOf(cursor.field, cursor.encoding));
  if (found < 0) {
    cursor.position = start;
    return -1;
  }
  ids.key = found;
  return keys.labels[found] as number;
}
