import { Alert, Segmented } from 'antd';
import { z } from 'zod';
import { stageLabel } from '#season/contract';
import { PHASES, ROUNDS } from '#season/rules';
import { useRoute } from '#ui/api';
import { ErrorNote } from '#ui/error-note';
import { Page } from '#ui/page';
import { Empty, Loading } from '#ui/states';
import { useUrlState } from '#ui/url-state';
import { runOptions } from '../contract.ts';
import { RunHistory } from './run-history.tsx';
import { RunSteps } from './run-steps.tsx';

const Address = z.object({
  view: z.enum(['new', 'history']).catch('new'),
  run: z.uuid().optional().catch(undefined),
});

const Stage = z.object({ phase: z.enum(PHASES), round: z.enum(ROUNDS) });

/** 分配与放出: range, limits, preview, release; and what was released before. */
export function ReleasePage() {
  const [{ view, run }, patch] = useUrlState(Address);
  const options = useRoute(runOptions, undefined);
  const stage = Stage.safeParse(options.data?.stage);
  return (
    <Page
      note={
        stage.success
          ? `当前阶段：${stageLabel(stage.data)}。谁报备谁回访，其余随机均分；先预览，再由录检组放出。`
          : null
      }
      extra={
        <Segmented<'new' | 'history'>
          value={view}
          onChange={(next) => patch({ view: next, run: undefined })}
          options={[
            { value: 'new', label: '分配' },
            { value: 'history', label: '分配记录' },
          ]}
        />
      }
    >
      <ErrorNote error={options.error} />
      {options.isPending && <Loading rows={8} />}
      {options.data && !stage.success && <Empty text="还没有招生季，请招办先到“设置 > 招生季”新建。" />}
      {view === 'new' && stage.success && stage.data.phase === 'guidance' && (
        <Alert
          type="warning"
          showIcon
          title="现在还是志愿填报指导阶段，放出后回访员看到的是这个阶段的话术。"
          description="投档名单已到校的，请招办先到“设置 > 招生季”进入“投档·通打一遍”，再分配、放出。"
        />
      )}
      {view === 'history' && <RunHistory onOpen={(id) => patch({ view: 'new', run: id })} />}
      {view === 'new' && options.data && stage.success && (
        <RunSteps
          key={run ?? 'new'}
          options={options.data}
          runId={run ?? null}
          onRun={(id) => patch({ run: id ?? undefined })}
        />
      )}
    </Page>
  );
}
