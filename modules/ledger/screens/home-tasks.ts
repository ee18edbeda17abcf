import { ApiError, api } from '#ui/api';
import type { HomeTask } from '#ui/screen';
import { type ExportView, listExports } from '../contract.ts';

export const homeTasks: readonly HomeTask[] = [
  {
    key: 'exports',
    permission: 'ledger.export',
    order: 50,
    load: async ({ signal, userId }) => {
      const items = await exportsOf(signal);
      const mine = (row: ExportView) => row.requestedBy === userId;
      const forMe = items.filter((row) => row.state === 'waiting' && !mine(row));
      const ready = items.filter(
        (row) =>
          row.state === 'ready' && mine(row) && row.downloads === 0 && (row.expiresAt ?? 0) > Date.now(),
      );
      return [
        { count: forMe.length, unit: '份', label: '导出申请等您批准', to: '/exports' },
        {
          count: ready.length,
          unit: '份',
          label: '您申请的导出可以下载',
          note: '到期自动删除',
          to: '/exports',
        },
      ];
    },
  },
];

/** Before the first season there are none. */
async function exportsOf(signal: AbortSignal): Promise<readonly ExportView[]> {
  try {
    return (await api(listExports, undefined, { signal })).items;
  } catch (error) {
    if (error instanceof ApiError && error.code === 'no_season') return [];
    throw error;
  }
}
