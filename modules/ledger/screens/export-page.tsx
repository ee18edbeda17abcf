import { useLocation } from '@tanstack/react-router';
import { Button, Table, Tag } from 'antd';
import { type ReactNode, useState } from 'react';
import { listBatches, listSeasons } from '#season/contract';
import { provinceName } from '#season/rules';
import { useRoute } from '#ui/api';
import { Countdown } from '#ui/countdown';
import { ErrorNote } from '#ui/error-note';
import { formatCount, formatDateTime } from '#ui/format';
import { Page } from '#ui/page';
import { listOf, textOf } from '#ui/search-params';
import { Empty, Loading } from '#ui/states';
import { countedPages } from '#ui/table-bars';
import { useRawUrlState } from '#ui/url-state';
import { EXPORT_STATE_LABELS, KIND_LABELS, listExports } from '../contract.ts';
import { DecideModal } from './decide-modal.tsx';
import { ExportActions } from './export-actions.tsx';
import { ExportProgress } from './export-progress.tsx';
import type { BatchOption, ExportLine, Verdict } from './export-props.tsx';
import { RequestModal } from './request-modal.tsx';

const REFRESH_MS = 15_000;
const TONES = {
  waiting: 'warning',
  making: 'processing',
  ready: 'success',
  rejected: 'default',
  failed: 'error',
} as const;

/** 导出: who took what out of the system and why; large ones need a second person. */
export function ExportPage() {
  const [search, patch] = useRawUrlState();
  const exports = useRoute(listExports, undefined, { refetchInterval: REFRESH_MS });
  const batches = useBatchOptions();
  // Chosen in the list of candidates: handed over with the step in the history, not in the address.
  const chosen = useLocation({ select: (location) => listOf((location.state as Handed).candidateIds) });
  const [verdict, setVerdict] = useState<Verdict | null>(null);
  const limit = exports.data?.approvalRows;
  return (
    <Page
      note={limitNote(limit)}
      extra={
        <Button type="primary" onClick={() => patch({ new: '1' })}>
          新建导出
        </Button>
      }
    >
      <ErrorNote error={exports.error} />
      {exports.isPending ? (
        <Loading rows={6} />
      ) : (
        exports.data && <ExportTable items={exports.data.items} batches={batches} onDecide={setVerdict} />
      )}
      {textOf(search.new) !== '' && (
        <RequestModal
          batches={batches}
          approvalRows={limit}
          start={{
            provinceCode: textOf(search.province),
            batchId: textOf(search.batch),
            candidateIds: chosen,
          }}
          onClose={() => patch({ new: undefined, province: undefined, batch: undefined })}
        />
      )}
      {verdict && <DecideModal {...verdict} onClose={() => setVerdict(null)} />}
    </Page>
  );
}

interface Handed {
  readonly candidateIds?: readonly string[];
}

const limitNote = (limit: number | undefined): string =>
  `文件每行带导出标记，只有申请人能下载，生成 24 小时后删除。${
    limit === undefined ? '' : `超过 ${formatCount(limit)} 行须另一人批准。`
  }`;

function useBatchOptions(): readonly BatchOption[] {
  const seasons = useRoute(listSeasons);
  const season = seasons.data?.items.find(({ active }) => active);
  const params = { seasonId: season?.id ?? '' };
  const batches = useRoute(listBatches, { params }, { enabled: season !== undefined });
  return (batches.data?.items ?? []).map(({ id, name }) => ({ value: id, label: name }));
}

interface ExportTableProps {
  readonly items: readonly ExportLine[];
  readonly batches: readonly BatchOption[];
  readonly onDecide: (verdict: Verdict) => void;
}

function ExportTable({ items, batches, onDecide }: ExportTableProps) {
  const names = new Map(batches.map(({ value, label }) => [value, label]));
  return (
    <div className="zz-list-card">
      <Table<ExportLine>
        size="small"
        rowKey="id"
        dataSource={[...items]}
        pagination={countedPages()}
        scroll={{ x: 'max-content' }}
        locale={{ emptyText: <Empty text="还没有导出过。点“新建导出”，写明用途后生成文件。" /> }}
        columns={[
          { title: '内容', render: (_, row) => KIND_LABELS[row.kind] },
          { title: '范围', render: (_, row) => rangeOf(row, names) },
          { title: '行数', align: 'right', render: (_, row) => formatCount(row.rows) },
          { title: '状态', render: (_, row) => <State row={row} /> },
          { title: '用途', width: 220, render: (_, row) => row.reason },
          {
            title: '申请人',
            render: (_, row) => `${row.requestedByName} ${formatDateTime(row.requestedAt)}`,
          },
          { title: '批准人', render: (_, row) => approvalOf(row) },
          { title: '标记', render: (_, row) => <span className="zz-figures">{row.mark}</span> },
          { title: '下载', align: 'right', render: (_, row) => `${row.downloads} 次` },
          {
            title: '操作',
            fixed: 'right',
            render: (_, row) => <ExportActions row={row} onDecide={onDecide} />,
          },
        ]}
      />
    </div>
  );
}

function rangeOf({ filter }: ExportLine, batches: ReadonlyMap<string, string>): string {
  const chosen = filter.candidateIds?.length;
  const parts = [
    chosen && `选中的 ${chosen} 名考生`,
    filter.provinceCode && provinceName(filter.provinceCode),
    filter.batchId && (batches.get(filter.batchId) ?? '一个批次'),
  ].filter(Boolean);
  return parts.length === 0 ? '全部' : parts.join(' · ');
}

const approvalOf = ({ approvedByName, decisionNote }: ExportLine): string =>
  [approvedByName, decisionNote].filter(Boolean).join('：') || '—';

function State({ row }: { readonly row: ExportLine }): ReactNode {
  return (
    <>
      <Tag color={TONES[row.state]}>{EXPORT_STATE_LABELS[row.state]}</Tag>
      {row.state === 'making' && row.jobId && <ExportProgress jobId={row.jobId} rows={row.rows} />}
      {row.state === 'ready' && row.expiresAt !== null && <Countdown to={row.expiresAt} label="还可下载" />}
    </>
  );
}
