import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { verifyFollowUp } from '#follow-up';
import { inTenant } from '#platform/db/tenant';
import { makeWorld, type Person, type World } from '#platform/testing/app';
import { permissionsOf } from '#staff/rules';
import type { RunFilter, RunView } from './contract.ts';
import { writeRelease } from './release.service.ts';
import type { RunLimits } from './rules.ts';
import { discardRun, previewRun } from './run.service.ts';
import { arrangeCaller, arrangeCandidates, arrangeSeason, MORNING, type Season } from './testing/arrange.ts';

let world: World;
let season: Season;
let clerk: Person;
let anna: Person;
let bert: Person;
let cora: Person;

beforeAll(async () => {
  world = await makeWorld({ permissionsOf });
  world.setClock(MORNING);
  season = await arrangeSeason(world);
  clerk = await world.addPerson({ roles: ['file_clerk'], name: '录检员' });
  anna = await arrangeCaller(world, season.groups[0], { name: '安回访' });
  bert = await arrangeCaller(world, season.groups[0], { name: '白回访' });
  cora = await arrangeCaller(world, season.groups[1], { name: '陈回访' });
  await arrangeCaller(world, season.groups[1], { name: '未培训', qualified: false });
});
afterAll(() => world.close());

const free: RunLimits = { groups: [], skills: [], newPerCaller: null, openWorkCap: null };
const of = (importId: string): RunFilter => ({ provinceCodes: [], batchIds: [], importId });

async function preview(filter: RunFilter, limits: RunLimits = free, seed?: string): Promise<RunView> {
  const made = await world.as(clerk, (ctx) => previewRun(ctx, { filter, limits, seed }));
  if (!made.ok) throw new Error(made.error.message);
  return made.value;
}
const release = (id: string) =>
  inTenant(world.env, { tenantId: clerk.tenantId, actor: clerk.actor }, (ctx) => writeRelease(ctx, id));

interface CaseSeen {
  candidate_id: string;
  owner_id: string | null;
  group_id: string | null;
  state: string;
  kind: string;
  reason: string;
  deadline_at: number | null;
  due_at: number | null;
}
const casesOf = async (runId: string): Promise<CaseSeen[]> =>
  (
    await world.as('system', ({ tx }) =>
      sql<CaseSeen>`select c.candidate_id, c.owner_id, c.group_id, c.state, a.kind, a.reason, c.deadline_at, c.due_at
        from assignment a join follow_up_case c on c.tenant_id = a.tenant_id and c.id = a.case_id
        where a.run_id = ${runId} order by c.candidate_id`.execute(tx),
    )
  ).rows;
const importId = () => crypto.randomUUID();

describe('release', () => {
  test('of nobody is no run', async () => {
    const none = await world.as(clerk, (ctx) =>
      previewRun(ctx, { filter: of(importId()), limits: free, seed: 's' }),
    );
    expect(none).toMatchObject({ ok: false, error: { code: 'nothing_waiting', details: { total: 0 } } });
  });
  test('preview and release agree: even, only qualified callers, within calling hours, with a deadline', async () => {
    const delivery = importId();
    await arrangeCandidates(world, season, 31, { importId: delivery });
    const run = await preview(of(delivery));
    expect(run.preview.figures).toMatchObject({ total: 31, random: 31, left: 0, noPhone: 3 });
    expect(run.preview.callers.map(({ name }) => name).sort()).toEqual(['安回访', '白回访', '陈回访']);
    expect(await release(run.id)).toMatchObject({ ok: true, value: { opened: 31, escalated: 0 } });
    const cases = await casesOf(run.id);
    const got = run.preview.callers.map(
      ({ userId }) => cases.filter((one) => one.owner_id === userId).length,
    );
    expect(got).toEqual(run.preview.callers.map(({ random }) => random));
    expect([...got].sort()).toEqual([10, 10, 11]);
    expect(
      cases.every(({ state, kind, due_at }) => state === 'ready' && kind === 'random' && due_at === MORNING),
    ).toBe(true);
    expect(new Set(cases.map(({ deadline_at }) => deadline_at))).toEqual(new Set([MORNING + 5 * 86_400_000]));
    const groupOf = new Map(cases.map(({ owner_id, group_id }) => [owner_id, group_id]));
    expect(groupOf.get(cora.userId)).toBe(season.groups[1]);
  });

  test('the same input and seed give the same people the same candidates', async () => {
    const delivery = importId();
    await arrangeCandidates(world, season, 12, { importId: delivery });
    const one = await preview(of(delivery), free, 'same');
    const two = await preview(of(delivery), free, 'same');
    expect(two.preview).toEqual(one.preview);
    await release(two.id);
    expect((await casesOf(two.id)).length).toBe(12);
  });

  test('shielded and withdrawable goes to the escalation team, art school-exam candidates excepted', async () => {
    const delivery = importId();
    await arrangeCandidates(world, season, 5, { importId: delivery, province: '53' });
    const art = await arrangeCandidates(world, season, 2, {
      importId: delivery,
      province: '53',
      artSchoolExam: true,
    });
    const member = await world.addPerson({ roles: ['escalation_member'] });
    const run = await preview(of(delivery));
    expect(run.preview.figures).toMatchObject({ total: 7, escalation: 5, random: 2 });
    expect(await release(run.id)).toMatchObject({ ok: true, value: { opened: 7, escalated: 5 } });
    const cases = await casesOf(run.id);
    expect(cases.filter(({ state }) => state === 'escalated').map(({ kind }) => kind)).toEqual(
      Array(5).fill('escalation'),
    );
    expect(
      cases
        .filter(({ state }) => state === 'ready')
        .map(({ candidate_id }) => candidate_id)
        .sort(),
    ).toEqual(art.toSorted());
    const { rows } = await world.as('system', ({ tx }) =>
      sql`select tier, responsible_id from escalation e join assignment a on a.case_id = e.case_id where a.run_id = ${run.id}`.execute(
        tx,
      ),
    );
    expect(rows).toEqual(Array(5).fill({ tier: 'escalation_team', responsible_id: clerk.userId }));
    const { rows: told } = await world.as('system', ({ tx }) =>
      sql`select title from notice where user_id = ${member.userId}`.execute(tx),
    );
    expect(told).toEqual([{ title: '放出了 5 名由突击组回访的考生' }]);
    const { rows: journal } = await world.as('system', ({ tx }) =>
      sql`select array_agg(e.kind order by e.seq) as kinds from case_event e join assignment a on a.case_id = e.case_id
        where a.run_id = ${run.id} and a.kind = 'escalation' group by e.case_id`.execute(tx),
    );
    expect(journal).toEqual(Array(5).fill({ kinds: ['opened', 'escalated'] }));
  });

  test('a province without its policy stays, with a sentence; the others are released', async () => {
    const delivery = importId();
    await arrangeCandidates(world, season, 3, { importId: delivery, province: '54' });
    await arrangeCandidates(world, season, 2, { importId: delivery, province: '44' });
    await arrangeCandidates(world, season, 4, { importId: delivery, province: '52' });
    const run = await preview(of(delivery));
    expect(run.preview.figures).toMatchObject({ total: 9, blocked: 5, random: 4 });
    const reasons = run.preview.places.flatMap((place) => place.reasons);
    expect(reasons.some((text) => text.includes('西藏') && text.includes('招生计划数'))).toBe(true);
    expect(reasons.some((text) => text.includes('广东') && text.includes('还没有录入政策'))).toBe(true);
    expect(await release(run.id)).toMatchObject({ ok: true, value: { opened: 4 } });
    expect((await casesOf(run.id)).every(({ deadline_at }) => deadline_at === MORNING + 4 * 86_400_000)).toBe(
      true,
    );
  });

  test('nothing but blocked provinces cannot be released', async () => {
    const delivery = importId();
    await arrangeCandidates(world, season, 2, { importId: delivery, province: '44' });
    const run = await preview(of(delivery));
    expect(await release(run.id)).toMatchObject({ ok: false, error: { code: 'nothing_to_release' } });
  });

  test('a registered lead goes to its recruiter first, and says so', async () => {
    const delivery = importId();
    const [, second] = await arrangeCandidates(world, season, 6, { importId: delivery, name: '唐小报' });
    await world.as('system', ({ tx, tenantId }) =>
      sql`insert into lead (tenant_id, id, season_id, recruiter_id, candidate_no, name, source, registered_by, registered_at)
        select ${tenantId}, gen_random_uuid(), season_id, ${bert.userId}, candidate_no, name, '现场咨询', ${bert.userId}, ${new Date(MORNING - 1)}
        from candidate where id = ${second ?? ''}`.execute(tx),
    );
    const run = await preview(of(delivery));
    expect(run.preview.figures).toMatchObject({ lead: 1, random: 5 });
    await release(run.id);
    const mine = (await casesOf(run.id)).filter(({ kind }) => kind === 'lead');
    expect(mine).toMatchObject([{ candidate_id: second, owner_id: bert.userId, reason: '谁报备谁回访' }]);
  });

  test('groups and skills of a run are for the draw: a lead goes to its recruiter of another group, who can call it', async () => {
    const delivery = importId();
    const [lead] = await arrangeCandidates(world, season, 4, { importId: delivery, name: '唐外组' });
    await world.as('system', ({ tx, tenantId }) =>
      sql`insert into lead (tenant_id, id, season_id, recruiter_id, candidate_no, name, source, registered_by, registered_at)
        select ${tenantId}, gen_random_uuid(), season_id, ${cora.userId}, candidate_no, name, '现场咨询', ${cora.userId}, ${new Date(MORNING - 1)}
        from candidate where id = ${lead ?? ''}`.execute(tx),
    );
    await world.as('system', async ({ tx, tenantId }) => {
      await sql`insert into skill (tenant_id, code, name, kind) values (${tenantId}, 'chuan', '四川话', 'dialect')`.execute(
        tx,
      );
      await sql`insert into user_skill (tenant_id, user_id, skill_code) values (${tenantId}, ${anna.userId}, 'chuan')`.execute(
        tx,
      );
    });
    const groups = [{ groupId: season.groups[0], provinceCodes: [], batchIds: [] }];
    const skills = [{ skillCode: 'chuan', provinceCodes: ['51'], batchIds: [] }];
    const run = await preview(of(delivery), { ...free, groups, skills });
    expect(run.preview.figures).toMatchObject({ lead: 1, random: 3, leadOfOthers: 0 });
    expect(run.preview.callers.find(({ userId }) => userId === cora.userId)).toMatchObject({
      lead: 1,
      random: 0,
    });
    await release(run.id);
    const { rows } = await world.as('system', ({ tx }) =>
      sql`select f.owner_id, f.group_id, f.required_skill from follow_up_case f join assignment a on a.case_id = f.id
        where a.run_id = ${run.id} and a.kind = 'lead'`.execute(tx),
    );
    expect(rows).toEqual([{ owner_id: cora.userId, group_id: season.groups[1], required_skill: null }]);
    expect((await casesOf(run.id)).filter(({ owner_id }) => owner_id === anna.userId)).toHaveLength(3);
  });

  test.each([
    [
      'another candidate',
      (delivery: string) => arrangeCandidates(world, season, 1, { importId: delivery }),
      '待分配的考生',
    ],
    [
      'a policy',
      () =>
        world.as('system', ({ tx }) =>
          sql`update province_policy set version = version + 1 where province_code = '51'`.execute(tx),
        ),
      '各省政策',
    ],
    [
      'a caller on leave or gone',
      () =>
        world.as('system', ({ tx }) =>
          sql`update staff_profile set open_work_cap = 9999 where user_id = ${anna.userId}`.execute(tx),
        ),
      '在办上限',
    ],
  ])('a preview that is out of date by %s is refused with the figures', async (_what, change, words) => {
    const delivery = importId();
    await arrangeCandidates(world, season, 4, { importId: delivery });
    const run = await preview(of(delivery));
    await change(delivery);
    const refused = await release(run.id);
    expect(refused).toMatchObject({ ok: false, error: { code: 'stale' } });
    if (!refused.ok) expect(refused.error.message).toContain(words);
    expect(await casesOf(run.id)).toEqual([]);
  });

  test('released twice opens nothing more; a discarded one never', async () => {
    const delivery = importId();
    await arrangeCandidates(world, season, 3, { importId: delivery });
    const [run, other] = [await preview(of(delivery)), await preview(of(delivery))];
    await world.as(clerk, (ctx) => discardRun(ctx, other.id));
    expect(await release(other.id)).toMatchObject({ ok: false, error: { code: 'discarded' } });
    expect((await release(run.id)).ok).toBe(true);
    expect(await release(run.id)).toMatchObject({ ok: false, error: { code: 'already_released' } });
    expect((await casesOf(run.id)).length).toBe(3);
  });

  test('two releases of the same candidates at once: one wins, the other is refused', async () => {
    const delivery = importId();
    await arrangeCandidates(world, season, 40, { importId: delivery });
    const [one, two] = [await preview(of(delivery), free, 'a'), await preview(of(delivery), free, 'b')];
    const results = await Promise.all([release(one.id), release(two.id), release(one.id)]);
    expect(results.filter(({ ok }) => ok)).toHaveLength(1);
    expect((await casesOf(one.id)).length + (await casesOf(two.id)).length).toBe(40);
  });

  test('limits of a run: groups, new per caller, and who is left with the reason', async () => {
    const delivery = importId();
    await arrangeCandidates(world, season, 10, { importId: delivery });
    const groups = [{ groupId: season.groups[0], provinceCodes: ['51'], batchIds: [] }];
    const run = await preview(of(delivery), { ...free, groups, newPerCaller: 3 });
    expect(run.preview.figures).toMatchObject({ random: 6, left: 4 });
    expect(run.preview.places[0]?.reasons[0]).toContain('4 名未分配');
    await release(run.id);
    expect(new Set((await casesOf(run.id)).map(({ group_id }) => group_id))).toEqual(
      new Set([season.groups[0]]),
    );
    expect((await preview(of(delivery))).preview.figures.total).toBe(4);
  });
});

test('afterwards every proof obligation of the follow-up holds', async () => {
  expect(await world.as('system', (ctx) => verifyFollowUp(ctx))).toMatchObject({ faults: [] });
});
