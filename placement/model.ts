/** The exchange format of a placement: what goes in and what comes out. Types only; every file may import them. */

export type Mode = 'parallel' | 'rounds' | 'gaps' | 'da';
export type TiePolicy = 'strict' | 'expand';

/** From the least to the most advanced stage a preference reached before it failed. */
export type Refusal = 'NO_PREFS' | 'UNKNOWN_CODE' | 'PLAN_ZERO' | 'INELIGIBLE' | 'BELOW_LINE' | 'FULL';
export type Reason = 'PLACED' | Refusal;

export interface Candidate {
  readonly id: string;
  readonly score: number;
  /** Compared in order, larger first; a missing entry counts as 0. */
  readonly tie?: readonly number[];
  /** Registration order, smaller first; absent = 0. Equal numbers are decided by id. */
  readonly seq?: number;
  /** Program codes, best first. */
  readonly prefs: readonly string[];
  readonly level?: string;
  readonly subjects?: readonly string[];
  readonly marks?: Readonly<Record<string, number>>;
  readonly bars?: readonly string[];
  readonly category?: string;
  /** 服从调剂 */
  readonly obey?: boolean;
}

export interface Reserve {
  readonly category: string;
  readonly seats: number;
}

export interface Program {
  readonly code: string;
  readonly plan: number;
  /** Filing ratio, at most six decimals; absent = 1. */
  readonly ratio?: number;
  readonly rounding?: 'floor' | 'ceil';
  readonly line?: number;
  readonly level?: string;
  readonly require?: readonly string[];
  readonly minSubject?: Readonly<Record<string, number>>;
  readonly bar?: readonly string[];
  readonly noAdjust?: boolean;
  /** `da` only: candidate ids, best first; a candidate not in it is unacceptable. Absent = the common order. */
  readonly ranking?: readonly string[];
  /** `da` only: at least so many seats for the category while it has applicants. */
  readonly reserves?: readonly Reserve[];
}

/** A cap over several programs (层次执行计划, 脱产计划). Any two groups are nested or disjoint. */
export interface Group {
  readonly code: string;
  readonly cap: number;
  readonly members: readonly string[];
}

/** The name under which a province published the rules of this round; travels into the certificate. */
export interface RuleSet {
  readonly name: string;
  readonly version: string;
  readonly source?: string;
}

export interface Instance {
  readonly mode?: Mode;
  readonly tiePolicy?: TiePolicy;
  /**
   * Tie ladder: `score` first, then any of `tie` (the whole list), `tie.N`, `marks.科目`; `position` (of the
   * preference, smaller first) only as the last step. seq and id always follow. Default `['score', 'tie']`.
   */
  readonly ladder?: readonly string[];
  readonly rules?: RuleSet;
  readonly candidates: readonly Candidate[];
  readonly programs: readonly Program[];
  readonly groups?: readonly Group[];
  readonly windows?: readonly (readonly number[])[];
  readonly gaps?: readonly number[];
}

export interface Assignment {
  readonly id: string;
  readonly code: string | null;
  /** Index of the first occurrence in `prefs`; -1 if not placed or adjusted. */
  readonly at: number;
  readonly reason: Reason;
  readonly adjusted?: true;
}

export interface ProgramResult {
  readonly code: string;
  readonly filed: number;
  /** Lowest score filed, null if nobody was. */
  readonly cutoff: number | null;
}

/** `assign` by id, `programs` by code, so that the same round gives the same bytes whatever the order of its rows. */
export interface Outcome {
  readonly assign: readonly Assignment[];
  readonly programs: readonly ProgramResult[];
}

/** Something wrong with the input. `code` is for programs, `message` for people. */
export interface Finding {
  readonly code: string;
  readonly path: string;
  readonly message: string;
}
