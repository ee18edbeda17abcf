import { useLocation, useNavigate } from '@tanstack/react-router';
import { Button } from 'antd';
import { useState } from 'react';
import { listBatches, listSeasons } from '#season/contract';
import { provinceName } from '#season/rules';
import { ActionButton } from '#ui/action-button';
import { useRoute } from '#ui/api';
import { ErrorNote } from '#ui/error-note';
import { formatCount } from '#ui/format';
import { Page } from '#ui/page';
import { listOf, textOf } from '#ui/search-params';
import { Loading } from '#ui/states';
import { useRawUrlState } from '#ui/url-state';
import { decideExport, downloadExport, type ExportView, exportPassword, listExports } from '../contract.ts';
import { DecideModal } from './decide-modal.tsx';
import type { BatchOption, Verdict } from './export-props.tsx';
import { ExportTable } from './export-table.tsx';
import { RequestModal } from './request-modal.tsx';

const REFRESH_MS = 15_000;
/** 导出: who took what out of the system and why; large ones need a second person. */
export function ExportPage() {
  const [search, patch] = useRawUrlState();
  const exports = useRoute(listExports, undefined, { refetchInterval: REFRESH_MS });
  const batches = useBatchOptions();
  // Chosen in the list of candidates: handed over with the step in the history, not in the address.
  const chosen = useLocation({ select: (location) => listOf((location.state as Handed).candidateIds) });
  const [verdict, setVerdict] = useState<Verdict | null>(null);
  const limit = exports.data?.approvalRows;
  const navigate = useNavigate();
  const names = new Map(batches.map(({ value, label }) => [value, label]));
  return (
    <Page
      note={limitNote(limit)}
      extra={
        <>
          <ActionButton can="ledger.shared" onClick={() => void navigate({ to: '/exports/shared' })}>
            对外提供记录
          </ActionButton>
          <Button type="primary" onClick={() => patch({ new: '1' })}>
            新建导出
          </Button>
        </>
      }
    >
      <ErrorNote error={exports.error} />
      {exports.isPending ? (
        <Loading rows={6} />
      ) : (
        exports.data && (
          <ExportTable
            items={exports.data.items}
            rangeOf={(row) => rangeOf(row, names)}
            routes={{ download: downloadExport, password: exportPassword }}
            empty="还没有导出过。点“新建导出”，写明用途后生成文件。"
            onDecide={setVerdict}
          />
        )
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
      {verdict && <DecideModal {...verdict} route={decideExport} onClose={() => setVerdict(null)} />}
    </Page>
  );
}

interface Handed {
  readonly candidateIds?: readonly string[];
}

const limitNote = (limit: number | undefined): string =>
  `文件每行带导出标记，装在加密压缩包里，只有申请人能下载和查看密码，生成 24 小时后删除。${
    limit === undefined ? '' : `超过 ${formatCount(limit)} 行须另一人批准。`
  }`;

function useBatchOptions(): readonly BatchOption[] {
  const seasons = useRoute(listSeasons);
  const season = seasons.data?.items.find(({ active }) => active);
  const params = { seasonId: season?.id ?? '' };
  const batches = useRoute(listBatches, { params }, { enabled: season !== undefined });
  return (batches.data?.items ?? []).map(({ id, name }) => ({ value: id, label: name }));
}

function rangeOf({ filter }: ExportView, batches: ReadonlyMap<string, string>): string {
  const chosen = filter.candidateIds?.length;
  const parts = [
    chosen && `选中的 ${chosen} 名考生`,
    filter.provinceCode && provinceName(filter.provinceCode),
    filter.batchId && (batches.get(filter.batchId) ?? '一个批次'),
  ].filter(Boolean);
  return parts.length === 0 ? '全部' : parts.join(' · ');
}
