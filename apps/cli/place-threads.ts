import type { Columns, ColumnsOutcome } from '#placement/columns';
import { placeColumns } from '#placement/columns-place';

export async function placeWithHelpers(columns: Columns, _threads: number): Promise<ColumnsOutcome> {
  return placeColumns(columns);
}
