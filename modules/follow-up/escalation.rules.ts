import type { EscalationTier } from '#season/rules';
import { OUTCOMES, type Outcome } from './outcome.rules.ts';

/** Hand-overs upwards: who may take one, where it goes next, when it is late. Somebody is responsible at every moment. */

export const ESCALATION_STATES = ['open', 'accepted', 'returned', 'passed_on', 'done'] as const;
export type EscalationState = (typeof ESCALATION_STATES)[number];

/** Leaders sum up and hand on to the escalation team; what nobody reaches is decided by the office. */
export const NEXT_TIERS = {
  leader: ['escalation_team', 'supervisor', 'office'],
  escalation_team: ['office', 'supervisor'],
  supervisor: ['escalation_team', 'office'],
  office: ['escalation_team'],
} as const satisfies Record<EscalationTier, readonly EscalationTier[]>;

export const mayPassOn = (from: EscalationTier, to: EscalationTier): boolean =>
  (NEXT_TIERS[from] as readonly EscalationTier[]).includes(to);

/** The role that works a tier. */
export const TIER_ROLES = {
  leader: 'group_leader',
  escalation_team: 'escalation_member',
  supervisor: 'supervisor',
  office: 'admissions_office',
} as const satisfies Record<EscalationTier, string>;

export interface Reader {
  readonly userId: string | null;
  readonly roles: readonly string[];
  /** Groups this person leads. */
  readonly ledGroupIds: readonly string[];
}

export interface Addressed {
  readonly tier: EscalationTier;
  readonly toUserId: string | null;
  readonly groupId: string | null;
}

/** A leader takes those of the own groups; where a group has no leader the office does, so that none lies without taker. */
export function mayAccept({ tier, toUserId, groupId }: Addressed, who: Reader): boolean {
  if (tier === 'leader') {
    const led = groupId !== null && who.ledGroupIds.includes(groupId);
    return led || (toUserId === null && who.roles.includes(TIER_ROLES.office));
  }
  return who.roles.includes(TIER_ROLES[tier]);
}

export type Late = 'accept' | 'resolve' | null;

/** The minute agreed is still in time. */
export function lateness(
  given: { state: EscalationState; acceptBy: number; resolveBy: number | null },
  now: number,
): Late {
  if (given.state === 'open') return now > given.acceptBy ? 'accept' : null;
  if (given.state !== 'accepted' || given.resolveBy === null) return null;
  return now > given.resolveBy ? 'resolve' : null;
}

/**
 * Why a case may not go to the escalation team yet; null: it may. Something must have been tried, or there is nothing to try: no
 * number, or shielded ones (seed 001 part 三 (三) 2).
 */
export function evidenceGap(given: { attempts: number; steps: number; numbers: number }): string | null {
  if (given.attempts > 0 || given.numbers === 0) return null;
  const steps = given.steps === 0 ? '' : `，只有 ${given.steps} 条查找记录`;
  return `名下有 ${given.numbers} 个号码，但还没有一次联系记录${steps}。请先拨打或发短信联系，再转突击组。`;
}

const OTHER_CAUSES: Readonly<Record<string, string>> = {
  no_number: '已没有可拨的号码',
  deadline: '期限前排不下再次拨打',
  by_hand: '人工转交',
};

export const causeLabel = (cause: string): string =>
  cause in OUTCOMES ? OUTCOMES[cause as Outcome].label : (OTHER_CAUSES[cause] ?? cause);
