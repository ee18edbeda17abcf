import { PlusOutlined } from '@ant-design/icons';
import { Link } from '@tanstack/react-router';
import { Form, Input, InputNumber, Modal, Table } from 'antd';
import { useState } from 'react';
import type { z } from 'zod';
import { ActionButton } from '#ui/action-button';
import { useCommand, useRoute } from '#ui/api';
import { ErrorNote } from '#ui/error-note';
import { useKeyBlock } from '#ui/keyboard';
import { Section } from '#ui/page';
import { ReasonModal } from '#ui/reason-modal';
import { RowActions } from '#ui/row-actions';
import { useCan } from '#ui/session';
import { Empty } from '#ui/states';
import { changeGroup, createGroup, dissolveGroup, listGroups } from '../team.contract.ts';
import { PeopleSelect } from './people-select.tsx';

type Group = z.output<typeof listGroups.reply>['items'][number];

/** Groups with their size, leader and supervisor; a size out of the rule is said in words. */
export function GroupTable() {
  const groups = useRoute(listGroups);
  const mayManage = useCan('staff.manage');
  const [editing, setEditing] = useState<Group | 'new' | null>(null);
  const [leaving, setLeaving] = useState<Group | null>(null);
  const dissolve = useCommand(dissolveGroup, { renews: ['staff'] });
  return (
    <Section
      extra={
        <ActionButton
          type="primary"
          can="staff.manage"
          icon={<PlusOutlined />}
          onClick={() => setEditing('new')}
        >
          新建小组
        </ActionButton>
      }
    >
      <ErrorNote error={groups.error} onRetry={() => void groups.refetch()} />
      <Table<Group>
        size="middle"
        rowKey="id"
        loading={groups.isPending}
        dataSource={groups.data?.items ?? []}
        pagination={false}
        scroll={{ x: 'max-content' }}
        locale={{ emptyText: <Empty text="还没有小组。先建小组，再在“人员”页或导入时编入成员。" /> }}
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
          ...(mayManage
            ? [
                {
                  title: '操作',
                  render: (_value: unknown, row: Group) => (
                    <RowActions
                      actions={[
                        { key: 'edit', label: '修改', run: () => setEditing(row) },
                        {
                          key: 'dissolve',
                          label: '解散',
                          danger: true,
                          refused: row.members > 0 ? `还有 ${row.members} 人，请先调到其他组` : null,
                          run: () => setLeaving(row),
                        },
                      ]}
                    />
                  ),
                },
              ]
            : []),
        ]}
      />
      {editing && <GroupForm group={editing === 'new' ? null : editing} onClose={() => setEditing(null)} />}
      {leaving && (
        <ReasonModal
          open
          onClose={() => setLeaving(null)}
          title={`解散${leaving.name}`}
          consequence="小组从列表中消失，历史记录保留，督查员可以改配其他组。"
          confirmLabel="解散"
          onConfirm={(reason) => dissolve.mutateAsync({ params: { id: leaving.id }, body: { reason } })}
        />
      )}
    </Section>
  );
}

function GroupNote({ group }: { readonly group: Group }) {
  const notes = [
    group.warning,
    group.leaderId === null && '还没有组长。',
    group.supervisorId === null && '还没有督查员。',
    group.leaderException && `组长破格：${group.leaderException}`,
  ].filter(Boolean);
  return notes.length > 0 ? <>{notes.join('')}</> : <span className="zz-note">正常</span>;
}

type Values = z.input<typeof createGroup.body>;

function GroupForm({ group, onClose }: { readonly group: Group | null; readonly onClose: () => void }) {
  const [form] = Form.useForm<Values>();
  const options = { renews: ['staff'], onDone: onClose };
  const create = useCommand(createGroup, options);
  const change = useCommand(changeGroup, options);
  useKeyBlock(true);
  const save = (body: Values) =>
    group ? change.mutate({ params: { id: group.id }, body }) : create.mutate({ body });
  return (
    <Modal
      open
      title={group ? `修改${group.name}` : '新建小组'}
      okText="保存"
      confirmLoading={create.isPending || change.isPending}
      onOk={() => form.submit()}
      onCancel={onClose}
      mask={{ closable: false }}
    >
      <Form<Values>
        form={form}
        layout="vertical"
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
        onFinish={save}
      >
        <Form.Item name="name" label="名称" rules={[{ required: true, message: '请填写名称' }]}>
          <Input maxLength={40} autoFocus placeholder="如：回访一组" />
        </Form.Item>
        <Form.Item
          name="leaderId"
          label="组长"
          extra="应获评过优秀或参加过回访；确需破格的，在下面写明理由。"
        >
          <PeopleSelect holds="group_leader" currentName={group?.leaderName ?? null} placeholder="暂不指定" />
        </Form.Item>
        <Form.Item name="leaderException" label="破格理由">
          <Input maxLength={200} placeholder="没有破格不用填" />
        </Form.Item>
        <Form.Item name="supervisorId" label="督查员" extra="一名督查员只配一个小组。">
          <PeopleSelect
            holds="supervisor"
            currentName={group?.supervisorName ?? null}
            placeholder="暂不指定"
          />
        </Form.Item>
        <Form.Item name="capacity" label="人数上限" rules={[{ required: true, message: '请填写上限' }]}>
          <InputNumber min={1} max={50} suffix="人" className="zz-wide" />
        </Form.Item>
      </Form>
      <ErrorNote error={create.error ?? change.error} />
    </Modal>
  );
}
