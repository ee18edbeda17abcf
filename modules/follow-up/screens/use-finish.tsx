import { useEffect, useEffectEvent, useRef, useState } from 'react';
import type { ApiError } from '#ui/api';
import { serverNow } from '#ui/clock';
import { useConnection } from '#ui/events';
import { newKey } from '#ui/request';
import { finishRoute } from '../contract.ts';
import type { Outcome } from '../outcome.rules.ts';
import { type DraftState, finishBody, type HandOverData } from './call-state.ts';
import type { DeskProps } from './desk-props.ts';
import { useWorkCommand } from './use-work.tsx';

interface Sending {
  readonly draft: DraftState;
  readonly outcome: Outcome;
  readonly handOver: HandOverData | undefined;
}

/** A result that could not be sent waits at least this long before it goes out again by itself. */
const AGAIN_MS = 5_000;

/**
 * Sends the result and takes the next candidate. While nobody knows whether the server has done it, the act keeps its name and is sent
 * again once the line is back, so that a result is stored once and never lost.
 */
export function useFinish({ lease, pauseAfter, say, keep, lost }: Omit<DeskProps, 'initial'>) {
  const command = useWorkCommand(finishRoute, () => say(null));
  const clientKey = useRef<string | null>(null);
  const sending = useRef(false);
  const [unsent, setUnsent] = useState<Sending | null>(null);
  const failed = (error: ApiError, given: Sending) => {
    if (error.code === 'lease_ended') return lost(lease, given.draft);
    if (!error.isRetryable) clientKey.current = null;
    setUnsent(error.isRetryable ? given : null);
    say(wordsFor(error));
  };
  const give = (given: Sending) => {
    if (sending.current) return;
    const { draft, outcome, handOver = null } = given;
    sending.current = true;
    clientKey.current ??= newKey();
    keep(lease, draft);
    say(null);
    setUnsent(null);
    const now = serverNow();
    const body = finishBody({
      ...{ lease, draft, outcome, now, handOver },
      ...{ clientKey: clientKey.current, next: !pauseAfter },
    });
    command.mutate(
      { params: { leaseId: lease.id }, body },
      {
        onError: (error: ApiError) => failed(error, given),
        onSettled: () => {
          sending.current = false;
        },
      },
    );
  };
  useAgain(unsent, give);
  const send = (draft: DraftState, outcome: Outcome, handOver?: HandOverData) =>
    give({ draft, outcome, handOver });
  return { send, busy: command.isPending };
}

const FAULT = 500;

/** A refusal speaks for itself; after anything else the caller must know that the result is not stored. */
function wordsFor({ status, isRetryable, message }: ApiError): string {
  if (!isRetryable) return status >= FAULT ? `结果没有存上：${message}` : message;
  const cause = status === 0 ? '网络不通' : '服务器暂时没有应答';
  return `${cause}，结果还没有存上。请不要关闭页面，恢复后自动再存，只算一次；也可以按 Ctrl+Enter。`;
}

/** Sends what is unsent as soon as the line is back, and now and then, in case nobody says that it is. */
function useAgain(unsent: Sending | null, give: (given: Sending) => void): void {
  const connection = useConnection();
  const again = useEffectEvent(() => {
    if (unsent && connection !== 'offline') give(unsent);
  });
  useEffect(() => {
    if (unsent === null) return;
    const timer = setInterval(again, AGAIN_MS);
    return () => clearInterval(timer);
  }, [unsent]);
  useEffect(() => {
    if (connection === 'online') again();
  }, [connection]);
}
