import { unfilled } from '#placement/columns';
import type { CandidateTable, Findings, ProgramTable } from './place-tables.ts';

export interface Lists {
  readonly k: number;
  readonly prefs: Uint16Array | Uint32Array;
}

export interface Tables {
  readonly candidates: CandidateTable;
  readonly programs: ProgramTable;
  readonly findings: Findings;
}

/** A code that names no program gets a number that names none either. */
export const unknownCode = (m: number): number => unfilled({ m }) - 1;
