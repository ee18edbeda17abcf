import { useQueryClient } from '@tanstack/react-query';
import { Alert, Button, Space } from 'antd';
import { useEffect } from 'react';
import { useNow } from '#ui/clock';
import { ErrorNote } from '#ui/error-note';
import { formatCount, formatDateTime } from '#ui/format';
import { isOver, useJob } from '#ui/job';
import { JobProgress } from '#ui/progress';
import type { RunView } from '../contract.ts';
import { RunFigures } from './run-figures.tsx';

interface ReleaseStepProps {
  readonly run: RunView;
  readonly onNew: () => void;
}

/** 放出: the job while it runs, then who released what. */
export function ReleaseStep({ run, onNew }: ReleaseStepProps) {
  const done = run.state === 'released';
  const { lead, random, escalation } = run.preview.figures;
  return (
    <>
      {!done && <Running run={run} />}
      {done && (
        <Alert
          type="success"
          showIcon
          title={`已放出 ${formatCount(lead + random + escalation)} 名`}
          description={`${run.createdByName} 预览，${run.releasedByName ?? ''} 于 ${formatDateTime(run.releasedAt)} 放出。回访员现在可以在“我的录检”取下一位。`}
        />
      )}
      <Space>
        <Button onClick={onNew}>再分配一批</Button>
      </Space>
      <RunFigures run={run} />
    </>
  );
}

function Running({ run }: { readonly run: RunView }) {
  const client = useQueryClient();
  const job = useJob(run.jobId);
  const now = useNow('second');
  const over = isOver(job.data);
  useEffect(() => {
    if (over) void client.invalidateQueries({ queryKey: ['assignment-runs'] });
  }, [over, client]);
  if (job.error) return <ErrorNote error={job.error} />;
  const {
    done = 0,
    total = null,
    unit = '名',
    step = '正在准备放出',
    since = now,
  } = job.data?.progress ?? {};
  return (
    <>
      <JobProgress
        label={step}
        done={done}
        total={total}
        unit={unit}
        elapsedSeconds={Math.max(0, (now - since) / 1000)}
        status={job.data?.state === 'refused' || job.data?.state === 'failed' ? 'failed' : 'running'}
      />
      {job.data?.error && <Alert type="error" showIcon title={job.data.error} />}
    </>
  );
}
