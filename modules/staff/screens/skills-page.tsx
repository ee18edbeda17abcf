import { Link } from '@tanstack/react-router';
import { Form, Input, Select } from 'antd';
import type { z } from 'zod';
import { useCommand, useRoute } from '#ui/api';
import { Catalogue } from '#ui/catalogue';
import { FormModal } from '#ui/form-modal';
import { Page, Section } from '#ui/page';
import { Empty } from '#ui/states';
import { listSkills, removeSkill, SKILL_LABELS, saveSkill } from '../team.contract.ts';
import { optionsOf } from './options.tsx';

type Skill = z.output<typeof listSkills.reply>['items'][number];

/** 技能: dialects, subjects and conversations that route a candidate to the right caller. */
export function SkillsPage() {
  const skills = useRoute(listSkills);
  const remove = useCommand(removeSkill, { renews: ['staff'] });
  return (
    <Page note="考生需要方言、艺术类或退档沟通时，分配给掌握相应技能的人。">
      <Section>
        <Catalogue<Skill>
          list={skills}
          can="staff.manage"
          newLabel="新增技能"
          rowKey={(row) => row.code}
          empty={<Empty text="还没有技能，可以新增，例如粤语、艺术类、退档沟通。" />}
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
          ]}
          form={(skill, close) => <SkillForm skill={skill} onClose={close} />}
          removal={{
            title: (row) => `删除技能“${row.name}”`,
            consequence: () => '分配时不再按这项技能挑人，已经放出的考生不受影响；作废的记录和原因保留。',
            refused: (row) => (row.people > 0 ? `还有 ${row.people} 人掌握，请先从他们的资料里去掉` : null),
            reasonMin: 4,
            usual: ['没有人再用到', '建错了，或与另一项重复'],
            run: (row, reason) => remove.mutateAsync({ params: { code: row.code }, body: { reason } }),
          }}
        />
      </Section>
    </Page>
  );
}

function SkillForm({ skill, onClose }: { readonly skill: Skill | null; readonly onClose: () => void }) {
  const save = useCommand(saveSkill, { renews: ['staff'], onDone: onClose });
  return (
    <FormModal<Pick<Skill, 'code' | 'name' | 'kind'>>
      title={skill ? '修改技能' : '新增技能'}
      initialValues={skill ?? { kind: 'dialect' }}
      busy={save.isPending}
      error={save.error}
      onSubmit={({ code, ...body }) => save.mutate({ params: { code }, body })}
      onClose={onClose}
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
    </FormModal>
  );
}
