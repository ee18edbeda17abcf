import { api } from '#ui/api';
import type { HomeTask } from '#ui/screen';
import { listIncidents } from '../contract.ts';
import { isAlarming } from '../rules.ts';

export const homeTasks: readonly HomeTask[] = [
  {
    key: 'incidents',
    permission: 'incident.manage',
    order: 5,
    load: async ({ signal }) => {
      const { items } = await api(listIncidents, { query: { view: 'open' } }, { signal });
      const unreported = items.filter(
        ({ notices }) => !notices.some(({ audience }) => audience === 'authority'),
      );
      const late = unreported.filter(({ authorityDueAt }) => isAlarming(authorityDueAt, Date.now()));
      return [
        {
          count: items.length,
          unit: '起',
          label: '个人信息安全事件没有办结',
          note: unreported.length > 0 ? `${unreported.length} 起还没有登记向主管部门的报告` : '',
          to: '/supervision/incidents',
          isUrgent: late.length > 0,
        },
      ];
    },
  },
];
