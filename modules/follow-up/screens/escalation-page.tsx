import { Segmented, Tag } from 'antd';
import type { RouteReply } from '#platform/http/route';
import { useRoute } from '#ui/api';
import { useDrawer } from '#ui/detail-drawer';
import { formatDateTime } from '#ui/format';
import { listQuery } from '#ui/list-state';
import { Page } from '#ui/page';
import { type QueryColumn, QueryTable } from '#ui/query-table';
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
        columns={columnsOf(view)}
        {...(view === 'to_accept' ? { batch: [acceptMany] } : {})}
        onOpen={(row) => drawer.open(row.id)}
        refetchInterval={REFRESH_MS}
        empty={EMPTY[view]}
      />
      {drawer.id && <EscalationDrawer id={drawer.id} onClose={drawer.close} onNext={drawer.open} />}
    </Page>
  );
}

const STATE: QueryColumn<EscalationItem> = {
  key: 'state',
  title: '状态',
  width: 70,
  render: ({ state, late }) => (
    <Tag color={late ? 'error' : state === 'accepted' ? 'processing' : 'default'}>
      {ESCALATION_STATE_LABELS[state]}
    </Tag>
  ),
};

/** The state is told by the first two views themselves; their summary has its room. With the boxes to tick 1,094 pixels. */
const columnsOf = (view: EscalationViewCode): readonly QueryColumn<EscalationItem>[] => {
  const mixed = view === 'handed_over' || view === 'all';
  return [
    { key: 'name', title: '考生', width: 72, identity: true, render: (row) => row.candidateName },
    { key: 'no', title: '考生号', width: 132, render: (row) => row.candidateNo },
    { key: 'tier', title: '交给', width: 62, render: (row) => TIER_LABELS[row.tier] },
    { key: 'cause', title: '原因', width: 140, render: (row) => row.causeLabel },
    { key: 'summary', title: '情况', width: mixed ? 210 : 240, render: (row) => row.summary },
    { key: 'who', title: '现在负责', width: 74, render: (row) => row.responsibleName },
    { key: 'from', title: '转出人', width: 66, render: (row) => row.fromName ?? '系统' },
    { key: 'group', title: '小组', width: 64, render: (row) => row.groupName ?? '—' },
    { key: 'time', title: '时限', width: 204, render: (row) => <Running row={row} /> },
    ...(mixed ? [STATE] : []),
    {
      key: 'at',
      title: '转出时间',
      width: 140,
      optional: true,
      render: (row) => formatDateTime(row.openedAt),
    },
  ];
};

const EMPTY: Readonly<Record<EscalationViewCode, string>> = {
  to_accept: '没有等您接手的考生。',
  mine: '没有您正在处理的考生，可到“待我接手”里接手。',
  handed_over: '您还没有转出过考生。在“我的录检”按 E 可以转交。',
  all: '没有在办的转交。',
};

type Counts = RouteReply<typeof listEscalations>['counts'];

const lateWords = ({ lateToAccept, lateMine }: Counts): string =>
  [
    lateToAccept > 0 ? `待接手的有 ${lateToAccept} 名超过时限` : '',
    lateMine > 0 ? `您处理的有 ${lateMine} 名超过时限` : '',
  ]
    .filter((part) => part !== '')
    .join('，');

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
  const late = counts ? lateWords(counts) : '';
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
      {late !== '' && <b className="zz-over">{late}，请先处理</b>}
    </div>
  );
}
