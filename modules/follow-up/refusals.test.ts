import { sql } from 'kysely';
import { describe, expect, test } from 'vitest';
import type { Person, World } from '#platform/testing/app';
import type { CaseRow } from './case.store.ts';
import { correct } from './correct.service.ts';
import { finishAndNext } from './finish.service.ts';
import { addNumber, dial, message, signals } from './lease.service.ts';
import { assignCases } from './lifecycle.service.ts';
import { setPresence } from './presence.ts';
import { skip } from './release.service.ts';
import { takeOver } from './takeover.service.ts';
import { arrangeCaller, arrangeCase, arrangeScene, type Season } from './testing/arrange.ts';
import { finish, form, pull } from './testing/calls.ts';
import { undo } from './undo.service.ts';

/** What the screen never offers and a request may still ask for: refused, and nothing is left behind. */

let world: World;
let season: Season;
let caller: Person;
const state = arrangeScene((scene) => {
  ({ world, season, caller } = scene);
});

const refusedAs = (code: string) => ({ ok: false, error: { code } });

describe('a number of somebody else', () => {
  test('is not dialled, written to or finished with, and an outgoing call names its number', async () => {
    const stranger = await arrangeCase(world, season, { owner: null, dueAt: null });
    const { caseId } = await arrangeCase(world, season, { owner: caller });
    const work = await pull(world, caller);
    const lease = work.lease?.id ?? '';
    const [foreign = ''] = stranger.phoneIds;
    const said = {
      clientKey: 'key-1',
      channel: 'wechat' as const,
      outcome: 'sent',
      text: '',
      talkSeconds: 0,
    };
    const finished = (phoneId: string | null) =>
      world.as(caller, (ctx) => finishAndNext(ctx, lease, form(work, { line: 'L5', phoneId })));
    expect([
      await world.as(caller, (ctx) => dial(ctx, lease, foreign)),
      await world.as(caller, (ctx) =>
        message(ctx, lease, { ...said, phoneId: foreign, scriptVersionId: null }),
      ),
      await finished(foreign),
      await finished(null),
    ]).toMatchObject(Array.from({ length: 4 }, () => refusedAs('number_not_held')));
    expect(await state(caseId)).toMatchObject({ state: 'leased', attempts: 0 });
  });
  test('that is being dialled for a brother is neither added nor taken over', async () => {
    const { phoneIds } = await arrangeCase(world, season, { owner: caller, phones: 1 });
    const held = await pull(world, caller);
    const number = held.lease?.numbers[0]?.number.replace('+86', '') ?? '';
    const mate = await arrangeCaller(world, season);
    const brother = await arrangeCase(world, season, { owner: mate, phoneIds });
    expect(await world.as(mate, (ctx) => takeOver(ctx, brother.caseId, '考生来电'))).toMatchObject(
      refusedAs('number_busy'),
    );
    await arrangeCase(world, season, { owner: mate });
    const work = await pull(world, mate);
    const given = { number, relation: 'father' as const, contactName: '', basis: '考生本人告知' };
    expect(await world.as(mate, (ctx) => addNumber(ctx, work.lease?.id ?? '', given))).toMatchObject(
      refusedAs('number_busy'),
    );
  });
});

describe('what has changed meanwhile', () => {
  const spoken = async (): Promise<{ caseId: string; phoneIds: readonly string[]; attemptId: string }> => {
    const { caseId, phoneIds } = await arrangeCase(world, season, { owner: caller });
    const work = await finish(world, caller, await pull(world, caller), { line: 'L11', next: false });
    return { caseId, phoneIds, attemptId: work.undo?.attemptId ?? '' };
  };
  const takeBack = (attemptId: string) => world.as(caller, (ctx) => undo(ctx, attemptId));
  test('a case with a new owner is not undone under their hands', async () => {
    const { caseId, attemptId } = await spoken();
    const mate = await arrangeCaller(world, season);
    const to = { caseId: caseId as CaseRow['id'], ownerId: mate.userId, groupId: season.groupId };
    await world.as('system', (ctx) => assignCases(ctx, [to], '改派'));
    expect(await takeBack(attemptId)).toMatchObject(refusedAs('case_moved'));
  });
  test('nor one whose number somebody is dialling for a brother', async () => {
    const { phoneIds, attemptId } = await spoken();
    const mate = await arrangeCaller(world, season);
    await arrangeCase(world, season, { owner: mate, phoneIds });
    await pull(world, mate);
    expect(await takeBack(attemptId)).toMatchObject(refusedAs('case_moved'));
  });
  test('a record is not corrected while the candidate is in a call', async () => {
    const { attemptId } = await spoken();
    await pull(world, caller);
    const given = { line: 'L5' as const, answerer: null, result: null, talkSeconds: 0, reason: '按错键' };
    const checked = { major: false, identity: false };
    expect(await world.as(caller, (ctx) => correct(ctx, attemptId, { ...given, checked }))).toMatchObject(
      refusedAs('case_moved'),
    );
  });
});

test('another reason for a skip is written down, and so is the reason of a pause', async () => {
  await arrangeCase(world, season, { owner: caller });
  const lease = (await pull(world, caller)).lease?.id ?? '';
  const skipped = (note: string) =>
    world.as(caller, (ctx) => skip(ctx, lease, { reason: 'other', note, next: false }));
  expect(await skipped('')).toMatchObject(refusedAs('note_needed'));
  expect(await skipped('号码是本校教师的')).toMatchObject({ ok: true });
  const paused = (reason: string | null) => world.as(caller, (ctx) => setPresence(ctx, 'paused', reason));
  expect([await paused(null), await paused('')]).toMatchObject([
    refusedAs('reason_needed'),
    refusedAs('reason_needed'),
  ]);
});

test('a signal that nobody defined is not kept', async () => {
  await arrangeCase(world, season, { owner: caller });
  const lease = (await pull(world, caller)).lease?.id ?? '';
  expect(await world.as(caller, (ctx) => signals(ctx, lease, ['no_such']))).toMatchObject(
    refusedAs('unknown_signal'),
  );
});

test('before a season runs there is nobody to call, and the screen says so', async () => {
  await sql`update season set active = false`.execute(world.owner.kysely);
  const { nothing } = await pull(world, caller);
  await sql`update season set active = true`.execute(world.owner.kysely);
  expect(nothing).toMatchObject({ code: 'not_started' });
});
