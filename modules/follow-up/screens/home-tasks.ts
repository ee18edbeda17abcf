import { api } from '#ui/api';
import type { HomeTask } from '#ui/screen';
import { listEscalations } from '../escalation.contract.ts';

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
          note: counts.late > 0 ? `其中 ${counts.late} 名已超时` : '',
          to: '/escalations?view=to_accept',
          isUrgent: counts.late > 0,
        },
        { count: counts.mine, unit: '名', label: '转交的考生由您处理', to: '/escalations?view=mine' },
      ];
    },
  },
];
