import { parseArgs } from 'node:util';
import { sql } from 'kysely';
import { followUpModule } from '#follow-up';
import { loadConfig } from '#platform/config';
import { type Caller, system, withTenant } from '#platform/db/tenant';
import type { Endpoint } from '#platform/http/endpoint';
import type { TenantId, UserId } from '#platform/ids';
import { makeLog } from '#platform/log';
import { openRuntime, type Runtime } from '#platform/runtime';
import { tenantByCode } from '#platform/tenant';
import { reportModule } from '#report';
import { permissionsOf } from '#staff/rules';
import { DEMO_CODE } from '../apps/demo/build.ts';
import { times } from './times.ts';

const TARGET_MS = 100;

const percentile = (values: readonly number[], share: number): number => {
  const sorted = [...values].sort((one, other) => one - other);
  return Math.round(10 * (sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0)) / 10;
};

interface Board {
  readonly name: string;
  readonly path: string;
  readonly who: 'office' | 'leader' | 'caller';
  readonly input?: { query?: object; body?: object };
}

/** Everything that shows counted figures, as the one who opens it. */
const BOARDS = (groupId: string): readonly Board[] => [
  { name: 'wallboard', path: '/reports/wallboard', who: 'office' },
  { name: 'group board, leader', path: '/reports/group', who: 'leader' },
  { name: 'group board, office', path: '/reports/group', who: 'office', input: { query: { groupId } } },
  { name: 'stuck list, leader', path: '/reports/stuck', who: 'leader' },
  { name: 'stuck list, office', path: '/reports/stuck', who: 'office' },
  {
    name: 'leaderboard, reach',
    path: '/reports/leaderboard',
    who: 'office',
    input: { query: { by: 'reach' } },
  },
  {
    name: 'leaderboard, arrival',
    path: '/reports/leaderboard',
    who: 'office',
    input: { query: { by: 'arrival' } },
  },
  { name: 'best hours', path: '/reports/hours', who: 'office' },
  { name: 'days', path: '/reports/days', who: 'office' },
  { name: 'weekly summary made', path: '/summaries', who: 'leader', input: { body: { groupId } } },
  { name: "caller's strip", path: '/queue', who: 'caller' },
];

const ROLES = {
  office: ['admissions_office'],
  leader: ['caller', 'group_leader'],
  caller: ['caller'],
} as const;

/**
 * Answers every board over and over on the demonstration of DATA_DIR (any size), and in the same run the bare statement that adds up the
 * largest counter: the figures, the raw limit and the ratio. `--at` moves the clock, for what has been waiting since.
 */
export async function benchWallboard(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      runs: { type: 'string', default: '50' },
      hours: { type: 'string', default: '0' },
      json: { type: 'boolean', default: false },
    },
  });
  const runtime = await openRuntime(loadConfig(process.env), makeLog('error'));
  try {
    const tenant = await tenantByCode(runtime.env.db, DEMO_CODE);
    if (!tenant)
      throw new Error(
        'no demonstration in this DATA_DIR: run `npm run -s zhizhao -- demo --size college` first',
      );
    const ahead = Number(values.hours) * 3_600_000;
    await measure(
      { ...runtime, env: { ...runtime.env, ...(ahead > 0 && { clock: () => Date.now() + ahead }) } },
      { tenantId: tenant.id, runs: Number(values.runs), json: values.json },
    );
  } finally {
    await runtime.close();
  }
}

async function measure(
  runtime: Runtime,
  { tenantId, runs, json }: { tenantId: TenantId; runs: number; json: boolean },
): Promise<void> {
  const asSystem: Caller = { tenantId, actor: system };
  const people = await withTenant(runtime.env, asSystem, async (ctx) => {
    const { rows } = await sql<{ groupId: string; leader: UserId; caller: UserId }>`
      select g.id as "groupId", g.leader_id as leader, p.user_id as caller from staff_group g join staff_profile p
        on p.tenant_id = g.tenant_id and p.group_id = g.id and p.user_id <> g.leader_id
      where g.tenant_id = ${ctx.tenantId} order by g.name, p.user_id limit 1`.execute(ctx.tx);
    return rows[0];
  });
  if (!people) throw new Error('the demonstration has a group');
  const raw = await times(runs, () =>
    withTenant(runtime.env, asSystem, (ctx) =>
      sql`select policy_id, day, sum(attempts) from contact_tally where tenant_id = ${ctx.tenantId} and grain = 'policy_day' group by 1, 2`.execute(
        ctx.tx,
      ),
    ),
  );
  const endpoints = [
    ...(reportModule.endpoints?.(runtime as never) ?? []),
    ...(followUpModule.endpoints?.(runtime as never) ?? []),
  ];
  const found: Record<string, { p50Ms: number; p95Ms: number }> = {};
  for (const board of BOARDS(people.groupId)) {
    const userId = board.who === 'caller' ? people.caller : people.leader;
    const actor = {
      ...system,
      userId,
      roles: [...ROLES[board.who]],
      permissions: permissionsOf(ROLES[board.who]),
    };
    const run = handlerOf(endpoints, board);
    const taken = await times(runs, () =>
      withTenant(runtime.env, { tenantId, actor }, (ctx) => run(ctx, { query: {}, ...board.input })),
    );
    found[board.name] = { p50Ms: percentile(taken, 0.5), p95Ms: percentile(taken, 0.95) };
  }
  const attempts = await countAttempts(runtime, asSystem);
  const rawP95Ms = percentile(raw, 0.95);
  if (json)
    return console.log(JSON.stringify({ contacts: attempts, boards: found, rawP95Ms, targetMs: TARGET_MS }));
  console.log(
    `boards over ${attempts} contacts (target p95 ${TARGET_MS} ms; one bare counter p95 ${rawP95Ms} ms)`,
  );
  for (const [name, { p50Ms, p95Ms }] of Object.entries(found))
    console.log(
      `${name.padEnd(24)} p50 ${p50Ms} ms, p95 ${p95Ms} ms, ratio ${(p95Ms / rawP95Ms).toFixed(1)}`,
    );
}

type Run = (ctx: Parameters<Parameters<typeof withTenant>[2]>[0], input: object) => Promise<unknown>;

/** The use case behind a route; a refusal is a fault of the benchmark. */
function handlerOf(endpoints: readonly Endpoint[], { path, input }: Board): Run {
  const method = input?.body ? 'POST' : 'GET';
  const endpoint = endpoints.find(({ route }) => route.path === path && route.method === method);
  if (endpoint?.run.kind !== 'json') throw new Error(`no route ${method} ${path}`);
  const { handler } = endpoint.run;
  return async (ctx, given) => {
    const result = await handler(ctx, given as never);
    if (!result.ok) throw new Error(`${path}: ${result.error.message}`);
  };
}

async function countAttempts({ env }: Runtime, caller: Caller): Promise<number> {
  const { rows } = await withTenant(env, caller, (ctx) =>
    sql<{
      n: number;
    }>`select sum(attempts) as n from contact_tally where tenant_id = ${ctx.tenantId} and grain = 'policy'`.execute(
      ctx.tx,
    ),
  );
  return rows[0]?.n ?? 0;
}
