import { sql } from 'kysely';
import { beforeAll, expect, test } from 'vitest';
import type { Person, World } from '#platform/testing/app';
import {
  arrangeCaller,
  arrangeCase,
  arrangeLeader,
  arrangeScene,
  DAY,
  HOUR,
  MINUTE,
  MORNING,
  type Season,
  titlesOf,
} from './testing/arrange.ts';
import { finish, pull } from './testing/calls.ts';
import { readDialects } from './trained.ts';

let world: World;
let season: Season;
let caller: Person;
let leader: Person;
let office: Person;

const state = arrangeScene((scene) => {
  ({ world, season, caller } = scene);
});
beforeAll(async () => {
  leader = await arrangeLeader(world, season);
  office = await world.addPerson({ roles: ['admissions_office'] });
});

const titles = (who: Person) => titlesOf(world, who);
async function fault(line: 'L9' | 'L11', minutes: number): Promise<void> {
  world.setClock(MORNING + minutes * MINUTE);
  await finish(world, caller, await pull(world, caller), { line, next: false });
}

test('a blocked number of ours is told to the office once a day', async () => {
  await arrangeCase(world, season, { owner: caller });
  await fault('L9', 0);
  await fault('L9', 60);
  expect((await titles(office)).filter((title) => title.includes('运营商拦截'))).toHaveLength(1);
});

test('the third line fault of a day is told to leader and office, the second is not, the fourth not again', async () => {
  await arrangeCase(world, season, { owner: caller });
  const told = async () => (await titles(leader)).filter((title) => title.includes('线路今天故障'));
  await fault('L11', 0);
  await fault('L11', 1);
  expect(await told()).toHaveLength(0);
  await fault('L11', 2);
  await fault('L11', 3);
  expect(await told()).toHaveLength(1);
  expect((await titles(office)).some((title) => title.includes('线路今天故障'))).toBe(true);
});

test('the faults of yesterday are those of another day', async () => {
  const other = await arrangeCaller(world, season);
  await arrangeCase(world, season, { owner: other });
  const told = async () => (await titles(leader)).filter((title) => title.includes('线路今天故障')).length;
  const before = await told();
  for (const at of [0, MINUTE, DAY, DAY + MINUTE]) {
    world.setClock(MORNING + at);
    await finish(world, other, await pull(world, other), { line: 'L11', next: false });
  }
  expect(await told()).toBe(before);
  world.setClock(MORNING + DAY + 2 * MINUTE);
  await finish(world, other, await pull(world, other), { line: 'L11', next: false });
  expect(await told()).toBe(before + 1);
});

const teach = (code: string, kind: string, ...people: Person[]) =>
  world.as('system', async ({ tx, tenantId }) => {
    await sql`insert into skill (tenant_id, code, name, kind) values (${tenantId}, ${code}, ${code}, ${kind})
      on conflict do nothing`.execute(tx);
    for (const { userId } of people)
      await sql`insert into user_skill (tenant_id, user_id, skill_code) values (${tenantId}, ${userId}, ${code})`.execute(
        tx,
      );
  });

/** Pulls until the case comes. */
async function take(who: Person, caseId: string) {
  let got = await pull(world, who);
  for (let more = 0; more < 5 && got.lease?.case.id !== caseId; more += 1)
    got = await finish(world, who, got, { result: 'R5' });
  expect(got.lease?.case.id).toBe(caseId);
  return got;
}

test('态度冷淡: a trained caller is wanted where there is one; after the try nobody in particular', async () => {
  const untrained = await arrangeCase(world, season, { owner: caller });
  await finish(world, caller, await pull(world, caller), { result: 'R4', next: false });
  expect(await state(untrained.caseId)).toMatchObject({ required_skill: null, not_caller_id: caller.userId });
  const trained = await arrangeCaller(world, season, { grouped: false });
  await teach('refusals', 'conversation', trained);
  const { caseId } = await arrangeCase(world, season, { owner: caller });
  world.setClock(MORNING + HOUR);
  await finish(world, caller, await pull(world, caller), { result: 'R4', next: false });
  expect(await state(caseId)).toMatchObject({ required_skill: 'refusals' });
  world.setClock(MORNING + 4 * DAY);
  const other = await arrangeCaller(world, season, { grouped: false });
  expect((await pull(world, other)).lease?.case.id).not.toBe(caseId);
  await finish(world, trained, await take(trained, caseId), { line: 'L11', next: false });
  expect(await state(caseId)).toMatchObject({ required_skill: 'refusals', not_caller_id: caller.userId });
  world.setClock(MORNING + 8 * DAY);
  await finish(world, trained, await take(trained, caseId), { result: 'R3', next: false });
  expect(await state(caseId)).toMatchObject({ required_skill: null, not_caller_id: null });
});

test('a dialect asked for at the release is asked for after 态度冷淡 too', async () => {
  const other = await arrangeCaller(world, season);
  await teach('cantonese', 'dialect', caller, other);
  const { caseId } = await arrangeCase(world, season, { owner: caller, requiredSkill: 'cantonese' });
  await finish(world, caller, await take(caller, caseId), { result: 'R4', next: false });
  world.setClock(MORNING + 4 * DAY);
  await finish(world, other, await take(other, caseId), { line: 'L5', next: false });
  expect(await state(caseId)).toMatchObject({ required_skill: 'cantonese' });
});

test('方言: the next call waits for a colleague who speaks the dialect named, and for anybody where nobody does', async () => {
  const speaker = await arrangeCaller(world, season);
  const other = await arrangeCaller(world, season);
  await teach('hakka', 'dialect', speaker, caller);
  await teach('unspoken', 'dialect', caller);
  const dialects = await world.as(caller, (ctx) => readDialects(ctx, caller.userId));
  expect(dialects.map(({ code }) => code)).toContain('hakka');
  expect(dialects.map(({ code }) => code)).not.toContain('unspoken');
  const { caseId } = await arrangeCase(world, season, { owner: caller });
  const said = { answerer: 'A9', next: false } as const;
  await finish(world, caller, await take(caller, caseId), { ...said, dialect: 'hakka' });
  expect(await state(caseId)).toMatchObject({ required_skill: 'hakka', not_caller_id: caller.userId });
  world.setClock(MORNING + 12 * DAY);
  expect((await pull(world, other)).lease?.case.id).not.toBe(caseId);
  await finish(world, speaker, await take(speaker, caseId), { line: 'L5', next: false });
  expect(await state(caseId)).toMatchObject({ required_skill: 'hakka', not_caller_id: null });
  const next = await arrangeCase(world, season, { owner: caller });
  await finish(world, caller, await take(caller, next.caseId), { ...said, dialect: 'unspoken' });
  expect(await state(next.caseId)).toMatchObject({ required_skill: null, not_caller_id: caller.userId });
});
