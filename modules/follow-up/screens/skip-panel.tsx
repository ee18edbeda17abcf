import { Input } from 'antd';
import { useState } from 'react';
import type { ApiError } from '#ui/api';
import { SKIP_REASONS, skipRoute } from '../contract.ts';
import { Choice, PanelFrame } from './panel-frame.tsx';
import type { DeskPanelProps } from './panel-props.tsx';
import { useWorkCommand } from './use-work.tsx';

type Reason = keyof typeof SKIP_REASONS;
const reasons = Object.entries(SKIP_REASONS) as [Reason, string][];

/** Back into the queue, never without a reason; leaders see how often. */
export function SkipPanel({ desk, say }: DeskPanelProps) {
  const skip = useWorkCommand(skipRoute);
  const [other, setOther] = useState<string | null>(null);
  const send = (reason: Reason, note: string) => {
    if (skip.isPending) return;
    skip.mutate(
      { params: { leaseId: desk.lease.id }, body: { reason, note } },
      {
        onError: (error: ApiError) => {
          desk.open(null);
          say(error.message);
        },
      },
    );
  };
  const choose = (reason: Reason) => (reason === 'other' ? setOther('') : send(reason, ''));
  const keys = Object.fromEntries(
    reasons.map(([reason, label], index) => [String(index + 1), { label, run: () => choose(reason) }]),
  );
  return (
    <PanelFrame
      title={`放回队列：${desk.lease.candidate.name}`}
      onClose={() => desk.open(null)}
      keys={keys}
      busy={skip.isPending}
      {...(other === null ? {} : { onSubmit: () => send('other', other.trim()) })}
      refused={other !== null && other.trim().length < 2 ? '请说明原因' : null}
      submitLabel="放回并取下一位"
    >
      <p className="zz-note">今天已放回 {desk.work.today.skips} 次，组长可见。</p>
      <div className="zz-choices">
        {reasons.map(([reason, label], index) => (
          <Choice key={reason} chord={String(index + 1)} onClick={() => choose(reason)}>
            {label}
          </Choice>
        ))}
      </div>
      {other !== null && (
        <Input
          autoFocus
          aria-label="原因"
          maxLength={200}
          value={other}
          onChange={(event) => setOther(event.target.value)}
        />
      )}
    </PanelFrame>
  );
}
