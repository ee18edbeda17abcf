import { useRef } from 'react';
import { serverNow } from '#ui/clock';
import { useKeys } from '#ui/keyboard';
import { agree } from './agree.tsx';
import { type Action, keysOf } from './call-keys.ts';
import { callbackTime } from './callback-time.ts';
import { CandidatePane } from './candidate-pane.tsx';
import type { DeskProps } from './desk-props.ts';
import { DialPane } from './dial-pane.tsx';
import { NoticeLine } from './notice-line.tsx';
import { OutcomePane } from './outcome-pane.tsx';
import { PanelHost } from './panel-host.tsx';
import { back, follow, isScript, mark } from './script-walk.ts';
import { TodayStrip } from './today-strip.tsx';
import { type Desk, isAnswered, useDesk } from './use-desk.tsx';
import { useUndo } from './use-undo.tsx';
import { openWithdrawal, withdrawalBarred } from './withdrawal-link.tsx';

interface CallDeskProps extends DeskProps {
  readonly message: string | null;
  readonly setPauseAfter: (pause: boolean) => void;
}

/** The screen while a candidate is in hand: file on the left, call in the middle, result on the right. */
export function CallDesk(props: CallDeskProps) {
  const desk = useDesk(props);
  const undo = useUndo(props.work, props.say);
  const noteRef = useRef<HTMLTextAreaElement>(null);
  const entries = keysOf({
    phase: desk.phase,
    panel: desk.panel,
    answered: isAnswered(desk),
    results: desk.results,
    numbers: desk.lease.numbers.length,
    canUndo: undo.left !== null,
    withdrawalBarred: withdrawalBarred(desk, serverNow()),
    paused: false,
  });
  const perform = (action: Action) => {
    if (action.do === 'refuse') return props.say(action.why);
    if (action.do === 'note') return noteRef.current?.focus();
    if (action.do === 'undo') return undo.run();
    // The result is on its way: the next key is meant for the next candidate, who is not here yet.
    if (desk.busy) return;
    performOn(desk, action);
  };
  useKeys(
    Object.fromEntries(
      Object.entries(entries).map(([chord, { label, action }]) => [
        chord,
        { label, run: () => perform(action), refused: action.do === 'refuse' },
      ]),
    ),
    desk.panel === null || desk.panel === 'callback',
    '我的录检',
  );
  return (
    <div className="zz-call" data-lease={props.lease.id}>
      <NoticeLine {...props} undo={undo} />
      <CandidatePane desk={desk} />
      <section className="zz-call-middle" aria-label="拨打">
        <DialPane desk={desk} perform={perform} />
        <PanelHost desk={desk} {...props} />
      </section>
      <OutcomePane desk={desk} perform={perform} noteRef={noteRef} />
      <TodayStrip {...props} onPanel={desk.open} />
    </div>
  );
}

function performOn(desk: Desk, action: Action) {
  switch (action.do) {
    case 'dial':
      return desk.dial();
    case 'hang_up':
      return desk.hangUp();
    case 'connected':
      return desk.change({ answeredAt: serverNow(), endedAt: null, outcome: null });
    case 'save':
      return desk.save();
    case 'withdraw':
      return openWithdrawal(desk.lease);
    case 'number':
      return chooseNumber(desk, action.index);
    case 'outcome':
      return desk.choose(action.outcome);
    case 'panel':
      return desk.open(action.panel === 'callback' && desk.panel === 'callback' ? null : action.panel);
    case 'callback':
      return agree(desk, callbackTime(action.choice, serverNow(), desk.lease.facts.window));
    case 'script':
      return walk(desk, action.step);
    case 'clear':
      return clear(desk);
  }
}

function chooseNumber(desk: Desk, index: number): void {
  const number = desk.lease.numbers[index];
  if (number && desk.phase === 'idle') desk.change({ phoneId: number.phoneId });
}

function walk(desk: Desk, step: 'follow' | 'back' | 'up' | 'down'): void {
  const body = desk.lease.script?.body;
  if (!isScript(body)) return;
  if (step === 'follow') desk.change(follow(body, desk.draft));
  else if (step === 'back') desk.change(back(desk.draft));
  else desk.change(mark(body, desk.draft, step === 'down' ? 1 : -1));
}

/** Escape takes back one thing at a time: the list of times, the chosen result, then 接通. */
function clear(desk: Desk) {
  const { draft } = desk;
  if (desk.panel !== null) return desk.open(null);
  if (draft.outcome !== null || draft.callback !== null)
    return desk.change({ outcome: null, callback: null, checked: { major: false, identity: false } });
  if (draft.endedAt !== null) return desk.change({ endedAt: null });
  if (draft.answeredAt !== null) return desk.change({ answeredAt: null });
  desk.change({ dialledAt: null });
}
