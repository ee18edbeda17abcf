import type { CsvFile } from './place-csv.ts';
import { refuse } from './place-files.ts';

/** Names under which authorities export a column. */
const names = {
  id: ['考生号', '报名号', 'id'],
  score: ['总分', '投档成绩', '成绩', 'score'],
  seq: ['报名序号', 'seq'],
  chinese: ['语文', 'chinese'],
  maths: ['数学', 'maths'],
  sumOfTwo: ['语数之和', 'tie1'],
  bestOfTwo: ['语数最高', 'tie2'],
  foreign: ['外语', 'foreign', 'tie3'],
  firstChoice: ['首选科目', '首选', 'tie4'],
  second: ['再选科目最高', '再选1', '再选科目1', 'tie5'],
  third: ['再选科目次高', '再选2', '再选科目2', 'tie6'],
  code: ['专业代码', '志愿代码', '代码', 'code'],
  plan: ['计划数', '计划', 'plan'],
  ratio: ['投档比例', '比例', 'ratio'],
  line: ['分数线', '控制线', 'line'],
  position: ['志愿序号', '志愿号', 'position'],
} as const satisfies Record<string, readonly string[]>;

export type ColumnName = keyof typeof names;

/** Where a column stands, -1 if it is not there. */
export function columnOf({ header }: CsvFile, name: ColumnName): number {
  const known: readonly string[] = names[name];
  return header.findIndex((title) => known.includes(title));
}

/** Columns 志愿1, 志愿2 … (or pref1 …) in the order of their numbers. */
export function preferenceColumns({ header }: CsvFile): number[] {
  return header
    .map((title, column) => ({
      column,
      number: Number(/^(?:第?志愿|pref)(\d+)(?:志愿)?$/iu.exec(title)?.[1] ?? 0),
    }))
    .filter(({ number }) => number > 0)
    .sort((a, b) => a.number - b.number)
    .map(({ column }) => column);
}

export interface Sources {
  readonly candidates: CsvFile;
  readonly programs: CsvFile;
  readonly preferences: CsvFile;
}

/** Tells the files apart by their headers, whatever the order on the command line. */
export function sortFiles(files: readonly CsvFile[]): Sources {
  const has = (file: CsvFile, ...columns: ColumnName[]): boolean =>
    columns.every((name) => columnOf(file, name) >= 0);
  const candidates = files.find((file) => has(file, 'id', 'score'));
  const programs = files.find((file) => has(file, 'code', 'plan'));
  const isList = (file: CsvFile): boolean =>
    has(file, 'id') && (has(file, 'position', 'code') || preferenceColumns(file).length > 0);
  const preferences = files.find((file) => file !== candidates && isList(file)) ?? files.find(isList);
  if (candidates && programs && preferences) return { candidates, programs, preferences };
  const missing = [
    ...(candidates ? [] : ['考生（表头要有 考生号、总分）']),
    ...(programs ? [] : ['专业（表头要有 专业代码、计划数）']),
    ...(preferences ? [] : ['志愿（表头要有 考生号 与 志愿1、志愿2……，或 考生号、志愿序号、专业代码）']),
  ];
  return refuse('MISSING_FILE', '', `没有认出这些文件：${missing.join('；')}。`);
}
