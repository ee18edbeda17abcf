import { z } from 'zod';
import type { Sort } from './list.rules.ts';

const Position = z.tuple([z.string(), z.union([z.string(), z.number()]), z.uuid()]);

export interface Position {
  readonly key: string | number;
  readonly id: string;
}

/** Where a page ended, opaque to the browser; it belongs to the order in which it was made. */
export const writeCursor = (sort: Sort, { key, id }: Position): string =>
  Buffer.from(JSON.stringify([sort, key, id])).toString('base64url');

/** The position, or null when the cursor is broken or of another order. */
export function readCursor(text: string, sort: Sort): Position | null {
  try {
    const [made, key, id] = Position.parse(JSON.parse(Buffer.from(text, 'base64url').toString()));
    const isNumber = sort.endsWith('due') || sort.endsWith('score');
    return made === sort && (typeof key === 'number') === isNumber ? { key, id } : null;
  } catch {
    return null;
  }
}
