import { installSignals } from '#candidate';
import { withTenant } from '#platform/db/tenant';
import { approveSubmitted, installDefaultPack } from '#script';
import { batches, ensureBatch, ensureSeason, policies } from '#season';
import * as catalogue from '../../modules/season/catalogue.contract.ts';
import * as policyRoutes from '../../modules/season/policy.contract.ts';
import type { DemoPerson, Stage } from './stage.ts';

const DAY = 86_400_000;
const YUAN = 100;

export interface Season {
  readonly seasonId: string;
  readonly undergraduate: string;
  readonly junior: string;
}

const MAJORS: readonly [code: string, name: string, art: boolean][] = [
  ['01', '汉语言文学', false],
  ['02', '学前教育', false],
  ['03', '会计学', false],
  ['04', '护理学', false],
  ['05', '计算机科学与技术', false],
  ['06', '电子商务', false],
  ['07', '视觉传达设计', true],
  ['08', '土木工程', false],
];

/** Season, batches, majors, scripts and signals of the invented college. */
export async function arrangeSeason(
  stage: Stage,
  people: { office: DemoPerson; supervisor: DemoPerson },
): Promise<Season> {
  const year = new Date(stage.now()).getFullYear();
  const season = await stage.asSystem((ctx) =>
    ensureSeason(ctx, { year, collegeName: '须园学院', homeAreaCode: '028' }),
  );
  const { undergraduate, junior } = await stage.asSystem(async (ctx) => {
    const first = await ensureBatch(ctx, { seasonId: season.id, code: '1', name: '本科批' });
    const second = await ensureBatch(ctx, { seasonId: season.id, code: '2', name: '专科批' });
    return { undergraduate: first.id, junior: second.id };
  });
  for (const level of ['undergraduate', 'junior'] as const) {
    for (const [code, name, art] of MAJORS) {
      const tuitionFen = (art ? 19_000 : 17_000) * YUAN;
      await stage.act(people.office, catalogue.addMajor, {
        params: { seasonId: season.id },
        body: { code, name, level, art, tuitionFen, seats: 120 },
      });
    }
  }
  await stage.asSystem(async (ctx) => {
    await installSignals(ctx);
    await installDefaultPack(ctx, season.id);
  });
  await withTenant(stage.env, { tenantId: stage.tenantId, actor: people.supervisor.actor }, (ctx) =>
    approveSubmitted(ctx, season.id),
  );
  return { seasonId: season.id, undergraduate, junior };
}

export interface ProvincePlan {
  readonly province: string;
  readonly batch: 'undergraduate' | 'junior';
  readonly withdrawable: boolean;
  readonly shielded: boolean;
  readonly seats: number;
}

/** Policies as the office enters them: dates around the demonstration's today, deadlines some days ahead. */
export async function arrangePolicies(
  stage: Stage,
  office: DemoPerson,
  season: Season,
  plans: readonly ProvincePlan[],
): Promise<void> {
  const today = stage.now();
  const params = { seasonId: season.seasonId };
  const known = await stage.asSystem((ctx) => policies(ctx, season.seasonId));
  const has = (plan: ProvincePlan): boolean =>
    known.some((policy) => policy.provinceCode === plan.province && policy.batchId === season[plan.batch]);
  const places = plans
    .filter((plan) => !has(plan))
    .map((plan) => ({ provinceCode: plan.province, batchId: season[plan.batch], districtCode: '' }));
  if (places.length > 0) await stage.act(office, policyRoutes.addPolicies, { params, body: { places } });
  const all = await stage.asSystem((ctx) => policies(ctx, season.seasonId));
  for (const [index, plan] of plans.entries()) {
    const policy = all.find(
      (one) => one.provinceCode === plan.province && one.batchId === season[plan.batch],
    );
    if (!policy) throw new Error(`no policy for ${plan.province}`);
    const facts = {
      ...{
        withdrawable: plan.withdrawable,
        phoneShielded: plan.shielded,
        newExam: index % 2 === 0,
        artSchoolExam: false,
        seats: plan.seats,
      },
      ...{ batchStartsAt: today - DAY, batchEndsAt: today + 30 * DAY },
      withdrawalDeadlineAt: plan.withdrawable ? today + Math.min(24 + index, 29) * DAY : null,
      ...{ callingFrom: policy.callingFrom, callingUntil: policy.callingUntil },
    };
    await stage.act(office, policyRoutes.changePolicy, {
      params: { ...params, policyId: policy.id },
      body: { facts, version: policy.version, reason: null },
    });
    const line = {
      provinceCode: plan.province,
      batchId: season[plan.batch],
      category: '理工',
      year: new Date(today).getFullYear() - 1,
    };
    await stage.act(office, catalogue.saveLine, {
      params,
      body: { ...line, scoreMin: 420 + index * 7, rankMin: 90_000 + index * 1000 },
    });
  }
}

export const batchName = async (
  stage: Stage,
  season: Season,
  batch: ProvincePlan['batch'],
): Promise<string> => {
  const all = await stage.asSystem((ctx) => batches(ctx, season.seasonId));
  return all.find(({ id }) => id === season[batch])?.name ?? '';
};
