import { Button, Popconfirm, Table } from 'antd';
import { useCommand, useRoute } from '#ui/api';
import { ErrorNote } from '#ui/error-note';
import { Section } from '#ui/page';
import { Empty } from '#ui/states';
import { endLeave, myLeaves } from '../contract.ts';
import { Approvals, daysOf, type Leave, LeaveState } from './leave-parts.tsx';

/** One's own requests; an open one can be taken back, an approved one ended early. */
export function MyLeaves() {
  const leaves = useRoute(myLeaves);
  const end = useCommand(endLeave, { renews: ['absence'] });
  return (
    <Section>
      <ErrorNote error={leaves.error ?? end.error} onRetry={() => void leaves.refetch()} />
      <Table<Leave>
        size="middle"
        rowKey="id"
        loading={leaves.isPending}
        dataSource={leaves.data?.items ?? []}
        pagination={false}
        scroll={{ x: 'max-content' }}
        locale={{ emptyText: <Empty text="没有请过假。" /> }}
        columns={[
          { title: '日期', render: (_value, row) => daysOf(row) },
          { title: '原因', dataIndex: 'reason' },
          { title: '审批', render: (_value, row) => <Approvals leave={row} /> },
          { title: '状态', render: (_value, row) => <LeaveState leave={row} /> },
          { title: '交回考生', align: 'right', render: (_value, row) => row.returnedCases ?? '' },
          {
            title: '操作',
            render: (_value, row) => (
              <EndButton leave={row} onEnd={() => end.mutate({ params: { id: row.id } })} />
            ),
          },
        ]}
      />
    </Section>
  );
}

function EndButton({ leave, onEnd }: { readonly leave: Leave; readonly onEnd: () => void }) {
  if (leave.state !== 'requested' && leave.state !== 'approved') return null;
  const early = leave.state === 'approved';
  return (
    <Popconfirm
      title={early ? '提前销假？' : '撤回申请？'}
      description={early ? '从现在起可以重新分到考生，已交回的不会自动回来。' : '撤回后需要重新申请。'}
      okText={early ? '销假' : '撤回'}
      onConfirm={onEnd}
    >
      <Button type="link" size="small">
        {early ? '销假' : '撤回'}
      </Button>
    </Popconfirm>
  );
}
