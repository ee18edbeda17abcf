import { moveSeason } from '#season/contract';
import { moveRoundRoute } from '../../modules/follow-up/round.contract.ts';
import type { DemoPerson, Stage } from './stage.ts';

const DAY = 86_400_000;
const HOUR = 3_600_000;

/** Days back from today on whose mornings the second and third round begin. */
export interface RoundDays {
  readonly focus: number;
  readonly final: number;
}

const FILING = { phase: 'filing' } as const;
const STEPS = [
  { from: 'first', to: 'focus', reason: '通打一遍已完成，未办结的考生进入集中突破。' },
  { from: 'focus', to: 'final', reason: '各省投档陆续截止，未办结的考生进入最终确认。' },
] as const;

/** The office's steps through the rounds of the season. */
export interface Rounds {
  /** The rounds that begin on this day. Whoever is not finished goes along. */
  enter(daysBack: number): Promise<void>;
  /** All of them; cases whose last calls are in a round already stay there. */
  enterAll(): Promise<void>;
}

export function roundsOf(
  stage: Stage,
  given: { office: DemoPerson; seasonId: string; days: RoundDays; today: number },
): Rounds {
  const { office, seasonId, days, today } = given;
  const enter = async ({ from, to, reason }: (typeof STEPS)[number]): Promise<void> => {
    stage.setClock(today - days[to] * DAY + 8 * HOUR);
    const body = { from: { ...FILING, round: from }, to: { ...FILING, round: to }, reason };
    await stage.act(office, moveSeason, { params: { seasonId }, body });
  };
  const follow = () => stage.act(office, moveRoundRoute, {});
  return {
    enter: async (daysBack) => {
      const step = STEPS.find(({ to }) => days[to] === daysBack);
      if (!step) return;
      await enter(step);
      await follow();
    },
    enterAll: async () => {
      for (const step of STEPS) await enter(step);
      await follow();
    },
  };
}
