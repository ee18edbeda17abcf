import { Table, Tag } from 'antd';
import { useState } from 'react';
import type { RouteReply } from '#platform/http/route';
import { ActionButton } from '#ui/action-button';
import { useCommand, useRoute } from '#ui/api';
import { ErrorNote } from '#ui/error-note';
import { formatDateTime } from '#ui/format';
import { Page } from '#ui/page';
import { ReasonModal } from '#ui/reason-modal';
import { Loading } from '#ui/states';
import { countedPages } from '#ui/table-bars';
import { doNotCallList, liftRoute } from '../case.contract.ts';

type Entry = RouteReply<typeof doNotCallList>['items'][number];
const SCOPES = { person: '本人', number: '号码' } as const;

/** 勿再来电: who asked not to be called; only 督查 lifts it, with a reason. */
export function DoNotCallPage() {
  const { data, error, refetch } = useRoute(doNotCallList, undefined);
  const [entry, setEntry] = useState<Entry | null>(null);
  return (
    <Page note="考生明确拒绝后，任何渠道、任何人都不再联系；只有督查组可以解除，要写原因。最多列出 200 条。">
      <ErrorNote error={error} onRetry={() => void refetch()} />
      {!data && !error && <Loading rows={8} />}
      {data && (
        <div className="zz-list-card">
          <Table<Entry>
            size="small"
            rowKey="id"
            dataSource={[...data.items]}
            pagination={countedPages()}
            locale={{ emptyText: '没有人要求勿再来电。' }}
            columns={[
              { title: '考生或号码', render: (_, { who }) => who },
              { title: '范围', render: (_, { scope }) => <Tag>{SCOPES[scope]}</Tag> },
              { title: '原因', render: (_, { reason }) => reason },
              { title: '登记人', render: (_, { setByName }) => setByName },
              { title: '登记时间', render: (_, { setAt }) => formatDateTime(setAt) },
              {
                title: '操作',
                render: (_, row) => (
                  <ActionButton size="small" type="link" can="do_not_call.lift" onClick={() => setEntry(row)}>
                    解除
                  </ActionButton>
                ),
              },
            ]}
          />
        </div>
      )}
      {entry && <Lift entry={entry} onClose={() => setEntry(null)} />}
    </Page>
  );
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
