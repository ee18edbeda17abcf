import { Tag } from 'antd';
import type { RouteReply } from '#platform/http/route';
import { useDrawer } from '#ui/detail-drawer';
import { formatDateTime } from '#ui/format';
import { listQuery } from '#ui/list-state';
import { Page } from '#ui/page';
import { type QueryColumn, QueryTable } from '#ui/query-table';
import { Empty } from '#ui/states';
import { listWrongful } from '../wrongful.contract.ts';
import { REPORT_LABELS, WrongfulDrawer } from './wrongful-drawer.tsx';

type Line = RouteReply<typeof listWrongful>['items'][number];

/** 误退认定: reports for the supervisor, with everyone who touched the withdrawal. */
export function WrongfulPage() {
  const drawer = useDrawer();
  return (
    <Page note="打开报告查看经手经过，由报告人以外的督查组成员认定；待认定的排在最前。">
      <QueryTable<Line>
        id="wrongful-withdrawals"
        source={(list) => listQuery(listWrongful, list)}
        rowKey={(row) => row.id}
        columns={columns}
        filters={[
          {
            name: 'state',
            label: '状态',
            kind: 'select',
            options: Object.entries(REPORT_LABELS).map(([value, label]) => ({ value, label })),
          },
        ]}
        onOpen={(row) => drawer.open(row.id)}
        empty={<Empty text="没有误退报告。" />}
      />
      {drawer.id && <WrongfulDrawer id={drawer.id} onClose={drawer.close} />}
    </Page>
  );
}

const columns: readonly QueryColumn<Line>[] = [
  {
    key: 'candidate',
    title: '考生',
    identity: true,
    render: (row) => `${row.candidateName}　${row.candidateNo}`,
  },
  {
    key: 'state',
    title: '状态',
    render: ({ state }) => <Tag color={state === 'open' ? 'warning' : 'default'}>{REPORT_LABELS[state]}</Tag>,
  },
  { key: 'reporter', title: '报告人', render: (row) => row.reportedByName },
  { key: 'at', title: '报告时间', render: (row) => formatDateTime(row.reportedAt) },
  { key: 'touches', title: '经手记录', align: 'right', render: (row) => `${row.touches} 条` },
  { key: 'decider', title: '认定人', render: (row) => row.decidedByName ?? '—' },
  { key: 'decided', title: '认定时间', render: (row) => formatDateTime(row.decidedAt) },
];
