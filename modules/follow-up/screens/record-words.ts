import type { RouteReply } from '#platform/http/route';
import type { contactsRoute } from '../case.contract.ts';

export type CaseLine = RouteReply<typeof contactsRoute>['cases'][number];

export const RESULT_LABELS: Readonly<Record<string, string>> = {
  admitted: '确认录取',
  withdrawn: '已退档',
  returned: '退回',
  closed: '其他办结',
};

export const EVENT_LABELS: Readonly<Record<string, string>> = {
  opened: '放出',
  assigned: '调整归属',
  claimed: '取出拨打',
  finished: '登记结果',
  released: '放回',
  escalated: '转交',
  reopened: '重新开放',
  round: '轮次变更',
  corrected: '更正',
  blocked: '停拨',
  closed: '办结',
};

/** Why a follow-up cannot be opened again; null: it can. */
export function reopenRefused({ state, result }: Pick<CaseLine, 'state' | 'result'>): string | null {
  if (result === 'withdrawn' || result === 'returned')
    return '已退档或退回的不能重新开放；如属误退，请在退档申请里报告误退。';
  return state === 'final' || state === 'blocked' ? null : '这个回访任务还在进行，不需要重新开放。';
}
