import { ArrowDownOutlined, ArrowUpOutlined, DeleteOutlined, PlusOutlined } from '@ant-design/icons';
import { Button, Flex, Input, Select, Tag } from 'antd';
import { type Branch, END, MERGE_FIELDS, MERGE_KEYS, type ScriptKind, type Step } from '../rules.ts';

export interface StepEditorProps {
  readonly kind: ScriptKind;
  readonly step: Step;
  readonly place: number;
  readonly steps: readonly Step[];
  readonly onChange: (step: Step) => void;
  readonly onMove: (by: -1 | 1) => void;
  readonly onRemove: () => void;
}

/** One step: title, words with fields to click in, hint, and where each answer leads. */
export function StepEditor({ kind, step, place, steps, onChange, onMove, onRemove }: StepEditorProps) {
  const set = (change: Partial<Step>) => onChange({ ...step, ...change });
  const name = `第 ${place + 1} 步`;
  return (
    <div className="zz-section" style={{ marginBottom: 12 }}>
      {kind === 'call' && (
        <Flex gap={8} align="center">
          <strong style={{ whiteSpace: 'nowrap' }}>{name}</strong>
          <Input
            aria-label={`${name}标题`}
            value={step.title}
            maxLength={40}
            onChange={(event) => set({ title: event.target.value })}
          />
          <Button
            type="text"
            icon={<ArrowUpOutlined />}
            aria-label={`${name}上移`}
            disabled={place === 0}
            onClick={() => onMove(-1)}
          />
          <Button
            type="text"
            icon={<ArrowDownOutlined />}
            aria-label={`${name}下移`}
            disabled={place === steps.length - 1}
            onClick={() => onMove(1)}
          />
          <Button
            type="text"
            danger
            icon={<DeleteOutlined />}
            aria-label={`删除${name}`}
            disabled={steps.length === 1}
            onClick={onRemove}
          />
        </Flex>
      )}
      <Words label={`${name}说的话`} value={step.say} onChange={(say) => set({ say })} />
      {kind === 'call' && (
        <>
          <Input.TextArea
            style={{ margin: '8px 0' }}
            autoSize={{ minRows: 1, maxRows: 6 }}
            aria-label={`${name}提示`}
            placeholder="给回访员的提示（不念出来）"
            value={step.ask}
            maxLength={400}
            onChange={(event) => set({ ask: event.target.value })}
          />
          <Branches step={step} steps={steps} onChange={(branches) => set({ branches })} />
        </>
      )}
    </div>
  );
}

interface WordsProps {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
}

/** Words with the fields that may stand in them. */
export function Words({ label, value, onChange }: WordsProps) {
  return (
    <>
      <Input.TextArea
        style={{ marginTop: 8 }}
        aria-label={label}
        value={value}
        autoSize={{ minRows: 2, maxRows: 10 }}
        maxLength={2000}
        onChange={(event) => onChange(event.target.value)}
      />
      <Flex gap={4} wrap style={{ marginTop: 4 }}>
        <span className="zz-note">插入字段：</span>
        {MERGE_KEYS.map((key) => (
          <button
            key={key}
            type="button"
            className="zz-plain"
            aria-label={`${label}插入${MERGE_FIELDS[key].word}`}
            onClick={() => onChange(`${value}{{${MERGE_FIELDS[key].word}}}`)}
          >
            <Tag style={{ marginInlineEnd: 0 }}>{MERGE_FIELDS[key].word}</Tag>
          </button>
        ))}
      </Flex>
    </>
  );
}

interface BranchesProps {
  readonly step: Step;
  readonly steps: readonly Step[];
  readonly onChange: (branches: readonly Branch[]) => void;
}

function Branches({ step, steps, onChange }: BranchesProps) {
  const options = [
    ...steps
      .filter(({ id }) => id !== step.id)
      .map(({ id, title }) => ({
        value: id,
        label: `${steps.findIndex((one) => one.id === id) + 1}. ${title}`,
      })),
    { value: END, label: '结束' },
  ];
  const change = (place: number, next: Branch) =>
    onChange(step.branches.map((branch, index) => (index === place ? next : branch)));
  return (
    <>
      {step.branches.map((branch, place) => (
        // Answers have no identity of their own; their place is what the person sees and edits.
        <Flex key={`${step.id} ${String(place)}`} gap={8} style={{ marginTop: 4 }}>
          <Input
            aria-label="对方的回答"
            placeholder="对方的回答"
            value={branch.label}
            maxLength={40}
            style={{ width: 200 }}
            onChange={(event) => change(place, { ...branch, label: event.target.value })}
          />
          <Select
            aria-label="转到"
            value={branch.to}
            options={options}
            style={{ flex: 1 }}
            onChange={(to) => change(place, { ...branch, to })}
          />
          <Button
            type="text"
            icon={<DeleteOutlined />}
            aria-label="删除这个回答"
            onClick={() => onChange(step.branches.filter((_, index) => index !== place))}
          />
        </Flex>
      ))}
      {step.branches.length < 9 && (
        <Button
          type="link"
          size="small"
          icon={<PlusOutlined />}
          onClick={() => onChange([...step.branches, { label: '', to: END }])}
        >
          加一个回答
        </Button>
      )}
      {step.branches.length === 0 && <span className="zz-note">没有回答，话术到这里结束</span>}
    </>
  );
}
