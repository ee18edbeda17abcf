import { api } from '#ui/api';
import type { HomeTask } from '#ui/screen';
import { releaseChecks } from '../check.contract.ts';
import { listLeads } from '../lead.contract.ts';

export const homeTasks: readonly HomeTask[] = [
  {
    key: 'release',
    permission: 'assignment.preview',
    order: 10,
    load: async ({ signal }) => {
      const { items, room } = await api(releaseChecks, undefined, { signal });
      const isBlocked = (item: (typeof items)[number]) => item.checks.some(({ blocks }) => blocks);
      const waiting = (rows: typeof items) => rows.reduce((sum, row) => sum + row.waiting, 0);
      const blocked = items.filter((item) => isBlocked(item) && item.candidates > 0);
      const free = waiting(items.filter((item) => !isBlocked(item)));
      return [
        {
          count: free,
          unit: '名',
          label: '考生可以分配、放出',
          note: room < free ? `回访员还能接 ${room} 名` : '',
          to: '/admission/release',
        },
        {
          count: blocked.length,
          unit: '个',
          label: '省份批次缺政策，不能放出',
          note: `${waiting(blocked)} 名考生在等`,
          to: '/admission/check?view=blocked',
          isUrgent: waiting(blocked) > 0,
        },
      ];
    },
  },
  {
    key: 'leads',
    permission: 'lead.manage',
    order: 45,
    load: async ({ signal }) => {
      const query = { state: ['disputed' as const], limit: 1 };
      const { total } = await api(listLeads, { body: query }, { signal });
      return [
        { count: total, unit: '条', label: '报备有争议，等待裁定', to: '/follow-up/leads?state=disputed' },
      ];
    },
  },
];
