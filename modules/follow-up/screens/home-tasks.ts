import { api } from '#ui/api';
import type { HomeTask } from '#ui/screen';
import { listEscalations } from '../escalation.contract.ts';

/** Each line counts its own: what is late among those to accept, and among mine. */
const lateWords = (late: number): string => (late > 0 ? `其中 ${late} 名已超时` : '');

export const homeTasks: readonly HomeTask[] = [
  {
    key: 'escalations',
    permission: 'escalation.work',
    order: 15,
    load: async ({ signal }) => {
      const { counts } = await api(listEscalations, { query: { limit: 1 } }, { signal });
      return [
        {
          count: counts.toAccept,
          unit: '名',
          label: '转交的考生等您接手',
          note: lateWords(counts.lateToAccept),
          to: '/escalations?view=to_accept',
          isUrgent: counts.lateToAccept > 0,
        },
        {
          count: counts.mine,
          unit: '名',
          label: '转交的考生由您处理',
          note: lateWords(counts.lateMine),
          to: '/escalations?view=mine',
          isUrgent: counts.lateMine > 0,
        },
      ];
    },
  },
];
