import type { StoredNote, StoredTable } from './contract.ts';
import type { ImportFigures } from './figures.rules.ts';
import type { HeadingMatch } from './heading.rules.ts';
import type { Note } from './rules.ts';

interface ReadTable {
  readonly file: string;
  readonly name: string;
  readonly encoding: string;
  readonly headings: HeadingMatch[] | null;
}

interface ReadDelivery {
  readonly form: string;
  readonly tables: readonly ReadTable[];
  readonly notes: readonly Note[];
}

interface FileCount {
  readonly file: string;
  readonly kind: string;
  readonly encoding: string;
  readonly rows: number;
  readonly deletedRows: number;
  readonly rejected: number;
}

const NOTES_MAX = 200;
const HEADINGS_MAX = 300;

/** What the preview shows of the files: recognised tables, encodings, notes, headings. */
export function readingOf(
  delivery: ReadDelivery,
  staged: { figures: ImportFigures; survey: { files: readonly FileCount[] } },
): {
  form: string;
  encoding: string;
  tables: StoredTable[];
  notes: StoredNote[];
  headings: HeadingMatch[];
  counts: ImportFigures;
} {
  const names = new Map(delivery.tables.map(({ file, name }) => [file, name]));
  const { files } = staged.survey;
  return {
    form: delivery.form,
    encoding: [...new Set(files.map(({ encoding }) => encoding))].join('、'),
    tables: files.map((table) => ({ ...table, name: names.get(table.file) ?? '' })),
    notes: delivery.notes.slice(0, NOTES_MAX),
    headings: delivery.tables.flatMap(({ headings }) => headings ?? []).slice(0, HEADINGS_MAX),
    counts: staged.figures,
  };
}
