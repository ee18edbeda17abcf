import { ApiError, api } from '#ui/api';
import type { HomeTask } from '#ui/screen';
import { listDecisions } from '../decision.contract.ts';

/** Before the first season nothing waits for a decision. */
async function countsOf(signal: AbortSignal) {
  try {
    return (await api(listDecisions, { query: { limit: 1 } }, { signal })).counts;
  } catch (error) {
    if (error instanceof ApiError && error.code === 'no_season') return null;
    throw error;
  }
}

export const homeTasks: readonly HomeTask[] = [
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
        ? [{ count: counts.waiting, unit: '名', label: '最终结果等您确认', to: '/decisions?view=waiting' }]
        : [];
    },
  },
];
