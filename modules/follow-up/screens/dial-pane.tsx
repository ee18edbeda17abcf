import { CloseCircleFilled, PhoneFilled, PhoneOutlined } from '@ant-design/icons';
import { Button } from 'antd';
import { PHONE_STATE_LABELS, RELATION_LABELS } from '#candidate/contract';
import { useRoute } from '#ui/api';
import { useNow } from '#ui/clock';
import { formatClock, formatNear } from '#ui/format';
import { KeyCap } from '#ui/keyboard';
import { QrCode } from '#ui/qr-code';
import { sharedRoute } from '../case.contract.ts';
import { outcomeLabel } from '../contract.ts';
import type { NumberData } from '../work.contract.ts';
import type { Action } from './call-keys.ts';
import { dialledAt, talkSeconds } from './call-state.ts';
import { ScriptPane } from './script-pane.tsx';
import type { Desk } from './use-desk.tsx';
import { lineWord, readable, telLink } from './words.ts';

interface DialPaneProps {
  readonly desk: Desk;
  readonly perform: (action: Action) => void;
}

/** The numbers in dial order, the call with its clock, and what to say. */
export function DialPane({ desk, perform }: DialPaneProps) {
  return (
    <>
      <CallBar desk={desk} perform={perform} />
      <NumberList desk={desk} perform={perform} />
      <ActRow desk={desk} perform={perform} />
      <ScriptPane desk={desk} perform={perform} />
    </>
  );
}

const phaseWords = { idle: '待拨打', ringing: '拨号中', talking: '通话中', ended: '已挂断' } as const;

function CallBar({ desk, perform }: DialPaneProps) {
  const { number, phase, lease } = desk;
  const others = useShared(lease.id).get(number?.phoneId ?? '');
  return (
    <div className={`zz-call-bar zz-call-${phase}`}>
      <div className="zz-call-dial">
        <span>
          {phaseWords[phase]}
          {number &&
            ` · ${RELATION_LABELS[number.relation]}${number.contactName ? ` ${number.contactName}` : ''}`}
          {number && ` · ${lineWord(number)}`}
          {lease.numbers.length > SHOWN && ` · 共 ${lease.numbers.length} 个号码`}
        </span>
        {number ? <DialString number={number} /> : <strong>没有号码，按 P 添加</strong>}
        <Clock desk={desk} />
        {others && <b className="zz-call-shared">也是 {others.join('、')} 的号码，先问清是谁</b>}
      </div>
      <div className="zz-call-buttons">
        <Button
          type={phase === 'idle' ? 'primary' : 'default'}
          icon={<PhoneFilled />}
          disabled={phase !== 'idle' || number === null}
          loading={phase === 'idle' && desk.busy}
          onClick={() => perform({ do: 'dial' })}
        >
          拨打 <KeyCap chord="D" />
        </Button>
        <Button
          icon={<CloseCircleFilled />}
          disabled={phase === 'idle' || phase === 'ended'}
          onClick={() => perform({ do: 'hang_up' })}
        >
          挂断 <KeyCap chord="H" />
        </Button>
        {number && (
          <Button
            type="link"
            size="small"
            icon={<PhoneOutlined />}
            href={telLink(number.number)}
            onClick={desk.dial}
          >
            用本机软电话拨
          </Button>
        )}
      </div>
      {number && (
        <figure className="zz-call-qr">
          <QrCode text={telLink(number.number)} label="用手机扫码拨打" size={72} />
          <figcaption>手机扫码拨</figcaption>
        </figure>
      )}
    </div>
  );
}

/** Exactly what to press on the telephone. */
function DialString({ number }: { readonly number: NumberData }) {
  const prefix = number.kind === 'mobile' && number.dialString.startsWith('01') ? '0' : '';
  return (
    <strong className="zz-call-digits" data-testid="dial-string">
      {prefix && <i>{prefix}</i>}
      {prefix
        ? readable(number.number)
        : number.kind === 'mobile'
          ? readable(number.number)
          : number.dialString}
    </strong>
  );
}

const WRAP_UP_SECONDS = 60;

function Clock({ desk }: { readonly desk: Desk }) {
  const now = useNow('second');
  const { lease, draft, phase } = desk;
  if (phase === 'idle') return <span className="zz-call-clock zz-note">按 D 开始计时</span>;
  if (phase === 'ringing')
    return (
      <span className="zz-call-clock">
        响铃 {formatClock((now - (dialledAt(lease, draft) ?? now)) / 1000)}
      </span>
    );
  const talk = formatClock(talkSeconds(lease, draft, now));
  if (phase === 'talking') return <span className="zz-call-clock">通话 {talk}</span>;
  const wrap = (now - (draft.endedAt ?? now)) / 1000;
  return (
    <span className="zz-call-clock">
      通话 {talk} · 话后整理 <b className={wrap > WRAP_UP_SECONDS ? 'zz-urgent' : ''}>{formatClock(wrap)}</b>
    </span>
  );
}

const acts = [
  ['P', '新号码', 'number'],
  ['S', '短信', 'message'],
  ['W', '微信', 'social'],
  ['T', '关注点', 'tags'],
  ['L', '找人', 'playbook'],
  ['E', '转交', 'escalate'],
  ['X', '放回', 'skip'],
] as const;

/** What else can be done for this candidate, each with its key. */
function ActRow({ desk, perform }: DialPaneProps) {
  return (
    <nav className="zz-call-acts" aria-label="其他操作">
      {acts.map(([chord, label, panel]) => (
        <Button
          key={chord}
          size="small"
          disabled={panel === 'skip' && desk.phase !== 'idle'}
          onClick={() => perform({ do: 'panel', panel })}
        >
          {label} <KeyCap chord={chord} />
        </Button>
      ))}
    </nav>
  );
}

const SHOWN = 5;

/** Other candidates with the same number, by number. Asked once a lease, beside the hot path. */
function useShared(leaseId: string): ReadonlyMap<string, readonly string[]> {
  const { data } = useRoute(sharedRoute, { params: { leaseId } }, { staleTime: Number.POSITIVE_INFINITY });
  return new Map((data?.items ?? []).map(({ phoneId, names }) => [phoneId, names]));
}

function NumberList({ desk, perform }: DialPaneProps) {
  const { lease, number, phase, settings } = desk;
  const now = useNow('minute');
  const shared = useShared(lease.id);
  return (
    <ol className="zz-call-numbers" aria-label="号码">
      {lease.numbers.map((one, index) => (
        <li key={one.phoneId}>
          <button
            type="button"
            className="zz-plain"
            aria-pressed={one.phoneId === number?.phoneId}
            disabled={phase !== 'idle'}
            onClick={() => perform({ do: 'number', index })}
          >
            {index < SHOWN ? <KeyCap chord={`Alt+${index + 1}`} /> : <span className="zz-key-gap" />}
            <b>{RELATION_LABELS[one.relation]}</b>
            <span className="zz-call-who">{one.contactName}</span>
            <span className="zz-figures">{readable(one.number)}</span>
            {shared.has(one.phoneId) && (
              <span className="zz-call-shared">同号 {shared.get(one.phoneId)?.length}</span>
            )}
            <NumberWords one={one} cap={settings.dialsPerNumberPerDay} now={now} />
          </button>
        </li>
      ))}
    </ol>
  );
}

interface NumberWordsProps {
  readonly one: NumberData;
  readonly cap: number;
  readonly now: number;
}

/** Why it may not be dialled, or what is known of it; the whole sentence under the mouse where the row is too short. */
function NumberWords({ one, cap, now }: NumberWordsProps) {
  const words = one.barred ?? numberWords(one, cap, now);
  return (
    <span className={one.barred ? 'zz-call-barred' : 'zz-note'} title={words}>
      {words}
    </span>
  );
}

function numberWords(one: NumberData, cap: number, now: number): string {
  const parts = [
    one.state === 'live' ? null : PHONE_STATE_LABELS[one.state],
    `今日 ${one.dialledToday}/${cap}`,
    one.lastOutcome === null
      ? '未拨过'
      : `上次${outcomeLabel(one.lastOutcome)} ${formatNear(one.lastDialledAt, now)}`,
    one.bestHour === null ? null : `${one.bestHour} 时易接通`,
  ];
  return parts.filter((part) => part !== null).join(' · ');
}
