import { useNavigate } from '@tanstack/react-router';
import { Alert, Form, Select, Tag } from 'antd';
import { useState } from 'react';
import { listBatches, listSeasons } from '#season/contract';
import { PROVINCES, provinceName } from '#season/rules';
import { useRoute } from '#ui/api';
import { DropFiles } from '#ui/drop-files';
import { ErrorNote } from '#ui/error-note';
import { formatCount, formatDateTime } from '#ui/format';
import { UploadBar } from '#ui/import-steps';
import { listQuery } from '#ui/list-state';
import { Page, Section } from '#ui/page';
import { QueryTable } from '#ui/query-table';
import { useCan } from '#ui/session';
import { upload } from '#ui/upload';
import {
  DELIVERY_FILES_MAX,
  type ImportState,
  importStateLabels,
  listImports,
  uploadDelivery,
} from '../contract.ts';

const tones: Partial<Record<ImportState, string>> = {
  previewed: 'processing',
  applied: 'success',
  refused: 'error',
  applying: 'processing',
};

export const StateTag = ({ state }: { readonly state: ImportState }) => (
  <Tag {...(tones[state] && { color: tones[state] })}>{importStateLabels[state]}</Tag>
);

/** 导入: a new delivery on top, all imports of the season below. */
export function ImportsPage() {
  const navigate = useNavigate();
  const open = (id: string) => void navigate({ to: `/imports/${id}` });
  const mayImport = useCan('delivery.import');
  return (
    <Page note="年份取自当前招生季，省份和批次请先选好：下发的文件里没有写明。">
      {mayImport && <NewImport onStarted={open} />}
      <QueryTable
        id="imports"
        source={(list) => listQuery(listImports, list)}
        rowKey={(row) => row.id}
        onOpen={(row) => open(row.id)}
        empty="本季还没有导入过档案。"
        columns={[
          { key: 'fileName', title: '文件', identity: true, render: (row) => row.fileName },
          { key: 'province', title: '省份', width: 90, render: (row) => provinceName(row.provinceCode) },
          { key: 'batch', title: '批次', render: (row) => row.batchName },
          { key: 'state', title: '状态', width: 100, render: (row) => <StateTag state={row.state} /> },
          {
            key: 'created',
            title: '新增',
            align: 'right',
            render: (row) => formatCount(row.counts.created ?? 0),
          },
          {
            key: 'updated',
            title: '更新',
            align: 'right',
            render: (row) => formatCount(row.counts.updated ?? 0),
          },
          {
            key: 'conflicts',
            title: '冲突',
            align: 'right',
            render: (row) => formatCount(row.counts.conflicts ?? 0),
          },
          {
            key: 'rejected',
            title: '拒收',
            align: 'right',
            render: (row) => formatCount(row.counts.rejected ?? 0),
          },
          { key: 'by', title: '导入人', render: (row) => row.createdByName ?? '命令行' },
          { key: 'at', title: '时间', render: (row) => formatDateTime(row.createdAt) },
        ]}
      />
    </Page>
  );
}

const provinceOptions = PROVINCES.map(({ code, short }) => ({ value: code, label: `${short}（${code}）` }));

function useBatches() {
  const seasons = useRoute(listSeasons);
  const season = seasons.data?.items.find(({ active }) => active);
  const batches = useRoute(
    listBatches,
    { params: { seasonId: season?.id ?? '' } },
    { enabled: season !== undefined },
  );
  return {
    season,
    batches: batches.data?.items ?? [],
    error: seasons.error ?? batches.error,
    lacking: lackingWords(
      seasons.isPending || batches.isLoading,
      season !== undefined,
      batches.data?.items.length ?? 0,
    ),
  };
}

/** What the office has to prepare before a file can be taken in. */
function lackingWords(loading: boolean, hasSeason: boolean, batches: number): string | null {
  if (loading) return null;
  if (!hasSeason) return '还没有招生季，请招办先到“设置 > 招生季”新建。';
  return batches === 0 ? '本季还没有批次，请招办先到“设置 > 招生季 > 批次”录入。' : null;
}

function NewImport({ onStarted }: { readonly onStarted: (id: string) => void }) {
  const { season, batches, lacking, error: failed } = useBatches();
  const [province, setProvince] = useState<string>();
  const [batchId, setBatch] = useState<string>();
  const [sent, setSent] = useState<{ name: string; bytes: number; total: number } | null>(null);
  const [error, setError] = useState<unknown>(null);
  const [tooMany, setTooMany] = useState(0);
  const ready = province !== undefined && batchId !== undefined;
  const send = async (files: readonly File[]) => {
    const [first] = files;
    setError(null);
    setTooMany(files.length > DELIVERY_FILES_MAX ? files.length : 0);
    if (!first || !province || !batchId || files.length > DELIVERY_FILES_MAX) return;
    const name = files.length > 1 ? `${files.length} 个文件` : first.name;
    setSent({ name, bytes: 0, total: 0 });
    try {
      const query = { province, batchId, files: files.length };
      const onProgress = (bytes: number, total: number) => setSent({ name, bytes, total });
      onStarted((await upload(uploadDelivery, { query }, { files, onProgress })).id);
    } catch (cause) {
      setError(cause);
    } finally {
      setSent(null);
    }
  };
  return (
    <Section title={season ? `导入 ${season.year} 年档案` : '导入档案'}>
      {lacking && <Alert type="warning" showIcon className="zz-gap-below" title={lacking} />}
      <Form layout="inline" className="zz-gap-below">
        <Form.Item label="省份" htmlFor="import-province" required>
          <Select
            id="import-province"
            showSearch={{ optionFilterProp: 'label' }}
            style={{ width: 180 }}
            placeholder="请选择"
            options={provinceOptions}
            value={province}
            onChange={setProvince}
          />
        </Form.Item>
        <Form.Item label="批次" htmlFor="import-batch" required>
          <Select
            id="import-batch"
            style={{ width: 220 }}
            placeholder="请选择"
            options={batches.map(({ id, name }) => ({ value: id, label: name }))}
            value={batchId}
            onChange={setBatch}
          />
        </Form.Item>
      </Form>
      {sent && <UploadBar fileName={sent.name} sentBytes={sent.bytes} totalBytes={sent.total} />}
      {!sent && ready && (
        <DropFiles
          hint="省级下发的 ZIP、文件夹、DBF、XLSX 或 CSV；先核对预览，确认后才写入"
          accept=".zip,.dbf,.xlsx,.csv"
          allowFolder
          onFiles={(files) => void send(files)}
        />
      )}
      {!sent && !ready && <p className="zz-note">先选择省份和批次，再选择文件。</p>}
      {tooMany > 0 && (
        <Alert
          type="warning"
          showIcon
          title={`这里有 ${formatCount(tooMany)} 个文件，一次最多直接选 ${formatCount(DELIVERY_FILES_MAX)} 个。请把文件夹压缩成一个 ZIP 再选，照片也放在里面。`}
        />
      )}
      <ErrorNote error={error ?? failed} />
    </Section>
  );
}
