import { api } from '#ui/api';
import type { HomeTask } from '#ui/screen';
import { listUnnamedMajors } from '../major.contract.ts';

export const homeTasks: readonly HomeTask[] = [
  {
    key: 'unnamed-majors',
    permission: 'season.manage',
    order: 60,
    load: async ({ signal }) => {
      const { items, candidates } = await api(listUnnamedMajors, undefined, { signal });
      return [
        {
          count: items.length,
          unit: '个',
          label: '专业代号还没有名称',
          note: `涉及 ${candidates} 名考生`,
          to: '/settings/season?tab=codes',
        },
      ];
    },
  },
];
