import { Link } from '@tanstack/react-router';
import { useRoute } from '#ui/api';
import { useNow } from '#ui/clock';
import { ErrorNote } from '#ui/error-note';
import { formatCount, formatDuration, formatNear, formatPercent } from '#ui/format';
import { Stat, StatRow } from '#ui/stat';
import { Loading } from '#ui/states';
import { myWork } from '../contract.ts';
import type { WorkView } from '../work.contract.ts';
import { overdueWords } from './words.ts';

const REFRESH_MS = 60_000;

/** 我的录检 on the home page: what is left, who waits for a call, today. */
export function QueueCard() {
  const { data, error, refetch } = useRoute(myWork, undefined, { refetchInterval: REFRESH_MS });
  if (error) return <ErrorNote error={error} onRetry={() => void refetch()} />;
  if (!data) return <Loading rows={3} />;
  const { today } = data;
  return (
    <>
      <header className="zz-section-head">
        <h2>我的录检</h2>
        <Link to="/queue">{startWords(data)}</Link>
      </header>
      <StatRow>
        <Stat label="现在可拨" value={today.due} unit="名" />
        <Stat
          label="在手考生"
          value={today.open}
          unit="名"
          note={`上限 ${formatCount(today.openWorkCap)} 名`}
        />
        <Stat label="今日联系" value={today.attempts} unit="次" />
        <Stat label="今日接通" value={today.contacts} unit="次" note={reachedWords(today)} />
        <Stat label="今日通话" value={today.talkSeconds === 0 ? '0 分' : formatDuration(today.talkSeconds)} />
      </StatRow>
      <DueCallbacks work={data} />
    </>
  );
}

/** The rate only where there is something to divide by. */
const reachedWords = ({ contacts, attempts }: WorkView['today']): string =>
  attempts === 0
    ? '今天还没有联系'
    : `占 ${formatCount(attempts)} 次联系的 ${formatPercent(contacts, attempts)}`;

const startWords = ({ lease, incomplete }: WorkView): string =>
  lease
    ? `继续：${lease.candidate.name}`
    : incomplete.length > 0
      ? `补填 ${incomplete.length} 通`
      : '开始拨打';

const SHOWN = 4;

function DueCallbacks({ work }: { readonly work: WorkView }) {
  const now = useNow('second');
  const mine = work.callbacks.filter((callback) => callback.mine);
  if (mine.length === 0) return <p className="zz-note zz-gap">没有约好的回电。</p>;
  return (
    <p className="zz-gap">
      回电：
      {mine.slice(0, SHOWN).map(({ callbackId, candidateName, dueAt }, index) => (
        <span key={callbackId} className={dueAt <= now ? 'zz-over' : ''}>
          {index > 0 && '；'}
          {candidateName} {dueAt <= now ? overdueWords((now - dueAt) / 1000) : formatNear(dueAt, now)}
        </span>
      ))}
      {mine.length > SHOWN && `；共 ${mine.length} 个`}
    </p>
  );
}
