import { App } from 'antd';
import { useState } from 'react';
import { useCommand } from '#ui/api';
import { listQuery } from '#ui/list-state';
import { QueryTable } from '#ui/query-table';
import { ReasonModal } from '#ui/reason-modal';
import { decideLeave, LEAVE_LABELS, listLeaves } from '../contract.ts';
import { STEP_LABELS, type Step } from '../rules.ts';
import { Approvals, daysOf, type Leave, LeaveState } from './leave-parts.tsx';

interface Deciding {
  readonly leave: Leave;
  readonly step: Step;
  readonly approved: boolean;
}

/** Requests to decide; the buttons are alive only for the step that is mine. */
export function DecideTable() {
  const [deciding, setDeciding] = useState<Deciding | null>(null);
  const acts = (leave: Leave) => {
    const step = leave.mine;
    if (leave.state !== 'requested') return [];
    const refused = step ? null : '这一关不由您审批，或您已经办过一关';
    const act = (approved: boolean) => () => step && setDeciding({ leave, step, approved });
    const word = step ? `${STEP_LABELS[step]}同意` : '同意';
    return [
      { key: 'yes', label: word, refused, run: act(true) },
      { key: 'no', label: '不同意', danger: true, refused, run: act(false) },
    ];
  };
  return (
    <>
      <QueryTable<Leave>
        id="leaves"
        source={(list) => listQuery(listLeaves, list)}
        rowKey={(row) => row.id}
        columns={[
          { key: 'name', title: '姓名', width: 72, render: (row) => row.name, identity: true },
          { key: 'unit', title: '部门', width: 100, render: (row) => row.unitName ?? '未填' },
          { key: 'group', title: '小组', width: 68, render: (row) => row.groupName ?? '未编组' },
          { key: 'days', title: '日期', width: 112, render: daysOf },
          { key: 'reason', title: '原因', width: 168, render: (row) => row.reason },
          { key: 'approvals', title: '审批', width: 252, render: (row) => <Approvals leave={row} /> },
          { key: 'state', title: '状态', width: 68, render: (row) => <LeaveState leave={row} /> },
          { key: 'work', title: '在办考生', width: 72, align: 'right', render: (row) => row.openWork },
          {
            key: 'returned',
            title: '已交回',
            width: 62,
            align: 'right',
            render: (row) => row.returnedCases ?? '—',
          },
        ]}
        filters={[
          { name: 'text', label: '姓名', kind: 'text', personal: true },
          {
            name: 'state',
            label: '状态',
            kind: 'multi',
            options: Object.entries(LEAVE_LABELS).map(([value, label]) => ({ value, label })),
          },
        ]}
        actions={acts}
        actionsWidth={132}
        empty="没有请假申请。回访员在“我的请假”里申请后会出现在这里。"
      />
      {deciding && <DecideDialog deciding={deciding} onClose={() => setDeciding(null)} />}
    </>
  );
}

function DecideDialog({ deciding, onClose }: { readonly deciding: Deciding; readonly onClose: () => void }) {
  const { message } = App.useApp();
  const { leave, step, approved } = deciding;
  const decide = useCommand(decideLeave, {
    renews: ['absence'],
    onDone: ({ state, returned }) =>
      void message.success(
        state === 'approved'
          ? `三关都已通过${returned === null ? '' : `，交回 ${returned} 名考生`}`
          : '已办理',
      ),
  });
  return (
    <ReasonModal
      open
      onClose={onClose}
      title={`${leave.name} ${daysOf(leave)} 请假：${STEP_LABELS[step]}${approved ? '同意' : '不同意'}`}
      consequence={
        approved
          ? `此人有 ${leave.openWork} 名在办考生，三关通过后，开始那天全部交回重新分配。`
          : '申请就此结束，理由会通知本人。'
      }
      usual={approved ? ['情况属实，同意', '工作已安排好'] : ['回访高峰，人手不足', '请先与组长协调']}
      confirmLabel={approved ? '同意' : '不同意'}
      danger={!approved}
      reasonMin={approved ? 2 : 4}
      onConfirm={(note) => decide.mutateAsync({ params: { id: leave.id }, body: { step, approved, note } })}
    />
  );
}
