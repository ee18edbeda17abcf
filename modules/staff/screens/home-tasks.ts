import { api } from '#ui/api';
import type { HomeTask } from '#ui/screen';
import { accountReport, listPeople, REPORT_LABELS } from '../contract.ts';
import { CALLING_ROLES } from '../rules.ts';

export const homeTasks: readonly HomeTask[] = [
  {
    key: 'qualify',
    permission: 'staff.qualify',
    order: 20,
    load: async ({ signal }) => {
      const query = {
        qualified: 'no' as const,
        role: [...CALLING_ROLES],
        state: ['active' as const],
        limit: 1,
      };
      const { total } = await api(listPeople, { query }, { signal });
      const roles = CALLING_ROLES.map((role) => `role=${role}`).join('&');
      return [
        {
          count: total,
          unit: '人',
          label: '等待资格审查',
          note: '通过后才会分到考生',
          to: `/team/people?qualified=no&state=active&${roles}`,
        },
      ];
    },
  },
  {
    key: 'accounts',
    permission: ['staff.disable', 'staff.reset_factor'],
    order: 70,
    load: async ({ signal }) => {
      const { items } = await api(accountReport, undefined, { signal });
      const kinds = [...new Set(items.map(({ finding }) => REPORT_LABELS[finding]))];
      return [
        {
          count: items.length,
          unit: '个',
          label: '账号需要处理',
          note: kinds.join('、'),
          to: '/settings/accounts?view=report',
        },
      ];
    },
  },
];
