import { expect, test } from 'vitest';
import type { Person } from '#platform/testing/app';
import { DAY, MORNING } from '../follow-up/testing/arrange.ts';
import { readChance } from './chance.service.ts';
import { listWithdrawals, readWithdrawal } from './list.service.ts';
import { arrangeDesk } from './testing/papers.ts';

/** What people see before a request and while it is open. */

const desk = arrangeDesk();
const chance = (caseId: string, who = desk.caller) => desk.world.as(who, (ctx) => readChance(ctx, caseId));
const read = (id: string, who: Person) => desk.world.as(who, (ctx) => readWithdrawal(ctx, id));
const list = (who: Person) => desk.world.as(who, (ctx) => listWithdrawals(ctx, { limit: 50 }));

test('the form knows the policy, the rule that bars it, and a request that is open already', async () => {
  const caseId = await desk.newCase();
  expect(await chance(caseId)).toMatchObject({
    ok: true,
    value: { withdrawable: true, openId: null, barredBecause: null },
  });
  const id = await desk.requested(caseId);
  expect(await chance(caseId)).toMatchObject({
    ok: true,
    value: { openId: id, barredBecause: expect.stringContaining('已有一份办理中的退档申请') },
  });
  expect(await chance(await desk.newCase({ policyId: desk.season.binding }))).toMatchObject({
    ok: true,
    value: { withdrawable: false, barredBecause: expect.stringContaining('不可退档') },
  });
  expect(await chance(caseId, desk.otherCaller)).toMatchObject({ ok: false, error: { code: 'not_yours' } });
});

test('the list counts every state, and shows the whole name only to who compares the papers', async () => {
  const id = await desk.checked();
  const { items, counts } = await list(desk.leader);
  expect(counts.checked).toBe(items.filter(({ state }) => state === 'checked').length);
  expect(items.every(({ candidateName }) => candidateName.includes('*'))).toBe(true);
  const isMasked = async (who: Person) => {
    const found = await read(id, who);
    return found.ok && found.value.candidateName.includes('*');
  };
  expect([await isMasked(desk.caller), await isMasked(desk.office)]).toEqual([true, true]);
  expect([await isMasked(desk.leader), await isMasked(desk.clerk)]).toEqual([false, false]);
  const mine = await list(desk.otherCaller);
  expect(mine.counts.checked ?? 0).toBe(mine.items.filter(({ state }) => state === 'checked').length);
});

test('a mark of a page that nobody gave out begins at the first', async () => {
  const odd = await desk.world.as(desk.office, (ctx) => listWithdrawals(ctx, { limit: 50, cursor: '1_x' }));
  expect(odd.items.length).toBe(odd.total);
});

test('past the deadline the papers are dead before somebody takes the trouble', async () => {
  const id = await desk.requested();
  desk.world.setClock(MORNING + 6 * DAY + 1);
  expect(await read(id, desk.caller)).toMatchObject({
    value: { barredBecause: expect.stringContaining('省里不再受理') },
  });
});
