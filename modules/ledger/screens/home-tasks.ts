import { ApiError, api } from '#ui/api';
import type { HomeTask, TaskLine } from '#ui/screen';
import { type ExportView, listAuditExports, listExports } from '../contract.ts';

export const homeTasks: readonly HomeTask[] = [
  {
    key: 'exports',
    permission: 'ledger.export',
    order: 50,
    load: async ({ signal, userId }) =>
      linesOf(await exportsOf(signal), { userId, what: '导出', to: '/exports' }),
  },
  {
    key: 'audit-exports',
    permission: 'audit.export',
    order: 51,
    load: async ({ signal, userId }) => {
      const { items } = await api(listAuditExports, undefined, { signal });
      return linesOf(items, { userId, what: '审计日志导出', to: '/audit/exports' });
    },
  },
];

type Line = Pick<ExportView, 'requestedBy' | 'state' | 'downloads' | 'expiresAt'>;

/** What waits for the person's yes, and what they may fetch. */
function linesOf(
  items: readonly Line[],
  { userId, what, to }: { userId: string; what: string; to: string },
): TaskLine[] {
  const mine = (row: Line) => row.requestedBy === userId;
  const forMe = items.filter((row) => row.state === 'waiting' && !mine(row));
  const ready = items.filter(
    (row) => row.state === 'ready' && mine(row) && row.downloads === 0 && (row.expiresAt ?? 0) > Date.now(),
  );
  return [
    { count: forMe.length, unit: '份', label: `${what}申请等您批准`, to },
    { count: ready.length, unit: '份', label: `您申请的${what}可以下载`, note: '到期自动删除', to },
  ];
}

/** Before the first season there are none. */
async function exportsOf(signal: AbortSignal): Promise<readonly ExportView[]> {
  try {
    return (await api(listExports, undefined, { signal })).items;
  } catch (error) {
    if (error instanceof ApiError && error.code === 'no_season') return [];
    throw error;
  }
}
