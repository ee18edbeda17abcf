import { Button, Space, Steps } from 'antd';
import { useState } from 'react';
import { useCommand, useRoute } from '#ui/api';
import { ErrorNote } from '#ui/error-note';
import { Loading } from '#ui/states';
import { previewRun, type RunView, readRun } from '../contract.ts';
import { takesIn } from '../rules.ts';
import { type Draft, emptyDraft, type Options } from './draft.ts';
import { LimitsStep } from './limits-step.tsx';
import { PreviewStep } from './preview-step.tsx';
import { RangeStep } from './range-step.tsx';
import { ReleaseStep } from './release-step.tsx';

interface RunStepsProps {
  readonly options: Options;
  readonly runId: string | null;
  readonly onRun: (id: string | null) => void;
}

/** The four steps. A previewed run stands in the address; range and limits are kept while going back. */
export function RunSteps({ options, runId, onRun }: RunStepsProps) {
  const run = useRoute(readRun, { params: { id: runId ?? '' } }, { enabled: runId !== null });
  if (runId === null) return <DraftSteps options={options} start={emptyDraft} onRun={onRun} />;
  if (run.isPending) return <Loading rows={8} />;
  if (!run.data) return <ErrorNote error={run.error} onRetry={() => void run.refetch()} />;
  return <StoredSteps options={options} run={run.data} onRun={onRun} />;
}

const titles = ['范围', '限制', '预览', '放出'];

function Frame({ at, children }: { readonly at: number; readonly children: React.ReactNode }) {
  return (
    <div className="zz-import">
      <Steps size="small" current={at} items={titles.map((title) => ({ title }))} />
      {children}
    </div>
  );
}

interface DraftStepsProps {
  readonly options: Options;
  readonly start: Draft;
  readonly onRun: (id: string | null) => void;
}

function DraftSteps({ options, start, onRun }: DraftStepsProps) {
  const [draft, setDraft] = useState(start);
  const [at, setAt] = useState(start === emptyDraft ? 0 : 1);
  const preview = useCommand(previewRun, { onDone: (run) => onRun(run.id) });
  const waiting = options.waiting.filter((place) => takesIn(draft.filter, place)).length;
  const send = () =>
    preview.mutate({
      body: {
        filter: draft.filter,
        limits: draft.limits as RunView['limits'],
        ...(draft.seed === '' ? {} : { seed: draft.seed }),
      },
    });
  return (
    <Frame at={at}>
      {at === 0 && <RangeStep options={options} draft={draft} onChange={setDraft} />}
      {at === 1 && <LimitsStep options={options} draft={draft} onChange={setDraft} />}
      <ErrorNote error={preview.error} />
      <Space>
        {at === 1 && <Button onClick={() => setAt(0)}>上一步</Button>}
        {at === 0 && (
          <Button type="primary" disabled={waiting === 0} onClick={() => setAt(1)}>
            下一步：限制
          </Button>
        )}
        {at === 1 && (
          <Button type="primary" loading={preview.isPending} onClick={send}>
            预览分配
          </Button>
        )}
      </Space>
    </Frame>
  );
}

interface StoredStepsProps {
  readonly options: Options;
  readonly run: RunView;
  readonly onRun: (id: string | null) => void;
}

function StoredSteps({ options, run, onRun }: StoredStepsProps) {
  const [editing, setEditing] = useState(false);
  const again: Draft = { filter: run.filter, limits: run.limits, seed: '' };
  if (editing) return <DraftSteps options={options} start={again} onRun={onRun} />;
  if (run.state === 'previewed' || run.state === 'discarded')
    return (
      <Frame at={2}>
        <PreviewStep run={run} onAgain={() => setEditing(true)} onNew={() => onRun(null)} />
      </Frame>
    );
  return (
    <Frame at={run.state === 'released' ? 4 : 3}>
      <ReleaseStep run={run} onNew={() => onRun(null)} />
    </Frame>
  );
}
