import { Link, useNavigate } from '@tanstack/react-router';
import { ApiError, useRoute } from '#ui/api';
import { Chart } from '#ui/chart';
import { ErrorNote } from '#ui/error-note';
import { formatCount } from '#ui/format';
import { Stat, StatRow } from '#ui/stat';
import { Loading } from '#ui/states';
import { wallboard } from '../contract.ts';
import { Equation, TargetBar } from './parts.tsx';

const REFRESH_MS = 30_000;

/** The season on the home page: is anybody lost, what is late, how far it is. */
export function SeasonCard() {
  const { data, error, refetch } = useRoute(wallboard, undefined, { refetchInterval: REFRESH_MS });
  const navigate = useNavigate();
  const go = (to: string, search: Readonly<Record<string, string>>) => () =>
    void navigate({ to: to as never, search: search as never });
  if (error instanceof ApiError && error.code === 'no_season')
    return <p className="zz-note">建立招生季以后，这里显示全季的进展。</p>;
  if (error) return <ErrorNote error={error} onRetry={() => void refetch()} />;
  if (!data) return <Loading rows={4} />;
  const { callbacks, escalations, today } = data;
  return (
    <>
      <header className="zz-section-head">
        <h2>全季</h2>
        <Link to={'/reports/wallboard' as never}>看大屏</Link>
      </header>
      <Equation line={data.conservation} />
      <div className="zz-gap">
        <StatRow>
          <Stat
            label="过时回电"
            value={callbacks.overdue}
            unit="个"
            note={`到点 ${formatCount(callbacks.dueNow)} 个`}
            tone={callbacks.overdue > 0 ? 'warn' : 'plain'}
            onClick={go('/team/stuck', { code: 'callback_missed' })}
          />
          <Stat
            label="转交超时"
            value={escalations.late}
            unit="名"
            note={`待接手 ${formatCount(escalations.waiting)} 名`}
            tone={escalations.late > 0 ? 'warn' : 'plain'}
            onClick={go('/escalations', { view: 'all', late: 'true' })}
          />
          <Stat
            label="今日接通"
            value={today.contacts}
            unit="次"
            note={`联系 ${formatCount(today.attempts)} 次`}
          />
          <Stat
            label="今日确认"
            value={today.confirmed}
            unit="名"
            note={`退档意向 ${today.withdrawing} 名`}
          />
        </StatRow>
      </div>
      <div className="zz-season-columns zz-gap">
        <Chart
          title="从放出到确认"
          definition="当前阶段的回访任务；已有进展：已表态、联系不上、已转交或已办结；已表明意向：确认、考虑、申请退档之和；确认录取含已最终录取。"
          data={{
            kind: 'funnel',
            stages: data.funnel.map(({ label, cases }) => ({ name: label, count: cases })),
          }}
          height={170}
        />
        <div className="zz-targets">
          {data.targets.map((target) => (
            <TargetBar key={target.code} target={target} />
          ))}
        </div>
      </div>
    </>
  );
}
