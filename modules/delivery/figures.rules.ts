import type { FindingCode } from './rules.ts';

/** What reading a delivery counts, before anything is compared with what is stored: rows = candidates + merged + rejected + deletedRows. */
export interface ReadFigures {
  /** Rows of the tables that carry candidates (T_BMK, else T_TDD), deleted ones included. */
  rows: number;
  deletedRows: number;
  candidates: number;
  /** Rows merged into an earlier one of the same candidate number, conflicting ones included. */
  merged: number;
  /** Of the merged rows, those whose content differs: the first is kept, numbers of the others are added. */
  conflicts: number;
  rejected: number;
  /** Filings in a locked state (KSZT 3 returned, 5 finished); in an import only those that it would have changed. */
  locked: number;
  /** Candidates without any usable number, after the numbers of conflicting rows were added. */
  noPhone: number;
  namesLost: number;
  badId: number;
  findings: Partial<Record<FindingCode, number>>;
}

/** What an import did, or would do. */
export interface ImportFigures extends ReadFigures {
  created: number;
  updated: number;
  unchanged: number;
}

/** Parts of the equation: every row of a delivery is exactly one of these. */
export const equationParts = [
  ['created', '新增'],
  ['updated', '更新'],
  ['unchanged', '无变化'],
  ['merged', '合并'],
  ['rejected', '拒收'],
  ['locked', '锁定'],
  ['deletedRows', '已删除'],
] as const satisfies readonly (readonly [keyof ImportFigures, string])[];

/** Null when rows = created + updated + unchanged + merged + rejected + locked + deleted, else what does not add up. */
export function unbalanced(figures: ImportFigures): string | null {
  const sum = equationParts.reduce((total, [part]) => total + figures[part], 0);
  if (sum !== figures.rows) return `rows ${figures.rows} are not the sum of their parts ${sum}`;
  const people = figures.created + figures.updated + figures.unchanged + figures.locked;
  if (people !== figures.candidates) return `candidates ${figures.candidates} are not ${people}`;
  return figures.conflicts > figures.merged ? 'more conflicts than merged rows' : null;
}
