import { sql } from 'kysely';
import { describe, expect, test } from 'vitest';
import type { Person } from '#platform/testing/app';
import { takeOver } from '../follow-up/takeover.service.ts';
import { sendBackWithdrawal } from './decide.service.ts';
import { listWithdrawals, readWithdrawal } from './list.service.ts';
import { isChecker } from './rules.ts';
import { arrangeDesk, everything } from './testing/papers.ts';

/** Separate hands: who asks or uploads does not check, and neither carries out. */

const desk = arrangeDesk();
const noticesOf = async (who: Person): Promise<string[]> =>
  (
    await desk.world.as('system', ({ tx }) =>
      sql<{ body: string }>`select body from notice where user_id = ${who.userId}`.execute(tx),
    )
  ).rows.map(({ body }) => body);

describe('who compares the papers', () => {
  const papers = { requestedBy: 'caller', uploadedBy: 'caller', checkedBy: null, leaderId: 'leader' };
  const leader = { userId: 'leader', roles: ['group_leader'] };
  const office = { userId: 'office', roles: ['admissions_office'] };
  test.each([
    ['the leader of the group', {}, [true, false]],
    ['nobody leads the group now', { leaderId: null }, [false, true]],
    ['the leader’s own candidate', { requestedBy: 'leader' }, [false, true]],
    ['uploaded by the leader', { uploadedBy: 'leader' }, [false, true]],
  ])('%s', (_case, given, may) => {
    const these = { ...papers, ...given };
    expect([isChecker(these, leader), isChecker(these, office)]).toEqual(may);
  });
  test('a leader does not check their own candidate, nor one of another group; the office does it', async () => {
    const own = await desk.ask(await desk.newCase({ owner: desk.leader }), desk.leader);
    if (!own.ok) throw new Error(own.error.message);
    const { id } = own.value;
    await desk.hand(id, desk.photo, desk.leader);
    expect(await desk.check(id)).toMatchObject({ ok: false, error: { code: 'same_person' } });
    const stranger = await desk.world.addPerson({ roles: ['group_leader'] });
    expect(await desk.check(id, stranger)).toMatchObject({ ok: false, error: { code: 'not_found' } });
    expect(await desk.check(id, desk.office)).toMatchObject({ ok: true, value: { state: 'checked' } });
  });
  test('one without a group does not lie till its deadline: it stands in the list of the office', async () => {
    const id = await desk.requested(await desk.newCase({ grouped: false }));
    await desk.hand(id);
    const toCheck = async (who: Person) =>
      (await desk.world.as(who, (ctx) => listWithdrawals(ctx, { toCheck: 'true', limit: 50 }))).items.map(
        (item) => item.id,
      );
    const led = await desk.requested();
    await desk.hand(led);
    const [office, leaders] = [await toCheck(desk.office), await toCheck(desk.leader)];
    expect([office.includes(id), office.includes(led)]).toEqual([true, false]);
    expect([leaders.includes(id), leaders.includes(led)]).toEqual([false, true]);
    expect(await desk.check(led, desk.office)).toMatchObject({ ok: false, error: { code: 'not_yours' } });
    expect(await desk.check(id, desk.office)).toMatchObject({ ok: true });
  });
  test('each reader is told what is true for them: the office when it would be its turn', async () => {
    const id = await desk.requested();
    await desk.hand(id);
    const note = async (who: Person) => {
      const read = await desk.world.as(who, (ctx) => readWithdrawal(ctx, id));
      return read.ok ? read.value.barredBecause : read.error.code;
    };
    expect(await note(desk.leader)).toBeNull();
    expect(await note(desk.office)).toBe(
      '由“一组”的组长核对；组长请假，或者是组长自己登记、上传的，才由招办核对。',
    );
    expect(await desk.check(id, desk.office)).toMatchObject({
      error: { code: 'not_yours', message: await note(desk.office) },
    });
  });
  test('while the leader is on leave the office does', async () => {
    const id = await desk.requested();
    await desk.hand(id);
    const leave = (state: string) =>
      desk.world.as('system', ({ tx, tenantId }) =>
        sql`insert into staff_leave (tenant_id, id, user_id, starts_on, ends_on, reason, state, unit_approved_by, personnel_approved_by,
            office_approved_by)
          values (${tenantId}, gen_random_uuid(), ${desk.leader.userId}, '2026-07-22', '2026-07-22', '家中有事', ${state},
            gen_random_uuid(), gen_random_uuid(), gen_random_uuid())`.execute(tx),
      );
    await leave('rejected');
    expect(await desk.check(id, desk.office)).toMatchObject({ error: { code: 'not_yours' } });
    await leave('approved');
    expect(await desk.check(id, desk.office)).toMatchObject({ ok: true });
    await desk.world.as('system', ({ tx }) => sql`update staff_leave set state = 'ended'`.execute(tx));
  });
  test('a leader whose account is shut leaves it to the office', async () => {
    const id = await desk.requested();
    await desk.hand(id);
    const shut = (at: string | null) =>
      desk.world.as('system', ({ tx }) =>
        sql`update user_account set disabled_at = ${at} where id = ${desk.leader.userId}`.execute(tx),
      );
    await shut('2026-07-21');
    expect(await desk.check(id, desk.office)).toMatchObject({ ok: true });
    await shut(null);
  });
  test('so does one whose account has ended, from the day after its last on', async () => {
    const expire = (day: string | null) =>
      desk.world.as('system', ({ tx }) =>
        sql`update user_account set expires_on = ${day} where id = ${desk.leader.userId}`.execute(tx),
      );
    const id = await desk.requested();
    await desk.hand(id);
    await expire('2026-07-22');
    expect(await desk.check(id, desk.office)).toMatchObject({ ok: false, error: { code: 'not_yours' } });
    await expire('2026-07-21');
    expect(await desk.check(id, desk.office)).toMatchObject({ ok: true });
    await expire(null);
  });
  test('two leaders of a moment: the second is told that it is done', async () => {
    const id = await desk.requested();
    await desk.hand(id);
    const both = await Promise.all([desk.check(id), desk.check(id)]);
    expect(both.filter(({ ok }) => ok)).toHaveLength(1);
    expect(both.find(({ ok }) => !ok)).toMatchObject({ error: { code: 'wrong_state' } });
  });
});

test('nothing passes with a point missing; a reason sends it back and tells the caller', async () => {
  const id = await desk.requested();
  await desk.hand(id);
  const partly = { checklist: { ...everything, parentSigned: false } };
  expect(await desk.check(id, desk.leader, partly)).toMatchObject({
    ok: false,
    error: { code: 'incomplete', details: { missing: ['parentSigned'] } },
  });
  expect(await desk.check(id, desk.leader, { rejectReason: '身份证看不清' })).toMatchObject({
    ok: true,
    value: { state: 'rejected' },
  });
  expect((await noticesOf(desk.caller)).some((body) => body.includes('身份证看不清'))).toBe(true);
});

describe('carrying out', () => {
  test('is never by who checked, not even in the database', async () => {
    const id = await desk.checked();
    const forged = desk.world.as('system', ({ tx }) =>
      sql`update withdrawal set state = 'executed', executed_by = checked_by, executed_at = now() where id = ${id}`.execute(
        tx,
      ),
    );
    await expect(forged).rejects.toThrow('executor_is_not_the_checker');
  });
  test('waits while the candidate is in a call', async () => {
    const caseId = await desk.newCase();
    const id = await desk.checked(caseId);
    const inHand = await desk.world.as(desk.caller, (ctx) => takeOver(ctx, caseId, '考生来电'));
    expect(inHand.ok).toBe(true);
    expect(await desk.execute(id)).toMatchObject({ ok: false, error: { code: 'case_busy' } });
  });
  test('happens once when two clerks do it at once', async () => {
    const id = await desk.checked();
    const second = await desk.world.addPerson({ roles: ['file_clerk'] });
    const results = await Promise.all([desk.execute(id), desk.execute(id, second)]);
    expect(results.map(({ ok }) => ok).sort()).toEqual([false, true]);
  });
  test('stops where the clerk sees that the papers are not right: back to the caller, and the leader is told', async () => {
    const caseId = await desk.newCase();
    const id = await desk.checked(caseId);
    const back = () =>
      desk.world.as(desk.clerk, (ctx) => sendBackWithdrawal(ctx, id, '照片里的准考证不是本人的'));
    expect(await back()).toMatchObject({ ok: true, value: { state: 'rejected' } });
    expect(await back()).toMatchObject({ ok: false, error: { code: 'wrong_state' } });
    expect(await desk.caseState(caseId)).toMatchObject({ state: 'scheduled' });
    for (const who of [desk.caller, desk.leader])
      expect((await noticesOf(who)).some((body) => body.includes('准考证不是本人的'))).toBe(true);
  });
});
