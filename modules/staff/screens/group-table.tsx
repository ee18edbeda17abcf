import { Link } from '@tanstack/react-router';
import { Form, Input, InputNumber } from 'antd';
import type { z } from 'zod';
import { useCommand, useRoute } from '#ui/api';
import { Catalogue } from '#ui/catalogue';
import { FormModal } from '#ui/form-modal';
import { Empty } from '#ui/states';
import { changeGroup, createGroup, dissolveGroup, listGroups } from '../team.contract.ts';
import { PeopleSelect } from './people-select.tsx';

type Group = z.output<typeof listGroups.reply>['items'][number];

/** Groups with their size, leader and supervisor; a size out of the rule is said in words. */
export function GroupTable() {
  const groups = useRoute(listGroups);
  const dissolve = useCommand(dissolveGroup, { renews: ['staff'] });
  return (
    <Catalogue<Group>
      list={groups}
      can="staff.manage"
      newLabel="新建小组"
      rowKey={(row) => row.id}
      empty={<Empty text="还没有小组。先建小组，再在“人员”页或导入时编入成员。" />}
      columns={[
        {
          title: '小组',
          render: (_value, row) => (
            <Link to="/team/people" search={{ group: row.id } as never}>
              {row.name}
            </Link>
          ),
        },
        { title: '组长', render: (_value, row) => row.leaderName ?? '未定' },
        { title: '督查员', render: (_value, row) => row.supervisorName ?? '未定' },
        { title: '人数', align: 'right', render: (_value, row) => `${row.members} / ${row.capacity}` },
        { title: '通过审查', align: 'right', dataIndex: 'qualified' },
        { title: '其中学生', align: 'right', dataIndex: 'students' },
        { title: '提醒', render: (_value, row) => <GroupNote group={row} /> },
      ]}
      form={(group, close) => <GroupForm group={group} onClose={close} />}
      removal={{
        label: '解散',
        title: (row) => `解散${row.name}`,
        consequence: () => '小组从列表中消失，历史记录保留，督查员可以改配其他组。',
        refused: (row) => (row.members > 0 ? `还有 ${row.members} 人，请先调到其他组` : null),
        usual: ['回访结束', '小组合并'],
        reasonMin: 4,
        run: (row, reason) => dissolve.mutateAsync({ params: { id: row.id }, body: { reason } }),
      }}
    />
  );
}

function GroupNote({ group }: { readonly group: Group }) {
  const notes = [
    group.warning,
    group.leaderId === null && '还没有组长。',
    group.supervisorId === null && '还没有督查员。',
    group.leaderException && `组长破格：${group.leaderException}`,
  ].filter(Boolean);
  return notes.length > 0 ? notes.join('') : <span className="zz-note">正常</span>;
}

type Values = z.input<typeof createGroup.body>;

function GroupForm({ group, onClose }: { readonly group: Group | null; readonly onClose: () => void }) {
  const options = { renews: ['staff'], onDone: onClose };
  const create = useCommand(createGroup, options);
  const change = useCommand(changeGroup, options);
  const save = (body: Values) =>
    group ? change.mutate({ params: { id: group.id }, body }) : create.mutate({ body });
  return (
    <FormModal<Values>
      title={group ? `修改${group.name}` : '新建小组'}
      initialValues={
        group
          ? {
              name: group.name,
              leaderId: group.leaderId,
              leaderException: group.leaderException,
              supervisorId: group.supervisorId,
              capacity: group.capacity,
            }
          : { capacity: 13 }
      }
      busy={create.isPending || change.isPending}
      error={create.error ?? change.error}
      onSubmit={save}
      onClose={onClose}
    >
      <Form.Item name="name" label="名称" rules={[{ required: true, message: '请填写名称' }]}>
        <Input maxLength={40} autoFocus placeholder="如：回访一组" />
      </Form.Item>
      <Form.Item name="leaderId" label="组长" extra="应获评过优秀或参加过回访；确需破格的，在下面写明理由。">
        <PeopleSelect holds="group_leader" currentName={group?.leaderName ?? null} placeholder="暂不指定" />
      </Form.Item>
      <Form.Item name="leaderException" label="破格理由">
        <Input maxLength={200} placeholder="没有破格不用填" />
      </Form.Item>
      <Form.Item name="supervisorId" label="督查员" extra="一名督查员只配一个小组。">
        <PeopleSelect holds="supervisor" currentName={group?.supervisorName ?? null} placeholder="暂不指定" />
      </Form.Item>
      <Form.Item name="capacity" label="人数上限" rules={[{ required: true, message: '请填写上限' }]}>
        <InputNumber min={1} max={50} suffix="人" className="zz-wide" />
      </Form.Item>
    </FormModal>
  );
}
