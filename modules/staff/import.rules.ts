import { ROLE_LABELS, type Role } from './rules.ts';

/** Columns of the staff sheet. `headings` are accepted as they stand, without spaces; the first is the template's. */
export const COLUMNS = {
  username: { headings: ['账号', '登录名', '用户名'], required: true },
  name: { headings: ['姓名', '教师姓名', '学生姓名'], required: true },
  kind: { headings: ['类别', '人员类别'], required: true },
  staffNo: { headings: ['工号', '学号', '工号/学号'], required: false },
  unit: { headings: ['部门', '单位', '学院', '所在部门'], required: false },
  group: { headings: ['小组', '回访小组'], required: false },
  roles: { headings: ['角色'], required: false },
  skills: { headings: ['技能', '特长'], required: false },
  experienced: { headings: ['参加过回访', '是否参加过回访'], required: false },
  outstandingLastYear: { headings: ['上年优秀', '上年获评优秀'], required: false },
  openWorkCap: { headings: ['工作量上限', '在办上限'], required: false },
  expiresOn: { headings: ['有效期至', '有效期', '截止日期'], required: false },
} as const;

export type ColumnKey = keyof typeof COLUMNS;
const keys = Object.keys(COLUMNS) as ColumnKey[];

/** A row of the sheet as read: its number there and its texts. */
export interface SheetRow {
  readonly row: number;
  readonly cells: Readonly<Partial<Record<ColumnKey, string>>>;
}

export interface ImportFinding {
  /** Row of the sheet as Excel counts, 0 for the whole file. */
  readonly row: number;
  readonly column: string;
  readonly sentence: string;
}

const clean = (text: string): string => text.normalize('NFKC').replace(/\s/g, '');

/** Finds the heading row among the first ten lines and names the columns; a sentence when a needed one is missing. */
export function readHeadings(
  lines: readonly (readonly string[])[],
): { at: number; columns: Map<number, ColumnKey> } | string {
  for (const [at, line] of lines.slice(0, 10).entries()) {
    const columns = new Map<number, ColumnKey>();
    for (const [index, text] of line.entries()) {
      const key = keys.find((known) => (COLUMNS[known].headings as readonly string[]).includes(clean(text)));
      if (key && ![...columns.values()].includes(key)) columns.set(index, key);
    }
    if (columns.size < 2) continue;
    const missing = keys.filter((key) => COLUMNS[key].required && ![...columns.values()].includes(key));
    if (missing.length === 0) return { at, columns };
    return `表头缺少 ${missing.map((key) => `“${COLUMNS[key].headings[0]}”`).join('、')} 列，请对照模板补上后再导入。`;
  }
  return '前 10 行里没有找到表头，请下载模板，把人员填进去再导入。';
}

export function readRows(
  lines: readonly (readonly string[])[],
  at: number,
  columns: ReadonlyMap<number, ColumnKey>,
): SheetRow[] {
  return lines.slice(at + 1).flatMap((line, index) => {
    const cells = Object.fromEntries(
      [...columns].map(([position, key]) => [key, (line[position] ?? '').normalize('NFKC').trim()]),
    );
    return Object.values(cells).some((text) => text !== '') ? [{ row: at + index + 2, cells }] : [];
  });
}

/** What a row says, checked for itself. Names of units, groups and skills are looked up later. */
export interface StaffLine {
  readonly row: number;
  readonly username: string;
  readonly name: string;
  readonly kind: 'teacher' | 'student' | 'admissions';
  readonly staffNo: string | null;
  readonly unit: string | null;
  readonly group: string | null;
  /** null: the cell was empty; people who exist keep what they have. */
  readonly roles: readonly Role[] | null;
  readonly skills: readonly string[];
  readonly experienced: boolean;
  readonly outstandingLastYear: boolean;
  readonly openWorkCap: number;
  readonly expiresOn: string | null;
}

const KINDS: Readonly<Record<string, StaffLine['kind']>> = {
  教师: 'teacher',
  教职工: 'teacher',
  学生: 'student',
  招就处: 'admissions',
  招办: 'admissions',
};
const YES: ReadonlySet<string> = new Set(['是', '有', '√', 'Y', 'y', '1']);
const NO: ReadonlySet<string> = new Set(['', '否', '无', '×', 'N', 'n', '0']);
const DEFAULT_CAP = 200;

type Note = (column: ColumnKey, sentence: string) => void;

/** Reads one row, reporting every fault through `note`. */
export function parseLine({ row, cells }: SheetRow, note: Note): StaffLine {
  const text = (key: ColumnKey): string => cells[key] ?? '';
  const orNull = (key: ColumnKey): string | null => text(key) || null;
  return {
    row,
    username: readUsername(text('username'), note),
    name: readName(text('name'), note),
    kind: readKind(text('kind'), note),
    staffNo: orNull('staffNo'),
    unit: orNull('unit'),
    group: orNull('group'),
    roles: text('roles') === '' ? null : readRoles(text('roles'), note),
    skills: splitList(text('skills')),
    experienced: readYes('experienced', text('experienced'), note),
    outstandingLastYear: readYes('outstandingLastYear', text('outstandingLastYear'), note),
    openWorkCap: readCap(text('openWorkCap'), note),
    expiresOn: readDay(text('expiresOn'), note),
  };
}

const splitList = (text: string): string[] => [
  ...new Set(
    text
      .split(/[、,，;；/\s]+/)
      .map((part) => part.trim())
      .filter(Boolean),
  ),
];

function readUsername(text: string, note: Note): string {
  const username = text.toLowerCase();
  if (username === '') note('username', '没有填账号，一般填工号或学号。');
  else if (!/^[a-z0-9._-]{2,40}$/.test(username))
    note('username', `账号“${text}”只能用字母、数字、点、横线和下划线，2 到 40 个字符。`);
  return username;
}

function readName(text: string, note: Note): string {
  if (text === '') note('name', '没有填姓名。');
  else if ([...text].length > 40) note('name', `姓名有 ${[...text].length} 个字，最多 40 个字。`);
  return text;
}

function readKind(text: string, note: Note): StaffLine['kind'] {
  const kind = KINDS[text];
  if (!kind) note('kind', `类别“${text}”不认识，请填“教师”“学生”或“招就处”。`);
  return kind ?? 'teacher';
}

function readRoles(text: string, note: Note): Role[] {
  return splitList(text).flatMap((label) => {
    const found = Object.entries(ROLE_LABELS).find(([, name]) => name === label);
    if (!found) note('roles', `没有“${label}”这个角色，请按“账号与角色”页上的名称填写。`);
    return found ? [found[0] as Role] : [];
  });
}

function readYes(key: ColumnKey, text: string, note: Note): boolean {
  if (!YES.has(text) && !NO.has(text)) note(key, `“${text}”看不懂，请填“是”或“否”。`);
  return YES.has(text);
}

function readCap(text: string, note: Note): number {
  if (text === '') return DEFAULT_CAP;
  const cap = Number(text);
  if (!Number.isInteger(cap) || cap < 0 || cap > 10_000)
    note('openWorkCap', `上限“${text}”应为 0 到 10000 的整数。`);
  return cap;
}

/** February has no 30th, and a year no 13th month: the one is moved by Date, the other is no instant at all. */
function isRealDay(day: string): boolean {
  const at = Date.parse(`${day}T00:00:00Z`);
  return !Number.isNaN(at) && new Date(at).toISOString().startsWith(day);
}

function readDay(text: string, note: Note): string | null {
  if (text === '') return null;
  const match = /^(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?$/.exec(text);
  const day = match ? `${match[1]}-${match[2]?.padStart(2, '0')}-${match[3]?.padStart(2, '0')}` : '';
  if (day === '') note('expiresOn', `日期“${text}”应为 2026-09-30 这样的形式。`);
  else if (isRealDay(day)) return day;
  else note('expiresOn', `没有“${text}”这一天，请核对日期。`);
  return null;
}
