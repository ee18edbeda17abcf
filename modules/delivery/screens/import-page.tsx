import { DownloadOutlined } from '@ant-design/icons';
import { useParams } from '@tanstack/react-router';
import { Alert, Button, Tabs } from 'antd';
import { useState } from 'react';
import { provinceName } from '#season/rules';
import { ActionButton } from '#ui/action-button';
import { urlOf, useCommand, useRoute } from '#ui/api';
import { serverNow } from '#ui/clock';
import { ErrorNote } from '#ui/error-note';
import { formatCount, formatDateTime } from '#ui/format';
import { Equation, type ImportStage, ImportSteps } from '#ui/import-steps';
import { isOver, useJob } from '#ui/job';
import { Page, Section } from '#ui/page';
import { JobProgress } from '#ui/progress';
import { ReasonModal } from '#ui/reason-modal';
import { type RawSearch, textOf } from '#ui/search-params';
import { Loading } from '#ui/states';
import { useRawUrlState } from '#ui/url-state';
import {
  confirmImport,
  discardImport,
  findingsFile,
  findingsText,
  type ImportState,
  type ImportView,
  readImportAgain,
  readImportRoute,
  undoImport,
} from '../contract.ts';
import { equationParts } from '../figures.rules.ts';
import { FindingTable } from './finding-table.tsx';
import { ChangeTable, FigureRow, MappingForm, TableList } from './import-parts.tsx';
import { StateTag } from './imports-page.tsx';

const stageOf: Readonly<Record<ImportState, ImportStage>> = {
  uploaded: 'preview',
  reading: 'preview',
  previewed: 'preview',
  applying: 'running',
  applied: 'report',
  refused: 'preview',
  undone: 'report',
  discarded: 'report',
};

const RUNNING: readonly ImportState[] = ['uploaded', 'reading', 'applying'];
const RENEW_MS = 1500;

/** One import: progress, preview, report. Everything is read from the server, so the page may be left and reloaded. */
export function ImportPage() {
  const { importId = '' } = useParams({ strict: false }) as { importId?: string };
  const [busy, setBusy] = useState(true);
  const found = useRoute(
    readImportRoute,
    { params: { id: importId } },
    busy ? { refetchInterval: RENEW_MS } : {},
  );
  const { data } = found;
  const running = data !== undefined && RUNNING.includes(data.state);
  if (data && running !== busy) setBusy(running);
  if (!data) return found.isPending ? <Loading rows={8} /> : <ErrorNote error={found.error} />;
  return (
    <Page
      title={`${provinceName(data.provinceCode)} ${data.batchName}：${data.fileName}`}
      note={<StateTag state={data.state} />}
      extra={<Actions data={data} />}
    >
      <ImportSteps stage={stageOf[data.state]}>
        {running ? <Running data={data} /> : <Outcome data={data} />}
      </ImportSteps>
    </Page>
  );
}

function Running({ data }: { readonly data: ImportView }) {
  const job = useJob(data.jobId).data;
  if (job && isOver(job) && job.state === 'failed') return <Stopped data={data} reason={job.error ?? ''} />;
  const { done = 0, total = null, unit = '行', step = '正在准备', since = serverNow() } = job?.progress ?? {};
  return (
    <JobProgress
      label={data.state === 'applying' ? `写入：${step}` : `核对：${step}`}
      done={done}
      total={total}
      unit={unit}
      elapsedSeconds={Math.max(0, (serverNow() - since) / 1000)}
    />
  );
}

/** A job that failed for good left nothing half done: it may be tried again. */
function Stopped({ data, reason }: { readonly data: ImportView; readonly reason: string }) {
  const applying = data.state === 'applying';
  const retry = useCommand(applying ? confirmImport : readImportAgain, { renews: ['imports'] });
  return (
    <>
      <Alert
        type="error"
        showIcon
        title={reason}
        action={
          <ActionButton
            can="delivery.import"
            loading={retry.isPending}
            onClick={() => retry.mutate({ params: { id: data.id } })}
          >
            {applying ? '重新写入' : '重新核对'}
          </ActionButton>
        }
      />
      <ErrorNote error={retry.error} />
    </>
  );
}

/** Most rows are of another year or province: rather the wrong file was chosen than so many numbers are wrong. */
function WrongFile({ data }: { readonly data: ImportView }) {
  const { rows = 0, findings = {} } = data.counts;
  const { candidate_no_year: year = 0, candidate_no_province: province = 0 } = findings;
  const wrong = Math.max(year, province);
  if (data.state !== 'previewed' || wrong * 2 <= rows) return null;
  return (
    <Alert
      type="warning"
      showIcon
      title={`${formatCount(rows)} 行中有 ${formatCount(wrong)} 行的考生号与所选的${year >= province ? '年份' : '省份'}不符`}
      description="可能选错了文件、年份或省份。请先核对；选错了就放弃这一次，重新选择。"
    />
  );
}

function Outcome({ data }: { readonly data: ImportView }) {
  const { counts } = data;
  // Figures of an earlier reading say nothing of a file that could not be read now.
  const isRead = counts.rows !== undefined && data.state !== 'refused';
  const openDetails = useDetails();
  return (
    <>
      {data.error && <Alert type="error" showIcon title={data.error.message} description={data.error.hint} />}
      {data.state === 'undone' && (
        <Alert
          type="info"
          showIcon
          title={`已于 ${formatDateTime(data.undoneAt ?? 0)} 撤销：${data.undoReason ?? ''}`}
        />
      )}
      {!isRead && data.headings.length > 0 && (
        <Section title="列的含义">
          <MappingForm data={data} />
        </Section>
      )}
      {isRead && (
        <>
          <WrongFile data={data} />
          <FigureRow counts={counts} onOpen={openDetails} />
          <Equation
            total={{ label: '共', count: counts.rows ?? 0, unit: '行' }}
            parts={equationParts.map(([part, label]) => ({ label, count: counts[part] ?? 0 }))}
          />
          <p className="zz-note">
            合并含内容冲突的 {formatCount(counts.conflicts ?? 0)}{' '}
            行：保留第一条，并入其他行的号码。锁定指录取或退档已成定局、不再改动的考生。
          </p>
          <Details data={data} />
        </>
      )}
    </>
  );
}

const DETAILS = 'import-details';
const NO_DETAILS = { tab: undefined, code: undefined, level: undefined, cursor: undefined };

/** Opens a tab of the details with its filters, and brings it into view. */
function useDetails(): (search: RawSearch) => void {
  const [, patch] = useRawUrlState();
  return (search) => {
    patch({ ...NO_DETAILS, ...search });
    document.getElementById(DETAILS)?.scrollIntoView({ block: 'start' });
  };
}

function Details({ data }: { readonly data: ImportView }) {
  const sheet = data.headings.length > 0;
  const [search, patch] = useRawUrlState();
  return (
    <Section title={<span id={DETAILS}>明细</span>}>
      <Tabs
        activeKey={textOf(search.tab) || 'findings'}
        onChange={(tab) => patch({ ...NO_DETAILS, tab }, { replace: true })}
        destroyOnHidden
        items={[
          { key: 'findings', label: '问题清单', children: <FindingTable data={data} /> },
          {
            key: 'changes',
            label: `更新对照（${formatCount(data.counts.updated ?? 0)}）`,
            children: <ChangeTable data={data} />,
          },
          {
            key: 'tables',
            label: `识别到的表（${data.tables.length}）`,
            children: <TableList data={data} />,
          },
          ...(sheet ? [{ key: 'mapping', label: '列的含义', children: <MappingForm data={data} /> }] : []),
        ]}
      />
    </Section>
  );
}

function Actions({ data }: { readonly data: ImportView }) {
  const [undoing, setUndoing] = useState(false);
  const input = { params: { id: data.id } };
  const confirm = useCommand(confirmImport, { renews: ['imports'] });
  const again = useCommand(readImportAgain, { renews: ['imports'] });
  const discard = useCommand(discardImport, { renews: ['imports'] });
  const undo = useCommand(undoImport, { renews: ['imports', 'candidates'] });
  const people = (data.counts.created ?? 0) + (data.counts.updated ?? 0);
  return (
    <>
      <ErrorNote error={confirm.error ?? again.error ?? discard.error} />
      {data.counts.rows !== undefined && (
        <>
          <Button icon={<DownloadOutlined />} href={urlOf(findingsFile, input)}>
            问题清单（XLSX）
          </Button>
          <Button href={urlOf(findingsText, input)}>CSV</Button>
        </>
      )}
      {(data.state === 'previewed' || data.state === 'refused') && (
        <>
          <ActionButton can="delivery.import" loading={again.isPending} onClick={() => again.mutate(input)}>
            重新核对
          </ActionButton>
          <ActionButton
            can="delivery.import"
            loading={discard.isPending}
            onClick={() => discard.mutate(input)}
          >
            放弃
          </ActionButton>
        </>
      )}
      {data.state === 'previewed' && (
        <ActionButton
          type="primary"
          can="delivery.import"
          loading={confirm.isPending}
          refused={people === 0 ? '内容与现有档案完全一致，不用再导入' : null}
          onClick={() => confirm.mutate(input)}
        >
          确认导入 {formatCount(people)} 人
        </ActionButton>
      )}
      {data.state === 'applied' && (
        <ActionButton danger can="delivery.import" onClick={() => setUndoing(true)}>
          撤销导入
        </ActionButton>
      )}
      <ReasonModal
        open={undoing}
        onClose={() => setUndoing(false)}
        title="撤销这次导入"
        consequence={`将删除新增的 ${formatCount(data.counts.created ?? 0)} 人，并把更新的 ${formatCount(data.counts.updated ?? 0)} 人恢复原样。已有人开始联系时不能撤销。`}
        usual={['下发了错误的文件', '省份或批次选错']}
        confirmLabel="撤销"
        onConfirm={(reason) => undo.mutateAsync({ ...input, body: { reason } })}
      />
    </>
  );
}
