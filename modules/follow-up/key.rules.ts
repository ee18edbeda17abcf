import { isInformantLine, type Relation } from '#candidate/rules';
import { type Outcome, ruleOf } from './outcome.rules.ts';

/** Which result stands under which of the keys 1 to 9: at most nine in view, by frequency at this stage. */

/** `ringing`: the first question, reached or not. `talking`: a candidate or the family. `informant`: a school, neighbour or village line. */
export type CallStage = 'ringing' | 'talking' | 'informant';

const RINGING = ['L5', 'L3', 'L6', 'L7', 'L1', 'L2', 'L4', 'L8'] as const;

const KEYS = {
  withdrawable: ['R1', 'R3', 'A8', 'A7', 'A5', 'R2', 'A1', 'R4', 'R5'],
  binding: ['R1', 'R3', 'A8', 'A7', 'A5', 'R7', 'A1', 'R4', 'R5'],
  informant: ['A3', 'A4', 'A2', 'A8', 'A7', 'A5', 'A1', 'R1', 'R3'],
} as const satisfies Record<string, readonly Outcome[]>;

const MORE = {
  ringing: ['L9', 'L10', 'L11'],
  talking: ['A6', 'A9', 'A10', 'R2', 'R6', 'R7', 'R8', 'R9', 'A2', 'A3', 'A4'],
  informant: ['A6', 'A9', 'A10', 'R2', 'R4', 'R5', 'R6', 'R7', 'R8', 'R9'],
} as const satisfies Record<CallStage, readonly Outcome[]>;

/** `9` while it rings: somebody answered; the keys of the second question follow. */
export const CONNECTED_KEY = '9';

export interface ResultKeys {
  /** In order of the keys 1, 2, 3, …. */
  readonly keys: readonly Outcome[];
  /** Behind 更多 (key 0). */
  readonly more: readonly Outcome[];
}

export const stageFor = (answered: boolean, relation: Relation): CallStage =>
  !answered ? 'ringing' : isInformantLine(relation) ? 'informant' : 'talking';

/** Keys of a state of the call. 申请退档 stands in view only where the candidate may still leave. */
export function resultKeys(at: {
  stage: CallStage;
  withdrawable: boolean;
  escalationTeam: boolean;
}): ResultKeys {
  if (at.stage === 'ringing') {
    return { keys: RINGING, more: at.escalationTeam ? [...MORE.ringing, 'R11'] : MORE.ringing };
  }
  const keys: readonly Outcome[] =
    at.stage === 'informant' ? KEYS.informant : at.withdrawable ? KEYS.withdrawable : KEYS.binding;
  const more = MORE[at.stage].filter((code) => !keys.includes(code) && (code !== 'R2' || at.withdrawable));
  return { keys, more };
}

/** Null: this person may set it; otherwise why not, in words. */
export function mayNotSet(outcome: Outcome, escalationTeam: boolean): string | null {
  const { by, label } = ruleOf(outcome);
  if (by === 'system')
    return `“${label}”由系统判定：所有号码拨满次数、跨够时段、短信和微信都试过之后自动转出，不能手工选择。`;
  if (by === 'escalation_team' && !escalationTeam) return `“${label}”只能由突击组登记，请先转交突击组。`;
  return null;
}
