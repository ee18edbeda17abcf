import { App, Button, Modal, Space } from 'antd';
import { useState } from 'react';
import { ActionButton } from '#ui/action-button';
import { useCommand } from '#ui/api';
import { ErrorNote } from '#ui/error-note';
import { formatCount, formatDateTime } from '#ui/format';
import { useKeyBlock } from '#ui/keyboard';
import { discardRun, type RunView, releaseRun } from '../contract.ts';
import { RunFigures } from './run-figures.tsx';

interface PreviewStepProps {
  readonly run: RunView;
  readonly onAgain: () => void;
  readonly onNew: () => void;
}

/** 预览: what a release would do, and the button that does it. */
export function PreviewStep({ run, onAgain, onNew }: PreviewStepProps) {
  const { message } = App.useApp();
  const [asking, setAsking] = useState(false);
  const release = useCommand(releaseRun);
  const discard = useCommand(discardRun, { onDone: () => void message.success('预览已作废。') });
  const { lead, random, escalation } = run.preview.figures;
  const ready = lead + random + escalation;
  useKeyBlock(asking);
  const params = { params: { id: run.id } };
  return (
    <>
      <Space wrap>
        <ActionButton
          type="primary"
          can="assignment.release"
          loading={release.isPending}
          refused={
            run.state === 'discarded'
              ? '这次预览已作废，请重新预览。'
              : ready === 0
                ? '没有可以放出的考生，请按下面的提示补齐后重新预览。'
                : null
          }
          onClick={() => setAsking(true)}
        >
          放出 {formatCount(ready)} 名
        </ActionButton>
        <Button onClick={onAgain}>改限制，重新预览</Button>
        <Button onClick={onNew}>重选范围</Button>
        {run.state === 'previewed' && (
          <Button danger type="text" loading={discard.isPending} onClick={() => discard.mutate(params)}>
            作废
          </Button>
        )}
        <span className="zz-note">
          {run.createdByName} 于 {formatDateTime(run.createdAt)} 预览，随机种子 {run.seed}
        </span>
      </Space>
      <ErrorNote error={release.error ?? discard.error} />
      <RunFigures run={run} />
      <Modal
        open={asking}
        title="放出考生"
        okText={`放出 ${formatCount(ready)} 名`}
        onCancel={() => setAsking(false)}
        onOk={() => {
          setAsking(false);
          release.mutate(params);
        }}
      >
        <p className="zz-consequence">
          {`将生成 ${formatCount(ready)} 个回访任务：报备 ${formatCount(lead)} 名、随机 ${formatCount(random)} 名、突击组 ${formatCount(escalation)} 名。放出后回访员立即可以取下一位；以后调整归属请到“团队 > 调整归属”。`}
        </p>
      </Modal>
    </>
  );
}
