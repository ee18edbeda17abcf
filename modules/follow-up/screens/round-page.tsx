import { useNavigate } from '@tanstack/react-router';
import { Table } from 'antd';
import { type PHASES, ROUNDS } from '#season/rules';
import { ActionButton } from '#ui/action-button';
import { useCommand, useRoute } from '#ui/api';
import { ErrorNote } from '#ui/error-note';
import { formatCount, formatDateTime, formatPercent } from '#ui/format';
import { listQuery } from '#ui/list-state';
import { Page } from '#ui/page';
import { QueryTable } from '#ui/query-table';
import { Loading } from '#ui/states';
import { CASE_STATE_LABELS, DISPOSITION_LABELS, outcomeLabel } from '../contract.ts';
import {
  moveRoundRoute,
  ROUND_LABELS,
  type RoundCaseView,
  type RoundLeft,
  roundBoard,
  roundCases,
} from '../round.contract.ts';

const REFRESH_MS = 60_000;
const PHASE_WORDS = {
  guidance: '志愿指导',
  filing: '投档',
  admitted: '录取后',
  arrival: '报到',
} as const satisfies Record<(typeof PHASES)[number], string>;

/** 轮次进度: what is left in first pass, focus and final, by group, and who. */
export function RoundPage() {
  const { data, error, refetch } = useRoute(roundBoard, { query: {} }, { refetchInterval: REFRESH_MS });
  if (error)
    return (
      <Page>
        <ErrorNote error={error} onRetry={() => void refetch()} />
      </Page>
    );
  if (!data)
    return (
      <Page>
        <Loading rows={8} />
      </Page>
    );
  const { season, phase, behind } = data;
  return (
    <Page
      note={`${season.name}现在是${PHASE_WORDS[season.phase]}阶段${season.phase === 'filing' ? `“${ROUND_LABELS[season.round]}”` : ''}。轮次不办结任何人，没办结的进入下一轮。`}
      extra={behind > 0 && <MoveNow behind={behind} />}
    >
      <LeftTable
        phase={PHASE_WORDS[phase]}
        rows={data.rounds.map((row) => ({ ...row, key: row.round, name: ROUND_LABELS[row.round] }))}
      />
      {data.groups.length > 0 && (
        <LeftTable
          phase="各组"
          rows={data.groups.map((row) => ({
            ...row,
            key: `${row.groupId}/${row.round}`,
            name: `${row.groupName} · ${ROUND_LABELS[row.round]}`,
          }))}
        />
      )}
      <OpenCases groups={groupsOf(data.groups)} />
    </Page>
  );
}

function MoveNow({ behind }: { readonly behind: number }) {
  const move = useCommand(moveRoundRoute, { renews: ['rounds'] });
  return (
    <ActionButton can="round.manage" loading={move.isPending} onClick={() => move.mutate({})}>
      {behind} 名正在进入本轮，立即完成
    </ActionButton>
  );
}

interface LeftLine extends RoundLeft {
  readonly key: string;
  readonly name: string;
}

const PARTS = [
  ['uncalled', '未表态'],
  ['considering', '考虑'],
  ['unreachable', '联系不上'],
  ['withdrawing', '申请退档'],
  ['confirmed', '已确认待办结'],
  ['escalated', '转交处理中'],
] as const;

/** The columns add up to the total: every case stands in exactly one. */
function LeftTable({ phase, rows }: { readonly phase: string; readonly rows: readonly LeftLine[] }) {
  return (
    <Table<LeftLine>
      size="small"
      pagination={rows.length > 20 ? { pageSize: 20 } : false}
      dataSource={[...rows]}
      style={{ marginBlockEnd: 12 }}
      columns={[
        { title: `${phase}（名）`, dataIndex: 'name' },
        { title: '合计', align: 'right', render: (_, row) => formatCount(row.total) },
        { title: '未办结', align: 'right', render: (_, row) => <b>{formatCount(row.total - row.final)}</b> },
        ...PARTS.map(([part, title]) => ({
          title,
          align: 'right' as const,
          render: (_: unknown, row: LeftLine) => formatCount(row[part]),
        })),
        {
          title: '已办结',
          align: 'right',
          render: (_, row) =>
            row.total === 0 ? '0' : `${formatCount(row.final)}（${formatPercent(row.final, row.total)}）`,
        },
      ]}
    />
  );
}

/** The groups of the board, each once. */
const groupsOf = (rows: readonly { readonly groupId: string; readonly groupName: string }[]) =>
  [...new Map(rows.map(({ groupId, groupName }) => [groupId, groupName]))].map(([value, label]) => ({
    value,
    label,
  }));

interface OpenCasesProps {
  readonly groups: readonly { readonly value: string; readonly label: string }[];
}

function OpenCases({ groups }: OpenCasesProps) {
  const navigate = useNavigate();
  return (
    <QueryTable<RoundCaseView>
      id="round-cases"
      source={(list) => listQuery(roundCases, list)}
      rowKey={({ caseId }) => caseId}
      filters={[
        {
          name: 'round',
          label: '轮次',
          kind: 'select',
          options: ROUNDS.map((value) => ({ value, label: ROUND_LABELS[value] })),
        },
        {
          name: 'disposition',
          label: '意向',
          kind: 'select',
          options: Object.entries(DISPOSITION_LABELS).map(([value, label]) => ({ value, label })),
        },
        ...(groups.length > 1
          ? [{ name: 'groupId', label: '小组', kind: 'select' as const, options: groups }]
          : []),
      ]}
      columns={[
        { key: 'name', title: '考生', identity: true, render: (row) => row.candidateName },
        { key: 'no', title: '考生号', render: (row) => row.candidateNo },
        { key: 'round', title: '轮次', render: (row) => ROUND_LABELS[row.round] },
        { key: 'disposition', title: '意向', render: (row) => DISPOSITION_LABELS[row.disposition] },
        { key: 'state', title: '状态', render: (row) => CASE_STATE_LABELS[row.state] },
        { key: 'owner', title: '负责人', render: (row) => row.ownerName ?? '未分派' },
        { key: 'group', title: '小组', render: (row) => row.groupName ?? '—' },
        {
          key: 'tries',
          title: '联系 / 接通（次）',
          align: 'right',
          render: (row) => `${row.attempts} / ${row.contacts}`,
        },
        {
          key: 'last',
          title: '最近结果',
          render: (row) => (row.lastOutcome === null ? '—' : outcomeLabel(row.lastOutcome)),
        },
        { key: 'due', title: '下次联系', render: (row) => formatDateTime(row.dueAt) },
        { key: 'deadline', title: '办结期限', render: (row) => formatDateTime(row.deadlineAt) },
      ]}
      onOpen={({ candidateId }) =>
        void navigate({ to: '/follow-up/record', search: { candidateId } as never })
      }
      empty="在您能看到的范围里，这一阶段没有未办结的考生。"
    />
  );
}
