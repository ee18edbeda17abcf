import { Button, Checkbox, Form, Input, InputNumber, Select, Table } from 'antd';
import { ActionButton } from '#ui/action-button';
import { formatCount } from '#ui/format';
import { Section } from '#ui/page';
import type { Places, RunLimits } from '../rules.ts';
import type { Draft, Options } from './draft.ts';
import { batchOptions, provinceOptions } from './range-step.tsx';

interface StepProps {
  readonly options: Options;
  readonly draft: Draft;
  readonly onChange: (draft: Draft) => void;
}

const everywhere: Places = { provinceCodes: [], batchIds: [] };

const noSkillWords = (skills: number): string =>
  skills === 0 ? '还没有技能，请先到“团队 > 技能”新增。' : '每项技能都已添加。';

/** 限制: which groups take part and where, skills, and how much one caller gets. */
export function LimitsStep({ options, draft, onChange }: StepProps) {
  const { limits } = draft;
  const set = (change: Partial<RunLimits>) => onChange({ ...draft, limits: { ...limits, ...change } });
  const unused = options.skills.find(
    ({ code }) => !limits.skills.some(({ skillCode }) => skillCode === code),
  );
  return (
    <>
      <Section title="参与的小组">
        <p className="zz-note zz-gap-below">
          不勾选任何小组，就是全部小组都参与。只有通过培训、在岗、未请假的回访员会分到考生。
        </p>
        <GroupTable options={options} groups={limits.groups} onChange={(groups) => set({ groups })} />
      </Section>
      <Section
        title="技能"
        extra={
          <ActionButton
            size="small"
            refused={unused ? null : noSkillWords(options.skills.length)}
            onClick={() =>
              set({ skills: [...limits.skills, { ...everywhere, skillCode: unused?.code ?? '' }] })
            }
          >
            添加技能要求
          </ActionButton>
        }
      >
        <SkillRules options={options} skills={limits.skills} onChange={(skills) => set({ skills })} />
      </Section>
      <Section title="数量">
        <Form layout="vertical" component={false}>
          <div className="zz-form-grid">
            <Amount
              id="new-per-caller"
              label="每人本次最多新增"
              value={limits.newPerCaller}
              onChange={(newPerCaller) => set({ newPerCaller })}
            />
            <Amount
              id="open-work-cap"
              label="每人在办最多（不超过个人上限）"
              value={limits.openWorkCap}
              onChange={(openWorkCap) => set({ openWorkCap })}
            />
            <Form.Item label="随机种子" htmlFor="run-seed">
              <Input
                id="run-seed"
                placeholder="留空则新抽；填写旧种子可重现"
                maxLength={40}
                value={draft.seed}
                onChange={(event) => onChange({ ...draft, seed: event.target.value.trim() })}
              />
            </Form.Item>
          </div>
        </Form>
      </Section>
    </>
  );
}

interface AmountProps {
  readonly id: string;
  readonly label: string;
  readonly value: number | null;
  readonly onChange: (value: number | null) => void;
}

const Amount = ({ id, label, value, onChange }: AmountProps) => (
  <Form.Item label={label} htmlFor={id}>
    <InputNumber
      id={id}
      min={1}
      max={10_000}
      precision={0}
      placeholder="不限"
      suffix="名"
      className="zz-wide"
      value={value}
      onChange={onChange}
    />
  </Form.Item>
);

interface GroupTableProps {
  readonly options: Options;
  readonly groups: RunLimits['groups'];
  readonly onChange: (groups: RunLimits['groups']) => void;
}

function GroupTable({ options, groups, onChange }: GroupTableProps) {
  const of = (id: string) => groups.find(({ groupId }) => groupId === id);
  const toggle = (id: string, on: boolean) =>
    onChange(
      on ? [...groups, { ...everywhere, groupId: id }] : groups.filter(({ groupId }) => groupId !== id),
    );
  const place = (id: string, change: Partial<Places>) =>
    onChange(groups.map((one) => (one.groupId === id ? { ...one, ...change } : one)));
  return (
    <Table
      size="small"
      rowKey="id"
      dataSource={options.groups}
      pagination={false}
      locale={{ emptyText: '还没有小组，请先到“团队 > 小组与部门”建组。' }}
      columns={[
        {
          title: '小组',
          render: (_, { id, name }) => (
            <Checkbox checked={of(id) !== undefined} onChange={(event) => toggle(id, event.target.checked)}>
              {name}
            </Checkbox>
          ),
        },
        { title: '可分配回访员', align: 'right', render: (_, row) => formatCount(row.callers) },
        { title: '在办', align: 'right', render: (_, row) => formatCount(row.open) },
        { title: '还能接', align: 'right', render: (_, row) => formatCount(row.room) },
        {
          title: '只接省份',
          width: 230,
          render: (_, { id }) => (
            <PlaceSelect
              label="只接省份"
              empty="全部省份"
              disabled={!of(id)}
              value={of(id)?.provinceCodes}
              options={provinceOptions(options)}
              onChange={(provinceCodes) => place(id, { provinceCodes })}
            />
          ),
        },
        {
          title: '只接批次',
          width: 230,
          render: (_, { id }) => (
            <PlaceSelect
              label="只接批次"
              empty="全部批次"
              disabled={!of(id)}
              value={of(id)?.batchIds}
              options={batchOptions(options)}
              onChange={(batchIds) => place(id, { batchIds })}
            />
          ),
        },
      ]}
    />
  );
}

interface PlaceSelectProps {
  readonly label: string;
  readonly empty: string;
  readonly disabled?: boolean;
  readonly value: readonly string[] | undefined;
  readonly options: { value: string; label: string }[];
  readonly onChange: (value: string[]) => void;
}

const PlaceSelect = ({ label, empty, disabled = false, value = [], options, onChange }: PlaceSelectProps) => (
  <Select
    mode="multiple"
    size="small"
    allowClear
    aria-label={label}
    placeholder={empty}
    disabled={disabled}
    maxTagCount="responsive"
    style={{ width: '100%' }}
    value={[...value]}
    options={options}
    onChange={onChange}
  />
);

interface SkillRulesProps {
  readonly options: Options;
  readonly skills: RunLimits['skills'];
  readonly onChange: (skills: RunLimits['skills']) => void;
}

function SkillRules({ options, skills, onChange }: SkillRulesProps) {
  if (skills.length === 0)
    return <p className="zz-note">没有技能要求。例如：某省考生需要会粤语的回访员，就在这里添加一条。</p>;
  const change = (at: number, next: Partial<RunLimits['skills'][number]>) =>
    onChange(skills.map((rule, index) => (index === at ? { ...rule, ...next } : rule)));
  return skills.map((rule, at) => (
    <div className="zz-form-grid" key={rule.skillCode}>
      <Select
        size="small"
        aria-label="技能"
        value={rule.skillCode}
        options={options.skills.map(({ code, name, callers }) => ({
          value: code,
          label: `${name}（${callers} 人）`,
        }))}
        onChange={(skillCode) => change(at, { skillCode })}
      />
      <PlaceSelect
        label="需要技能的省份"
        empty="全部省份"
        value={rule.provinceCodes}
        options={provinceOptions(options)}
        onChange={(provinceCodes) => change(at, { provinceCodes })}
      />
      <Button size="small" onClick={() => onChange(skills.filter((_, index) => index !== at))}>
        删除
      </Button>
    </div>
  ));
}
