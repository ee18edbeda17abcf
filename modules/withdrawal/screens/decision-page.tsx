import { useNavigate } from '@tanstack/react-router';
import { Alert, App, Segmented } from 'antd';
import { useState } from 'react';
import { DISPOSITION_LABELS, outcomeLabel } from '#follow-up/contract';
import { useCommand, useRoute } from '#ui/api';
import { Countdown } from '#ui/countdown';
import { formatDateTime } from '#ui/format';
import { listQuery } from '#ui/list-state';
import { Page } from '#ui/page';
import { type QueryColumn, QueryTable } from '#ui/query-table';
import { ReasonModal } from '#ui/reason-modal';
import { textOf } from '#ui/search-params';
import { useCan } from '#ui/session';
import { Stat, StatRow } from '#ui/stat';
import { useRawUrlState } from '#ui/url-state';
import {
  confirmDecision,
  DECISION_LABELS,
  DECISION_VIEW_LABELS,
  DECISION_VIEWS,
  type DecisionView,
  listDecisions,
  rejectDecision,
} from '../decision.contract.ts';
import { DECIDABLE } from '../decision.rules.ts';
import { DecisionConfirm, DecisionPropose } from './decision-modals.tsx';

type ViewCode = (typeof DECISION_VIEWS)[number];
interface Act {
  readonly kind: 'propose' | 'confirm' | 'reject';
  readonly row: DecisionView;
}

/** 最终认定: who is still without a final state near the end, proposed by one, confirmed by another of the office. */
export function DecisionPage() {
  const [search, patch] = useRawUrlState();
  const proposes = useCan('decision.propose');
  const view =
    DECISION_VIEWS.find((one) => one === textOf(search.view)) ?? (proposes ? 'to_propose' : 'waiting');
  const [act, setAct] = useState<Act | null>(null);
  const close = () => setAct(null);
  const actsOf = useActs(setAct);
  const navigate = useNavigate();
  return (
    <Page note="没有考生本人的签名申请，任何人不能按退档办结；突击后仍联系不上的，由提出人和招办两人确认。">
      <Figures />
      <Segmented<ViewCode>
        aria-label="范围"
        value={view}
        onChange={(next) => patch({ view: next, cursor: undefined })}
        options={DECISION_VIEWS.map((value) => ({ value, label: DECISION_VIEW_LABELS[value] }))}
      />
      <NotYours view={view} />
      <QueryTable<DecisionView>
        id="decisions"
        source={(list) => listQuery(listDecisions, list, { view })}
        rowKey={({ caseId }) => caseId}
        columns={columnsOf(view)}
        actions={actsOf(view)}
        actionsWidth={view === 'to_propose' ? 64 : 108}
        onOpen={({ candidateId }) =>
          void navigate({ to: '/follow-up/record', search: { candidateId } as never })
        }
        empty={EMPTY[view]}
      />
      {act?.kind === 'propose' && <DecisionPropose row={act.row} onClose={close} />}
      {act?.kind === 'confirm' && <ConfirmAct row={act.row} onClose={close} />}
      {act?.kind === 'reject' && <RejectAct row={act.row} onClose={close} />}
    </Page>
  );
}

/** Widths make long reasons wrap on a narrow window instead of being cut at its edge. */
const CANDIDATE: readonly QueryColumn<DecisionView>[] = [
  { key: 'name', title: '考生', width: 72, identity: true, render: (row) => row.candidateName },
  { key: 'no', title: '考生号', width: 136, render: (row) => row.candidateNo },
  { key: 'owner', title: '负责人', width: 76, render: (row) => row.ownerName ?? '未分派' },
];
const TRIED: readonly QueryColumn<DecisionView>[] = [
  { key: 'group', title: '小组', width: 68, render: (row) => row.groupName ?? '—' },
  { key: 'state', title: '意向', width: 80, render: (row) => dispositionOf(row) },
  { key: 'tries', title: '联系 / 接通', width: 84, render: (row) => `${row.attempts} / ${row.contacts}` },
  {
    key: 'last',
    title: '最近结果',
    width: 92,
    render: (row) => (row.lastOutcome ? outcomeLabel(row.lastOutcome) : '—'),
  },
];
const DEADLINE: QueryColumn<DecisionView> = {
  key: 'deadline',
  title: '办结期限',
  width: 144,
  render: ({ deadlineAt }) => (deadlineAt === null ? '未设' : <Countdown to={deadlineAt} />),
};
const CONCLUSION: readonly QueryColumn<DecisionView>[] = [
  {
    key: 'result',
    title: '结论',
    width: 104,
    render: (row) => (row.result ? DECISION_LABELS[row.result] : '—'),
  },
  { key: 'reason', title: '理由', width: 280, render: (row) => row.reason ?? '—' },
  { key: 'names', title: '提出 / 确认', width: 180, render: (row) => namesOf(row) },
];
const TO_PROPOSE: readonly QueryColumn<DecisionView>[] = [
  { key: 'sent-back', title: '曾被退回', width: 110, render: ({ rejectedReason }) => rejectedReason ?? '—' },
  { key: 'barred', title: '现在能否提出', width: 186, render: (row) => barredFrom(row) ?? '可以提出' },
];

/** Why none of the results may be proposed now; null: one may. */
const barredFrom = ({ gaps }: DecisionView): string | null =>
  DECIDABLE.every((result) => gaps[result] !== null) ? gaps.admitted : null;

/** Who is to be proposed has no conclusion yet, at most one that was sent back. */
const columnsOf = (view: ViewCode): readonly QueryColumn<DecisionView>[] =>
  view === 'to_propose'
    ? [...CANDIDATE, ...TRIED, DEADLINE, ...TO_PROPOSE]
    : [...CANDIDATE, ...TRIED.map((column) => ({ ...column, optional: true })), DEADLINE, ...CONCLUSION];

/** Whoever may only look is told so above the list, not by a row of dead buttons. */
function NotYours({ view }: { readonly view: ViewCode }) {
  const proposes = useCan('decision.propose');
  const confirms = useCan('decision.confirm');
  if (view === 'to_propose' && !proposes)
    return (
      <Alert
        type="info"
        showIcon
        title="提出由录检组或突击组办理，您的角色在这里只能查看；提出以后由招办确认。"
      />
    );
  if (view === 'waiting' && !confirms)
    return <Alert type="info" showIcon title="确认和退回由招办办理，您的角色在这里只能查看。" />;
  return null;
}

const EMPTY: Readonly<Record<ViewCode, string>> = {
  to_propose: '没有等着提出的考生：到了最后一轮，或离期限不到 24 小时还没有结果的，才在这里。',
  waiting: '没有等招办确认的考生。',
  decided: '还没有两人确认过的考生。',
};

function useActs(setAct: (act: Act) => void) {
  const proposes = useCan('decision.propose');
  const confirms = useCan('decision.confirm');
  const noRight = '您的角色不能办理这一步。';
  return (view: ViewCode) => (row: DecisionView) => {
    if (view === 'to_propose') {
      const refused = proposes ? barredFrom(row) : noRight;
      return [{ key: 'propose', label: '提出', refused, run: () => setAct({ kind: 'propose', row }) }];
    }
    if (view === 'decided') return [];
    const refused = confirms ? row.barredBecause : noRight;
    return [
      { key: 'confirm', label: '确认', refused, run: () => setAct({ kind: 'confirm', row }) },
      {
        key: 'reject',
        label: '退回',
        danger: true,
        refused: confirms ? null : noRight,
        run: () => setAct({ kind: 'reject', row }),
      },
    ];
  };
}

const dispositionOf = ({ disposition }: DecisionView): string =>
  DISPOSITION_LABELS[disposition as keyof typeof DISPOSITION_LABELS] ?? disposition;
const namesOf = (row: DecisionView): string =>
  row.proposedByName === null
    ? '—'
    : `${row.proposedByName} ${formatDateTime(row.proposedAt)} / ${
        row.confirmedByName === null ? '待确认' : `${row.confirmedByName} ${formatDateTime(row.confirmedAt)}`
      }`;

/** Everyone must end with a final state: what is left, and what is late. */
function Figures() {
  const { data } = useRoute(listDecisions, { query: { limit: 1 } }, { refetchInterval: 60_000 });
  const counts = data?.counts;
  return (
    <StatRow>
      <Stat label="投档阶段未办结" value={counts?.open ?? null} unit="名" />
      <Stat
        label="已过期限未办结"
        value={counts?.overdue ?? null}
        unit="名"
        tone={(counts?.overdue ?? 0) > 0 ? 'warn' : 'plain'}
      />
      <Stat label="待提出" value={counts?.toPropose ?? null} unit="名" />
      <Stat label="待招办确认" value={counts?.waiting ?? null} unit="名" />
      <Stat label="已确认" value={counts?.decided ?? null} unit="名" />
    </StatRow>
  );
}

interface ActProps {
  readonly row: DecisionView;
  readonly onClose: () => void;
}

function ConfirmAct({ row, onClose }: ActProps) {
  const { message } = App.useApp();
  const confirm = useCommand(confirmDecision, {
    onDone: () => {
      void message.success('已确认，考生办结。');
      onClose();
    },
  });
  return (
    <DecisionConfirm
      row={row}
      busy={confirm.isPending}
      error={confirm.error}
      onConfirm={() => confirm.mutate({ params: { id: row.decisionId ?? '' } })}
      onClose={onClose}
    />
  );
}

function RejectAct({ row, onClose }: ActProps) {
  const reject = useCommand(rejectDecision);
  return (
    <ReasonModal
      open
      onClose={onClose}
      title={`退回 ${row.candidateName} 的最终认定`}
      reasonMin={10}
      consequence="考生重新进入回访，立即可拨；理由会通知提出人。"
      usual={['期限前还有时间，请继续联系考生', '请先走完联系不上的各个步骤再提出']}
      confirmLabel="退回"
      onConfirm={(reason) => reject.mutateAsync({ params: { id: row.decisionId ?? '' }, body: { reason } })}
    />
  );
}
