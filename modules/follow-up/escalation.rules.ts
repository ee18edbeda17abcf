import { type EscalationTier, goesToEscalationTeam } from '#season/rules';
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
  /** Who leads the group now, unless on leave; null: nobody. */
  readonly leaderId: string | null;
}

/** A leader takes those of the own group; where it has no leader now the office does, so that none lies without taker. */
export function mayAccept({ tier, leaderId }: Addressed, who: Reader): boolean {
  if (tier !== 'leader' || leaderId === null)
    return who.roles.includes(TIER_ROLES[tier === 'leader' ? 'office' : tier]);
  return leaderId === who.userId;
}

/** Why a hand-over may not go back; null: it may. A province that is the escalation team's alone has no caller to go back to. */
export function giveBackGap(
  row: Parameters<typeof goesToEscalationTeam>[0] & { readonly ownerId: string | null },
  userId: string | null,
): string | null {
  if (row.ownerId !== null && row.ownerId !== userId) return null;
  return goesToEscalationTeam(row)
    ? '这个省份可退档且屏蔽电话，只由突击组联系，没有可以退回的回访员；请继续联系，或转招办、督查组。'
    : null;
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

/** The usual way up: a caller to the leader, a leader or a member of the escalation team to that team. */
export const firstTier = (roles: readonly string[]): EscalationTier =>
  roles.includes('group_leader') || roles.includes('escalation_member') ? 'escalation_team' : 'leader';

/** One text of what the rules, the caller's summary and the note of the call say; what stands in it already is not said twice. */
export const handOverWords = (parts: readonly (string | null | undefined)[]): string =>
  parts.reduce<string>((said, part) => {
    const words = part?.trim() ?? '';
    if (words === '' || said.includes(words)) return said;
    if (said === '') return words;
    return /[。！？；]$/.test(said) ? `${said}${words}` : `${said}：${words}`;
  }, '');

const OTHER_CAUSES: Readonly<Record<string, string>> = {
  no_number: '已没有可拨的号码',
  deadline: '期限前排不下再次拨打',
  by_hand: '人工转交',
};

export const causeLabel = (cause: string): string =>
  cause in OUTCOMES ? OUTCOMES[cause as Outcome].label : (OTHER_CAUSES[cause] ?? cause);
