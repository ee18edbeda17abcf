import { DeleteOutlined, PlusOutlined } from '@ant-design/icons';
import { Alert, App, Button, Flex, Input } from 'antd';
import { useState } from 'react';
import { useCommand, useRoute } from '#ui/api';
import { ErrorNote } from '#ui/error-note';
import { Section } from '#ui/page';
import { checkScript } from '../check.rules.ts';
import { listPhrases, saveDraft, type VersionView } from '../contract.ts';
import {
  flagScript,
  type Objection,
  type Occasion,
  type ScriptBody,
  type ScriptFlag,
  type ScriptKind,
  type Step,
} from '../rules.ts';
import { FlagList, flagKey } from './flags.tsx';
import { Preview } from './preview.tsx';
import { StepEditor, Words } from './step-editor.tsx';

export interface EditorProps {
  readonly scriptId: string;
  readonly kind: ScriptKind;
  readonly occasion: Occasion | null;
  /** Version that the draft is, or that it starts from. */
  readonly base: VersionView;
  readonly onDone: () => void;
}

/** Writes a draft: words on the left, the caller's view and all warnings on the right, as one types. */
export function Editor({ scriptId, kind, occasion, base: newest, onDone }: EditorProps) {
  const { message } = App.useApp();
  // What the writing began from: a colleague's newer words must not pass for seen because the page has renewed itself.
  const [base] = useState(newest);
  const phrases = useRoute(listPhrases, undefined);
  const [body, setBody] = useState<ScriptBody>(base.body);
  const [sources, setSources] = useState<Readonly<Record<string, string>>>(
    Object.fromEntries(base.flagged.map((flag) => [flagKey(flag), flag.source ?? ''])),
  );
  const save = useCommand(saveDraft, {
    onDone: () => {
      void message.success('草稿已保存');
      onDone();
    },
  });
  const active = phrases.data?.items.filter((phrase) => phrase.active) ?? [];
  const flags = flagScript(body, active).map((flag) => ({ ...flag, source: sources[flagKey(flag)] ?? null }));
  const issues = checkScript({ kind, occasion }, body);
  const submit = () =>
    save.mutate({
      params: { scriptId },
      body: {
        body: body as VersionView['body'],
        citations: flags.map(({ phraseId, where, source }) => ({ phraseId, where, source: source ?? '' })),
        seenAt: base.writtenAt,
      },
    });
  return (
    <div style={{ display: 'grid', gridTemplateColumns: 'minmax(0, 3fr) minmax(320px, 2fr)', gap: 16 }}>
      <div>
        <Steps kind={kind} steps={body.steps} onChange={(steps) => setBody({ ...body, steps })} />
        {kind === 'call' && (
          <Objections
            objections={body.objections}
            onChange={(objections) => setBody({ ...body, objections })}
          />
        )}
      </div>
      <div style={{ position: 'sticky', top: 0, alignSelf: 'start', maxHeight: '100vh', overflowY: 'auto' }}>
        <Flex gap={8} style={{ marginBottom: 12 }}>
          <Button type="primary" loading={save.isPending} onClick={submit}>
            保存草稿
          </Button>
          <Button onClick={onDone}>不保存，返回</Button>
        </Flex>
        <ErrorNote error={save.error} />
        <Issues sentences={issues.map(({ message: sentence }) => sentence)} />
        <Flags
          flags={flags}
          onSource={(flag, source) => setSources({ ...sources, [flagKey(flag)]: source })}
        />
        <Section title="预览">
          <Preview kind={kind} body={body} />
        </Section>
      </div>
    </div>
  );
}

function Issues({ sentences }: { readonly sentences: readonly string[] }) {
  if (sentences.length === 0) return null;
  return (
    <Alert
      style={{ marginBottom: 12 }}
      type="error"
      title={`有 ${sentences.length} 处问题，改好后才能提交审批`}
      description={[...new Set(sentences)].map((sentence) => <div key={sentence}>{sentence}</div>)}
    />
  );
}

interface FlagsProps {
  readonly flags: readonly ScriptFlag[];
  readonly onSource: (flag: ScriptFlag, source: string) => void;
}

function Flags({ flags, onSource }: FlagsProps) {
  if (flags.length === 0) return null;
  return (
    <Section title={`敏感用语 ${flags.length} 处`}>
      <p className="zz-note">请改写；确有文件依据的，写明文件名称和条款，审批人会核对。</p>
      <FlagList flags={flags} onSource={onSource} />
    </Section>
  );
}

interface StepsProps {
  readonly kind: ScriptKind;
  readonly steps: readonly Step[];
  readonly onChange: (steps: readonly Step[]) => void;
}

/** A step id that is not used yet; ids are never shown. */
function freshId(prefix: string, taken: readonly { readonly id: string }[]): string {
  const used = new Set(taken.map(({ id }) => id));
  let number = taken.length + 1;
  while (used.has(`${prefix}-${number}`)) number += 1;
  return `${prefix}-${number}`;
}

function Steps({ kind, steps, onChange }: StepsProps) {
  const move = (place: number, by: -1 | 1) => {
    const next = [...steps];
    const [step] = next.splice(place, 1);
    if (step) next.splice(place + by, 0, step);
    onChange(next);
  };
  return (
    <>
      {steps.map((step, place) => (
        <StepEditor
          key={step.id}
          kind={kind}
          step={step}
          place={place}
          steps={steps}
          onChange={(next) => onChange(steps.map((one) => (one.id === step.id ? next : one)))}
          onMove={(by) => move(place, by)}
          onRemove={() => onChange(steps.filter(({ id }) => id !== step.id))}
        />
      ))}
      {kind === 'call' && (
        <Button
          icon={<PlusOutlined />}
          onClick={() =>
            onChange([
              ...steps,
              { id: freshId('step', steps), title: '新的一步', say: '', ask: '', branches: [] },
            ])
          }
        >
          加一步
        </Button>
      )}
    </>
  );
}

interface ObjectionsProps {
  readonly objections: readonly Objection[];
  readonly onChange: (objections: readonly Objection[]) => void;
}

function Objections({ objections, onChange }: ObjectionsProps) {
  const set = (id: string, change: Partial<Objection>) =>
    onChange(objections.map((one) => (one.id === id ? { ...one, ...change } : one)));
  return (
    <>
      <h2 style={{ marginTop: 24 }}>常见异议</h2>
      {objections.map((one) => (
        <div key={one.id} className="zz-section" style={{ marginBottom: 12 }}>
          <Flex gap={8}>
            <Input
              aria-label="异议名称"
              value={one.title}
              maxLength={40}
              style={{ width: 180 }}
              onChange={(event) => set(one.id, { title: event.target.value })}
            />
            <Input
              aria-label="考生常说的话"
              placeholder="考生常说的话"
              value={one.keyword}
              maxLength={200}
              onChange={(event) => set(one.id, { keyword: event.target.value })}
            />
            <Button
              type="text"
              danger
              icon={<DeleteOutlined />}
              aria-label={`删除异议${one.title}`}
              onClick={() => onChange(objections.filter(({ id }) => id !== one.id))}
            />
          </Flex>
          <Words label={`${one.title}的回答`} value={one.say} onChange={(say) => set(one.id, { say })} />
          <Input
            style={{ marginTop: 8 }}
            aria-label="依据"
            placeholder="依据：政策文件、章程条款"
            value={one.source}
            maxLength={200}
            onChange={(event) => set(one.id, { source: event.target.value })}
          />
        </div>
      ))}
      <Button
        icon={<PlusOutlined />}
        onClick={() =>
          onChange([
            ...objections,
            { id: freshId('objection', objections), title: '新的异议', keyword: '', say: '', source: '' },
          ])
        }
      >
        加一条异议
      </Button>
    </>
  );
}
