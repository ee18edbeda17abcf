import { Link } from '@tanstack/react-router';
import { Alert, Table, Tag } from 'antd';
import { useEffect } from 'react';
import type { RouteReply } from '#platform/http/route';
import { ActionButton } from '#ui/action-button';
import { useCommand, useRoute } from '#ui/api';
import { useNow } from '#ui/clock';
import { ErrorNote } from '#ui/error-note';
import { formatCount, formatDateTime, formatDuration } from '#ui/format';
import { isOver, useJob } from '#ui/job';
import { Page, Section } from '#ui/page';
import { Stat, StatRow } from '#ui/stat';
import { Empty, Loading } from '#ui/states';
import { CASE_STATE_LABELS } from '../contract.ts';
import { OBLIGATION_LABELS, proofRoute, proveNow } from '../proof.contract.ts';
import { countFaults, FAULTS_MAX, OBLIGATIONS } from '../proof.rules.ts';

type Reply = RouteReply<typeof proofRoute>;
type Latest = NonNullable<Reply['latest']>;
type Run = Reply['runs'][number];
type Fault = Latest['faults'][number];

const states = Object.keys(CASE_STATE_LABELS) as (keyof typeof CASE_STATE_LABELS)[];

/** 回访核对: what is proved every night, whether it holds, and whom it concerns where it does not. */
export function ProofPage() {
  const { data, error, refetch } = useRoute(proofRoute);
  const start = useCommand(proveNow, { renews: ['follow-up'] });
  const job = useJob(data?.jobId ?? null).data;
  const over = isOver(job);
  useEffect(() => {
    if (over) void refetch();
  }, [over, refetch]);
  const running = Boolean(data?.jobId) && !over;
  return (
    <Page
      note="每天凌晨一点到五点之间自动核对一次，结果保留 90 天。核对只读，不改动任何记录。"
      extra={
        <ActionButton
          type="primary"
          can="proof.run"
          loading={start.isPending || running}
          onClick={() => start.mutate({})}
        >
          {running ? '正在核对' : '现在再核对一次'}
        </ActionButton>
      }
    >
      <ErrorNote error={error ?? start.error} onRetry={() => void refetch()} />
      {!data && !error && <Loading rows={10} />}
      {running && <Running startedAt={job?.startedAt ?? null} lastTookMs={data?.latest?.tookMs ?? null} />}
      {job?.state === 'failed' && (
        <Alert type="error" showIcon title="这一次没有核对完，请再试一次；仍然不行，请联系系统管理员。" />
      )}
      {data && !data.latest && <Empty text="还没有核对过：今晚会自动核对，也可以现在就核对一次。" />}
      {data?.latest && <LatestRun run={data.latest} />}
      {data && data.runs.length > 0 && <Runs runs={data.runs} />}
    </Page>
  );
}

interface RunningProps {
  readonly startedAt: number | null;
  readonly lastTookMs: number | null;
}

/** One reading of the whole journal has no steps to count: how long it lasts is told by the run before. */
function Running({ startedAt, lastTookMs }: RunningProps) {
  const now = useNow('second');
  const elapsed = startedAt === null ? '' : `已用 ${tookText(Math.max(0, now - startedAt))}`;
  const last = lastTookMs === null ? '' : `上一次用了 ${tookText(lastTookMs)}`;
  const pace = [elapsed, last].filter(Boolean).join('，');
  return (
    <Alert
      type="info"
      showIcon
      title={`正在核对全部回访记录${pace && `：${pace}`}。可以离开本页，回来会看到结果。`}
    />
  );
}

function LatestRun({ run }: { readonly run: Latest }) {
  const counts = countFaults(run.faults);
  return (
    <>
      <StatRow>
        <Stat
          label="不符"
          value={run.faults.length}
          unit="处"
          tone={run.faults.length > 0 ? 'warn' : 'good'}
          note={`核对于 ${formatDateTime(run.checkedAt)}，用时 ${tookText(run.tookMs)}`}
        />
        <Stat
          label="回访任务"
          value={run.cases}
          unit="个"
          note={states
            .filter((state) => run.byState[state])
            .map((state) => `${CASE_STATE_LABELS[state]} ${formatCount(run.byState[state] ?? 0)}`)
            .join(' + ')}
        />
        <Stat label="流转记录" value={run.events} unit="条" note="每一条都重算过校验值" />
        <Stat label="联系记录" value={run.attempts} unit="条" note="每一条都查过由谁、在哪次通话里产生" />
      </StatRow>
      <Section title="逐项结果">
        <Table
          size="small"
          rowKey="code"
          pagination={false}
          dataSource={OBLIGATIONS.map((code) => ({
            code,
            ...OBLIGATION_LABELS[code],
            faults: counts.get(code) ?? 0,
          }))}
          columns={[
            { title: '核对什么', dataIndex: 'name', width: 170 },
            { title: '应当怎样', dataIndex: 'claim' },
            { title: '结果', width: 150, render: (_, { faults }) => <Verdict faults={faults} /> },
          ]}
        />
      </Section>
      {run.faults.length > 0 && <Faults faults={run.faults} />}
    </>
  );
}

function Verdict({ faults }: { readonly faults: number }) {
  if (faults === 0) return <Tag color="success">符合</Tag>;
  return <Tag color="error">{`不符 ${faults}${faults >= FAULTS_MAX ? ' 处以上' : ' 处'}`}</Tag>;
}

function Faults({ faults }: { readonly faults: Latest['faults'] }) {
  return (
    <Section title="不符的地方">
      <p className="zz-note">
        请先点开考生的联系记录看实际情况；需要改的在那里更正或重新开放，查不出原因的把下面的编号交给系统管理员。
      </p>
      <Table<Fault>
        size="small"
        rowKey={({ what, subjectId }) => `${what} ${subjectId}`}
        dataSource={[...faults]}
        pagination={{ pageSize: 20, hideOnSinglePage: true, showSizeChanger: false }}
        columns={[
          { title: '哪一项', width: 170, render: (_, { what }) => OBLIGATION_LABELS[what].name },
          { title: '考生', render: (_, fault) => <Subject fault={fault} /> },
          { title: '编号', width: 330, render: (_, { subjectId }) => <code>{subjectId}</code> },
        ]}
      />
    </Section>
  );
}

function Subject({ fault }: { readonly fault: Fault }) {
  if (!fault.candidateId)
    return fault.what === 'tally' || fault.what === 'contacts'
      ? '合计数，不涉及单个考生'
      : '找不到对应的考生';
  return (
    <Link to="/follow-up/record" search={{ candidateId: fault.candidateId } as never}>
      {`${fault.candidateName}　${fault.candidateNoMasked}`}
    </Link>
  );
}

function Runs({ runs }: { readonly runs: readonly Run[] }) {
  return (
    <Section title={`以往各次（共 ${runs.length} 次）`}>
      <Table<Run>
        size="small"
        rowKey="id"
        dataSource={[...runs]}
        pagination={{ pageSize: 10, hideOnSinglePage: true, showSizeChanger: false }}
        columns={[
          { title: '时间', render: (_, { checkedAt }) => formatDateTime(checkedAt) },
          { title: '回访任务', align: 'right', render: (_, { cases }) => formatCount(cases) },
          { title: '流转记录', align: 'right', render: (_, { events }) => formatCount(events) },
          { title: '联系记录', align: 'right', render: (_, { attempts }) => formatCount(attempts) },
          { title: '用时', align: 'right', render: (_, { tookMs }) => tookText(tookMs) },
          { title: '结果', render: (_, { faults }) => <Verdict faults={faults} /> },
        ]}
      />
    </Section>
  );
}

const tookText = (ms: number): string => (ms < 1000 ? '不到 1 秒' : formatDuration(Math.round(ms / 1000)));
