import { Tag } from 'antd';
import { outcomeLabel } from '#follow-up/contract';
import type { RouteReply } from '#platform/http/route';
import { type readWithdrawal, STATE_LABELS } from '../contract.ts';
import type { WithdrawalState } from '../rules.ts';

export type Withdrawal = RouteReply<typeof readWithdrawal>;

const COLOURS: Readonly<Record<WithdrawalState, string>> = {
  letter_sent: 'default',
  evidence_in: 'warning',
  checked: 'processing',
  executed: 'success',
  rejected: 'error',
  cancelled: 'default',
  lapsed: 'default',
};

export const STATES = Object.keys(STATE_LABELS) as WithdrawalState[];

export const StateTag = ({ state }: { readonly state: WithdrawalState }) => (
  <Tag color={COLOURS[state]}>{STATE_LABELS[state]}</Tag>
);

/** Steps done so far of 登记, 材料, 核对, 办理. */
export function stepOf(state: WithdrawalState): number {
  const done: Readonly<Record<WithdrawalState, number>> = {
    letter_sent: 1,
    evidence_in: 2,
    checked: 3,
    executed: 4,
    rejected: 2,
    cancelled: 1,
    lapsed: 1,
  };
  return done[state];
}

export const isOpen = (state: WithdrawalState): boolean =>
  state === 'letter_sent' || state === 'evidence_in' || state === 'checked';

/** Why the papers cannot be uploaded now: the state, or the deadline; null when they can. */
export function uploadRefused({ state, barredBecause }: Withdrawal): string | null {
  // Who compares the papers is another matter than who may replace them.
  if (state === 'evidence_in') return null;
  if (state === 'letter_sent') return barredBecause;
  return `这份申请现在是“${STATE_LABELS[state]}”，不能再换材料。`;
}

/** Why it cannot be checked now: the state, or what the server says about the reader and the province. */
export function checkRefused({ state, barredBecause }: Withdrawal): string | null {
  if (state === 'letter_sent') return '材料照片还没有上传，上传后才能核对。';
  return state === 'evidence_in' ? barredBecause : `这份申请现在是“${STATE_LABELS[state]}”，不需要核对。`;
}

/** Why it cannot be carried out now. */
export function executeRefused({ state, barredBecause }: Withdrawal): string | null {
  if (state === 'letter_sent') return '材料还没有上传，上传并核对通过后才能办理。';
  if (state === 'evidence_in') return '材料还没有核对通过，核对后才能办理。';
  return state === 'checked' ? barredBecause : `这份申请现在是“${STATE_LABELS[state]}”，不能办理。`;
}

/** Words for what the trace recorded about a person. */
const TOUCHES: Readonly<Record<string, string>> = {
  'withdrawal.requested': '登记退档申请',
  'withdrawal.letter_opened': '下载申请书',
  'withdrawal.evidence_uploaded': '上传材料照片',
  'withdrawal.evidence_viewed': '查看材料照片',
  'withdrawal.evidence_removed': '按期删除材料照片',
  'withdrawal.checked': '核对材料，通过',
  'withdrawal.rejected': '材料不符，退回',
  'withdrawal.lapsed': '过了截止时间没有办完',
  'withdrawal.cancelled': '撤回申请',
  'withdrawal.executed': '办理退档',
  'withdrawal.wrongful_reported': '报告误退',
  'withdrawal.wrongful_decided': '认定误退',
};

export const touchWords = (what: string): string => TOUCHES[what] ?? ledgerWords(what) ?? '处理这份申请';

/** 联系, 更正, 补填, 撤销 with the outcome after the point. */
const LEDGER: Readonly<Record<string, string>> = {
  attempt: '联系考生',
  corrected: '更正联系结果',
  completed: '补填联系结果',
  undone: '撤销联系结果',
};
function ledgerWords(what: string): string | null {
  const [kind = '', outcome = ''] = what.split('.');
  const words = LEDGER[kind];
  if (words === undefined) return null;
  return outcome === '' ? words : `${words}（${outcomeLabel(outcome)}）`;
}
