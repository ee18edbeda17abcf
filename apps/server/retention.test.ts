import { text } from 'node:stream/consumers';
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { addPhone, type CandidateId } from '#candidate';
import { audit } from '#platform/audit/audit';
import { verifyAudit } from '#platform/audit/verify';
import { system } from '#platform/db/tenant';
import { readFile, storeFile } from '#platform/files/files';
import { type RetentionLine, sweepExpired } from '#platform/retention';
import { changeTenantSettings } from '#platform/tenant-settings';
import { makeWorld, type Person, type World } from '#platform/testing/app';
import { findInDump } from '#platform/testing/dump';
import { permissionsOf } from '#staff/rules';
import { addCase, addFile, makeSeason, type TestSeason } from '../../modules/candidate/testing/files.ts';
import { retentionRules } from './app.ts';

/** 个人信息保护法 art. 19 and 47, ASVS 14.2.7: what has ended goes, at its day and not before; what has not ended stays. */
const DAY = 86_400_000;
const OVER = Date.parse('2025-01-01T00:00:00+08:00');
const SHARED = '15400007001';
const OLD_ONLY = '15400007002';
const STOPPED = '15400007003';

let world: World;
let office: Person;
let old: TestSeason;
let oldCandidate: CandidateId;
let newCandidate: CandidateId;

beforeAll(async () => {
  world = await makeWorld({ permissionsOf });
  office = await world.addPerson({ roles: ['admissions_office'] });
  old = await world.as('system', makeSeason);
  await sql`update season set year = 2024, active = false`.execute(world.owner.kysely);
  const running = await world.as('system', makeSeason);
  oldCandidate = await world.as('system', (ctx) => addFile(ctx, old, { name: '欧阳旧季' }));
  newCandidate = await world.as('system', (ctx) => addFile(ctx, running, { name: '欧阳新季' }));
  await addCase(world, {
    tenantId: world.tenantId,
    season: old,
    candidateId: oldCandidate,
    ownerId: office.userId,
    final: true,
  });
  await phone(oldCandidate, SHARED);
  await phone(newCandidate, SHARED);
  await phone(oldCandidate, OLD_ONLY);
  const stopped = await phone(oldCandidate, STOPPED);
  await world.as('system', ({ tx, tenantId }) =>
    sql`insert into do_not_call (tenant_id, id, scope, phone_id, reason, set_by)
      values (${tenantId}, gen_random_uuid(), 'number', ${stopped}, '本人要求', ${office.userId})`.execute(
      tx,
    ),
  );
});
afterAll(() => world.close());
beforeEach(() => world.setClock(undefined));

async function phone(candidateId: CandidateId, number: string): Promise<string> {
  const given = {
    candidateId,
    number,
    relation: 'father' as const,
    source: '考生本人',
    basis: '考生本人告知',
  };
  const added = await world.as(office, (ctx) => addPhone(ctx, given));
  if (!added.ok) throw new Error(added.error.message);
  return added.value.phoneId;
}

async function sweep(
  at: number | undefined,
  only?: readonly string[],
  dryRun = false,
): Promise<Record<string, number>> {
  world.setClock(at);
  const env = { ...world.env, db: world.owner, ...(at !== undefined && { clock: () => at }) };
  const caller = { tenantId: world.tenantId, actor: system };
  const rules = retentionRules.filter(({ id }) => only?.includes(id) ?? true);
  const lines = await sweepExpired({ env, caller, files: world.files, rules, dryRun });
  return Object.fromEntries(lines.map(({ id, count }: RetentionLine) => [id, count]));
}

const count = async (query: ReturnType<typeof sql>): Promise<number> =>
  (await query.execute(world.owner.kysely)).rows.length;

describe('a season that is over', () => {
  test('keeps its numbers for 180 days, then loses those that no running season has', async () => {
    expect(await sweep(OVER + 180 * DAY - 1, ['phones'])).toEqual({ phones: 0 });
    expect(await sweep(OVER + 180 * DAY + 1, ['phones'], true)).toEqual({ phones: 2 });
    const clear = () =>
      world.as('system', async ({ tx, vault }) => {
        const { rows } = await sql<{ number: Buffer }>`select number from phone`.execute(tx);
        return rows.map(({ number }) => vault.open(number)).filter((number) => number !== '');
      });
    expect(await clear()).toHaveLength(3);
    expect(await sweep(OVER + 180 * DAY + 1, ['phones'])).toEqual({ phones: 2 });
    expect(await clear()).toEqual([`+86${SHARED}`]);
    expect(await sweep(OVER + 180 * DAY + 1, ['phones'])).toEqual({ phones: 0 });
    expect(
      await findInDump(world.ownerUrl, [OLD_ONLY, STOPPED, OLD_ONLY.slice(3), STOPPED.slice(3)]),
    ).toEqual([]);
  });
  test('a number that asked not to be called is known again by its hash alone', async () => {
    const known = (number: string) =>
      world.as('system', async ({ tx, vault, tenantId }) => {
        const { rows } = await sql`select 1 from phone
          where tenant_id = ${tenantId} and number_blind = ${vault.blind(`+86${number}`)}`.execute(tx);
        return rows.length;
      });
    expect([await known(STOPPED), await known(OLD_ONLY), await known(SHARED)]).toEqual([1, 0, 1]);
  });
  test('after three years names nobody, and keeps its figures', async () => {
    expect(await sweep(OVER + 1095 * DAY - 1, ['candidates'])).toEqual({ candidates: 0 });
    expect(await sweep(OVER + 1095 * DAY + 1, ['candidates'])).toEqual({ candidates: 1 });
    const { rows } =
      await sql`select name, candidate_no, private, id_blind, id_masked, score from candidate order by name`.execute(
        world.owner.kysely,
      );
    expect(rows).toMatchObject([
      {
        name: '已匿名',
        candidate_no: '00000000000001',
        private: null,
        id_blind: null,
        id_masked: null,
        score: 520,
      },
      { name: '欧阳新季' },
    ]);
    expect(await findInDump(world.ownerUrl, ['欧阳旧季'])).toEqual([]);
    expect(await count(sql`select 1 from follow_up_case`)).toBe(1);
    expect(await sweep(OVER + 1095 * DAY + 1, ['candidates'])).toEqual({ candidates: 0 });
  });
});

describe('the platform', () => {
  test('removes files at their date, from disk and not before; a dry run touches nothing', async () => {
    const at = Date.parse('2026-07-01T00:00:00Z');
    world.setClock(at);
    const put = (removeAfter?: number) =>
      world.as('system', async (ctx) => {
        const file = {
          purpose: 'staff_import',
          name: '名单.xlsx',
          mediaType: 'x/y',
          ...(removeAfter && { removeAfter }),
        };
        return (await storeFile(ctx, world.files, file, Buffer.from('名单'))).id;
      });
    const [week, never] = [await put(at + 7 * DAY), await put()];
    const there = (id: string) =>
      world.as('system', async (ctx) => text(await readFile(ctx, world.files, id))).catch(() => 'gone');
    expect(await sweep(at + 7 * DAY - 1, ['files'])).toEqual({ files: 0 });
    expect(await sweep(at + 7 * DAY + 1, ['files'], true)).toEqual({ files: 1 });
    expect(await there(week)).toBe('名单');
    expect(await sweep(at + 7 * DAY + 1, ['files'])).toEqual({ files: 1 });
    expect([await there(week), await there(never)]).toEqual(['gone', '名单']);
    expect(await sweep(at + 7 * DAY + 2, ['files'])).toEqual({ files: 0 });
  });
  test('sessions, answers, messages and accounts go at their day', async () => {
    const gone = await world.addPerson({ roles: [], name: '离职者' });
    const stayed = await world.addPerson({ roles: [] });
    const now = Date.now();
    await world.as('system', async ({ tx, tenantId, vault }) => {
      await sql`update user_account set disabled_at = ${new Date(now)} where id = ${gone.userId}`.execute(tx);
      await sql`update session set ended_at = ${new Date(now)}, end_reason = 'test' where user_id = ${gone.userId}`.execute(
        tx,
      );
      await sql`insert into outbox_message (tenant_id, id, channel, recipient, body, state, sent_at)
        values (${tenantId}, gen_random_uuid(), 'sms', ${vault.seal('x')}, ${vault.seal('y')}, 'sent', ${new Date(now)}),
          (${tenantId}, gen_random_uuid(), 'sms', ${vault.seal('x')}, ${vault.seal('y')}, 'waiting', null)`.execute(
        tx,
      );
      await sql`insert into idempotency_key (tenant_id, user_id, key, request_hash, created_at)
        values (${tenantId}, ${stayed.userId}, 'key-12345', '\\x00', ${new Date(now)})`.execute(tx);
    });
    expect(await sweep(now + 2 * DAY - 1000, ['idempotency_keys'])).toEqual({ idempotency_keys: 0 });
    expect(await sweep(now + 2 * DAY + 1000, ['idempotency_keys'])).toEqual({ idempotency_keys: 1 });
    expect(await sweep(now + 180 * DAY - 1000, ['sessions', 'outbox'])).toEqual({ sessions: 0, outbox: 0 });
    expect(await sweep(now + 180 * DAY + 1000, ['sessions', 'outbox'])).toEqual({ sessions: 1, outbox: 1 });
    expect(await count(sql`select 1 from outbox_message where state = 'waiting'`)).toBe(1);
    expect(await sweep(now + 1095 * DAY - 1000, ['accounts'])).toEqual({ accounts: 0 });
    expect(await sweep(now + 1095 * DAY + 1000, ['accounts'])).toEqual({ accounts: 1 });
    expect(await findInDump(world.ownerUrl, ['离职者', gone.username])).toEqual([]);
  });
  test('days are the tenant’s own, never below what a law wants kept', async () => {
    await world.as('system', (ctx) =>
      changeTenantSettings(ctx, { retention: { notices: 30, audit: 1 } }, '测试保存期限'),
    );
    const now = Date.now();
    await world.as('system', ({ tx, tenantId }) =>
      sql`insert into notice (tenant_id, id, user_id, title, body, created_at)
        values (${tenantId}, gen_random_uuid(), ${office.userId}, '提醒', '内容', ${new Date(now)})`.execute(
        tx,
      ),
    );
    expect(await sweep(now + 30 * DAY - 1000, ['notices'])).toEqual({ notices: 0 });
    expect(await sweep(now + 30 * DAY + 1000, ['notices', 'audit'])).toEqual({ notices: 1, audit: 0 });
  });
  test('every removal stands in the audit log with its figure, and a run that removes nothing with nothing', async () => {
    const before = await count(sql`select 1 from audit_entry where action = 'retention.swept'`);
    await sweep(undefined);
    expect(await count(sql`select 1 from audit_entry where action = 'retention.swept'`)).toBe(before);
    const { rows } = await sql<{ body: unknown; reason: string }>`
      select body, reason from audit_entry where action = 'retention.swept' and subject_id = 'phones'`.execute(
      world.owner.kysely,
    );
    expect(rows).toEqual([{ body: { after: { count: 2 } }, reason: '保存期限已到（招生季结束后 180 天）' }]);
  });
});

describe('the audit log', () => {
  const entries = async (tenantId: string): Promise<number> =>
    count(sql`select 1 from audit_entry where tenant_id = ${tenantId}`);

  test('loses what is older than its period from the beginning of each chain, and still verifies; tampering still shows', async () => {
    const tenantId = await world.addTenant('audited');
    const person = await world.addPerson({ roles: [], tenantId });
    const write = (at: string) =>
      world.as(person, ({ tx }) =>
        sql`select append_audit(${tenantId}, ${JSON.stringify({ action: 'old.thing', actor_name: '某人', subject_type: 'x', at })}::jsonb)`.execute(
          tx,
        ),
      );
    for (let n = 0; n < 12; n += 1) await write('2020-01-01T00:00:00Z');
    for (let n = 0; n < 12; n += 1)
      await world.as(person, (ctx) => audit(ctx, { action: 'new.thing', subjectType: 'x', subjectId: null }));
    const forget = (before: string) =>
      world.owner.kysely.transaction().execute(async (tx) => {
        await sql`select set_config('app.tenant_id', ${tenantId}, true)`.execute(tx);
        const { rows } = await sql<{ n: number }>`select audit_forget(${before}::timestamptz) as n`.execute(
          tx,
        );
        return rows[0]?.n;
      });
    expect(await forget('2019-12-31')).toBe(0);
    expect(await forget('2100-01-01')).toBe(12);
    expect(await entries(tenantId)).toBe(12);
    const verify = () => world.as(person, verifyAudit);
    expect(await verify()).toEqual({ entries: 12, faults: [] });
    await write('2026-01-01T00:00:00Z');
    expect((await verify()).faults).toEqual([]);
    await sql`delete from audit_entry a where tenant_id = ${tenantId} and seq = (
      select min(seq) from audit_entry b where b.tenant_id = a.tenant_id and b.stripe = a.stripe)`.execute(
      world.owner.kysely,
    );
    expect((await verify()).faults.length).toBeGreaterThan(0);
  });
  test('cannot be shortened by the application', async () => {
    await expect(world.as('system', ({ tx }) => sql`select audit_forget(now())`.execute(tx))).rejects.toThrow(
      'permission denied',
    );
    await expect(
      world.as('system', ({ tx }) => sql`update audit_head set base_seq = 1`.execute(tx)),
    ).rejects.toThrow('permission denied');
  });
});
