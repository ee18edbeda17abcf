import { api } from '#ui/api';
import type { HomeTask } from '#ui/screen';
import { listImports } from '../contract.ts';

const AT_MOST = 20;

export const homeTasks: readonly HomeTask[] = [
  {
    key: 'imports',
    permission: 'delivery.import',
    order: 5,
    load: async ({ signal }) => {
      const { items } = await api(listImports, { query: { limit: AT_MOST } }, { signal });
      const waiting = items.filter(({ state }) => state === 'previewed');
      const [first] = waiting;
      return [
        {
          count: waiting.length,
          unit: '份',
          label: '投档文件已读完，等您看预览、确认导入',
          to: waiting.length === 1 && first ? `/imports/${first.id}` : '/imports',
        },
      ];
    },
  },
];
