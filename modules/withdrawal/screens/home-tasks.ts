import { ApiError, api } from '#ui/api';
import type { HomeTask } from '#ui/screen';
import { listWithdrawals } from '../contract.ts';
import { listDecisions } from '../decision.contract.ts';
import { listWrongful } from '../wrongful.contract.ts';

/** Before the first season nothing waits for a decision. */
async function countsOf(signal: AbortSignal) {
  try {
    return (await api(listDecisions, { query: { limit: 1 } }, { signal })).counts;
  } catch (error) {
    if (error instanceof ApiError && error.code === 'no_season') return null;
    throw error;
  }
}

const LAST_DAY_MS = 24 * 3_600_000;
const PAGE = 50;

/** Requests that wait for one's hand; urgent when one of them ends within a day. */
async function waitingPapers(state: 'evidence_in' | 'checked', label: string, signal: AbortSignal) {
  const query = state === 'evidence_in' ? { toCheck: 'true' as const } : { state };
  const { items, total } = await api(listWithdrawals, { body: { ...query, limit: PAGE } }, { signal });
  const soon = items.filter(({ deadlineAt }) => deadlineAt !== null && deadlineAt - Date.now() < LAST_DAY_MS);
  return [
    {
      count: total,
      unit: '份',
      label,
      note: soon.length > 0 ? `${soon.length} 份离退档截止不到 24 小时` : '',
      to: `/withdrawals?state=${state}`,
      isUrgent: soon.length > 0,
    },
  ];
}

export const homeTasks: readonly HomeTask[] = [
  {
    key: 'withdrawals-check',
    permission: 'withdrawal.check',
    order: 30,
    load: ({ signal }) => waitingPapers('evidence_in', '退档材料等您核对', signal),
  },
  {
    key: 'withdrawals-execute',
    permission: 'withdrawal.execute',
    order: 31,
    load: ({ signal }) => waitingPapers('checked', '退档申请等您办理', signal),
  },
  {
    key: 'wrongful',
    permission: 'withdrawal.decide_wrongful',
    order: 32,
    load: async ({ signal }) => {
      const { waiting } = await api(listWrongful, { query: { limit: 1 } }, { signal });
      return [
        {
          count: waiting,
          unit: '份',
          label: '误退报告等您认定',
          to: '/supervision/wrongful',
          isUrgent: true,
        },
      ];
    },
  },
  {
    key: 'decisions-propose',
    permission: 'decision.propose',
    order: 34,
    load: async ({ signal }) => {
      const counts = await countsOf(signal);
      return counts
        ? [
            {
              count: counts.toPropose,
              unit: '名',
              label: '考生没有本人答复，等您提出结果',
              note: counts.overdue > 0 ? `${counts.overdue} 名已过截止时间` : '',
              to: '/decisions?view=to_propose',
              isUrgent: counts.overdue > 0,
            },
          ]
        : [];
    },
  },
  {
    key: 'decisions-confirm',
    permission: 'decision.confirm',
    order: 35,
    load: async ({ signal }) => {
      const counts = await countsOf(signal);
      return counts
        ? [{ count: counts.waiting, unit: '名', label: '最终认定等您确认', to: '/decisions?view=waiting' }]
        : [];
    },
  },
];
