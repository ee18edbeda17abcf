import { type RawBuilder, sql } from 'kysely';
import { expect, test } from 'vitest';
import type { Person, World } from '#platform/testing/app';
import { correct } from './correct.service.ts';
import { arrangeCase, arrangeScene, countOf, HOUR, MORNING, type Season } from './testing/arrange.ts';
import { finish, pull } from './testing/calls.ts';

/** A call that was written down wrong is set right: the case is decided anew, every count moves, the first record stays. */

let world: World;
let season: Season;
let caller: Person;

const state = arrangeScene((scene) => {
  ({ world, season, caller } = scene);
});
const count = (query: RawBuilder<{ n: number }>) => countOf(world, query);

test('a correction decides anew and keeps the first record', async () => {
  const { caseId } = await arrangeCase(world, season, { owner: caller });
  await finish(world, caller, await pull(world, caller), { line: 'L3' });
  const attemptId = (await state(caseId))?.last_attempt_id ?? '';
  const given = {
    line: null,
    answerer: null,
    result: 'R3' as const,
    talkSeconds: 90,
    checked: { major: false, identity: false },
    reason: '按错键',
  };
  const done = await world.as(caller, (ctx) => correct(ctx, attemptId, given));
  expect(done).toMatchObject({ ok: true, value: { outcome: 'R3', corrected: true, talkSeconds: 90 } });
  expect(await state(caseId)).toMatchObject({ disposition: 'considering', contacts: 1, talk_seconds: 90 });
});

test('a correction moves every count of the case, and a call set right to a line fault was no try', async () => {
  const { caseId } = await arrangeCase(world, season, { owner: caller });
  await finish(world, caller, await pull(world, caller), { line: 'L5' });
  const attemptId = (await state(caseId))?.last_attempt_id ?? '';
  const counts = async (said: { line?: 'L11' | 'L5'; result?: 'R3' | 'R4' }) => {
    const given = {
      line: null,
      answerer: null,
      result: null,
      talkSeconds: 60,
      reason: '听录音后更正',
      ...said,
    };
    const checked = { major: false, identity: false };
    const done = await world.as(caller, (ctx) => correct(ctx, attemptId, { ...given, checked }));
    if (!done.ok) throw new Error(done.error.message);
    const { attempts, dials, contacts, refusals, unanswered, considered } = (await state(caseId)) ?? {};
    return { attempts, dials, contacts, refusals, unanswered, considered };
  };
  const tried = { attempts: 1, dials: 1, contacts: 1, refusals: 0, unanswered: 0, considered: 0 };
  expect(await counts({ result: 'R4' })).toEqual({ ...tried, refusals: 1 });
  expect(await counts({ result: 'R3' })).toEqual({ ...tried, considered: 1 });
  expect(await counts({ line: 'L11' })).toEqual({ ...tried, attempts: 0, dials: 0, contacts: 0 });
  expect(await counts({ line: 'L5' })).toEqual({ ...tried, contacts: 0, unanswered: 1 });
});

test('a corrected attempt counts once: the second 拒接 of a day rests until tomorrow, the first does not', async () => {
  const { caseId } = await arrangeCase(world, season, { owner: caller });
  await finish(world, caller, await pull(world, caller), { line: 'L7' });
  const attemptId = (await state(caseId))?.last_attempt_id ?? '';
  const given = { line: 'L7' as const, answerer: null, result: null, talkSeconds: 0, reason: '补充说明' };
  const checked = { major: false, identity: false };
  const done = await world.as(caller, (ctx) => correct(ctx, attemptId, { ...given, checked }));
  expect(done.ok).toBe(true);
  expect((await state(caseId))?.due_at).toBe(MORNING + 4 * HOUR);
});

test('a number taken away as a wrong one by mistake comes back with the correction', async () => {
  const { caseId, candidateId } = await arrangeCase(world, season, { owner: caller });
  const attached = () =>
    count(
      sql`select count(*)::int as n from candidate_phone where candidate_id = ${candidateId} and detached_at is null`,
    );
  await finish(world, caller, await pull(world, caller), { answerer: 'A1', next: false });
  expect(await attached()).toBe(1);
  const attemptId = (await state(caseId))?.last_attempt_id ?? '';
  const given = { line: null, answerer: null, result: 'R3' as const, talkSeconds: 60, reason: '按错键' };
  const checked = { major: false, identity: false };
  const done = await world.as(caller, (ctx) => correct(ctx, attemptId, { ...given, checked }));
  expect(done).toMatchObject({ ok: true, value: { outcome: 'R3' } });
  expect(await attached()).toBe(2);
});
