import { WifiOutlined } from '@ant-design/icons';
import { Button } from 'antd';
import { DEFAULT_SETTINGS } from '#season/rules';
import { useNow } from '#ui/clock';
import { useConnection } from '#ui/events';
import { formatClock, formatCount, formatDuration, formatPercent, formatTime } from '#ui/format';
import { KeyCap } from '#ui/keyboard';
import type { WorkView } from '../work.contract.ts';
import type { Panel } from './call-keys.ts';
import { average, overdueWords } from './words.ts';

interface TodayStripProps {
  readonly work: WorkView;
  readonly pauseAfter: boolean;
  readonly setPauseAfter: (pause: boolean) => void;
  readonly onPanel: (panel: Panel) => void;
}

const connectionWords = { online: '已连接', reconnecting: '正在重连', offline: '网络断开' } as const;

/** What I have done today against what is asked, who waits for a call, what is left. */
export function TodayStrip({ work, pauseAfter, setPauseAfter, onPanel }: TodayStripProps) {
  const { today } = work;
  const connection = useConnection();
  return (
    <section className="zz-call-strip" aria-label="今日">
      <Figure
        label="今日"
        value={`${formatCount(today.attempts)} 次`}
        hint={`拨打 ${today.dials} 次，确认录取 ${today.confirmed} 人，放回 ${today.skips} 次`}
      />
      <Figure
        label="接通"
        value={
          today.attempts === 0
            ? '0 次'
            : `${formatCount(today.contacts)} 次（${formatPercent(today.contacts, today.attempts)}）`
        }
      />
      <Figure label="通话" value={today.talkSeconds === 0 ? '0 分' : formatDuration(today.talkSeconds)} />
      <Averages work={work} />
      <Callbacks work={work} />
      <Figure label="待拨/在手" value={`${formatCount(today.due)} / ${formatCount(today.open)} 名`} />
      <span className={`zz-call-line zz-connection-${connection}`} title={connectionWords[connection]}>
        <WifiOutlined /> {connection === 'online' ? null : connectionWords[connection]}
      </span>
      {pauseAfter ? (
        <Button size="small" type="primary" onClick={() => setPauseAfter(false)}>
          本通后暂停 · 取消
        </Button>
      ) : (
        <Button size="small" onClick={() => onPanel('pause')}>
          暂停 <KeyCap chord="R" />
        </Button>
      )}
      <Button size="small" onClick={() => onPanel('inbound')}>
        来电 <KeyCap chord="I" />
      </Button>
    </section>
  );
}

function Figure({ label, value, hint }: { label: string; value: string; hint?: string }) {
  return (
    <span className="zz-figure" title={hint}>
      <small>{label}</small>
      <b>{value}</b>
    </span>
  );
}

/** A candidate on average, over all of mine, against the targets of the season. */
function Averages({ work: { today, settings } }: { readonly work: WorkView }) {
  const { targets } = settings ?? DEFAULT_SETTINGS;
  const mine = today.average;
  if (mine === null || mine.candidates === 0) return null;
  const contacts = average(mine.contacts, mine.candidates);
  const minutes = average(mine.talkSeconds / 60, mine.candidates);
  return (
    <Figure
      label="人均"
      value={`${contacts}/${targets.contacts} 次 ${minutes}/${targets.talkMinutes} 分`}
      hint={`我负责的 ${mine.candidates} 名考生平均接通次数和通话时长，斜线后为目标`}
    />
  );
}

const SHOWN = 2;
const SOON_MS = 3_600_000;

function Callbacks({ work: { callbacks } }: { readonly work: WorkView }) {
  const now = useNow('second');
  const mine = callbacks.filter(({ mine }) => mine);
  return (
    <span className="zz-figure zz-figure-wide">
      <small>我的回电</small>
      {mine.length === 0 && <b>无</b>}
      {mine.slice(0, SHOWN).map(({ callbackId, candidateName, dueAt, note }) => (
        <b key={callbackId} className={dueAt <= now ? 'zz-over' : ''} title={note ?? undefined}>
          {candidateName} {dueWords(dueAt, now)}
        </b>
      ))}
      {mine.length > SHOWN && <span>等 {mine.length} 个</span>}
    </span>
  );
}

function dueWords(dueAt: number, now: number): string {
  if (dueAt <= now) return overdueWords((now - dueAt) / 1000);
  return dueAt - now < SOON_MS ? formatClock((dueAt - now) / 1000) : formatTime(dueAt);
}
