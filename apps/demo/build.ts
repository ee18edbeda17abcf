import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { previewRun, writeRelease } from '#assignment';
import { generateDelivery, importPath } from '#delivery';
import { inTenant } from '#platform/db/tenant';
import type { Runtime } from '#platform/runtime';
import { shanghaiDay, startOfDay } from '#platform/shanghai';
import { createTenant, type Tenant } from '#platform/tenant';
import { foldCounters } from '#report';
import { policies } from '#season';
import { provinceName } from '#season/rules';
import { bulkContacts } from './bulk-contacts.ts';
import { workSession } from './calls.ts';
import { arrangePolicies, arrangeSeason, batchName, type Season } from './college.ts';
import { arrangeDetails } from './details.ts';
import { TEAM_DAYS, teamWorkOf } from './escalation-team.ts';
import { loadLarge } from './large.ts';
import type { LargeSeason } from './large-plan.ts';
import { arrangePeople, type Team } from './people.ts';
import { drawFrom } from './random.ts';
import { roundsOf } from './rounds.ts';
import type { DemoSize } from './sizes.ts';
import { type DemoPerson, openStage, type Stage } from './stage.ts';
import { tellStory } from './story.ts';
import { arrangeWithdrawals } from './withdrawals.ts';

const DAY = 86_400_000;
const HOUR = 3_600_000;
export const DEMO_CODE = 'demo';

export interface DemoLogin {
  readonly username: string;
  readonly name: string;
  readonly roles: readonly string[];
  readonly totpSecret: string | null;
}

export interface DemoReport {
  readonly tenant: Tenant;
  readonly password: string;
  readonly candidates: number;
  readonly contacts: number;
  readonly logins: readonly DemoLogin[];
}

/** Builds a college in mid-season through the real use cases, the clock set back day by day. The same season every time. */
export async function buildDemo(
  runtime: Runtime,
  given: { size: DemoSize; password: string; code?: string; say: (line: string) => void },
): Promise<DemoReport | 'exists'> {
  const place = { code: given.code ?? DEMO_CODE, name: '须园学院（演示）', kind: 'institution' as const };
  const tenant = await createTenant(runtime.owner(), runtime.env.masterKey, place);
  if (tenant === 'taken') return 'exists';
  const stage = await openStage(runtime, tenant.id, given.password);
  try {
    const { days } = given.size;
    const today = startOfDay(shanghaiDay(Date.now()));
    stage.setClock(today - (Math.max(...days) + 2) * DAY + 9 * HOUR);
    given.say('  人员、招生季、政策……');
    const team = await arrangePeople(stage, given.size);
    const season = await arrangeSeason(stage, team);
    given.say('  导入各省考生……');
    const released = await fill(stage, { team, season, ...given });
    given.say('  三周回访……');
    const contacts = await callEverybody(stage, { team, season, today, ...given });
    await tell(stage, team, { size: given.size, season, today });
    const candidates = released + (await importWaiting(stage, { team, season, ...given, today }));
    await foldCounters(stage.env, tenant.id);
    return {
      tenant,
      password: given.password,
      candidates,
      contacts,
      logins: [
        team.office,
        team.clerk,
        ...team.leaders,
        team.supervisor,
        team.escalation,
        ...team.callers.filter((caller) => !team.leaders.includes(caller)).slice(0, 2),
        team.secondClerk,
        team.recruiter,
        ...team.others,
      ].map(loginOf),
    };
  } finally {
    await stage.close();
  }
}

const loginOf = ({ username, name, roles, totpSecret }: DemoPerson): DemoLogin => ({
  username,
  name,
  roles,
  totpSecret,
});

/** Candidates and open cases: imported and released, or loaded. */
async function fill(
  stage: Stage,
  given: { team: Team; season: Season; size: DemoSize; say: (line: string) => void },
): Promise<number> {
  const { team, season, size } = given;
  const imported = size.bulkCandidates ? 0 : await importAll(stage, { ...given, plans: size.provinces });
  await arrangePolicies(stage, team.office, season, size.provinces);
  if (!size.bulkCandidates) {
    await releaseAll(stage, team);
    return imported;
  }
  await loadLarge(stage.runtime, {
    season: await largeSeason(stage, season, { ...size, count: size.bulkCandidates }),
    vault: await stage.asSystem(async (ctx) => ctx.vault),
    say: given.say,
  });
  return size.bulkCandidates;
}

/** What the bulk load must know; its calls end with yesterday. */
async function largeSeason(
  stage: Stage,
  season: Season,
  size: { count: number; contactsPerCase?: number; days: readonly number[] },
): Promise<LargeSeason> {
  const days = Math.max(...size.days) - 1;
  const owners = await stage.asSystem(async ({ tx, tenantId }) => {
    const { rows } = await sql<{ userId: string; groupId: string }>`
      select user_id as "userId", group_id as "groupId" from staff_profile where tenant_id = ${tenantId} and group_id is not null order by user_id`.execute(
      tx,
    );
    return rows;
  });
  return {
    ...{ tenantId: stage.tenantId, seasonId: season.seasonId, batchId: season.undergraduate },
    year: new Date(stage.now()).getFullYear(),
    policies: await stage.asSystem((ctx) => policies(ctx, season.seasonId)),
    ...{ owners, count: size.count, perCase: size.contactsPerCase ?? 1, days },
    from: startOfDay(shanghaiDay(Date.now())) - days * DAY,
  };
}

/** The delivery that waits for its release; its province's policy is complete. */
async function importWaiting(
  stage: Stage,
  given: { team: Team; season: Season; size: DemoSize; today: number },
): Promise<number> {
  const { waiting } = given.size;
  if (!waiting) return 0;
  stage.setClock(given.today - DAY + 18 * HOUR);
  const plans = [waiting];
  const imported = await importAll(stage, { ...given, plans });
  await arrangePolicies(stage, given.team.office, given.season, plans);
  return imported;
}

async function importAll(
  stage: Stage,
  given: { team: Team; season: Season; plans: DemoSize['provinces'] },
): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), 'zhizhao-demo-'));
  let candidates = 0;
  try {
    for (const plan of given.plans) {
      const path = join(folder, `${provinceName(plan.province)}投档`);
      const year = Number(shanghaiDay(stage.now()).slice(0, 'YYYY'.length));
      await generateDelivery(path, {
        form: plan.form,
        rows: plan.rows,
        year,
        province: plan.province,
        dirtEvery: 12,
        seed: Number(plan.province),
      });
      const place = {
        env: stage.env,
        files: stage.runtime.files,
        caller: { tenantId: stage.tenantId, actor: given.team.clerk.actor },
      };
      const batch = await batchName(stage, given.season, plan.batch);
      const result = await importPath(place, {
        path,
        year,
        province: plan.province,
        batch,
        collegeName: '须园学院',
      });
      if (!result.ok) throw new Error(`demonstration: ${result.error.message}`);
      candidates += result.value.figures.created;
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  return candidates;
}

async function releaseAll(stage: Stage, team: Team): Promise<void> {
  const caller = { tenantId: stage.tenantId, actor: team.clerk.actor };
  const limits = { groups: [], skills: [], newPerCaller: null, openWorkCap: null };
  const filter = { provinceCodes: [], batchIds: [], importId: null };
  const run = await inTenant(stage.env, caller, (ctx) => previewRun(ctx, { filter, limits, seed: 'demo' }));
  if (!run.ok) throw new Error(`demonstration: ${run.error.message}`);
  const released = await inTenant(stage.env, caller, (ctx) => writeRelease(ctx, run.value.id));
  if (!released.ok) throw new Error(`demonstration: ${released.error.message}`);
}

/** What a season holds besides calls. The large one is for measuring: nobody looks at it. */
async function tell(
  stage: Stage,
  team: Team,
  { size, season, today }: { size: DemoSize; season: Season; today: number },
): Promise<void> {
  if (size.bulkCandidates) return;
  const { rows } = await stage.asSystem(({ tx, tenantId }) =>
    sql<{
      id: string;
    }>`select id from staff_group where tenant_id = ${tenantId} and leader_id = ${team.leaders[0]?.userId}`.execute(
      tx,
    ),
  );
  const groupId = rows[0]?.id;
  if (groupId) await tellStory(stage, team, { today, groupId });
  await arrangeWithdrawals(stage, team);
  await arrangeDetails(stage, team, season);
}

/** Three weeks of calls, made one by one, in bulk, or loaded with the cases; how many. */
async function callEverybody(
  stage: Stage,
  given: { team: Team; season: Season; size: DemoSize; today: number; say: (line: string) => void },
): Promise<number> {
  const { size } = given;
  if (!size.contactsPerCase) return callAll(stage, given);
  if (!size.bulkCandidates) await callInBulk(stage, given);
  const { rows } = await stage.asSystem(({ tx, tenantId }) =>
    sql<{ n: number }>`select count(*) as n from attempt where tenant_id = ${tenantId}`.execute(tx),
  );
  return rows[0]?.n ?? 0;
}

/** Contacts by the ten thousand, each in the round of its day; whoever is still open then goes into the last round. */
async function callInBulk(stage: Stage, given: Calling & { say: (line: string) => void }): Promise<void> {
  const { seasonId } = given.season;
  const { contactsPerCase: perCase = 1, rounds } = given.size;
  const bulk = { tenantId: stage.tenantId, seasonId, perCase, days: BULK_DAYS, rounds };
  const teamWork = teamWorkOf(stage, given.team, given.today);
  await teamWork.acceptAll();
  for (const daysBack of TEAM_DAYS) await teamWork.workDay(daysBack);
  await bulkContacts(stage.runtime.owner(), bulk, given.say);
  await roundsOf(stage, { ...given, office: given.team.office, seasonId, days: rounds }).enterAll();
  await teamWork.keepAppointments();
}

const BULK_DAYS = 20;

interface Calling {
  readonly team: Team;
  readonly season: Season;
  readonly size: DemoSize;
  readonly today: number;
}

/**
 * One caller after the other, from nine in the morning on, each day another one first: so nobody pulls a candidate at a time at which
 * somebody else still had him.
 */
async function callAll(stage: Stage, { team, season, size, today }: Calling): Promise<number> {
  const draw = drawFrom(20_230_701);
  const office = { office: team.office, seasonId: season.seasonId };
  const rounds = roundsOf(stage, { ...office, days: size.rounds, today });
  const teamWork = teamWorkOf(stage, team, today);
  let contacts = 0;
  await teamWork.acceptAll();
  for (const daysBack of [...size.days, ...TEAM_DAYS].toSorted((one, other) => other - one)) {
    if (TEAM_DAYS.includes(daysBack)) {
      await teamWork.workDay(daysBack);
      continue;
    }
    const index = size.days.indexOf(daysBack);
    await rounds.enter(daysBack);
    stage.setClock(today - daysBack * DAY + 9 * HOUR);
    const first = (index * 5) % team.callers.length;
    for (const caller of [...team.callers.slice(first), ...team.callers.slice(0, first)]) {
      const from = stage.now() + (1 + draw.below(5)) * 60_000;
      contacts += await workSession(stage, caller, draw, { from, calls: size.callsPerSession });
    }
  }
  await teamWork.keepAppointments();
  return contacts;
}
