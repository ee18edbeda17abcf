import { useEffect, useState } from 'react';
import type { ApiError } from '#ui/api';
import { undoRoute } from '../contract.ts';
import type { WorkView } from '../work.contract.ts';
import { useWorkCommand } from './use-work.tsx';

export interface Undo {
  /** Seconds left to take the last result back; null: too late, or nothing to take back. */
  readonly left: number | null;
  readonly offer: WorkView['undo'];
  readonly run: () => void;
}

const ends = new Map<string, number>();

/** When the offer ends by this machine's clock. A reply names the server's times, which need not agree with ours. */
function endOf(offer: NonNullable<WorkView['undo']>, serverNow: number): number {
  const known = ends.get(offer.attemptId);
  if (known !== undefined) return known;
  ends.clear();
  const end = Date.now() + (offer.until - serverNow);
  ends.set(offer.attemptId, end);
  return end;
}

/** The result saved last, for as long as it can be taken back. */
export function useUndo(work: WorkView, say: (message: string | null) => void): Undo {
  const command = useWorkCommand(undoRoute);
  const offer = work.undo;
  const end = offer ? endOf(offer, work.serverNow) : 0;
  const [now, setNow] = useState(() => Date.now());
  const isOpen = offer !== null && now < end;
  useEffect(() => {
    if (!isOpen) return;
    const timer = setInterval(() => setNow(Date.now()), 250);
    return () => clearInterval(timer);
  }, [isOpen]);
  const left = offer !== null && Date.now() < end ? Math.ceil((end - Date.now()) / 1000) : null;
  const run = () => {
    if (!offer || command.isPending) return;
    say(null);
    command.mutate(
      { params: { attemptId: offer.attemptId } },
      { onError: (error: ApiError) => say(error.message) },
    );
  };
  return { left, offer: left === null ? null : offer, run };
}
