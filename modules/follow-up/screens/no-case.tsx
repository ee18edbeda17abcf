import { Button } from 'antd';
import { useEffect, useState } from 'react';
import type { ApiError } from '#ui/api';
import { api } from '#ui/api';
import { serverNow, useNow } from '#ui/clock';
import { formatClock, formatNear } from '#ui/format';
import { KeyCap, useKeys } from '#ui/keyboard';
import { presenceRoute } from '../case.contract.ts';
import { claimRoute, PAUSE_REASONS } from '../contract.ts';
import type { WorkView } from '../work.contract.ts';
import { type Action, keysOf, type Panel } from './call-keys.ts';
import { CompleteCall } from './complete-call.tsx';
import { InboundPanel } from './inbound-panel.tsx';
import { NoticeLine } from './notice-line.tsx';
import { PausePanel } from './pause-panel.tsx';
import { ownRinging } from './ringing.ts';
import { TodayStrip } from './today-strip.tsx';
import { useInbound } from './use-inbound.tsx';
import { useUndo } from './use-undo.tsx';
import { useWorkCommand } from './use-work.tsx';
import { PromisedCalls, WhatElse } from './what-else.tsx';

interface NoCaseProps {
  readonly work: WorkView;
  readonly message: string | null;
  readonly say: (message: string | null) => void;
  readonly refresh: () => void;
  readonly pauseAfter: boolean;
  readonly setPauseAfter: (pause: boolean) => void;
}

const noResults = { keys: [], more: [] };

/** The screen with nobody in hand: why, and what to do about it. */
export function NoCase(props: NoCaseProps) {
  const { work, say } = props;
  const [panel, open] = useState<Panel | null>(null);
  useInbound(open);
  const undo = useUndo(work, say);
  const claim = useWorkCommand(claimRoute, () => props.setPauseAfter(false));
  const paused = work.presence.state === 'paused';
  const next = async () => {
    if (claim.isPending) return;
    say(null);
    if (paused) await api(presenceRoute, { body: { state: 'working' } }).catch(() => undefined);
    const callbackCaseId = ownRinging(work.callbacks, serverNow());
    const pull = () => claim.mutate({ body: {} }, { onError: (error: ApiError) => say(error.message) });
    if (callbackCaseId === undefined) return pull();
    // Taken over a second ago, given to another owner, or too late at night: then whoever is next, or why nobody is.
    const onError = ({ code, message }: ApiError) =>
      code === 'case_taken' || code === 'outside_hours' ? pull() : say(message);
    claim.mutate({ body: { callbackCaseId } }, { onError });
  };
  const perform = (action: Action) => {
    if (action.do === 'next') void next();
    if (action.do === 'undo') undo.run();
    if (action.do === 'panel') open(action.panel);
    if (action.do === 'refuse') say(action.why);
  };
  const [incomplete] = work.incomplete;
  const entries = keysOf({
    phase: 'none',
    panel,
    answered: false,
    results: noResults,
    numbers: 0,
    canUndo: undo.left !== null,
    withdrawalBarred: null,
    paused,
  });
  useKeys(
    Object.fromEntries(
      Object.entries(entries).map(([chord, { label, action }]) => [
        chord,
        { label, run: () => perform(action), refused: action.do === 'refuse' },
      ]),
    ),
    panel === null,
    '我的录检',
  );
  useReturn(work, props.refresh);
  return (
    <div className="zz-call zz-call-empty">
      <NoticeLine work={work} message={props.message} say={say} undo={undo} />
      <section className="zz-call-alone">
        {incomplete ? (
          <CompleteCall
            key={incomplete.attemptId}
            call={incomplete}
            others={work.incomplete.length - 1}
            say={say}
          />
        ) : (
          <Why work={work} busy={claim.isPending} onNext={() => void next()} />
        )}
        {panel === 'inbound' && <InboundPanel say={say} onClose={() => open(null)} />}
        {panel === 'pause' && <PausePanel {...props} inHand={false} onClose={() => open(null)} />}
      </section>
      <TodayStrip {...props} onPanel={open} />
    </div>
  );
}

/** Looks again when the next one falls due. */
function useReturn({ nothing }: WorkView, refresh: () => void): void {
  const at = nothing?.nextDueAt ?? null;
  useEffect(() => {
    if (at === null) return;
    const wait = Math.min(Math.max(at - serverNow(), 0) + 500, 3_600_000);
    const timer = setTimeout(refresh, wait);
    return () => clearTimeout(timer);
  }, [at, refresh]);
}

interface WhyProps {
  readonly work: WorkView;
  readonly busy: boolean;
  readonly onNext: () => void;
}

function Why({ work, busy, onNext }: WhyProps) {
  const now = useNow('second');
  const { nothing, presence, today } = work;
  const paused = presence.state === 'paused';
  const due = nothing?.nextDueAt ?? null;
  const waiting = due !== null && due > now;
  return (
    <div className="zz-why">
      <h2>{paused ? pausedWords(presence.reason) : (nothing?.message ?? '准备好就开始')}</h2>
      {paused && presence.since !== null && (
        <p className="zz-why-clock">{formatClock((now - presence.since) / 1000)}</p>
      )}
      {!paused && waiting && (
        <p>
          下一位 {formatNear(due, now)} 可拨，还有{' '}
          <b className="zz-figures">{formatClock((due - now) / 1000)}</b>
          ，到时自动刷新。
        </p>
      )}
      {!paused && !nothing && (
        <p>
          您名下有 {today.due} 位已到时间，在手 {today.open} 位（上限 {today.openWorkCap} 位）。
        </p>
      )}
      <Button type="primary" size="large" loading={busy} onClick={onNext}>
        {paused ? '继续工作' : nothing ? '再看看' : '下一位'} <KeyCap chord="N" />
      </Button>
      {!paused && <PromisedCalls work={work} />}
      {!paused && (nothing || today.due === 0) && <WhatElse />}
    </div>
  );
}

const pausedWords = (reason: string | null): string => {
  const known = PAUSE_REASONS[reason as keyof typeof PAUSE_REASONS] ?? reason;
  return known ? `暂停中：${known}` : '暂停中';
};
