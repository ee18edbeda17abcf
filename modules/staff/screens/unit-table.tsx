import { PlusOutlined } from '@ant-design/icons';
import { Button, Form, Input, Modal, Popconfirm, Select, Table } from 'antd';
import { useState } from 'react';
import type { z } from 'zod';
import { ActionButton } from '#ui/action-button';
import { useCommand, useRoute } from '#ui/api';
import { ErrorNote } from '#ui/error-note';
import { useKeyBlock } from '#ui/keyboard';
import { Section } from '#ui/page';
import { useCan } from '#ui/session';
import { Empty } from '#ui/states';
import { changeUnit, createUnit, listUnits, removeUnit, UNIT_LABELS } from '../team.contract.ts';
import { optionsOf } from './options.tsx';
import { PeopleSelect } from './people-select.tsx';

type Unit = z.output<typeof listUnits.reply>['items'][number];

/** Units, who heads them, and how many they still owe. */
export function UnitTable() {
  const units = useRoute(listUnits);
  const mayManage = useCan('staff.manage');
  const [editing, setEditing] = useState<Unit | 'new' | null>(null);
  const remove = useCommand(removeUnit, { renews: ['staff'] });
  return (
    <Section
      extra={
        <ActionButton
          type="primary"
          can="staff.manage"
          icon={<PlusOutlined />}
          onClick={() => setEditing('new')}
        >
          新建部门
        </ActionButton>
      }
    >
      <ErrorNote error={units.error ?? remove.error} onRetry={() => void units.refetch()} />
      <Table<Unit>
        size="middle"
        rowKey="id"
        loading={units.isPending}
        dataSource={units.data?.items ?? []}
        pagination={false}
        scroll={{ x: 'max-content' }}
        locale={{ emptyText: <Empty text="还没有部门。导入人员表时会自动建立表中的部门。" /> }}
        columns={[
          { title: '部门', dataIndex: 'name' },
          { title: '类别', render: (_value, row) => UNIT_LABELS[row.kind] },
          { title: '负责人', render: (_value, row) => row.headName ?? '未登记' },
          { title: '参加教职工', align: 'right', dataIndex: 'people' },
          { title: '其中参加过', align: 'right', dataIndex: 'experienced' },
          {
            title: '选派要求',
            render: (_value, row) => row.quota ?? <span className="zz-note">已满足</span>,
          },
          ...(mayManage
            ? [
                {
                  title: '操作',
                  render: (_value: unknown, row: Unit) => (
                    <>
                      <Button type="link" size="small" onClick={() => setEditing(row)}>
                        修改
                      </Button>
                      <Popconfirm
                        title={`删除${row.name}？`}
                        description="还有人员的部门不能删除。"
                        okText="删除"
                        onConfirm={() => remove.mutate({ params: { id: row.id } })}
                      >
                        <Button type="link" size="small" danger>
                          删除
                        </Button>
                      </Popconfirm>
                    </>
                  ),
                },
              ]
            : []),
        ]}
      />
      {editing && <UnitForm unit={editing === 'new' ? null : editing} onClose={() => setEditing(null)} />}
    </Section>
  );
}

type Values = z.input<typeof createUnit.body>;

function UnitForm({ unit, onClose }: { readonly unit: Unit | null; readonly onClose: () => void }) {
  const [form] = Form.useForm<Values>();
  const options = { renews: ['staff'], onDone: onClose };
  const create = useCommand(createUnit, options);
  const change = useCommand(changeUnit, options);
  useKeyBlock(true);
  const save = (body: Values) =>
    unit ? change.mutate({ params: { id: unit.id }, body }) : create.mutate({ body });
  return (
    <Modal
      open
      title={unit ? `修改${unit.name}` : '新建部门'}
      okText="保存"
      confirmLoading={create.isPending || change.isPending}
      onOk={() => form.submit()}
      onCancel={onClose}
      mask={{ closable: false }}
    >
      <Form<Values>
        form={form}
        layout="vertical"
        initialValues={unit ? { name: unit.name, kind: unit.kind, headId: unit.headId } : { kind: 'school' }}
        onFinish={save}
      >
        <Form.Item name="name" label="名称" rules={[{ required: true, message: '请填写名称' }]}>
          <Input maxLength={40} autoFocus />
        </Form.Item>
        <Form.Item name="kind" label="类别">
          <Select options={optionsOf(UNIT_LABELS)} />
        </Form.Item>
        <Form.Item name="headId" label="负责人" extra="请假的第一关由部门负责人审批。">
          <PeopleSelect holds="unit_head" currentName={unit?.headName ?? null} placeholder="暂不登记" />
        </Form.Item>
      </Form>
      <ErrorNote error={create.error ?? change.error} />
    </Modal>
  );
}
