import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { verifyFollowUp } from '#follow-up';
import { type Ctx, system, withTenant } from '#platform/db/tenant';
import type { TenantId } from '#platform/ids';
import { shanghaiDay, startOfDay } from '#platform/shanghai';
import { makeWorld, type World } from '#platform/testing/app';
import { buildDemo } from './build.ts';
import { type DemoSize, SMALL } from './sizes.ts';

/** A corner of the small season: two callers, and a province whose candidates only the escalation team may call. */
const CORNER: DemoSize = {
  ...SMALL,
  perGroup: 4,
  provinces: [
    ...SMALL.provinces.filter(({ shielded }) => shielded).map((plan) => ({ ...plan, seats: 24, rows: 24 })),
    ...SMALL.provinces.slice(0, 1).map((plan) => ({ ...plan, seats: 40, rows: 40 })),
  ],
  days: [18, 4, 2],
  callsPerSession: 3,
};
delete (CORNER as { waiting?: unknown }).waiting;

let world: World;
const tenants: TenantId[] = [];

beforeAll(async () => {
  world = await makeWorld();
  const runtime = {
    ...{ env: world.env, files: world.files, ownerUrl: world.ownerUrl, appUrl: world.appUrl, applied: [] },
    owner: () => world.owner,
    close: async () => undefined,
  };
  for (const code of ['first', 'second']) {
    const built = await buildDemo(runtime, { size: CORNER, password: 'demo-password', code, say: () => {} });
    if (built === 'exists') throw new Error(`${code} exists`);
    tenants.push(built.tenant.id);
  }
});
afterAll(() => world.close());

const inSeason = <T>(tenantId: TenantId | undefined, work: (ctx: Ctx) => Promise<T>): Promise<T> => {
  if (!tenantId) throw new Error('the season was not built');
  return withTenant(world.env, { tenantId, actor: system }, work);
};

interface Shielded {
  readonly no: string;
  readonly state: string;
  readonly attempts: number;
  readonly dueAt: number | null;
  readonly openTier: string | null;
  readonly waitsSince: number | null;
}

const shielded = async ({ tx, tenantId }: Ctx): Promise<Shielded[]> => {
  const { rows } = await sql<Shielded>`
    select d.candidate_no as no, c.state, c.attempts, c.due_at as "dueAt", e.tier as "openTier",
      case when e.accepted_at is null then e.opened_at end as "waitsSince"
    from follow_up_case c join candidate d on d.tenant_id = c.tenant_id and d.id = c.candidate_id
    join province_policy p on p.tenant_id = c.tenant_id and p.id = c.policy_id and p.phone_shielded
    left join escalation e on e.tenant_id = c.tenant_id and e.id = c.escalation_id
    where c.tenant_id = ${tenantId} order by 1`.execute(tx);
  return rows;
};

test('three weeks on, the escalation team has called every shielded candidate, and most are settled', async () => {
  const rows = await inSeason(tenants[0], shielded);
  expect(rows.length).toBeGreaterThan(20);
  expect(rows.filter(({ attempts }) => attempts === 0)).toEqual([]);
  expect(rows.filter(({ state }) => state === 'final').length).toBeGreaterThan(rows.length * 0.7);
  const today = startOfDay(shanghaiDay(Date.now()));
  const open = rows.filter(({ state }) => state !== 'final');
  expect(open.length).toBeGreaterThan(0);
  // What is left has been accepted and has a time that is still to come.
  expect(open.filter(({ waitsSince }) => waitsSince !== null)).toEqual([]);
  expect(open.filter(({ dueAt }) => dueAt === null || dueAt < today)).toEqual([]);
});

test('the season holds what a real one holds, and is the same every time', async () => {
  expect((await inSeason(tenants[0], verifyFollowUp)).faults).toEqual([]);
  const [first, second] = [await inSeason(tenants[0], shielded), await inSeason(tenants[1], shielded)];
  expect(second).toEqual(first);
});
