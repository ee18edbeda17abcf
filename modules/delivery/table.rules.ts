import { phoneFields } from './field.rules.ts';

/**
 * Which table is this? Told by its columns; the file name decides only where columns do not, because provinces
 * rename files and change case. The 2012 form has one wide T_TDD, the 2017 form splits person, filing and preferences.
 */
export type TableKind =
  | 'person'
  | 'wide'
  | 'filing'
  | 'preference'
  | 'score'
  | 'plan'
  | 'code'
  | 'medical'
  | 'resume'
  | 'unknown';

export const tableKindText = {
  person: '报名库',
  wide: '投档单（含考生信息）',
  filing: '投档单',
  preference: '志愿库',
  score: '科目成绩',
  plan: '计划库',
  code: '代码表',
  medical: '体检信息',
  resume: '考生简历',
  unknown: '不认识的表',
} as const satisfies Record<TableKind, string>;

export interface TableIdentity {
  kind: TableKind;
  /** Upper-case table name without folder and extension, e.g. T_BMK, TD_KLDM. */
  name: string;
  /** For a code table: the pair of columns. */
  code?: { key: string; text: string; table: string };
}

type Columns = ReadonlySet<string>;

const FILING_MARKS = ['TDDW', 'TDCJ', 'TDZY', 'LQZY', 'KSZT', 'TDDWDM', 'PCDM', 'YTZY', 'LJZYH'] as const;
const PHONE_COLUMNS = Object.keys(phoneFields);
const PERSON_MARKS = ['XM', 'SFZH', 'ZJHM', 'XBDM', 'LXDH', 'LXSJ', 'CSRQ'] as const;

const count = (columns: Columns, marks: readonly string[]): number =>
  marks.filter((mark) => columns.has(mark)).length;

/** In order: the first that fits names the table. */
const candidateTables: readonly [TableKind, (columns: Columns, name: string) => boolean][] = [
  ['medical', (columns, name) => name === 'T_TJXX' || columns.has('ZYSXDM1')],
  ['resume', (columns, name) => name === 'T_KSJL' || (columns.has('QSRQ') && columns.has('JL'))],
  ['preference', (columns) => columns.has('ZYXH') && (columns.has('ZYDH') || columns.has('TDDWDM'))],
  ['score', (columns) => (columns.has('KMDM') || columns.has('CJXDM')) && !columns.has('XM')],
  ['score', (_columns, name) => name === 'T_KSXKCJ' || name === 'T_KSHKCJ'],
  ['wide', (columns) => columns.has('XM') && count(columns, FILING_MARKS) >= 2],
  ['person', (columns) => count(columns, PERSON_MARKS) >= 1 || count(columns, PHONE_COLUMNS) >= 1],
  ['filing', (columns) => count(columns, FILING_MARKS) >= 1],
];

/** `fileName` may carry folders and an extension; `columns` are the upper-case field names in file order. */
export function recogniseTable(fileName: string, columns: readonly string[]): TableIdentity {
  const name = tableName(fileName);
  const set = new Set(columns);
  if (set.has('KSH')) {
    const kind = candidateTables.find(([, fits]) => fits(set, name))?.[0] ?? 'unknown';
    return { kind, name };
  }
  if (set.has('JHRS') || (set.has('ZYDH') && set.has('JHZXS'))) return { kind: 'plan', name };
  const code = codePair(name, columns);
  return code ? { kind: 'code', name, code } : { kind: 'unknown', name };
}

const REAL_MARKS = 3;

/**
 * Tables with a candidate number and one or two columns of a person, beside a full table of persons: seat lists, photo
 * lists, exports of somebody's own. A table that is named 报名库 is one, however narrow.
 */
export function sideTables<T extends { kind: TableKind; name: string; columns: readonly string[] }>(
  tables: readonly T[],
): T[] {
  const marks = (table: T): number => count(new Set(table.columns), PERSON_MARKS);
  const isPerson = ({ kind }: T): boolean => kind === 'person' || kind === 'wide';
  if (!tables.some((table) => isPerson(table) && marks(table) >= REAL_MARKS)) return [];
  return tables.filter((t) => t.kind === 'person' && marks(t) < REAL_MARKS && !t.name.includes('BMK'));
}

export function tableName(fileName: string): string {
  const base = fileName.slice(Math.max(fileName.lastIndexOf('/'), fileName.lastIndexOf('\\')) + 1);
  return base.replace(/\.[^.]*$/, '').toUpperCase();
}

/** Code tables are pairs xxDM, xxMC; in TD_CJXDM the pair is CJXDM, CJXMC. */
function codePair(
  name: string,
  columns: readonly string[],
): { key: string; text: string; table: string } | null {
  const key = columns.find((column) => column.endsWith('DM') && `TD_${column}` === name) ?? columns[0];
  if (key === undefined || !key.endsWith('DM')) return null;
  const stem = key.slice(0, -2);
  const text = columns.find((column) => column === `${stem}MC`) ?? columns.find((c) => c.endsWith('MC'));
  if (text === undefined) return null;
  return { key, text, table: name.startsWith('TD_') ? name.slice(3) : key };
}
