import { Button, Checkbox, Input } from 'antd';
import type { RefObject } from 'react';
import { listPhrases } from '#script/contract';
import { findPhrases } from '#script/rules';
import { useRoute } from '#ui/api';
import { useNow } from '#ui/clock';
import { formatClock, formatNear } from '#ui/format';
import { KeyCap } from '#ui/keyboard';
import { CHANNEL_LABELS, outcomeLabel } from '../contract.ts';
import { sayTime } from '../day-part.rules.ts';
import { CONNECTED_KEY } from '../key.rules.ts';
import { type Outcome, ruleOf } from '../outcome.rules.ts';
import type { ContactData } from '../work.contract.ts';
import type { Action } from './call-keys.ts';
import { CALLBACK_CHOICES, callbackLabel, callbackTime } from './callback-time.ts';
import { Dialect } from './dialect.tsx';
import { type Desk, isAnswered } from './use-desk.tsx';

interface OutcomePaneProps {
  readonly desk: Desk;
  readonly perform: (action: Action) => void;
  readonly noteRef: RefObject<HTMLTextAreaElement | null>;
}

/** What was said before, and what came of this call. */
export function OutcomePane({ desk, perform, noteRef }: OutcomePaneProps) {
  return (
    <section className="zz-call-right" aria-label="结果">
      <Timeline items={desk.lease.timeline} candidateId={desk.lease.candidate.id} />
      <ResultKeys desk={desk} perform={perform} />
      <CallbackChips desk={desk} perform={perform} />
      <Note desk={desk} noteRef={noteRef} />
      <SaveBar desk={desk} perform={perform} />
    </section>
  );
}

const TIMELINE = 5;

interface TimelineProps {
  readonly items: readonly ContactData[];
  readonly candidateId: string;
}

function Timeline({ items, candidateId }: TimelineProps) {
  const now = useNow('minute');
  const noted = items.slice(0, TIMELINE).find(({ note }) => note !== null);
  return (
    <div className="zz-call-timeline">
      <h3>
        最近联系
        <a href={`/follow-up/record?candidateId=${candidateId}`} target="_blank" rel="noopener">
          全部、更正
        </a>
      </h3>
      {items.length === 0 && <p className="zz-note">还没有人联系过这名考生。</p>}
      <ol>
        {items.slice(0, TIMELINE).map((one) => (
          <li key={one.attemptId} className={one.undone ? 'zz-undone' : ''}>
            <time>{formatNear(one.at, now)}</time>
            <b>{outcomeLabel(one.outcome)}</b>
            <span className="zz-note">
              {one.channel !== 'phone' && `${CHANNEL_LABELS[one.channel]} `}
              {one.direction === 'in' && '来电 '}
              {one.talkSeconds > 0 && `${formatClock(one.talkSeconds)} `}
              {one.callerName}
              {one.undone && '（已撤销）'}
              {one.corrected && '（已更正）'}
            </span>
            {one.note && one !== noted && <q title={one.note}>{one.note}</q>}
            {one.note && one === noted && (
              <q className="zz-noted" title={one.note}>
                {one.note}
              </q>
            )}
          </li>
        ))}
      </ol>
    </div>
  );
}

const hints = {
  idle: '先按 D 拨打，再登记结果',
  ringing: '没接通：按一个键即保存并到下一位',
  talking: '按数字选中，再按一次即保存',
  ended: '已挂断：按数字即保存并到下一位',
} as const;

function ResultKeys({ desk, perform }: Omit<OutcomePaneProps, 'noteRef'>) {
  const { results, phase } = desk;
  return (
    <section className="zz-results" aria-label="结果键">
      <h3>
        结果 <small>{hints[phase]}</small>
        <Button size="small" type="text" onClick={() => perform({ do: 'panel', panel: 'more' })}>
          更多 <KeyCap chord="0" />
        </Button>
      </h3>
      {results.keys.map((outcome, index) => (
        <ResultKey key={outcome} desk={desk} outcome={outcome} chord={String(index + 1)} />
      ))}
      {!isAnswered(desk) && (
        <button
          type="button"
          className="zz-plain zz-result zz-result-connected"
          aria-disabled={phase === 'idle'}
          onClick={() => phase !== 'idle' && perform({ do: 'connected' })}
        >
          <KeyCap chord={CONNECTED_KEY} />
          <b>接通了</b>
          <span>开始计通话时间，换成通话结果</span>
        </button>
      )}
      {isAnswered(desk) && desk.draft.outcome !== null && !results.keys.includes(desk.draft.outcome) && (
        <ResultKey desk={desk} outcome={desk.draft.outcome} chord="0" />
      )}
    </section>
  );
}

interface ResultKeyProps {
  readonly desk: Desk;
  readonly outcome: Outcome;
  readonly chord: string;
}

/** A result with what it leads to, so that nobody has to save in order to find out. */
export function ResultKey({ desk, outcome, chord }: ResultKeyProps) {
  const now = useNow('minute');
  const chosen = desk.draft.outcome === outcome;
  const unread = outcome === 'R1' && !(desk.draft.checked.major && desk.draft.checked.identity);
  const seen = desk.look(outcome, now, {
    ...(chosen ? {} : { callback: null }),
    ...(unread ? { checked: { major: true, identity: true } } : {}),
  });
  const needsTime = !seen.ok && seen.code === 'callback_invalid';
  const words = seen.ok ? seen.text : needsTime ? '接着选约好的时间' : seen.message;
  const soft = !seen.ok && needsTime;
  return (
    <button
      type="button"
      className={`zz-plain zz-result${seen.ok || soft ? '' : ' zz-result-barred'}`}
      aria-pressed={chosen}
      aria-disabled={desk.phase === 'idle' || desk.busy}
      title={words}
      onClick={() => desk.phase !== 'idle' && desk.choose(outcome)}
    >
      <KeyCap chord={chord} />
      <b>{ruleOf(outcome).label}</b>
      <span>{unread && seen.ok ? `核对专业、身份后${words}` : words}</span>
    </button>
  );
}

function CallbackChips({ desk, perform }: Omit<OutcomePaneProps, 'noteRef'>) {
  const now = useNow('minute');
  const { window } = desk.lease.facts;
  const isOpen = desk.panel === 'callback';
  const { callback } = desk.draft;
  return (
    <section className={isOpen ? 'zz-chips zz-chips-open' : 'zz-chips'} aria-label="约定回电">
      <Button
        size="small"
        type={isOpen ? 'primary' : 'default'}
        onClick={() => perform({ do: 'panel', panel: 'callback' })}
      >
        约回电 <KeyCap chord="C" />
      </Button>
      {CALLBACK_CHOICES.map((choice, index) => (
        <Button
          key={choice}
          size="small"
          disabled={choice !== 'pick' && callbackTime(choice, now, window) === null}
          onClick={() =>
            perform(choice === 'pick' ? { do: 'panel', panel: 'time' } : { do: 'callback', choice })
          }
        >
          {isOpen && <KeyCap chord={String(index + 1)} />} {callbackLabel(choice, now, window)}
        </Button>
      ))}
      {callback && <b className="zz-chips-set">{sayTime(callback.at, now)} 回电</b>}
    </section>
  );
}

const PHRASES_FRESH_MS = 600_000;

function Note({ desk, noteRef }: Pick<OutcomePaneProps, 'desk' | 'noteRef'>) {
  const phrases = useRoute(listPhrases, undefined, { staleTime: PHRASES_FRESH_MS }).data?.items ?? [];
  const [flag] = findPhrases(
    desk.draft.note,
    phrases.filter(({ active }) => active),
  );
  return (
    <div className="zz-call-note">
      <Input.TextArea
        ref={(box) => {
          noteRef.current = (box?.resizableTextArea?.textArea as HTMLTextAreaElement | undefined) ?? null;
        }}
        aria-label="备注"
        placeholder="备注（按 B 到这里，Esc 离开，Ctrl+Enter 保存并下一位）"
        value={desk.draft.note}
        maxLength={2000}
        autoSize={false}
        rows={2}
        status={flag ? 'warning' : ''}
        onChange={(event) => desk.change({ note: event.target.value })}
        onKeyDown={(event) => {
          if (event.key === 'Escape' && !event.nativeEvent.isComposing) event.currentTarget.blur();
        }}
      />
      {flag && (
        <p className="zz-call-flag" role="alert">
          敏感用语“{flag.pattern}”（{flag.rule}）：{flag.advice}
        </p>
      )}
    </div>
  );
}

function SaveBar({ desk, perform }: Omit<OutcomePaneProps, 'noteRef'>) {
  const now = useNow('minute');
  const { draft, phase } = desk;
  const seen = draft.outcome === null ? null : desk.look(draft.outcome, now);
  const words =
    draft.outcome === null || seen === null
      ? ''
      : `${ruleOf(draft.outcome).label} → ${seen.ok ? seen.text : seen.message}`;
  return (
    <div className="zz-save">
      <p className={seen && !seen.ok ? 'zz-call-barred' : ''} title={words}>
        {words}
      </p>
      {draft.outcome === 'R1' && <Checks desk={desk} />}
      {draft.outcome === 'A9' && <Dialect desk={desk} />}
      <Button
        type="primary"
        loading={desk.busy && phase !== 'idle'}
        disabled={draft.outcome === null}
        onClick={() => perform({ do: 'save' })}
      >
        保存并下一位 <KeyCap chord="Ctrl+Enter" />
      </Button>
    </div>
  );
}

/** 确认录取 only after both were read back to the candidate. Seed 000 part 三. */
function Checks({ desk: { draft, change } }: { readonly desk: Desk }) {
  const { checked } = draft;
  return (
    <div className="zz-checks" title="再按一次 1 = 都已核对并保存">
      <Checkbox
        checked={checked.major}
        onChange={({ target }) => change({ checked: { ...checked, major: target.checked } })}
      >
        专业
      </Checkbox>
      <Checkbox
        checked={checked.identity}
        onChange={({ target }) => change({ checked: { ...checked, identity: target.checked } })}
      >
        身份
      </Checkbox>
      <span className="zz-note">已核对（再按 1）</span>
    </div>
  );
}
