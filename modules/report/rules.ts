import type { Tally } from '#follow-up/rules';

/** Rates by standard definitions, with the two numbers behind each. AAPOR Standard Definitions; the targets of the season. */

/** A rate as the exact fraction people can check; null when nothing stands below the line. */
export interface Rate {
  readonly part: number;
  readonly whole: number;
}

export const RATE_CODES = [
  'contact',
  'response',
  'refusal',
  'talk_per_contact',
  'contacts_per_case',
] as const;
export type RateCode = (typeof RATE_CODES)[number];

/** What stands above and below the line, in words; shown beside every figure. */
export const RATE_DEFINITIONS: Readonly<Record<RateCode, { label: string; part: string; whole: string }>> = {
  contact: {
    label: '联系率',
    part: '有人应答的联系次数',
    whole: '全部联系次数，不含空号、停机、错号和不在本批',
  },
  response: {
    label: '应答率',
    part: '考生明确表态（确认录取、申请退档）的次数',
    whole: '全部联系次数，不含空号、停机、错号和不在本批，也不含占线、拒接、无法接通等资格不明的次数',
  },
  refusal: {
    label: '拒绝率',
    part: '态度冷淡、明确拒绝、另有去向（他校、复读、参军、出国）的次数',
    whole: '全部联系次数，不含空号、停机、错号和不在本批，也不含占线、拒接、无法接通等资格不明的次数',
  },
  talk_per_contact: { label: '平均通话', part: '通话总秒数', whole: '有人应答的联系次数' },
  contacts_per_case: {
    label: '人均有效联系',
    part: '有人应答的联系次数',
    whole: '考生数（各阶段中回访任务最多的一个阶段）',
  },
};

/**
 * AAPOR Standard Definitions, counted over contacts tried and not over candidates. What is not eligible (4.x: vacant and wrong numbers) stands
 * below no line. CON1 keeps unknown eligibility (3.x) below the line; RR5 and REF3 leave it out. Somebody considering is no completed
 * interview (2.12), so RR5 does not count them. `people`: candidates behind the sums.
 */
export function ratesOf(sums: Tally, people: number): Record<RateCode, Rate> {
  const eligible = sums.attempts - sums.notEligible;
  const known = eligible - sums.unknownEligibility;
  return {
    contact: { part: eligible - sums.unreached, whole: eligible },
    response: { part: sums.confirmed + sums.withdrawing, whole: known },
    refusal: { part: sums.refusals, whole: known },
    talk_per_contact: { part: sums.talkSeconds, whole: sums.contacts },
    contacts_per_case: { part: sums.contacts, whole: people },
  };
}

/** Compares two rates without division; a rate with nothing below the line comes last. */
export function compareRates(one: Rate, other: Rate): number {
  if (one.whole === 0 || other.whole === 0) return Number(one.whole === 0) - Number(other.whole === 0);
  return Math.sign(other.part * one.whole - one.part * other.whole);
}

export type TargetState = 'below' | 'basic' | 'target';

/** Where a rate stands against a basic and a target bound in per mille: reaching a bound counts. */
export function againstTarget(
  rate: Rate,
  bounds: { basicPerMille: number; targetPerMille: number },
): TargetState {
  if (rate.whole === 0) return 'below';
  if (rate.part * 1000 >= bounds.targetPerMille * rate.whole) return 'target';
  return rate.part * 1000 >= bounds.basicPerMille * rate.whole ? 'basic' : 'below';
}

export interface ConservationLine {
  /** Candidates of the season: every one stands in exactly one of the following. */
  readonly candidates: number;
  readonly unreleased: number;
  readonly ready: number;
  readonly leased: number;
  readonly scheduled: number;
  readonly blocked: number;
  readonly escalated: number;
  readonly final: number;
}

/** What is known of the files of the season beside their cases. */
export interface FileCounts {
  /** Created by the imports that stand. */
  readonly imported: number;
  /** Joined to another file of the same person before they had a case. */
  readonly merged: number;
  /** Withdrawn or returned in an earlier phase: nobody releases them again. */
  readonly left: number;
  /** Given out by the releases of this phase. */
  readonly released: number;
}

/**
 * Candidates of the phase, and those still to be released. Who left in an earlier phase is taken from the unreleased only: one who left after
 * this phase's release has a case here.
 */
export function filesOf({ imported, merged, left, released }: FileCounts): {
  candidates: number;
  unreleased: number;
} {
  const files = imported - merged;
  const candidates = files - Math.min(left, Math.max(0, files - released));
  return { candidates, unreleased: Math.max(0, candidates - released) };
}

/** The equation on top of the wallboard; zero when nobody is lost. */
export const conservationGap = (line: ConservationLine): number =>
  line.candidates -
  line.unreleased -
  line.ready -
  line.leased -
  line.scheduled -
  line.blocked -
  line.escalated -
  line.final;

/** Leaders of a table need a fair volume: at least half the median, so that two lucky calls do not lead. */
export function fairVolume(volumes: readonly number[]): number {
  const sorted = [...volumes].sort((one, other) => one - other);
  return Math.ceil((sorted[Math.floor(sorted.length / 2)] ?? 0) / 2);
}
