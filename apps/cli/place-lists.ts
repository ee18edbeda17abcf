import { isWide, PREFERENCES_MAX, unfilled } from '#placement/columns';
import { type CsvFile, forEachBlock, nextField, wholeOf } from './place-csv.ts';
import { columnOf, preferenceColumns } from './place-headers.ts';
import { lookUp } from './place-keys.ts';
import { type Lists, type Tables, unknownCode } from './place-list.ts';
import { note } from './place-tables.ts';
import { readWide } from './place-wide.ts';

export function readLists(file: CsvFile, tables: Tables): Lists {
  const wide = preferenceColumns(file);
  const k = wide.length > 0 ? wide.length : highestPosition(file);
  const m = tables.programs.codes.length;
  const n = tables.candidates.ids.length;
  if (k > PREFERENCES_MAX) {
    note(tables.findings, 'TOO_MANY', file.path, `志愿 ${k} 个，超过上限 ${PREFERENCES_MAX} 个。`);
    return { k, prefs: new Uint16Array(0) };
  }
  const prefs = isWide({ m }) ? new Uint32Array(n * k) : new Uint16Array(n * k);
  prefs.fill(unfilled({ m }));
  const lists = { k, prefs };
  if (wide.length > 0) readWide(file, lists, tables);
  else readLong(file, lists, tables);
  return lists;
}

interface LongRow {
  readonly line: number;
  readonly candidate: number;
  readonly position: number;
  /** Key of the program, -1 unknown, -2 empty. */
  readonly program: number;
}

function forEachLongRow(file: CsvFile, tables: Tables | null, onRow: (row: LongRow) => void): void {
  const [idColumn, positionColumn, codeColumn] = [
    columnOf(file, 'id'),
    columnOf(file, 'position'),
    columnOf(file, 'code'),
  ];
  let line = 1;
  forEachBlock(file, (cursor) => {
    const { field } = cursor;
    while (cursor.position < cursor.end) {
      line += 1;
      const start = cursor.position;
      let [candidate, position, program, column] = [-1, -1, -2, 0];
      for (let last = false; !last; column++) {
        last = nextField(cursor);
        if (column === positionColumn) position = wholeOf(field);
        else if (tables === null) continue;
        else if (column === idColumn) candidate = lookUp(tables.candidates.keys, field);
        else if (column === codeColumn && field.end > field.start)
          program = lookUp(tables.programs.keys, field);
      }
      if (column > 1 || cursor.position - start > 2) onRow({ line, candidate, position, program });
    }
  });
}

function highestPosition(file: CsvFile): number {
  let highest = 0;
  forEachLongRow(file, null, ({ position }) => {
    highest = Math.max(highest, position);
  });
  return highest;
}

function readLong(file: CsvFile, { k, prefs }: Lists, tables: Tables): void {
  const { candidates, programs, findings } = tables;
  const empty = unfilled({ m: programs.codes.length });
  const unknown = unknownCode(programs.codes.length);
  forEachLongRow(file, tables, ({ line, candidate, position, program }) => {
    const where = `${file.path}:${line}`;
    if (candidate < 0)
      return note(findings, 'UNKNOWN_CANDIDATE', where, `志愿第 ${line} 行的考生号不在考生表中。`);
    if (position < 1)
      return note(findings, 'BAD_PREFS', where, `志愿第 ${line} 行的志愿序号应为从 1 起的整数。`);
    if (program === -2) return;
    const slot = candidate;
    const at = slot * k + position - 1;
    if (prefs[at] !== empty) {
      return note(
        findings,
        'BAD_PREFS',
        where,
        `考生 ${candidates.ids[slot]} 的第 ${position} 志愿填了两次（第 ${line} 行）。`,
      );
    }
    prefs[at] = program < 0 ? unknown : program;
  });
}
