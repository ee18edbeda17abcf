import type { FastifyInstance } from 'fastify';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { verifyFollowUp } from '#follow-up';
import { makeWorld, type Person, request, type World } from '#platform/testing/app';
import { serveEndpoints } from '#platform/testing/module-server';
import { PERMISSIONS, permissionsOf } from '#staff/rules';
import { returnAllOf } from './change.service.ts';
import { writeRelease } from './release.service.ts';
import { assignmentEndpoints } from './routes.ts';
import { previewRun } from './run.service.ts';
import { arrangeCaller, arrangeCandidates, arrangeSeason, MORNING, type Season } from './testing/arrange.ts';

let world: World;
let app: FastifyInstance;
let close: () => Promise<void>;
let season: Season;
let clerk: Person;
let leader: Person;
let anna: Person;
let bert: Person;
let cora: Person;

beforeAll(async () => {
  world = await makeWorld({ permissionsOf });
  ({ app, close } = await serveEndpoints(world, assignmentEndpoints, {
    permissions: PERMISSIONS,
    permissionsOf,
  }));
  world.setClock(MORNING);
  season = await arrangeSeason(world);
  clerk = await world.addPerson({ roles: ['file_clerk'], name: '录检员' });
  anna = await arrangeCaller(world, season.groups[0], { name: '安回访' });
  bert = await arrangeCaller(world, season.groups[0], { name: '白回访', cap: 25 });
  cora = await arrangeCaller(world, season.groups[1], { name: '陈回访' });
  leader = await arrangeCaller(world, season.groups[0], { name: '吴组长', roles: ['group_leader'], cap: 10 });
  await world.as('system', ({ tx }) =>
    sql`update staff_group set leader_id = ${leader.userId} where id = ${season.groups[0]}`.execute(tx),
  );
  await arrangeCandidates(world, season, 40);
  await world.as(clerk, async (ctx) => {
    const filter = { provinceCodes: [], batchIds: [], importId: null };
    const limits = { groups: [], skills: [], newPerCaller: null, openWorkCap: null };
    const run = await previewRun(ctx, { filter, limits });
    if (run.ok) await writeRelease(ctx, run.value.id);
  });
});
afterAll(async () => {
  await close();
  await world.close();
});

const post = (who: Person, url: string, body: object) =>
  request(app, who, { method: 'POST', url: `/assignments/${url}`, body });
const get = (who: Person, url: string) => request(app, who, { method: 'GET', url: `/assignments/${url}` });
const reason = '临时调整';
const casesOf = async (person: Person, limit = 1000): Promise<string[]> =>
  (
    await world.as('system', ({ tx }) =>
      sql<{
        id: string;
      }>`select id from follow_up_case where owner_id = ${person.userId} and state <> 'final' order by id limit ${limit}`.execute(
        tx,
      ),
    )
  ).rows.map(({ id }) => id);
/** The release deals at random: no test may count on how many cases one caller got. */
const freeCases = async (count: number): Promise<string[]> => {
  const { rows } = await world.as('system', ({ tx }) =>
    sql<{
      id: string;
    }>`select id from follow_up_case where state = 'ready' and owner_id is not null order by id limit ${count}`.execute(
      tx,
    ),
  );
  expect(rows).toHaveLength(count);
  return rows.map(({ id }) => id);
};
const historyOf = async (caseId: string) =>
  (await get(clerk, `history/${caseId}`)).body.items as {
    kind: string;
    from: string;
    to: string;
    by: string;
    reason: string;
  }[];

test('reassigning moves the cases and keeps who had them, who decided and why', async () => {
  const [first = '', second = ''] = await casesOf(anna, 2);
  const { status, body } = await post(clerk, 'reassign', {
    caseIds: [first, second],
    toUserId: cora.userId,
    reason,
  });
  expect([status, body]).toEqual([200, { moved: 2, stayed: [] }]);
  expect(await historyOf(first)).toMatchObject([
    { kind: 'random', to: '安回访', by: '录检员' },
    { kind: 'reassigned', from: '安回访', to: '陈回访', by: '录检员', reason },
  ]);
  const { rows } = await world.as('system', ({ tx }) =>
    sql<{ group_id: string }>`select group_id from follow_up_case where id = ${first}`.execute(tx),
  );
  expect(rows).toEqual([{ group_id: season.groups[1] }]);
});

test('by candidate: the open case of the phase', async () => {
  const [one = ''] = await casesOf(cora, 1);
  const { rows } = await world.as('system', ({ tx }) =>
    sql<{ candidate_id: string }>`select candidate_id from follow_up_case where id = ${one}`.execute(tx),
  );
  const { body } = await post(clerk, 'reassign', {
    candidateIds: [rows[0]?.candidate_id],
    toUserId: anna.userId,
    reason,
  });
  expect(body).toMatchObject({ moved: 1 });
});

test('a reason is required', async () => {
  expect(
    (await post(clerk, 'reassign', { caseIds: await casesOf(anna, 1), toUserId: cora.userId, reason: '' }))
      .status,
  ).toBe(400);
});

test('a case in a call is refused in words, the others move', async () => {
  const [held = '', free = ''] = await casesOf(anna, 2);
  await world.as(anna, async ({ tx, tenantId }) => {
    const lease = crypto.randomUUID();
    await sql`insert into lease (tenant_id, id, case_id, candidate_id, caller_id, opened_at, heartbeat_at, expires_at)
      select ${tenantId}, ${lease}, id, candidate_id, ${anna.userId}, now(), now(), now() + interval '20 minutes' from follow_up_case where id = ${held}`.execute(
      tx,
    );
    await sql`select case_apply(jsonb_build_array(jsonb_build_object('id', id, 'version', version, 'kind', 'claimed', 'at', now(),
      'after', jsonb_build_object('state', 'leased', 'lease_id', ${lease}::uuid)))) from follow_up_case where id = ${held}`.execute(
      tx,
    );
  });
  const both = await post(clerk, 'reassign', { caseIds: [held, free], toUserId: cora.userId, reason });
  expect(both.body).toMatchObject({
    moved: 1,
    stayed: [{ caseId: held, why: expect.stringContaining('正在通话中') }],
  });
  const alone = await post(clerk, 'take-back', { caseIds: [held], to: 'group', reason });
  expect([alone.status, alone.body.code]).toEqual([409, 'nothing_moved']);
  expect(alone.body.message).toContain('正在通话中');
});

test('a leader changes the own group only, and never the pool of all', async () => {
  const [own = ''] = await casesOf(bert, 1);
  const [foreign = ''] = await casesOf(cora, 1);
  expect((await post(leader, 'reassign', { caseIds: [own], toUserId: cora.userId, reason })).body.code).toBe(
    'other_group',
  );
  expect(
    (await post(leader, 'reassign', { caseIds: [foreign], toUserId: anna.userId, reason })).body.message,
  ).toContain('不是本组');
  expect((await post(leader, 'take-back', { caseIds: [own], to: 'pool', reason })).status).toBe(403);
  expect((await post(leader, 'balance', { groupId: season.groups[1], reason })).status).toBe(403);
  expect((await post(leader, 'return-all', { userId: cora.userId, reason })).status).toBe(403);
  expect((await get(leader, `cases?userId=${cora.userId}`)).status).toBe(403);
  expect((await get(leader, `history/${foreign}`)).status).toBe(403);
  const seen = (await get(leader, 'callers')).body.items as { name: string }[];
  expect(seen.map(({ name }) => name).sort()).toEqual(['吴组长', '安回访', '白回访']);
  expect(
    (await post(leader, 'reassign', { caseIds: [own], toUserId: anna.userId, reason })).body,
  ).toMatchObject({ moved: 1 });
  expect((await post(anna, 'reassign', { caseIds: [own], toUserId: bert.userId, reason })).status).toBe(403);
});

test('somebody who may not call gets nothing; a cap is said with its figures', async () => {
  const caseIds = await freeCases(3);
  const unqualified = await arrangeCaller(world, season.groups[0], { qualified: false });
  expect((await post(clerk, 'reassign', { caseIds, toUserId: unqualified.userId, reason })).body.code).toBe(
    'not_available',
  );
  const small = await arrangeCaller(world, season.groups[1], { cap: 1, name: '小上限' });
  const { body } = await post(clerk, 'reassign', {
    caseIds,
    toUserId: small.userId,
    reason,
  });
  expect([body.code, body.message]).toEqual([
    'over_cap',
    expect.stringContaining('只能再接 1 名；您选了 3 名'),
  ]);
});

test('taken back, a case waits in the group', async () => {
  const [one = ''] = (await casesOf(bert)).slice(-1);
  expect((await post(leader, 'take-back', { caseIds: [one], to: 'group', reason })).body).toMatchObject({
    moved: 1,
  });
  const { rows } = await world.as('system', ({ tx }) =>
    sql`select owner_id, group_id, group_due_at <= ${new Date(MORNING)} as open_to_group from follow_up_case where id = ${one}`.execute(
      tx,
    ),
  );
  expect(rows).toEqual([{ owner_id: null, group_id: season.groups[0], open_to_group: true }]);
});

test('balancing evens out a group; a dry run changes nothing; leads stay with who registered', async () => {
  const [lead = ''] = await casesOf(anna, 1);
  await world.as('system', ({ tx, tenantId }) =>
    sql`insert into lead (tenant_id, id, season_id, recruiter_id, candidate_no, name, source, registered_by, registered_at, candidate_id, state)
      select ${tenantId}, gen_random_uuid(), f.season_id, ${anna.userId}, c.candidate_no, c.name, '咨询', ${anna.userId}, now(), c.id, 'matched'
      from follow_up_case f join candidate c on c.id = f.candidate_id where f.owner_id = ${anna.userId}`.execute(
      tx,
    ),
  );
  const dry = await post(clerk, 'balance', { groupId: season.groups[0], dry: true, reason });
  const before = (await casesOf(bert)).length;
  expect(dry.body).toMatchObject({ moved: expect.any(Number) });
  expect((await casesOf(bert)).length).toBe(before);
  const { status, body } = await post(clerk, 'balance', { groupId: season.groups[0], reason });
  expect([status, body.moved]).toEqual([200, dry.body.moved]);
  const lines = body.lines as { name: string; before: number; after: number }[];
  const after = Object.fromEntries(lines.map((line) => [line.name, line.after]));
  expect((await casesOf(bert)).length).toBe(after.白回访);
  expect(await casesOf(anna)).toContain(lead);
  expect(Math.abs((after.白回访 ?? 0) - (after.吴组长 ?? 0))).toBeLessThanOrEqual(1);
});

test("a promise of an absent caller is the group's from its minute on, not a quarter of an hour later", async () => {
  const [one = ''] = (await casesOf(cora)).slice(-1);
  const callbackId = crypto.randomUUID();
  const at = MORNING + 3_600_000;
  await sql`insert into callback (tenant_id, id, case_id, due_at, created_by)
    values (${world.tenantId}, ${callbackId}, ${one}, ${new Date(at)}, ${cora.userId})`.execute(
    world.owner.kysely,
  );
  const due = {
    due_at: new Date(at),
    group_due_at: new Date(at + 900_000),
    pool_due_at: new Date(at + 1_800_000),
  };
  await world.as('system', ({ tx }) =>
    sql`select case_apply(jsonb_build_array(jsonb_build_object('id', id, 'version', version, 'kind', 'finished', 'at', ${new Date(MORNING)}::timestamptz,
        'after', ${JSON.stringify({ state: 'scheduled', callback_id: callbackId, ...due })}::jsonb)))
      from follow_up_case where id = ${one}`.execute(tx),
  );
  const given = { caseIds: [one], to: 'group', reason };
  expect((await post(clerk, 'take-back', given)).body).toMatchObject({ moved: 1 });
  const { rows } = await world.as('system', ({ tx }) =>
    sql`select owner_id, state, due_at, group_due_at from follow_up_case where id = ${one}`.execute(tx),
  );
  expect(rows).toEqual([{ owner_id: null, state: 'scheduled', due_at: at, group_due_at: at }]);
});

test('everything of an absent caller goes to the group, the call in hand too, and the history says so', async () => {
  const all = await casesOf(anna);
  const returned = await world.as('system', (ctx) => returnAllOf(ctx, anna.userId, '病假三天'));
  expect(returned).toEqual({ ok: true, value: all.length });
  expect(await casesOf(anna)).toEqual([]);
  expect((await historyOf(all[0] ?? '')).at(-1)).toMatchObject({
    kind: 'absent',
    from: '安回访',
    to: null,
    reason: '病假三天',
  });
  expect(await world.as('system', (ctx) => returnAllOf(ctx, anna.userId, '再来一次'))).toEqual({
    ok: true,
    value: 0,
  });
  expect((await post(clerk, 'return-all', { userId: anna.userId, reason })).body.code).toBe('nothing_moved');
});

test('nobody was lost: every case has one owner or waits, and owner is the last row of its history', async () => {
  const { rows } = await world.as('system', ({ tx }) =>
    sql`select count(*)::int as cases, count(*) filter (where c.owner_id is not distinct from a.to_user_id)::int as agree
      from follow_up_case c join lateral (select to_user_id from assignment a where a.case_id = c.id order by at desc, id desc limit 1) a on true`.execute(
      tx,
    ),
  );
  expect(rows).toEqual([{ cases: 40, agree: 40 }]);
});

test('afterwards every proof obligation of the follow-up holds', async () => {
  expect(await world.as('system', (ctx) => verifyFollowUp(ctx))).toMatchObject({ faults: [] });
});
