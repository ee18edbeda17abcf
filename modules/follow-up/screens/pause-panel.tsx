import { Input } from 'antd';
import { useState } from 'react';
import { type ApiError, api } from '#ui/api';
import { presenceRoute } from '../case.contract.ts';
import { PAUSE_REASONS } from '../contract.ts';
import { Choice, PanelFrame } from './panel-frame.tsx';

interface PausePanelProps {
  readonly say: (message: string | null) => void;
  readonly refresh: () => void;
  /** Somebody is in hand: the pause begins after this call. */
  readonly inHand: boolean;
  readonly setPauseAfter: (pause: boolean) => void;
  readonly onClose: () => void;
}

type Reason = keyof typeof PAUSE_REASONS;
const reasons = Object.entries(PAUSE_REASONS) as [Reason, string][];

/** A pause says why. It is a signal for planning, never a lock. */
export function PausePanel({ say, refresh, inHand, setPauseAfter, onClose }: PausePanelProps) {
  const [other, setOther] = useState<string | null>(null);
  const pause = async (reason: string) => {
    try {
      await api(presenceRoute, { body: { state: 'paused', reason } });
      if (inHand) setPauseAfter(true);
      onClose();
      refresh();
    } catch (error) {
      say((error as ApiError).message);
    }
  };
  const choose = (reason: Reason) => (reason === 'other' ? setOther('') : void pause(reason));
  const keys = Object.fromEntries(
    reasons.map(([reason, label], index) => [String(index + 1), { label, run: () => choose(reason) }]),
  );
  return (
    <PanelFrame
      title={inHand ? '这一通结束后暂停' : '暂停'}
      onClose={onClose}
      keys={keys}
      {...(other === null ? {} : { onSubmit: () => void pause(other.trim()) })}
      refused={other !== null && other.trim().length < 2 ? '请说明原因' : null}
      submitLabel="暂停"
    >
      <p className="zz-note">{inHand ? '登记这一通的结果后不再取下一位。' : '按 N 回来继续。'}</p>
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
          maxLength={100}
          value={other}
          onChange={(event) => setOther(event.target.value)}
        />
      )}
    </PanelFrame>
  );
}
