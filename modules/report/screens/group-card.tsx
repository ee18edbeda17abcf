import { Link } from '@tanstack/react-router';
import { useRoute } from '#ui/api';
import { ErrorNote } from '#ui/error-note';
import { formatCount } from '#ui/format';
import { Stat, StatRow } from '#ui/stat';
import { Loading } from '#ui/states';
import { groupBoard, STUCK_LABELS, stuckList } from '../contract.ts';
import { contactWords } from './words.ts';

const REFRESH_MS = 30_000;

/** The leader's group on the home page: today, and who is stuck. */
export function GroupCard() {
  const board = useRoute(groupBoard, { query: {} }, { refetchInterval: REFRESH_MS });
  const stuck = useRoute(stuckList, { query: {} }, { refetchInterval: REFRESH_MS });
  if (board.error) return <ErrorNote error={board.error} onRetry={() => void board.refetch()} />;
  if (!board.data) return <Loading rows={4} />;
  const { today, total } = board.data;
  const name = board.data.groups.find(({ groupId }) => groupId === board.data.groupId)?.name;
  const causes = Object.entries(STUCK_LABELS).filter(([code]) => (stuck.data?.counts[code] ?? 0) > 0);
  return (
    <>
      <header className="zz-section-head">
        <h2>{name}</h2>
        <Link to={'/team/board' as never}>小组看板</Link>
      </header>
      <StatRow>
        <Stat label="今日接通" value={today.contacts} unit="次" note={contactWords(today)} />
        <Stat
          label="未表态"
          value={total.uncalled}
          unit="名"
          note={`已放出 ${formatCount(total.cases)} 名`}
        />
        <Stat
          label="确认"
          value={total.confirmed + total.admitted}
          unit="名"
          note={`考虑 ${total.considering} 名`}
        />
      </StatRow>
      <p className="zz-gap">
        {stuck.data && causes.length === 0 && '没有卡住的考生。'}
        {causes.map(([code, label], at) => (
          <span key={code}>
            {at > 0 && '；'}
            <Link to="/team/stuck" search={{ code } as never}>
              {label} {formatCount(stuck.data?.counts[code])} 名
            </Link>
          </span>
        ))}
      </p>
    </>
  );
}
