import { Readable } from 'node:stream';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { system } from '#platform/db/tenant';
import { findFile, storeFile } from '#platform/files/files';
import { newId } from '#platform/ids';
import { sweepExpired } from '#platform/retention';
import type { Person, World } from '#platform/testing/app';
import { insertReveal } from '../../modules/candidate/reveal.store.ts';
import { barNumber } from '../../modules/follow-up/barred-number.ts';
import { liftDoNotCall } from '../../modules/follow-up/do-not-call.ts';
import {
  arrangeCaller,
  arrangeCase,
  arrangeWorld,
  type Season,
} from '../../modules/follow-up/testing/arrange.ts';
import { insertRow, lockCaseFacts, saveEnding } from '../../modules/withdrawal/store.ts';
import { insertReport, saveFinding } from '../../modules/withdrawal/wrongful.store.ts';
import { retentionRules } from './app.ts';

/** 个人信息保护法 art. 19: reveals, presence, withdrawals and leaves end at their day, not a moment before, and nothing else with them. */
const DAY = 86_400_000;
/** The season is of 2026 and has no phases: it is over with its year. */
const OVER = Date.parse('2027-01-01T00:00:00+08:00');
const GONE = '已到期删除';

let world: World;
let season: Season;
let caller: Person;
let other: Person;
let candidateId: string;
let caseId: string;

beforeAll(async () => {
  ({ world, season } = await arrangeWorld());
  caller = await arrangeCaller(world, season);
  other = await arrangeCaller(world, season);
  ({ candidateId, caseId } = await arrangeCase(world, season, { owner: caller }));
  await sql`update season set active = false`.execute(world.owner.kysely);
});
afterAll(() => world.close());

/** Rows that one rule ends at this moment. */
async function sweep(id: string, at: number, dryRun = false): Promise<number | undefined> {
  const env = { ...world.env, db: world.owner, clock: () => at };
  const caller = { tenantId: world.tenantId, actor: system };
  const rules = retentionRules.filter((rule) => rule.id === id);
  return (await sweepExpired({ env, caller, files: world.files, rules, dryRun }))[0]?.count;
}
const all = async <T>(query: ReturnType<typeof sql<T>>): Promise<T[]> =>
  (await query.execute(world.owner.kysely)).rows;

test('reveals go three years after the look', async () => {
  const at = Date.parse('2026-07-01T08:00:00Z');
  const reveal = (when: number, reason: string) => {
    world.setClock(when);
    const given = { userId: caller.userId, candidateId: candidateId as never, field: 'id_number', reason };
    return world.as(caller, (ctx) => insertReveal(ctx, given as never));
  };
  await reveal(at, '第一次');
  await reveal(at + DAY, '第二次');
  expect(await sweep('reveals', at + 1095 * DAY)).toBe(0);
  expect(await sweep('reveals', at + 1095 * DAY + 1, true)).toBe(1);
  expect(await sweep('reveals', at + 1095 * DAY + 1)).toBe(1);
  expect(await all(sql`select reason from reveal`)).toEqual([{ reason: '第二次' }]);
});

test('presence goes a year after its end; what is going on stays', async () => {
  const end = Date.parse('2026-07-01T09:00:00Z');
  const was = (who: Person, since: number, until: number | null) =>
    sql`insert into presence (tenant_id, id, user_id, state, reason, since, until)
      values (${world.tenantId}, ${newId()}, ${who.userId}, 'paused', '午休', ${new Date(since)}, ${until === null ? null : new Date(until)})`.execute(
      world.owner.kysely,
    );
  await was(caller, end - DAY, end);
  await was(other, end - DAY, null);
  expect(await sweep('presence', end + 365 * DAY)).toBe(0);
  expect(await sweep('presence', end + 365 * DAY + 1)).toBe(1);
  expect(await sweep('presence', end + 3650 * DAY)).toBe(0);
  expect(await all(sql`select user_id from presence`)).toEqual([{ user_id: other.userId }]);
});

test('of a withdrawal the letter goes half a year after the season, the reasons after three years; the steps stay', async () => {
  world.setClock(OVER - 100 * DAY);
  const [withdrawalId, reportId] = [newId<string>(), newId<string>()];
  const letterFileId = await world.as(caller, async (ctx) => {
    const file = { purpose: 'withdrawal_letter', name: '申请书.pdf', mediaType: 'application/pdf' };
    const { id } = await storeFile(ctx, world.files, file, Buffer.from('%PDF-'));
    const facts = await lockCaseFacts(ctx, caseId);
    if (!facts) throw new Error('no case');
    const wish = { reasonCode: 'other', reasonText: '本人想复读' } as const;
    await insertRow(ctx, { id: withdrawalId, facts, ...wish, letterFileId: id });
    await saveEnding(ctx, {
      id: withdrawalId,
      state: 'rejected',
      reason: '材料看不清',
      removeAfter: ctx.now,
    });
    await insertReport(ctx, { id: reportId, withdrawalId, description: '家长说没有申请', trace: [] });
    return id;
  });
  await world.as(other, (ctx) => saveFinding(ctx, reportId, { confirmed: false, finding: '本人确认申请过' }));
  const removed = async () => (await world.as('system', (ctx) => findFile(ctx, letterFileId)))?.removedAt;

  expect(await sweep('letters', OVER + 180 * DAY)).toBe(0);
  expect(await removed()).toBeNull();
  expect(await sweep('letters', OVER + 180 * DAY + 1)).toBe(1);
  expect(await removed()).not.toBeNull();
  expect(await sweep('letters', OVER + 180 * DAY + 1)).toBe(0);

  expect(await sweep('withdrawals', OVER + 1095 * DAY)).toBe(0);
  expect(await sweep('withdrawals', OVER + 1095 * DAY + 1)).toBe(2);
  expect(await sweep('withdrawals', OVER + 1095 * DAY + 1)).toBe(0);
  expect(
    await all(sql`select state, reason_code, reason_text, rejected_reason, requested_by from withdrawal`),
  ).toEqual([
    {
      state: 'rejected',
      reason_code: 'other',
      reason_text: GONE,
      rejected_reason: null,
      requested_by: caller.userId,
    },
  ]);
  expect(await all(sql`select state, description, finding from wrongful_withdrawal`)).toEqual([
    { state: 'unfounded', description: GONE, finding: null },
  ]);
});

test('nothing of a withdrawal goes while its season runs', async () => {
  await sql`update season set active = true`.execute(world.owner.kysely);
  await sql`update withdrawal set reason_text = '本人想复读'`.execute(world.owner.kysely);
  expect(await sweep('withdrawals', OVER + 3650 * DAY)).toBe(0);
});

test('why somebody was away goes three years after the last day of the leave, by the day in China; the days stay', async () => {
  const last = '2026-07-31';
  const over = Date.parse('2026-08-01T00:00:00+08:00');
  await sql`insert into staff_leave (tenant_id, id, user_id, starts_on, ends_on, reason, state, rejected_by, decision_note)
    values (${world.tenantId}, ${newId()}, ${caller.userId}, '2026-07-30', ${last}, '就医', 'rejected', ${other.userId}, '请改期')`.execute(
    world.owner.kysely,
  );
  expect(await sweep('leaves', over + 1095 * DAY - 1)).toBe(0);
  expect(await sweep('leaves', over + 1095 * DAY)).toBe(1);
  expect(await sweep('leaves', over + 1095 * DAY)).toBe(0);
  expect(await all(sql`select reason, decision_note, ends_on::text as last from staff_leave`)).toEqual([
    { reason: GONE, decision_note: null, last },
  ]);
});

test('an object that no row knows goes after a week with the halves of killed uploads; what is known stays, and a dry run touches nothing', async () => {
  const { tenantId, files } = world;
  const now = Date.now();
  const known = await world.as('system', (ctx) =>
    storeFile(ctx, files, { purpose: 'test', name: 'a', mediaType: 'text/plain' }, Buffer.from('known')),
  );
  const lost = newId<string>();
  await world
    .as('system', async (ctx) => {
      await files.put(
        { tenantId, fileId: lost },
        ctx.vault.currentKey(),
        Readable.from([Buffer.from('lost')]),
      );
      throw new Error('rolled back');
    })
    .catch(() => undefined);
  const broken = files.put(
    { tenantId, fileId: newId() },
    await world.as('system', async ({ vault }) => vault.currentKey()),
    Readable.from(
      (async function* () {
        yield Buffer.from('half');
        throw new Error('line cut');
      })(),
    ),
  );
  await expect(broken).rejects.toThrow('line cut');
  const there = async (fileId: string): Promise<boolean> =>
    world.as('system', ({ vault }) =>
      files.get({ tenantId, fileId }, vault.dataKey).then(
        (stream) => stream.destroy() && true,
        () => false,
      ),
    );
  expect(await sweep('orphans', now + 6 * DAY)).toBe(0);
  expect(await sweep('orphans', now + 8 * DAY, true)).toBe(1);
  expect([await there(lost), await there(known.id)]).toEqual([true, true]);
  expect(await sweep('orphans', now + 8 * DAY)).toBe(1);
  expect([await there(lost), await there(known.id)]).toEqual([false, true]);
  expect(await sweep('orphans', now + 8 * DAY)).toBe(0);
});

test('a number barred by hand that is in no file loses its digits after 180 days, and is still known; lifted, it can come anew', async () => {
  const at = Date.parse('2026-07-01T08:00:00Z');
  const number = '15400330001';
  const supervisor = await world.addPerson({ roles: ['supervisor'] });
  const bar = (lastDay: string | null) =>
    world.as(supervisor, (ctx) =>
      barNumber(ctx, { target: { number }, reason: '机主要求不再拨打', lastDay }),
    );
  const phones = () =>
    world.as('system', async ({ tx, vault }) => {
      const { rows } = await sql<{ state: string; masked: string; known: boolean }>`
        select p.state, p.masked, p.number_blind = ${vault.blind(`+86${number}`)} as known from phone p
        join do_not_call d on d.phone_id = p.id order by p.id`.execute(tx);
      return rows;
    });
  world.setClock(at);
  const barred = await bar(null);
  if (!barred.ok) throw new Error(barred.error.message);
  expect(await sweep('barred_numbers', at + 180 * DAY)).toBe(0);
  expect(await sweep('barred_numbers', at + 180 * DAY + 1, true)).toBe(1);
  expect(await sweep('barred_numbers', at + 180 * DAY + 1)).toBe(1);
  expect(await sweep('barred_numbers', at + 180 * DAY + 1)).toBe(0);
  expect(await phones()).toEqual([{ state: 'do_not_call', masked: '已删除', known: true }]);
  expect(await bar(null)).toMatchObject({ error: { code: 'already_barred' } });
  await world.as(supervisor, (ctx) => liftDoNotCall(ctx, barred.value.id, '机主来电要求恢复'));
  expect(await phones()).toEqual([{ state: 'dead', masked: '已删除', known: false }]);
  expect(await bar(null)).toMatchObject({ ok: true });
  expect(await phones()).toContainEqual({ state: 'do_not_call', masked: '154****0001', known: true });
  world.setClock(undefined);
});
