import type { Candidate, Program, Refusal } from './model.ts';

export type Standing = Exclude<Refusal, 'NO_PREFS' | 'FULL'> | 'ADMISSIBLE';

/** Stages of a preference, from the first hurdle to the last; a candidate's reason is the furthest stage reached. */
export const STAGES: readonly Refusal[] = [
  'NO_PREFS',
  'UNKNOWN_CODE',
  'PLAN_ZERO',
  'INELIGIBLE',
  'BELOW_LINE',
  'FULL',
];

/** A bar to eligibility with the figures compared. */
export type Bar =
  | { readonly kind: 'level'; readonly required: string; readonly own: string | null }
  | { readonly kind: 'subject'; readonly required: string }
  | {
      readonly kind: 'minimum';
      readonly subject: string;
      readonly required: number;
      readonly own: number | null;
    }
  | { readonly kind: 'medical'; readonly code: string }
  | { readonly kind: 'unranked' };

/** The mark of a subject; only what the candidate really has, whatever the subject is called. */
export function markOf({ marks }: Candidate, subject: string): number | undefined {
  return marks && Object.hasOwn(marks, subject) ? marks[subject] : undefined;
}

/** What a program asks of everybody, in one shape whatever fields it has: millions of preferences are held against it. */
interface Gate {
  readonly seats: number;
  /** 0 where there is none. */
  readonly line: number;
  /** Most programs take everybody; that is worth knowing first. */
  readonly isSelective: boolean;
  readonly level: string | undefined;
  readonly subjects: readonly string[];
  readonly minimums: readonly (readonly [subject: string, mark: number])[];
  readonly medical: readonly string[];
}

export function gateOf(program: Program): Gate {
  const { level, line = 0, require: subjects = [], minSubject = {}, bar: medical = [] } = program;
  const minimums = Object.entries(minSubject);
  const isSelective = level !== undefined || subjects.length + minimums.length + medical.length > 0;
  return { seats: quotaOf(program), line, isSelective, level, subjects, minimums, medical };
}

/** Every bar between a candidate and a program: level, required subjects, single-subject minimum, medical bars. */
export function barsBetween(candidate: Candidate, { level, subjects, minimums, medical }: Gate): Bar[] {
  const bars: Bar[] = [];
  if (level !== undefined && candidate.level !== level) {
    bars.push({ kind: 'level', required: level, own: candidate.level ?? null });
  }
  for (const subject of subjects) {
    if (!candidate.subjects?.includes(subject)) bars.push({ kind: 'subject', required: subject });
  }
  for (const [subject, required] of minimums) {
    const own = markOf(candidate, subject) ?? null;
    if (own === null || own < required) bars.push({ kind: 'minimum', subject, required, own });
  }
  for (const code of medical) {
    if (candidate.bars?.includes(code)) bars.push({ kind: 'medical', code });
  }
  return bars;
}

/** Plan × ratio in whole seats. Exact: the ratio has at most six decimals, so it is an integer of millionths. */
export function quotaOf(program: Program): number {
  const millionths = program.plan * Math.round((program.ratio ?? 1) * 1_000_000);
  return program.rounding === 'ceil' ? Math.ceil(millionths / 1_000_000) : Math.floor(millionths / 1_000_000);
}

/** How far one preference gets before anybody else is looked at. A score equal to the line qualifies. */
export function standing(candidate: Candidate, gate: Gate | undefined): Standing {
  if (gate === undefined) return 'UNKNOWN_CODE';
  if (gate.seats === 0) return 'PLAN_ZERO';
  if (gate.isSelective && barsBetween(candidate, gate).length > 0) return 'INELIGIBLE';
  return candidate.score < gate.line ? 'BELOW_LINE' : 'ADMISSIBLE';
}
