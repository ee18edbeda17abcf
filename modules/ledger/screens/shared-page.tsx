import { Table } from 'antd';
import type { RouteReply } from '#platform/http/route';
import { useRoute } from '#ui/api';
import { ErrorNote } from '#ui/error-note';
import { formatCount, formatDateTime } from '#ui/format';
import { Page } from '#ui/page';
import { Empty, Loading } from '#ui/states';
import { countedPages } from '#ui/table-bars';
import { BASIS_LABELS, CONTENT_LABELS, listShared } from '../contract.ts';

type Line = RouteReply<typeof listShared>['items'][number];

/** 对外提供记录: what left the college, to whom, on what ground (个人信息保护法 art. 23). */
export function SharedPage() {
  const { data, error, refetch } = useRoute(listShared, undefined);
  return (
    <Page note="下载过、写明了校外接收方的导出都在这里，各年合在一起，至少保存三年。没有写接收方的只在校内使用。最多列出 200 条。">
      <ErrorNote error={error} onRetry={() => void refetch()} />
      {!data && !error && <Loading rows={8} />}
      {data && (
        <div className="zz-list-card">
          <Table<Line>
            size="small"
            rowKey="id"
            dataSource={[...data.items]}
            pagination={countedPages()}
            scroll={{ x: 'max-content' }}
            locale={{ emptyText: <Empty text="还没有向校外提供过数据。" /> }}
            columns={[
              { title: '申请时间', render: (_, row) => formatDateTime(row.requestedAt) },
              { title: '接收方', render: (_, row) => row.receiver },
              { title: '依据', render: (_, row) => BASIS_LABELS[row.receiverBasis] },
              { title: '个人信息种类', width: 260, render: (_, row) => CONTENT_LABELS[row.kind] },
              { title: '行数', align: 'right', render: (_, row) => formatCount(row.rows) },
              { title: '用途', width: 220, render: (_, row) => row.reason },
              { title: '申请人', render: (_, row) => row.requestedByName },
              { title: '批准人', render: (_, row) => row.approvedByName ?? '未超限，无需批准' },
              { title: '下载', align: 'right', render: (_, row) => `${row.downloads} 次` },
              { title: '标记', render: (_, row) => <span className="zz-figures">{row.mark}</span> },
            ]}
          />
        </div>
      )}
    </Page>
  );
}
