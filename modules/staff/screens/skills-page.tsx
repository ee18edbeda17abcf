import { PlusOutlined } from '@ant-design/icons';
import { Link } from '@tanstack/react-router';
import { Button, Form, Input, Modal, Popconfirm, Select, Table, Tooltip } from 'antd';
import { useState } from 'react';
import type { z } from 'zod';
import { ActionButton } from '#ui/action-button';
import { useCommand, useRoute } from '#ui/api';
import { ErrorNote } from '#ui/error-note';
import { useKeyBlock } from '#ui/keyboard';
import { Page, Section } from '#ui/page';
import { useCan } from '#ui/session';
import { Empty } from '#ui/states';
import { listSkills, removeSkill, SKILL_LABELS, saveSkill } from '../team.contract.ts';
import { optionsOf } from './options.tsx';

type Skill = z.output<typeof listSkills.reply>['items'][number];

/** 技能: dialects, subjects and conversations that route a candidate to the right caller. */
export function SkillsPage() {
  const skills = useRoute(listSkills);
  const mayManage = useCan('staff.manage');
  const [editing, setEditing] = useState<Skill | 'new' | null>(null);
  const remove = useCommand(removeSkill, { renews: ['staff'] });
  return (
    <Page
      note="考生需要方言、艺术类或劝留时，分配给掌握相应技能的人。"
      extra={
        <ActionButton
          type="primary"
          can="staff.manage"
          icon={<PlusOutlined />}
          onClick={() => setEditing('new')}
        >
          新增技能
        </ActionButton>
      }
    >
      <ErrorNote error={skills.error ?? remove.error} onRetry={() => void skills.refetch()} />
      <Section>
        <Table<Skill>
          size="middle"
          rowKey="code"
          loading={skills.isPending}
          dataSource={skills.data?.items ?? []}
          pagination={false}
          locale={{ emptyText: <Empty text="还没有技能，例如 粤语、艺术类、拒绝转化。" /> }}
          columns={[
            { title: '技能', dataIndex: 'name' },
            { title: '类别', render: (_value, row) => SKILL_LABELS[row.kind] },
            { title: '编码', dataIndex: 'code' },
            {
              title: '掌握人数',
              align: 'right',
              render: (_value, row) => (
                <Link to="/team/people" search={{ skill: row.code } as never}>
                  {row.people}
                </Link>
              ),
            },
            ...(mayManage
              ? [
                  {
                    title: '操作',
                    render: (_value: unknown, row: Skill) => (
                      <>
                        <Button type="link" size="small" onClick={() => setEditing(row)}>
                          修改
                        </Button>
                        <RemoveButton
                          skill={row}
                          onRemove={() => remove.mutate({ params: { code: row.code } })}
                        />
                      </>
                    ),
                  },
                ]
              : []),
          ]}
        />
      </Section>
      {editing && <SkillForm skill={editing === 'new' ? null : editing} onClose={() => setEditing(null)} />}
    </Page>
  );
}

function RemoveButton({ skill, onRemove }: { readonly skill: Skill; readonly onRemove: () => void }) {
  if (skill.people > 0) {
    return (
      <Tooltip title={`还有 ${skill.people} 人掌握，请先从他们的资料里去掉`}>
        <Button type="link" size="small" aria-disabled className="zz-refused">
          删除
        </Button>
      </Tooltip>
    );
  }
  return (
    <Popconfirm title={`删除技能“${skill.name}”？`} okText="删除" onConfirm={onRemove}>
      <Button type="link" size="small" danger>
        删除
      </Button>
    </Popconfirm>
  );
}

function SkillForm({ skill, onClose }: { readonly skill: Skill | null; readonly onClose: () => void }) {
  const [form] = Form.useForm<Pick<Skill, 'code' | 'name' | 'kind'>>();
  const save = useCommand(saveSkill, { renews: ['staff'], onDone: onClose });
  useKeyBlock(true);
  return (
    <Modal
      open
      title={skill ? '修改技能' : '新增技能'}
      okText="保存"
      confirmLoading={save.isPending}
      onOk={() => form.submit()}
      onCancel={onClose}
      mask={{ closable: false }}
    >
      <Form
        form={form}
        layout="vertical"
        initialValues={skill ?? { kind: 'dialect' }}
        onFinish={({ code, ...body }) => save.mutate({ params: { code }, body })}
      >
        <Form.Item name="name" label="名称" rules={[{ required: true, min: 2, message: '名称至少 2 个字' }]}>
          <Input maxLength={40} autoFocus />
        </Form.Item>
        <Form.Item name="kind" label="类别">
          <Select options={optionsOf(SKILL_LABELS)} />
        </Form.Item>
        <Form.Item
          name="code"
          label="编码"
          extra="小写英文，建好后不能改，导入时也可以用。"
          rules={[
            { required: true, pattern: /^[a-z][a-z0-9_]{1,30}$/, message: '编码用小写字母、数字和下划线' },
          ]}
        >
          <Input maxLength={31} disabled={skill !== null} />
        </Form.Item>
      </Form>
      <ErrorNote error={save.error} />
    </Modal>
  );
}
