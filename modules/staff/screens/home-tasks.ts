import { api } from '#ui/api';
import type { HomeTask } from '#ui/screen';
import { listPeople } from '../contract.ts';
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
      const { total } = await api(listPeople, { body: query }, { signal });
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
    key: 'locked',
    permission: ['staff.reset_code', 'staff.disable'],
    order: 70,
    load: async ({ signal }) => {
      const query = { state: ['locked' as const], limit: 1 };
      const { total } = await api(listPeople, { body: query }, { signal });
      return [
        {
          count: total,
          unit: '个',
          label: '账号因连续输错被锁定',
          note: '认清本人后可重置密码',
          to: '/settings/accounts?state=locked',
        },
      ];
    },
  },
];
