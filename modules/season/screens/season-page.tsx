import { Steps, Tabs } from 'antd';
import { useState } from 'react';
import { z } from 'zod';
import { shanghaiDay } from '#platform/shanghai';
import { ActionButton } from '#ui/action-button';
import { useCommand, useRoute } from '#ui/api';
import { ErrorNote } from '#ui/error-note';
import { Page, Section } from '#ui/page';
import { ReasonModal } from '#ui/reason-modal';
import { Stat, StatRow } from '#ui/stat';
import { Empty, Loading } from '#ui/states';
import { useUrlState } from '#ui/url-state';
import {
  getSeason,
  type Left,
  moveSeason,
  type PhaseDates,
  type SeasonView,
  stageLabel,
} from '../contract.ts';
import { STAGES, type Stage, stageIndex } from '../rules.ts';
import { BatchTab } from './batch-tab.tsx';
import { CodeTab } from './code-tab.tsx';
import { LineTab } from './line-tab.tsx';
import { MajorTab } from './major-tab.tsx';
import { NewSeason, SeasonForm } from './season-form.tsx';
import { useActiveSeason } from './use-season.tsx';

/** 招生季: where the season stands and what is left, then its batches, majors and past lines. */
export function SeasonPage() {
  const { season, error } = useActiveSeason();
  const [creating, setCreating] = useState(false);
  const button = (
    <ActionButton can="season.manage" onClick={() => setCreating(true)}>
      新建招生季
    </ActionButton>
  );
  return (
    <Page
      extra={button}
      note={season ? `${season.name} · ${season.collegeName} · 区号 ${season.homeAreaCode}` : undefined}
    >
      <ErrorNote error={error} />
      {season === undefined && !error && <Loading rows={8} />}
      {season === null && (
        <Empty text="还没有招生季。新建以后才能录入批次、各省政策，导入投档数据。" action={button} />
      )}
      {season && <SeasonBody season={season} />}
      {creating && <NewSeason previous={season ?? null} onClose={() => setCreating(false)} />}
    </Page>
  );
}

const Address = z.object({
  tab: z.enum(['batches', 'majors', 'codes', 'lines', 'dates']).catch('batches'),
  province: z.string().optional(),
  batch: z.string().optional(),
});

function SeasonBody({ season }: { readonly season: SeasonView }) {
  const [{ tab }, patch] = useUrlState(Address);
  const detail = useRoute(getSeason, { params: { seasonId: season.id } });
  const { data } = detail;
  if (!data) return detail.error ? <ErrorNote error={detail.error} /> : <Loading rows={8} />;
  return (
    <>
      <StageSection season={data.season} phases={data.phases} left={data.left} />
      <Section>
        <Tabs
          activeKey={tab}
          onChange={(next) =>
            patch(
              { tab: Address.shape.tab.parse(next), province: undefined, batch: undefined },
              { replace: true },
            )
          }
          destroyOnHidden
          items={[
            { key: 'batches', label: '批次', children: <BatchTab seasonId={season.id} /> },
            { key: 'majors', label: '专业与学费', children: <MajorTab seasonId={season.id} /> },
            { key: 'codes', label: '各省专业代号', children: <CodeTab seasonId={season.id} /> },
            { key: 'lines', label: '往年分数线', children: <LineTab season={season} /> },
            {
              key: 'dates',
              label: '名称与起止时间',
              children: <SeasonForm season={data.season} phases={data.phases} />,
            },
          ]}
        />
      </Section>
    </>
  );
}

interface StageProps {
  readonly season: SeasonView;
  readonly phases: readonly PhaseDates[];
  readonly left: Left;
}

function StageSection({ season, phases, left }: StageProps) {
  const [target, setTarget] = useState<Stage | null>(null);
  const move = useCommand(moveSeason, { renews: ['seasons'] });
  const index = stageIndex(season);
  const next = STAGES[index + 1];
  const before = STAGES[index - 1];
  return (
    <Section
      title="进度"
      extra={
        <>
          {before && (
            <ActionButton can="round.manage" onClick={() => setTarget(before)}>
              {`退回“${stageLabel(before)}”`}
            </ActionButton>
          )}
          {next && (
            <ActionButton type="primary" can="round.manage" onClick={() => setTarget(next)}>
              {`进入“${stageLabel(next)}”`}
            </ActionButton>
          )}
        </>
      }
    >
      <Steps
        current={index}
        items={STAGES.map((stage) => ({ title: stageLabel(stage), content: datesOf(stage, phases) }))}
      />
      <div style={{ marginTop: 16 }}>
        <LeftFigures left={left} />
      </div>
      <ReasonModal
        open={target !== null}
        onClose={() => setTarget(null)}
        title={target ? `进入“${stageLabel(target)}”` : ''}
        consequence={target && <Consequence from={season} to={target} left={left} />}
        confirmLabel={target && stageIndex(target) < index ? '退回' : '进入'}
        danger={false}
        usual={['投档名单已到校', '本轮已全部打完', '按工作方案进入下一轮', '临近截止，集中处理剩余考生']}
        onConfirm={(reason) =>
          move.mutateAsync({
            params: { seasonId: season.id },
            body: {
              from: { phase: season.phase, round: season.round },
              to: target ?? { phase: season.phase, round: season.round },
              reason,
            },
          })
        }
      />
    </Section>
  );
}

function datesOf(stage: Stage, phases: readonly PhaseDates[]): string | undefined {
  const dates = phases.find(({ phase }) => phase === stage.phase);
  if (stage.phase === 'filing' && stage.round !== 'first') return undefined;
  const day = (at: number | null | undefined): string =>
    at ? shanghaiDay(at).slice('YYYY-'.length) : '未定';
  return dates?.startsAt || dates?.endsAt ? `${day(dates.startsAt)} 至 ${day(dates.endsAt)}` : undefined;
}

function LeftFigures({ left }: { readonly left: Left }) {
  if (left.total === 0) {
    return <p className="zz-note">本阶段还没有放出考生，放出后这里显示还剩多少。</p>;
  }
  return (
    <StatRow>
      <Stat label="本阶段考生" value={left.total} unit="人" />
      <Stat label="已有最终结果" value={left.final} unit="人" />
      <Stat label="还没联系" value={left.uncalled} unit="人" tone={left.uncalled > 0 ? 'warn' : 'plain'} />
      <Stat label="考虑中" value={left.considering} unit="人" />
      <Stat label="联系不上" value={left.unreachable} unit="人" />
      <Stat label="申请退档办理中" value={left.withdrawing} unit="人" />
    </StatRow>
  );
}

interface ConsequenceProps {
  readonly from: Stage;
  readonly to: Stage;
  readonly left: Left;
}

/** What the step means, in figures. */
function Consequence({ from, to, left }: ConsequenceProps) {
  const open = left.total - left.final;
  return (
    <>
      {`从“${stageLabel(from)}”到“${stageLabel(to)}”：`}
      {open === 0
        ? '本阶段没有未完成的考生。'
        : `还有 ${open} 人没有最终结果，其中未表态 ${left.uncalled} 人、考虑中 ${left.considering} 人、联系不上 ${left.unreachable} 人、退档办理中 ${left.withdrawing} 人，他们会留在回访中继续处理，不会被关闭。`}
      回访员看到的话术换成新阶段的话术。
    </>
  );
}
