import { sql } from 'kysely';
import sharp from 'sharp';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { makeWorld, type Person, type World } from '#platform/testing/app';
import {
  arrangeCaller,
  arrangeCase,
  arrangeLeader,
  arrangeSeason,
  DAY,
  HOUR,
  MORNING,
  type Season,
  worldOptions,
} from '../follow-up/testing/arrange.ts';
import { readChance } from './chance.service.ts';
import { cancelWithdrawal, checkWithdrawal, executeWithdrawal } from './decide.service.ts';
import { listWithdrawals, readWithdrawal } from './list.service.ts';
import {
  lookAtLetter,
  openEvidence,
  openLetter,
  requestWithdrawal,
  uploadEvidence,
} from './request.service.ts';
import { CHECKS, type Checklist } from './rules.ts';
import { decideWrongful, listWrongful, reportWrongful } from './wrongful.service.ts';

let world: World;
let season: Season;
let caller: Person;
let otherCaller: Person;
let leader: Person;
let clerk: Person;
let supervisor: Person;
let photo: Buffer;
const everything = Object.fromEntries(CHECKS.map((check) => [check, true])) as Checklist;

beforeAll(async () => {
  world = await makeWorld(worldOptions);
  season = await arrangeSeason(world);
  caller = await arrangeCaller(world, season);
  otherCaller = await arrangeCaller(world, season);
  leader = await arrangeLeader(world, season);
  clerk = await world.addPerson({ roles: ['file_clerk'] });
  supervisor = await world.addPerson({ roles: ['supervisor'] });
  photo = await sharp({ create: { width: 800, height: 600, channels: 3, background: '#cfd8dc' } })
    .jpeg()
    .withExif({ IFD0: { Artist: 'secret-place' } })
    .toBuffer();
});
beforeEach(() => world.setClock(MORNING));
afterAll(() => world.close());

const ask = (caseId: string, who = caller) =>
  world.as(who, (ctx) =>
    requestWithdrawal(ctx, world.files, { caseId, reasonCode: 'repeat', reasonText: '' }),
  );
const hand = (id: string, content: Buffer = photo, who = caller) =>
  uploadEvidence(
    { env: world.env, caller: { tenantId: world.tenantId, actor: who.actor }, files: world.files },
    id,
    content,
  );
const check = (
  id: string,
  who = leader,
  given: Parameters<typeof checkWithdrawal>[2] = { checklist: everything },
) => world.as(who, (ctx) => checkWithdrawal(ctx, id, given));
const execute = (id: string, who = clerk) => world.as(who, (ctx) => executeWithdrawal(ctx, id));
const caseState = async (caseId: string) =>
  (
    await world.as('system', ({ tx }) =>
      sql<{
        state: string;
        result: string | null;
      }>`select state, result from follow_up_case where id = ${caseId}`.execute(tx),
    )
  ).rows[0];
const newCase = async (policyId = season.withdrawable) =>
  (await arrangeCase(world, season, { owner: caller, policyId })).caseId;

async function requested(caseId: string): Promise<string> {
  const result = await ask(caseId);
  if (!result.ok) throw new Error(result.error.message);
  return result.value.id;
}
async function checked(caseId: string): Promise<string> {
  const id = await requested(caseId);
  await hand(id);
  await check(id);
  return id;
}

describe('a withdrawal', () => {
  test('goes from letter to photo, check and execution, and ends the case', async () => {
    const caseId = await newCase();
    const id = await requested(caseId);
    const letter = await world.as(caller, (ctx) => openLetter(ctx, world.files, id));
    expect(letter.ok && letter.value.bytes.subarray(0, 5).toString()).toBe('%PDF-');
    expect(await hand(id)).toMatchObject({ ok: true, value: { state: 'evidence_in', hasEvidence: true } });
    expect(await check(id)).toMatchObject({ ok: true, value: { state: 'checked' } });
    expect(await execute(id)).toMatchObject({ ok: true, value: { state: 'executed' } });
    expect(await caseState(caseId)).toEqual({ state: 'final', result: 'withdrawn' });
  });
  test('shows its letter before it is made: a picture, nothing kept, and the same refusals', async () => {
    const caseId = await newCase();
    const files = () =>
      world.as('system', async ({ tx }) => (await sql`select from stored_file`.execute(tx)).rows.length);
    const before = await files();
    const look = (id: string, who = caller) => world.as(who, (ctx) => lookAtLetter(ctx, id));
    const picture = await look(caseId);
    expect(picture.ok && picture.value.subarray(0, 4).toString()).toBe('<svg');
    expect(await files()).toBe(before);
    expect(await world.as(caller, (ctx) => readChance(ctx, caseId))).toMatchObject({
      value: { openId: null },
    });
    expect(await look(caseId, otherCaller)).toMatchObject({ ok: false, error: { code: 'not_yours' } });
    expect(await look(await newCase(season.binding))).toMatchObject({ error: { code: 'binding_province' } });
    world.setClock(MORNING + 6 * DAY + 1);
    expect(await look(caseId)).toMatchObject({ ok: false, error: { code: 'past_deadline' } });
  });
  test('is refused in a binding province, with the rule', async () => {
    const result = await ask(await newCase(season.binding));
    expect(result).toMatchObject({
      ok: false,
      error: { code: 'binding_province', message: expect.stringContaining('不可退档') },
    });
  });
  test('is in time at the deadline itself and late one millisecond after, at every step', async () => {
    world.setClock(MORNING + 6 * DAY);
    const id = await requested(await newCase());
    await hand(id);
    world.setClock(MORNING + 6 * DAY + 1);
    expect(await ask(await newCase())).toMatchObject({
      ok: false,
      error: { code: 'past_deadline', details: { lateMinutes: 1 } },
    });
    expect(await hand(id)).toMatchObject({ ok: false, error: { code: 'past_deadline' } });
    expect(await check(id)).toMatchObject({ ok: false, error: { code: 'past_deadline' } });
  });
  test('is one at a time for a case, also when asked for twice at once', async () => {
    const caseId = await newCase();
    const results = await Promise.all([ask(caseId), ask(caseId)]);
    expect(results.map(({ ok }) => ok).sort()).toEqual([false, true]);
    expect(results.find(({ ok }) => !ok)).toMatchObject({ error: { code: 'already_open' } });
  });
  test('belongs to who has the candidate in hand', async () => {
    expect(await ask(await newCase(), otherCaller)).toMatchObject({
      ok: false,
      error: { code: 'not_yours' },
    });
  });
  test('can be called off by the candidate until it is carried out, and asked for again', async () => {
    const caseId = await newCase();
    const id = await checked(caseId);
    const overseer = await world.addPerson({ roles: ['admissions_office', 'caller'] });
    expect(await world.as(overseer, (ctx) => cancelWithdrawal(ctx, id, '代为撤回'))).toMatchObject({
      ok: false,
      error: { code: 'not_yours' },
    });
    expect(await world.as(caller, (ctx) => cancelWithdrawal(ctx, id, '考生改变主意'))).toMatchObject({
      ok: true,
      value: { state: 'cancelled' },
    });
    expect(await execute(id)).toMatchObject({ ok: false, error: { code: 'wrong_state' } });
    expect((await caseState(caseId))?.state).toBe('ready');
    expect((await ask(caseId)).ok).toBe(true);
  });
});

describe('the photo', () => {
  test('loses its metadata, is encrypted, and shows the viewer across it', async () => {
    const id = await requested(await newCase());
    await hand(id);
    const seen = await world.as(leader, (ctx) => openEvidence(ctx, world.files, id));
    if (!seen.ok) throw new Error(seen.error.message);
    expect(seen.value.bytes.includes('secret-place')).toBe(false);
    expect((await sharp(seen.value.bytes).stats()).isOpaque).toBe(true);
    expect((await sharp(seen.value.bytes).stats()).channels[0]?.stdev).toBeGreaterThan(0.5);
  });
  test.each([
    ['a page that calls itself a photo', Buffer.from('<html><script>alert(1)</script>'), 'not_a_picture'],
    ['a cut photo', () => photo.subarray(0, 400), 'not_a_picture'],
    ['an SVG', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>'), 'not_a_picture'],
  ])('%s is refused', async (_what, content, code) => {
    const id = await requested(await newCase());
    expect(await hand(id, typeof content === 'function' ? content() : content)).toMatchObject({
      ok: false,
      error: { code },
    });
  });
  test('is not for other callers, and each look is logged', async () => {
    const id = await requested(await newCase());
    await hand(id);
    expect(await world.as(otherCaller, (ctx) => openEvidence(ctx, world.files, id))).toMatchObject({
      ok: false,
      error: { code: 'not_found' },
    });
    await world.as(leader, (ctx) => openEvidence(ctx, world.files, id));
    const { rows } = await world.as('system', ({ tx }) =>
      sql<{
        n: number;
      }>`select count(*) as n from audit_entry where subject_id = ${id} and action = 'withdrawal.evidence_viewed'`.execute(
        tx,
      ),
    );
    expect(rows[0]?.n).toBe(1);
  });
});

describe('separate hands', () => {
  test('a leader does not check their own candidate, nor one of another group', async () => {
    const { caseId } = await arrangeCase(world, season, { owner: leader, policyId: season.withdrawable });
    const own = await ask(caseId, leader);
    if (!own.ok) throw new Error(own.error.message);
    await hand(own.value.id, photo, leader);
    expect(await check(own.value.id)).toMatchObject({ ok: false, error: { code: 'same_person' } });
    const stranger = await world.addPerson({ roles: ['group_leader'] });
    expect(await check(own.value.id, stranger)).toMatchObject({ ok: false, error: { code: 'not_found' } });
  });
  test('the database refuses it too', async () => {
    const id = await checked(await newCase());
    const forged = world.as('system', ({ tx }) =>
      sql`update withdrawal set state = 'executed', executed_by = checked_by, executed_at = now() where id = ${id}`.execute(
        tx,
      ),
    );
    await expect(forged).rejects.toThrow('executor_is_not_the_checker');
  });
  test('nothing passes with a point missing; a reason sends it back and tells the caller', async () => {
    const id = await requested(await newCase());
    await hand(id);
    const result = await check(id, leader, { checklist: { ...everything, parentSigned: false } });
    expect(result).toMatchObject({
      ok: false,
      error: { code: 'incomplete', details: { missing: ['parentSigned'] } },
    });
    expect(await check(id, leader, { checklist: everything, rejectReason: '身份证看不清' })).toMatchObject({
      ok: true,
      value: { state: 'rejected' },
    });
    const { rows } = await world.as('system', ({ tx }) =>
      sql<{ body: string }>`select body from notice where user_id = ${caller.userId}`.execute(tx),
    );
    expect(rows.some(({ body }) => body.includes('身份证看不清'))).toBe(true);
  });
  test('two clerks at once: one execution', async () => {
    const id = await checked(await newCase());
    const second = await world.addPerson({ roles: ['file_clerk'] });
    const results = await Promise.all([execute(id), execute(id, second)]);
    expect(results.map(({ ok }) => ok).sort()).toEqual([false, true]);
  });
});

describe('a wrongful withdrawal', () => {
  test('is traced to everyone who touched it and decided by another person', async () => {
    const id = await checked(await newCase());
    expect(
      await world.as(caller, (ctx) => reportWrongful(ctx, id, '考生说从未申请退档，请核查')),
    ).toMatchObject({ ok: false, error: { code: 'wrong_state' } });
    await execute(id);
    const report = await world.as(supervisor, (ctx) => reportWrongful(ctx, id, '考生说从未申请退档，请核查'));
    if (!report.ok) throw new Error(report.error.message);
    expect(new Set(report.value.trace.map(({ who }) => who))).toEqual(
      new Set([caller, leader, clerk].map(({ actor }) => actor.name)),
    );
    expect(
      await world.as(supervisor, (ctx) =>
        decideWrongful(ctx, report.value.id, { confirmed: true, finding: '签名与报名表不符' }),
      ),
    ).toMatchObject({ ok: false, error: { code: 'same_person' } });
    const other = await world.addPerson({ roles: ['supervisor'] });
    expect(
      await world.as(other, (ctx) =>
        decideWrongful(ctx, report.value.id, { confirmed: true, finding: '签名与报名表不符' }),
      ),
    ).toMatchObject({ ok: true, value: { state: 'confirmed' } });
    expect(
      await world.as(supervisor, (ctx) => reportWrongful(ctx, id, '第二次报告，补充新的情况')),
    ).toMatchObject({ ok: true });
  });

  test('that waits for a finding stands before newer ones that have theirs', async () => {
    const reported = async (description: string): Promise<string> => {
      const id = await checked(await newCase());
      await execute(id);
      const report = await world.as(leader, (ctx) => reportWrongful(ctx, id, description));
      if (!report.ok) throw new Error(report.error.message);
      return report.value.id;
    };
    const open = await reported('家长说没有签过字，请核查');
    world.setClock(MORNING + HOUR);
    const decided = await reported('考生说从未申请退档，请核查');
    await world.as(supervisor, (ctx) =>
      decideWrongful(ctx, decided, { confirmed: false, finding: '签名与报名表一致，本人承认' }),
    );
    const ids = (await world.as(supervisor, listWrongful)).map(({ id }) => id);
    expect(ids.indexOf(open)).toBeLessThan(ids.indexOf(decided));
  });
});

describe('before and while it is open', () => {
  const chance = (caseId: string, who = caller) => world.as(who, (ctx) => readChance(ctx, caseId));

  test('the form knows the policy, the rule that bars it, and a request that is open already', async () => {
    const caseId = await newCase();
    expect(await chance(caseId)).toMatchObject({
      ok: true,
      value: { withdrawable: true, openId: null, barredBecause: null },
    });
    const id = await requested(caseId);
    expect(await chance(caseId)).toMatchObject({
      ok: true,
      value: { openId: id, barredBecause: expect.stringContaining('已有一份办理中的退档申请') },
    });
    expect(await chance(await newCase(season.binding))).toMatchObject({
      ok: true,
      value: { withdrawable: false, barredBecause: expect.stringContaining('不可退档') },
    });
    expect(await chance(caseId, otherCaller)).toMatchObject({ ok: false, error: { code: 'not_yours' } });
  });
  test('the list counts every state, and shows the whole name only to who compares the papers', async () => {
    const id = await checked(await newCase());
    const { items, counts } = await world.as(leader, (ctx) => listWithdrawals(ctx, { limit: 50 }));
    const states = items.map(({ state }) => state);
    expect(counts.checked).toBe(states.filter((state) => state === 'checked').length);
    expect(items.every(({ candidateName }) => candidateName.includes('*'))).toBe(true);
    const read = async (who: Person) => {
      const found = await world.as(who, (ctx) => readWithdrawal(ctx, id));
      return found.ok && found.value.candidateName.includes('*');
    };
    expect(await read(caller)).toBe(true);
    expect([await read(leader), await read(clerk)]).toEqual([false, false]);
    const mine = await world.as(otherCaller, (ctx) => listWithdrawals(ctx, { limit: 50 }));
    expect(mine.counts.checked ?? 0).toBe(mine.items.filter(({ state }) => state === 'checked').length);
  });
});
