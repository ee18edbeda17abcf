import { Table, Tag } from 'antd';
import type { ReactNode } from 'react';
import { Countdown } from '#ui/countdown';
import { formatCount, formatDateTime } from '#ui/format';
import { Empty } from '#ui/states';
import { countedPages } from '#ui/table-bars';
import { EXPORT_STATE_LABELS, KIND_LABELS } from '../contract.ts';
import { ExportActions } from './export-actions.tsx';
import { ExportProgress } from './export-progress.tsx';
import type { ExportLine, ExportRoutes, Verdict } from './export-props.tsx';

const TONES = {
  waiting: 'warning',
  making: 'processing',
  ready: 'success',
  rejected: 'default',
  failed: 'error',
} as const;

export interface ExportTableProps<Row extends ExportLine> {
  readonly items: readonly Row[];
  readonly rangeOf: (row: Row) => string;
  readonly routes: Pick<ExportRoutes, 'download' | 'password'>;
  readonly empty: string;
  readonly onDecide: (verdict: Verdict) => void;
}

/** Who took what out, why, with whose approval; the one act that fits each line. */
export function ExportTable<Row extends ExportLine>(props: ExportTableProps<Row>) {
  const { items, rangeOf, routes, empty, onDecide } = props;
  return (
    <div className="zz-list-card">
      <Table<Row>
        size="small"
        rowKey="id"
        dataSource={[...items]}
        pagination={countedPages()}
        scroll={{ x: 'max-content' }}
        locale={{ emptyText: <Empty text={empty} /> }}
        columns={[
          { title: '内容', width: 124, render: (_, row) => KIND_LABELS[row.kind] },
          { title: '范围', render: (_, row) => rangeOf(row) },
          { title: '行数', align: 'right', render: (_, row) => formatCount(row.rows) },
          { title: '状态', render: (_, row) => <State row={row} /> },
          { title: '用途', width: 170, render: (_, row) => row.reason },
          { title: '接收方', render: (_, row) => row.receiver ?? '校内使用' },
          {
            title: '申请人',
            render: (_, row) => (
              <Lines first={row.requestedByName} second={formatDateTime(row.requestedAt)} />
            ),
          },
          { title: '批准人', render: (_, row) => approvalOf(row) },
          {
            title: '标记',
            render: (_, row) => (
              <Lines
                first={<span className="zz-figures">{row.mark}</span>}
                second={`已下载 ${formatCount(row.downloads)} 次`}
              />
            ),
          },
          {
            title: '操作',
            fixed: 'right',
            render: (_, row) => <ExportActions row={row} routes={routes} onDecide={onDecide} />,
          },
        ]}
      />
    </div>
  );
}

/** Two short things of one column, so that the table fits on a small screen. */
function Lines({ first, second }: { readonly first: ReactNode; readonly second: ReactNode }) {
  return (
    <>
      {first}
      <div className="zz-note">{second}</div>
    </>
  );
}

const approvalOf = ({ approvedByName, decisionNote }: ExportLine): string =>
  [approvedByName, decisionNote].filter(Boolean).join('：') || '—';

function State({ row }: { readonly row: ExportLine }): ReactNode {
  return (
    <>
      <Tag color={TONES[row.state]}>{EXPORT_STATE_LABELS[row.state]}</Tag>
      {row.state === 'making' && row.jobId && <ExportProgress jobId={row.jobId} rows={row.rows} />}
      {row.state === 'ready' && row.expiresAt !== null && (
        <div className="zz-note">
          <Countdown to={row.expiresAt} label="还可下载" />
        </div>
      )}
    </>
  );
}
