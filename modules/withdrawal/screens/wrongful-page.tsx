import { Table, Tag } from 'antd';
import { useRoute } from '#ui/api';
import { useDrawer } from '#ui/detail-drawer';
import { ErrorNote } from '#ui/error-note';
import { formatDateTime } from '#ui/format';
import { Page } from '#ui/page';
import { Loading } from '#ui/states';
import { countedPages } from '#ui/table-bars';
import { listWrongful } from '../contract.ts';
import { REPORT_LABELS, type Report, WrongfulDrawer } from './wrongful-drawer.tsx';

/** 误退认定: reports for the supervisor, with everyone who touched the withdrawal. */
export function WrongfulPage() {
  const { data, error, refetch } = useRoute(listWrongful, undefined);
  const drawer = useDrawer();
  const opened = data?.items.find(({ id }) => id === drawer.id);
  return (
    <Page note="打开报告查看经手经过，由报告人以外的督查组成员认定。">
      <ErrorNote error={error} onRetry={() => void refetch()} />
      {!data && !error && <Loading rows={8} />}
      {data && (
        <div className="zz-list-card">
          <Table<Report>
            size="small"
            rowKey="id"
            dataSource={[...data.items]}
            pagination={countedPages()}
            locale={{ emptyText: '没有误退报告。' }}
            columns={[
              {
                title: '考生',
                render: (_, row) => (
                  <button type="button" className="zz-plain zz-identity" onClick={() => drawer.open(row.id)}>
                    {row.candidateName}　{row.candidateNo}
                  </button>
                ),
              },
              {
                title: '状态',
                render: (_, { state }) => (
                  <Tag color={state === 'open' ? 'warning' : 'default'}>{REPORT_LABELS[state]}</Tag>
                ),
              },
              { title: '报告人', render: (_, row) => row.reportedByName },
              { title: '报告时间', render: (_, row) => formatDateTime(row.reportedAt) },
              { title: '经手记录', align: 'right', render: (_, row) => `${row.trace.length} 条` },
              { title: '认定人', render: (_, row) => row.decidedByName ?? '—' },
              { title: '认定时间', render: (_, row) => formatDateTime(row.decidedAt) },
            ]}
          />
        </div>
      )}
      {opened && <WrongfulDrawer report={opened} onClose={drawer.close} />}
    </Page>
  );
}
