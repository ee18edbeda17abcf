import { FullscreenExitOutlined, FullscreenOutlined } from '@ant-design/icons';
import { Button } from 'antd';
import { type RefObject, useEffect, useRef, useState } from 'react';
import { stageLabel } from '#season/contract';
import type { Phase, Round } from '#season/rules';
import { Chart } from '#ui/chart';
import { ErrorNote } from '#ui/error-note';
import { formatCount, formatDateTime } from '#ui/format';
import { Page, Section } from '#ui/page';
import { Stat, StatRow } from '#ui/stat';
import { Loading } from '#ui/states';
import { Equation, Rates, TargetBar } from './parts.tsx';
import { GroupTable, ProvinceTable } from './standing-tables.tsx';
import { useWallboard } from './use-wallboard.ts';
import { type Board, contactWords } from './words.ts';

/** 大屏: the conservation line first, then what is late, then how far the season is. */
export function WallboardPage() {
  const { data, error, refetch } = useWallboard();
  const box = useRef<HTMLDivElement>(null);
  const [full, toggle] = useFullscreen(box);
  return (
    <div ref={box} className={full ? 'zz-wall zz-wall-full' : 'zz-wall'}>
      <Page
        note={data && noteOf(data)}
        extra={
          <Button icon={full ? <FullscreenExitOutlined /> : <FullscreenOutlined />} onClick={toggle}>
            {full ? '退出全屏' : '全屏'}
          </Button>
        }
      >
        <ErrorNote error={error} onRetry={() => void refetch()} />
        {!data && !error && <Loading rows={12} />}
        {data && <WallBody board={data} />}
      </Page>
    </div>
  );
}

const noteOf = ({ season, asOf }: Board): string =>
  `${season.name} · ${stageLabel({ phase: season.phase as Phase, round: season.round as Round })} · 更新于 ${formatDateTime(asOf)}`;

function WallBody({ board }: { readonly board: Board }) {
  return (
    <>
      <Equation line={board.conservation} />
      <Now board={board} />
      <div className="zz-wall-columns">
        <Chart
          title="从放出到确认"
          definition="当前阶段的回访任务；已有进展：已表态、联系不上、已转交或已办结；已表明意向：确认、考虑、申请退档之和；确认录取含已最终录取。"
          data={{
            kind: 'funnel',
            stages: board.funnel.map(({ label, cases }) => ({ name: label, count: cases })),
          }}
          height={220}
        />
        <div className="zz-wall-side">
          <Section title="目标">
            <div className="zz-targets">
              {board.targets.map((target) => (
                <TargetBar key={target.code} target={target} />
              ))}
            </div>
          </Section>
          <Section title="各组">
            <GroupTable groups={board.groups} />
          </Section>
        </div>
      </div>
      <Section title="各省">
        <ProvinceTable provinces={board.provinces} />
      </Section>
      <Section title="比率（全季）">
        <Rates rates={board.rates} sums={board.season_sums} />
      </Section>
    </>
  );
}

/** What needs somebody now, and today's work. */
function Now({ board }: { readonly board: Board }) {
  const { callbacks, escalations, working, today } = board;
  return (
    <StatRow>
      <Stat
        label="排队待拨"
        value={board.conservation.ready}
        unit="名"
        note={`正在通话 ${working.onCall} 名`}
      />
      <Stat
        label="到点回电"
        value={callbacks.dueNow}
        unit="个"
        note={`今天稍后还有 ${formatCount(callbacks.laterToday)} 个`}
      />
      <Stat
        label="过时回电"
        value={callbacks.overdue}
        unit="个"
        note="超过约定 15 分钟"
        tone={callbacks.overdue > 0 ? 'warn' : 'plain'}
      />
      <Stat
        label="待接手"
        value={escalations.waiting}
        unit="名"
        note={`超时 ${formatCount(escalations.late)} 名，处理中 ${formatCount(escalations.inWork)} 名`}
        tone={escalations.late > 0 ? 'warn' : 'plain'}
      />
      <Stat label="今日接通" value={today.contacts} unit="次" note={contactWords(today)} />
      <Stat
        label="今日确认"
        value={today.confirmed}
        unit="名"
        note={`考虑 ${today.considering} 名，退档 ${today.withdrawing} 名`}
      />
      <Stat label="在岗" value={working.working} unit="人" note={`暂停 ${working.paused} 人`} />
    </StatRow>
  );
}

/** Full screen of one part of the page, for a wall; Esc leaves it. */
function useFullscreen(box: RefObject<HTMLElement | null>): [boolean, () => void] {
  const [full, setFull] = useState(false);
  useEffect(() => {
    const read = () =>
      setFull(document.fullscreenElement !== null && document.fullscreenElement === box.current);
    document.addEventListener('fullscreenchange', read);
    return () => document.removeEventListener('fullscreenchange', read);
  }, [box]);
  const toggle = () => {
    if (document.fullscreenElement) void document.exitFullscreen();
    else void box.current?.requestFullscreen();
  };
  return [full, toggle];
}
