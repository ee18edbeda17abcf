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

/** Every bar between a candidate and a program: level, required subjects, single-subject minimum, medical bars. */
export function barsBetween(candidate: Candidate, program: Program): Bar[] {
  const bars: Bar[] = [];
  if (program.level !== undefined && candidate.level !== program.level) {
    bars.push({ kind: 'level', required: program.level, own: candidate.level ?? null });
  }
  for (const subject of program.require ?? []) {
    if (!candidate.subjects?.includes(subject)) bars.push({ kind: 'subject', required: subject });
  }
  if (program.minSubject) {
    for (const subject of Object.keys(program.minSubject)) {
      const required = program.minSubject[subject] ?? 0;
      const own = markOf(candidate, subject) ?? null;
      if (own === null || own < required) bars.push({ kind: 'minimum', subject, required, own });
    }
  }
  for (const code of program.bar ?? []) {
    if (candidate.bars?.includes(code)) bars.push({ kind: 'medical', code });
  }
  return bars;
}

/** Plan × ratio in whole seats. Exact: the ratio has at most six decimals, so it is an integer of millionths. */
export function quotaOf(program: Program): number {
  const millionths = program.plan * Math.round((program.ratio ?? 1) * 1_000_000);
  return program.rounding === 'ceil' ? Math.ceil(millionths / 1_000_000) : Math.floor(millionths / 1_000_000);
}

/** Most programs take everybody; asked for millions of preferences, that is worth knowing first. */
const hasRequirements = ({ level, require, minSubject, bar }: Program): boolean =>
  level !== undefined || require !== undefined || minSubject !== undefined || bar !== undefined;

/** How far one preference gets before anybody else is looked at. A score equal to the line qualifies. */
export function standing(candidate: Candidate, program: Program | undefined): Standing {
  if (program === undefined) return 'UNKNOWN_CODE';
  if (quotaOf(program) === 0) return 'PLAN_ZERO';
  if (hasRequirements(program) && barsBetween(candidate, program).length > 0) return 'INELIGIBLE';
  if (program.line !== undefined && candidate.score < program.line) return 'BELOW_LINE';
  return 'ADMISSIBLE';
}
