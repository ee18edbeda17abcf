import type { Phase, Round } from '#season/rules';

/**
 * Ends without a word of the candidate: R11 (突击后仍失联) and the other cases that the office decides before the deadline. Nobody is
 * withdrawn here: a withdrawal is the candidate's own signed request (个人信息保护法 art. 24; 30个不得 16).
 */

export const DECIDABLE = ['admitted', 'returned', 'closed'] as const;
export type Decidable = (typeof DECIDABLE)[number];

/** Outcomes on which a result must rest; null: any. R8: not in this batch or data do not agree; R9: died or gravely ill. */
const RESTS_ON = {
  admitted: null,
  returned: ['R8'],
  closed: ['R9'],
} as const satisfies Record<Decidable, readonly string[] | null>;

export interface DecisionFacts {
  readonly state: string;
  readonly phase: Phase;
  readonly round: Round;
  readonly disposition: string;
  readonly deadlineAt: number | null;
  /** Outcomes of the case's ledger. */
  readonly outcomes: readonly string[];
  readonly withdrawable: boolean | null;
  readonly withdrawalDeadlineAt: number | null;
  readonly openWithdrawal: boolean;
}

export interface Gap {
  readonly code: 'case_closed' | 'case_leased' | 'withdrawal_open' | 'too_early' | 'no_ground';
  readonly message: string;
}

/** The last day before the deadline, in which waiting longer would leave no time for a second signature. */
const LAST_DAY_MS = 24 * 3_600_000;

/** Why a result may not be proposed now; null: it may. */
export function decisionGap(facts: DecisionFacts, result: Decidable, now: number): Gap | null {
  if (facts.state === 'final')
    return { code: 'case_closed', message: '这名考生本阶段已办结，不需要最终认定。' };
  if (facts.state === 'leased')
    return { code: 'case_leased', message: '这名考生正在通话中，请等登记结果后再提出。' };
  if (facts.openWithdrawal && mayStillLeave(facts, now))
    return { code: 'withdrawal_open', message: '退档材料正在办理，请先办完或由考生撤回，再提出最终认定。' };
  if (facts.disposition === 'withdrawing' && mayStillLeave(facts, now))
    return {
      code: 'withdrawal_open',
      message: '考生表示要退档，退档截止前请先协助交材料；截止后仍未办成的，再提出最终认定。',
    };
  return groundGap(facts, result) ?? earlyGap(facts, result, now);
}

/** Afterwards the province takes no request, and without a decision the candidate would be left with no final state. */
function mayStillLeave({ withdrawable, withdrawalDeadlineAt }: DecisionFacts, now: number): boolean {
  return withdrawable === true && now <= (withdrawalDeadlineAt ?? Number.POSITIVE_INFINITY);
}

/** For each result why it may not be proposed now; null: it may. */
export const decisionGaps = (facts: DecisionFacts, now: number): Record<Decidable, string | null> => {
  const of = (result: Decidable): string | null => decisionGap(facts, result, now)?.message ?? null;
  return { admitted: of('admitted'), returned: of('returned'), closed: of('closed') };
};

function groundGap({ outcomes, phase }: DecisionFacts, result: Decidable): Gap | null {
  const needed: readonly string[] | null = RESTS_ON[result];
  if (needed === null || (result === 'closed' && phase !== 'filing')) return null;
  if (outcomes.some((outcome) => needed.includes(outcome))) return null;
  const ground = result === 'returned' ? '“信息不符或不在本批”' : '“去世、重病”';
  return {
    code: 'no_ground',
    message: `联系记录里没有${ground}，不能按此办结。联系不上的考生没有本人申请，不能退档，只能确认录取。`,
  };
}

/** R11: the last round, or the last day. Before that somebody goes on trying. */
function earlyGap(
  { phase, round, disposition, deadlineAt }: DecisionFacts,
  result: Decidable,
  now: number,
): Gap | null {
  if (result !== 'admitted' || disposition === 'confirmed' || phase !== 'filing' || round === 'final')
    return null;
  if (deadlineAt !== null && deadlineAt - now <= LAST_DAY_MS) return null;
  return { code: 'too_early', message: '还没有到最后一轮，离期限也还有 24 小时以上，请继续联系。' };
}
