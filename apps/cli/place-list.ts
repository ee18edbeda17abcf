import { unfilled } from '#placement/columns';
import type { CandidateTable } from './place-ranked.ts';
import type { Findings, ProgramTable } from './place-tables.ts';

/** The lists of all candidates, row by row, k to a row. */
export interface Lists {
  readonly k: number;
  readonly prefs: Uint16Array | Uint32Array;
  /** What stands in an unfilled preference. */
  readonly empty: number;
}

export interface Tables {
  readonly candidates: CandidateTable;
  readonly programs: ProgramTable;
  readonly findings: Findings;
}

/** A code that names no program gets a number that names none either. */
export const unknownCode = (m: number): number => unfilled({ m }) - 1;
