import { Segmented, Table, type TableColumnsType, Tag } from 'antd';
import { useState } from 'react';
import { z } from 'zod';
import { ActionButton } from '#ui/action-button';
import { useRoute } from '#ui/api';
import { Countdown } from '#ui/countdown';
import { useDrawer } from '#ui/detail-drawer';
import { ErrorNote } from '#ui/error-note';
import { formatCount, formatDateTime } from '#ui/format';
import { Page } from '#ui/page';
import { Empty, Loading } from '#ui/states';
import { countedPages } from '#ui/table-bars';
import { useUrlState } from '#ui/url-state';
import { type IncidentView, listIncidents } from '../contract.ts';
import { AUDIENCE_LABELS, AUDIENCES, type Audience, INCIDENT_KIND_LABELS } from '../rules.ts';
import { IncidentDrawer } from './incident-drawer.tsx';
import { IncidentForm } from './incident-form.tsx';

const Search = z.object({ view: z.enum(['open', 'closed']).catch('open').default('open') });
const VIEWS = [
  { value: 'open' as const, label: '在办' },
  { value: 'closed' as const, label: '已办结' },
];

/** 个人信息安全事件: what happened, whom it concerns, who has been told, how long is left. */
export function IncidentPage() {
  const [{ view }, patch] = useUrlState(Search);
  const drawer = useDrawer();
  const [adding, setAdding] = useState(false);
  const { data, error, refetch } = useRoute(listIncidents, { query: { view } });
  const opened = data?.items.find(({ id }) => id === drawer.id);
  return (
    <Page
      note={`个人信息泄露、篡改、丢失的，立即登记和处置；从发现时刻起 ${data?.hours ?? 24} 小时内向主管部门报告并告知受影响的个人。登记不能删除。`}
      extra={
        <ActionButton type="primary" can="incident.manage" onClick={() => setAdding(true)}>
          登记事件
        </ActionButton>
      }
    >
      <ErrorNote error={error} onRetry={() => void refetch()} />
      <Segmented aria-label="范围" options={VIEWS} value={view} onChange={(next) => patch({ view: next })} />
      {!data && !error && <Loading rows={6} />}
      {data && (
        <div className="zz-list-card">
          <Table<IncidentView>
            size="small"
            rowKey="id"
            dataSource={[...data.items]}
            columns={columnsOf(drawer.open)}
            pagination={countedPages()}
            scroll={{ x: 'max-content' }}
            locale={{
              emptyText: <Empty text={view === 'open' ? '没有在办的事件。' : '没有办结过的事件。'} />,
            }}
          />
        </div>
      )}
      {adding && <IncidentForm incident={null} onClose={() => setAdding(false)} />}
      {opened && <IncidentDrawer incident={opened} onClose={drawer.close} />}
    </Page>
  );
}

const columnsOf = (onOpen: (id: string) => void): TableColumnsType<IncidentView> => [
  {
    title: '事件',
    render: (_, row) => (
      <button type="button" className="zz-plain zz-identity" onClick={() => onOpen(row.id)}>
        {row.title}
      </button>
    ),
  },
  { title: '类型', render: (_, { kind }) => <Tag>{INCIDENT_KIND_LABELS[kind]}</Tag> },
  { title: '发现时间', render: (_, { foundAt }) => formatDateTime(foundAt) },
  {
    title: '涉及人数',
    align: 'right',
    render: (_, { affected }) => (affected === null ? '核实中' : formatCount(affected)),
  },
  ...AUDIENCES.map((audience) => ({
    title: AUDIENCE_LABELS[audience],
    render: (_: unknown, row: IncidentView) => <Told row={row} audience={audience} />,
  })),
  { title: '登记人', render: (_, { registeredByName }) => registeredByName },
];

/** Told, when; or not yet, and how long is left. */
function Told({ row, audience }: { readonly row: IncidentView; readonly audience: Audience }) {
  const first = row.notices.find((notice) => notice.audience === audience);
  if (first) {
    const late = audience === 'authority' && first.sentAt > row.authorityDueAt;
    return (
      <>
        {formatDateTime(first.sentAt)} {late && <Tag color="error">超过时限</Tag>}
      </>
    );
  }
  if (audience === 'subjects' && !row.subjectsTold) return <span className="zz-note">不需告知</span>;
  return <Countdown to={row.authorityDueAt} label={audience === 'authority' ? '报告时限' : '告知时限'} />;
}
