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
  contact: { label: '联系率', part: '有人应答的联系次数', whole: '全部联系次数，不含线路故障和时段受限' },
  response: {
    label: '应答率',
    part: '考生表明意向（确认、考虑、退档）的次数',
    whole: '全部联系次数，不含空号、错号等资格不明的次数',
  },
  refusal: {
    label: '拒绝率',
    part: '拒接和明确拒绝的次数',
    whole: '全部联系次数，不含空号、错号等资格不明的次数',
  },
  talk_per_contact: { label: '平均通话', part: '通话总秒数', whole: '有人应答的联系次数' },
  contacts_per_case: { label: '人均有效联系', part: '有人应答的联系次数', whole: '名下回访任务数' },
};

/**
 * AAPOR Standard Definitions, counted over contacts tried and not over candidates: CON1 (everything below the line); RR5 and REF3 (unknown
 * eligibility, such as vacant numbers, left out). A refusal that was spoken is a contact as well, so the two never stand below a line together.
 */
export function ratesOf(sums: Tally, cases: number): Record<RateCode, Rate> {
  const answered = sums.confirmed + sums.considering + sums.withdrawing;
  return {
    contact: { part: sums.contacts, whole: sums.attempts },
    response: { part: answered, whole: sums.attempts - sums.unknownEligibility },
    refusal: { part: sums.refusals, whole: sums.attempts - sums.unknownEligibility },
    talk_per_contact: { part: sums.talkSeconds, whole: sums.contacts },
    contacts_per_case: { part: sums.contacts, whole: cases },
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
