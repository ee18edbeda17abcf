import { api } from '#ui/api';
import type { HomeTask } from '#ui/screen';
import { listLeaves } from '../contract.ts';

const AT_MOST = 50;

export const homeTasks: readonly HomeTask[] = [
  {
    key: 'leaves',
    permission: 'leave.decide',
    order: 30,
    load: async ({ signal }) => {
      const query = { state: ['requested' as const], limit: AT_MOST };
      const { items } = await api(listLeaves, { body: query }, { signal });
      const mine = items.filter((leave) => leave.mine !== null);
      const work = mine.reduce((sum, { openWork }) => sum + openWork, 0);
      return [
        {
          count: mine.length,
          unit: '份',
          label: '请假申请等您审批',
          note: work > 0 ? `涉及 ${work} 名在办考生` : '',
          to: '/team/leaves?state=requested',
        },
      ];
    },
  },
];
