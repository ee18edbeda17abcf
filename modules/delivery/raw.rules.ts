import {
  type FieldRule,
  filingFields,
  filingKeptFields,
  keptFields,
  PREFERENCE_SLOT,
  personFields,
  phoneFields,
  SCORE_SLOT,
} from './field.rules.ts';

/** What of a row no field of ours takes: kept as it came, by column. */
type Raw = Record<string, string>;

const takenColumns: ReadonlySet<string> = new Set([
  ...Object.keys(phoneFields),
  ...[...Object.values(personFields), ...Object.values(filingFields)].flatMap((rule) => [...rule.columns]),
]);

/** Columns whose filled cells go to `raw`. */
function rawColumns(columns: readonly string[]): readonly [number, string][] {
  return columns.flatMap((column, index): [number, string][] =>
    takenColumns.has(column) || SCORE_SLOT.test(column) || PREFERENCE_SLOT.test(column)
      ? []
      : [[index, column]],
  );
}

/** Columns nobody knows: reported once per file. */
export function unknownColumns(columns: readonly string[]): string[] {
  return rawColumns(columns)
    .map(([, column]) => column)
    .filter((column) => !keptFields.has(column));
}

/** A row of the wide form is a person and a filing. */
export const isWide = (columns: readonly string[]): boolean => columns.includes('XM');

/**
 * What of a row no field of ours takes; null where the table has nothing of the kind. Of a wide row the filing has its own fields and the
 * person the rest, fields nobody knows too: they may be personal.
 */
export function rawReader(
  columns: readonly string[],
  part: 'whole' | 'person' | 'filing',
): ((cells: readonly string[]) => Raw) | null {
  const plain = rawColumns(columns).filter(
    ([, column]) => part === 'whole' || filingKeptFields.has(column) === (part === 'filing'),
  );
  const spares = spareColumns(columns, part);
  if (plain.length + spares.length === 0) return null;
  return (cells) => withSpares(rawOf(cells, plain), cells, spares);
}

/** Fields that several columns of the table carry, e.g. TXDZ and JTDZ: the first that is filled is taken. */
function spareColumns(
  columns: readonly string[],
  part: 'whole' | 'person' | 'filing',
): (readonly [number, string])[][] {
  const fields: FieldRule[] = [
    ...(part === 'filing' ? [] : Object.values(personFields)),
    ...(part === 'person' ? [] : Object.values(filingFields)),
  ];
  return fields
    .map((rule) =>
      rule.columns.flatMap((column): [number, string][] => {
        const index = columns.indexOf(column);
        return index < 0 ? [] : [[index, column]];
      }),
    )
    .filter((group) => group.length > 1);
}

/** What stands in the columns not taken, where it says something else. */
function withSpares(
  raw: Raw,
  cells: readonly string[],
  spares: readonly (readonly (readonly [number, string])[])[],
): Raw {
  for (const group of spares) {
    let taken = '';
    for (const [index, column] of group) {
      const cell = cells[index] ?? '';
      if (taken === '') taken = cell;
      else if (cell !== '' && cell !== taken) raw[column] = cell;
    }
  }
  return raw;
}

export function rawOf(
  cells: readonly string[],
  columns: readonly [number, string][],
): Record<string, string> {
  const raw: Record<string, string> = {};
  for (const [index, column] of columns) {
    const cell = cells[index];
    if (cell !== undefined && cell !== '') raw[column] = cell;
  }
  return raw;
}
