import { sql } from 'kysely';
import { describe, expect, test } from 'vitest';
import { newId } from '#platform/ids';
import type { PolicyId } from '#season/rules';
import { takeOver } from '../follow-up/takeover.service.ts';
import { DAY, MORNING } from '../follow-up/testing/arrange.ts';
import { readChance } from './chance.service.ts';
import { cancelWithdrawal } from './decide.service.ts';
import { lookAtLetter, openLetter, requestWithdrawal } from './request.service.ts';
import { arrangeDesk } from './testing/papers.ts';

/** From the candidate's wish to its end; the papers are in check.test.ts, evidence.test.ts and list.test.ts. */

const desk = arrangeDesk();

describe('a withdrawal', () => {
  test('goes from letter to photo, check and execution, and ends the case', async () => {
    const caseId = await desk.newCase();
    const id = await desk.requested(caseId);
    const letter = await desk.world.as(desk.caller, (ctx) => openLetter(ctx, desk.world.files, id));
    expect(letter.ok && letter.value.bytes.subarray(0, 5).toString()).toBe('%PDF-');
    expect(await desk.hand(id)).toMatchObject({
      ok: true,
      value: { state: 'evidence_in', hasEvidence: true },
    });
    expect(await desk.check(id)).toMatchObject({ ok: true, value: { state: 'checked' } });
    expect(await desk.execute(id)).toMatchObject({ ok: true, value: { state: 'executed' } });
    expect(await desk.caseState(caseId)).toEqual({ state: 'final', result: 'withdrawn' });
  });
  test('shows its letter before it is made: a picture, nothing kept, and the same refusals', async () => {
    const caseId = await desk.newCase();
    const files = () =>
      desk.world.as('system', async ({ tx }) => (await sql`select from stored_file`.execute(tx)).rows.length);
    const before = await files();
    const look = (id: string, who = desk.caller) => desk.world.as(who, (ctx) => lookAtLetter(ctx, id));
    const picture = await look(caseId);
    expect(picture.ok && picture.value.subarray(0, 4).toString()).toBe('<svg');
    expect(await files()).toBe(before);
    expect(await desk.world.as(desk.caller, (ctx) => readChance(ctx, caseId))).toMatchObject({
      value: { openId: null },
    });
    expect(await look(caseId, desk.otherCaller)).toMatchObject({ ok: false, error: { code: 'not_yours' } });
    expect(await look(await desk.newCase({ policyId: desk.season.binding }))).toMatchObject({
      error: { code: 'binding_province' },
    });
    desk.world.setClock(MORNING + 6 * DAY + 1);
    expect(await look(caseId)).toMatchObject({ ok: false, error: { code: 'past_deadline' } });
  });
  test('is refused where nobody has entered yet whether it is possible', async () => {
    const { seasonId, batchId } = desk.season;
    const policyId = newId<PolicyId>();
    await sql`insert into province_policy (tenant_id, id, season_id, province_code, batch_id)
      values (${desk.world.tenantId}, ${policyId}, ${seasonId}, '53', ${batchId})`.execute(
      desk.world.owner.kysely,
    );
    expect(await desk.ask(await desk.newCase({ policyId }))).toMatchObject({
      ok: false,
      error: { code: 'policy_missing' },
    });
  });
  test('for another reason needs the words of the candidate', async () => {
    const given = { caseId: await desk.newCase(), reasonCode: 'other' as const };
    const ask = (reasonText: string) =>
      desk.world.as(desk.caller, (ctx) => requestWithdrawal(ctx, desk.world.files, { ...given, reasonText }));
    expect(await ask('')).toMatchObject({ ok: false, error: { code: 'text_needed' } });
    expect(await ask('家里需要照顾')).toMatchObject({ ok: true });
  });
  test('is refused in a binding province, with the rule', async () => {
    expect(await desk.ask(await desk.newCase({ policyId: desk.season.binding }))).toMatchObject({
      ok: false,
      error: { code: 'binding_province', message: expect.stringContaining('不可退档') },
    });
  });
  test('is in time at the deadline itself and late one millisecond after, at every step', async () => {
    desk.world.setClock(MORNING + 6 * DAY);
    const id = await desk.requested();
    await desk.hand(id);
    const passed = await desk.checked();
    desk.world.setClock(MORNING + 6 * DAY + 1);
    expect(await desk.ask(await desk.newCase())).toMatchObject({
      ok: false,
      error: { code: 'past_deadline', details: { lateMinutes: 1 } },
    });
    expect(await desk.hand(id)).toMatchObject({ ok: false, error: { code: 'past_deadline' } });
    expect(await desk.check(id)).toMatchObject({ ok: false, error: { code: 'past_deadline' } });
    expect(await desk.execute(passed)).toMatchObject({ ok: false, error: { code: 'past_deadline' } });
  });
  test('is one at a time for a case, also when asked for twice at once', async () => {
    const caseId = await desk.newCase();
    const results = await Promise.all([desk.ask(caseId), desk.ask(caseId)]);
    expect(results.map(({ ok }) => ok).sort()).toEqual([false, true]);
    expect(results.find(({ ok }) => !ok)).toMatchObject({ error: { code: 'already_open' } });
  });
  test('belongs to who has the candidate in hand: also on the phone, for whoever answers', async () => {
    const caseId = await desk.newCase();
    expect(await desk.ask(caseId, desk.otherCaller)).toMatchObject({
      ok: false,
      error: { code: 'not_yours' },
    });
    await desk.world.as(desk.otherCaller, (ctx) => takeOver(ctx, caseId, '考生来电'));
    expect((await desk.ask(caseId, desk.otherCaller)).ok).toBe(true);
  });
  test('can be called off by the candidate until it is carried out, and asked for again', async () => {
    const caseId = await desk.newCase();
    const id = await desk.checked(caseId);
    const cancel = (who: typeof desk.caller, reason: string) =>
      desk.world.as(who, (ctx) => cancelWithdrawal(ctx, id, reason));
    const overseer = await desk.world.addPerson({ roles: ['admissions_office', 'caller'] });
    expect(await cancel(overseer, '代为撤回')).toMatchObject({ ok: false, error: { code: 'not_yours' } });
    expect(await cancel(desk.caller, '考生改变主意')).toMatchObject({
      ok: true,
      value: { state: 'cancelled' },
    });
    expect(await desk.execute(id)).toMatchObject({ ok: false, error: { code: 'wrong_state' } });
    expect((await desk.caseState(caseId))?.state).toBe('ready');
    expect((await desk.ask(caseId)).ok).toBe(true);
  });
});
