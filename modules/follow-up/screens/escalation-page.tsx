import { Segmented, Tag } from 'antd';
import { useRoute } from '#ui/api';
import { useDrawer } from '#ui/detail-drawer';
import { formatDateTime } from '#ui/format';
import { listQuery } from '#ui/list-state';
import { Page } from '#ui/page';
import { QueryTable } from '#ui/query-table';
import { textOf } from '#ui/search-params';
import { useRawUrlState } from '#ui/url-state';
import { TIER_LABELS } from '../consequence.rules.ts';
import {
  ESCALATION_STATE_LABELS,
  ESCALATION_VIEW_LABELS,
  ESCALATION_VIEWS,
  type EscalationItem,
  type EscalationViewCode,
  listEscalations,
} from '../escalation.contract.ts';
import { useAcceptMany } from './accept-many.tsx';
import { EscalationDrawer } from './escalation-drawer.tsx';
import { Running } from './escalation-parts.tsx';

const REFRESH_MS = 60_000;

/** 转交处理: what waits for me, what I work at, what I handed over. */
export function EscalationPage() {
  const [search, patch] = useRawUrlState();
  const view = ESCALATION_VIEWS.find((one) => one === textOf(search.view)) ?? 'to_accept';
  const drawer = useDrawer();
  const acceptMany = useAcceptMany();
  return (
    <Page note="接手前由原负责人负责，接手后由接手人负责；联系记录由系统附上。">
      <ViewSwitch view={view} onChange={(next) => patch({ view: next, cursor: undefined })} />
      <QueryTable<EscalationItem>
        key={view}
        id="escalations"
        source={(list) => listQuery(listEscalations, list, { view })}
        rowKey={({ id }) => id}
        filters={[
          {
            name: 'tier',
            label: '交给',
            kind: 'select',
            options: Object.entries(TIER_LABELS).map(([value, label]) => ({ value, label })),
          },
          { name: 'late', label: '时限', kind: 'select', options: [{ value: 'true', label: '只看超时' }] },
        ]}
        columns={[
          { key: 'name', title: '考生', identity: true, render: (row) => row.candidateName },
          { key: 'no', title: '考生号', render: (row) => row.candidateNo },
          { key: 'tier', title: '交给', render: (row) => TIER_LABELS[row.tier] },
          { key: 'cause', title: '原因', render: (row) => row.causeLabel },
          { key: 'summary', title: '情况', render: (row) => row.summary },
          { key: 'who', title: '现在负责', render: (row) => row.responsibleName },
          { key: 'from', title: '转出人', render: (row) => row.fromName ?? '系统' },
          { key: 'group', title: '小组', render: (row) => row.groupName ?? '—' },
          { key: 'time', title: '时限', render: (row) => <Running row={row} /> },
          {
            key: 'state',
            title: '状态',
            render: ({ state, late }) => (
              <Tag color={late ? 'error' : state === 'accepted' ? 'processing' : 'default'}>
                {ESCALATION_STATE_LABELS[state]}
              </Tag>
            ),
          },
          { key: 'at', title: '转出时间', optional: true, render: (row) => formatDateTime(row.openedAt) },
        ]}
        {...(view === 'to_accept' ? { batch: [acceptMany] } : {})}
        onOpen={(row) => drawer.open(row.id)}
        refetchInterval={REFRESH_MS}
        empty={EMPTY[view]}
      />
      {drawer.id && <EscalationDrawer id={drawer.id} onClose={drawer.close} onNext={drawer.open} />}
    </Page>
  );
}

const EMPTY: Readonly<Record<EscalationViewCode, string>> = {
  to_accept: '没有等您接手的考生。',
  mine: '没有您正在处理的考生，可到“待我接手”里接手。',
  handed_over: '您还没有转出过考生。在“我的录检”按 E 可以转交。',
  all: '没有在办的转交。',
};

function ViewSwitch({
  view,
  onChange,
}: {
  readonly view: EscalationViewCode;
  readonly onChange: (view: EscalationViewCode) => void;
}) {
  const { data } = useRoute(
    listEscalations,
    { query: { view: 'mine', limit: 1 } },
    { refetchInterval: REFRESH_MS },
  );
  const counts = data?.counts;
  const count = { to_accept: counts?.toAccept, mine: counts?.mine, handed_over: undefined, all: undefined };
  return (
    <div className="zz-toolbar">
      <Segmented<EscalationViewCode>
        aria-label="范围"
        value={view}
        onChange={onChange}
        options={ESCALATION_VIEWS.map((one) => ({
          value: one,
          label: `${ESCALATION_VIEW_LABELS[one]}${count[one] === undefined ? '' : ` ${count[one]}`}`,
        }))}
      />
      {counts !== undefined && counts.late > 0 && (
        <b style={{ color: 'var(--ant-color-error)' }}>{counts.late} 名已超过时限，请先处理</b>
      )}
    </div>
  );
}
