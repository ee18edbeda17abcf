import { useLocation } from '@tanstack/react-router';
import { Segmented, Table, type TableColumnsType, Tag } from 'antd';
import { useState } from 'react';
import { z } from 'zod';
import type { RouteReply } from '#platform/http/route';
import { ActionButton } from '#ui/action-button';
import { useCommand, useRoute } from '#ui/api';
import { ErrorNote } from '#ui/error-note';
import { formatDate, formatDateTime } from '#ui/format';
import { Page } from '#ui/page';
import { ReasonModal } from '#ui/reason-modal';
import { Loading } from '#ui/states';
import { countedPages } from '#ui/table-bars';
import { useUrlState } from '#ui/url-state';
import { DO_NOT_CALL_VIEWS, doNotCallList, liftRoute } from '../case.contract.ts';
import { BarNumberModal, type FileNumber } from './bar-number-modal.tsx';

type Entry = RouteReply<typeof doNotCallList>['items'][number];
const SCOPES = { person: '本人', number: '号码' } as const;
const VIEWS = { standing: '现行', lifted: '已解除' } as const;
const Search = z.object({
  view: z.enum(DO_NOT_CALL_VIEWS).catch('standing').default('standing'),
  new: z.string().optional().catch(undefined),
});

/** 勿再来电: who asked not to be called, and which numbers nobody dials; only 督查 lifts it, with a reason. */
export function DoNotCallPage() {
  const [{ view, new: isNew }, patch] = useUrlState(Search);
  // Chosen in a candidate's file: handed over with the step in the history, not in the address.
  const chosen = useLocation({ select: ({ state }) => (state as { number?: FileNumber }).number ?? null });
  const { data, error, refetch } = useRoute(doNotCallList, { query: { view } });
  const [entry, setEntry] = useState<Entry | null>(null);
  return (
    <Page
      note="考生明确拒绝后，任何渠道、任何人都不再联系；登记了勿拨的号码，所有考生名下都不再拨打。只有督查组可以解除，要写原因。最多列出 200 条。"
      extra={
        <ActionButton type="primary" can="do_not_call.set" onClick={() => patch({ new: '1' })}>
          登记号码
        </ActionButton>
      }
    >
      <ErrorNote error={error} onRetry={() => void refetch()} />
      <Segmented
        aria-label="范围"
        options={DO_NOT_CALL_VIEWS.map((value) => ({ value, label: VIEWS[value] }))}
        value={view}
        onChange={(next) => patch({ view: next })}
      />
      {!data && !error && <Loading rows={8} />}
      {data && (
        <div className="zz-list-card">
          <Table<Entry>
            size="small"
            rowKey="id"
            dataSource={[...data.items]}
            pagination={countedPages()}
            locale={{ emptyText: view === 'standing' ? '没有勿再来电的登记。' : '没有解除过的登记。' }}
            columns={columnsOf(view, setEntry)}
          />
        </div>
      )}
      {isNew && (
        <BarNumberModal chosen={chosen} onClose={() => patch({ new: undefined }, { replace: true })} />
      )}
      {entry && <Lift entry={entry} onClose={() => setEntry(null)} />}
    </Page>
  );
}

function columnsOf(
  view: (typeof DO_NOT_CALL_VIEWS)[number],
  onLift: (entry: Entry) => void,
): TableColumnsType<Entry> {
  const told: TableColumnsType<Entry> = [
    { title: '考生或号码', render: (_, { who }) => <span className="zz-figures">{who}</span> },
    {
      title: '范围',
      render: (_, { scope, candidates }) => (
        <>
          <Tag>{SCOPES[scope]}</Tag>
          {candidates !== null && <span className="zz-note">{candidates} 名考生有此号码</span>}
        </>
      ),
    },
    { title: '原因', render: (_, { reason }) => reason },
    { title: '停到', render: (_, { endsAt }) => (endsAt === null ? '长期' : formatDate(endsAt - 1)) },
    { title: '登记人', render: (_, { setByName }) => setByName },
    { title: '登记时间', render: (_, { setAt }) => formatDateTime(setAt) },
  ];
  if (view === 'lifted')
    return [
      ...told,
      { title: '解除人', render: (_, { liftedByName }) => liftedByName ?? '系统' },
      { title: '解除时间', render: (_, { liftedAt }) => formatDateTime(liftedAt) },
      { title: '解除原因', render: (_, { liftReason }) => liftReason ?? '—' },
    ];
  return [
    ...told,
    {
      title: '操作',
      render: (_, row) => (
        <ActionButton size="small" type="link" can="do_not_call.lift" onClick={() => onLift(row)}>
          解除
        </ActionButton>
      ),
    },
  ];
}

function Lift({ entry, onClose }: { readonly entry: Entry; readonly onClose: () => void }) {
  const lift = useCommand(liftRoute, { renews: ['follow-up', 'candidates'] });
  return (
    <ReasonModal
      open
      onClose={onClose}
      title={`解除勿再来电：${entry.who}`}
      consequence={
        entry.scope === 'person'
          ? '因此停止的回访重新开放，由原负责人立即可拨；原因和您的姓名记入日志。'
          : '这个号码又可以拨打；原因和您的姓名记入日志。'
      }
      usual={['考生主动来电要求恢复联系', '登记有误，考生没有拒绝']}
      confirmLabel="解除"
      onConfirm={(reason) => lift.mutateAsync({ params: { id: entry.id }, body: { reason } })}
    />
  );
}
