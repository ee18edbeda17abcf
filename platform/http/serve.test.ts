import type { FastifyInstance } from 'fastify';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { audit } from '#platform/audit/audit';
import { browseAudit } from '#platform/audit/browse';
import { verifyAudit } from '#platform/audit/verify';
import type { Ctx } from '#platform/db/tenant';
import { makeApp } from '#platform/http/app';
import { type Endpoint, handle } from '#platform/http/endpoint';
import { refuse } from '#platform/http/refusal';
import { formatBearer } from '#platform/http/request-session';
import { route } from '#platform/http/route';
import { serve } from '#platform/http/serve';
import { makeLog } from '#platform/log';
import { ok } from '#platform/result';
import { makeWorld, type Person, request, type World } from '#platform/testing/app';

const add = route({
  method: 'POST',
  path: '/notes',
  permission: 'note.write',
  summary: 'test',
  body: z.object({ title: z.string().min(1), fail: z.boolean().optional() }),
  reply: z.object({ id: z.string() }),
  refusals: { unlucky: 409 },
});
const list = route({
  method: 'GET',
  path: '/notes',
  permission: 'note.read',
  summary: 'test',
  reply: z.object({ titles: z.array(z.string()) }),
});
const look = route({
  method: 'GET',
  path: '/notes/:id',
  permission: 'note.read',
  summary: 'test',
  params: z.object({ id: z.uuid() }),
  query: z.object({ day: z.iso.date().optional() }),
});
const search = route({
  method: 'POST',
  path: '/notes/search',
  permission: 'note.read',
  summary: 'test',
  searches: true,
  body: z.object({ q: z.string() }),
  reply: z.object({ found: z.string() }),
});
const fresh = route({
  method: 'POST',
  path: '/fresh',
  permission: 'note.write',
  summary: 'test',
  freshAuth: true,
});

const endpoints: Endpoint[] = [
  handle(add, async (ctx, { body }) => {
    const id = crypto.randomUUID();
    await sql`insert into notice (tenant_id, id, user_id, title, body) values (${ctx.tenantId}, ${id}, ${ctx.actor.userId}, ${body.title}, '')`.execute(
      ctx.tx,
    );
    await audit(ctx, { action: 'note.added', subjectType: 'note', subjectId: id });
    return body.fail ? refuse('unlucky', '这次不行，请改天再试。', { tries: 1 }) : ok({ id });
  }),
  handle(list, async (ctx) => {
    const { rows } = await sql<{ title: string }>`select title from notice order by title`.execute(ctx.tx);
    return ok({ titles: rows.map((row) => row.title) });
  }),
  handle(look, async () => ok(undefined)),
  handle(search, async (_ctx, { body }) => ok({ found: body.q })),
  handle(fresh, async () => ok(undefined)),
];

const permissions = new Set(['note.write', 'note.read']);
const permissionsOf = (roles: readonly string[]) =>
  new Set(roles.includes('writer') ? permissions : roles.includes('reader') ? ['note.read'] : []);
const session = { idleMinutes: 30, permissionsOf };
const bare = { log: makeLog('silent'), trustProxy: false, secure: false, fileBytes: 1000 };

let world: World;
let app: FastifyInstance;
let writer: Person;
let reader: Person;
let foreigner: Person;

beforeAll(async () => {
  world = await makeWorld();
  app = await makeApp(bare);
  serve(app, endpoints, { env: world.env, session, cookieName: 'zhizhao_session', permissions });
  writer = await world.addPerson({ roles: ['writer'] });
  reader = await world.addPerson({ roles: ['reader'] });
  foreigner = await world.addPerson({ roles: ['writer'], tenantId: await world.addTenant('other') });
});
afterAll(async () => {
  await app.close();
  await world.close();
});

const post = (who: Person | null, body: unknown, key?: string) =>
  request(app, who, { method: 'POST', url: '/notes', body, ...(key && { key }) });
const titles = async (who: Person) => (await request(app, who, { method: 'GET', url: '/notes' })).body.titles;

describe('a request', () => {
  test('needs a session', async () => {
    expect(await post(null, { title: 'x' })).toMatchObject({ status: 401, body: { code: 'not_signed_in' } });
  });
  test('needs the permission of its route', async () => {
    expect(await post(reader, { title: 'x' })).toMatchObject({ status: 403, body: { code: 'forbidden' } });
  });
  test('is refused in words when its content is wrong, and when it says more than asked', async () => {
    expect(await post(writer, { title: '' })).toMatchObject({ status: 400, body: { code: 'invalid_input' } });
    expect(await post(writer, { title: 'x', tenantId: 'y' })).toMatchObject({ status: 400 });
  });
  test.each([
    ['/notes/old-link', /^这个链接指向的记录编号不完整或有误/],
    [`/notes/${crypto.randomUUID()}?day=tomorrow`, /^有查询条件读不出来/],
  ])('with a bad address, %s, is refused as a colleague would say it', async (url, words) => {
    const reply = await request(app, reader, { method: 'GET', url });
    expect(reply).toMatchObject({ status: 400, body: { code: 'invalid_input' } });
    expect(reply.body.message).toMatch(words);
    expect(reply.body.message).not.toMatch(/UUID/);
  });
  test('sees and writes its own tenant only', async () => {
    expect((await post(foreigner, { title: 'theirs' })).status).toBe(200);
    expect((await post(writer, { title: 'ours' })).status).toBe(200);
    expect(await titles(writer)).toEqual(['ours']);
    expect(await titles(foreigner)).toEqual(['theirs']);
  });
  test('leaves nothing behind when refused, not even its audit entry', async () => {
    const before = (await world.as('system', verifyAudit)).entries;
    expect(await post(writer, { title: 'half', fail: true })).toMatchObject({
      status: 409,
      body: { code: 'unlucky', details: { tries: 1 } },
    });
    expect(await titles(writer)).toEqual(['ours']);
    expect((await world.as('system', verifyAudit)).entries).toBe(before);
  });
  test('acts once, however often it is sent under one key', async () => {
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => post(writer, { title: 'once' }, 'key-0000-0001')),
    );
    expect(new Set(answers.map((answer) => answer.body.id)).size).toBe(1);
    expect(answers.every((answer) => answer.status === 200)).toBe(true);
    expect(await titles(writer)).toEqual(['once', 'ours']);
    expect(await post(writer, { title: 'different' }, 'key-0000-0001')).toMatchObject({
      status: 409,
      body: { code: 'idempotency_key' },
    });
  });
  test('from another site is refused', async () => {
    const response = await app.inject({ method: 'POST', url: '/api/notes', payload: { title: 'x' } });
    expect(response.statusCode).toBe(403);
  });
  test('of a disabled account is out at once', async () => {
    const leaver = await world.addPerson({ roles: ['writer'] });
    expect((await post(leaver, { title: 'bye' })).status).toBe(200);
    await world.as('system', (ctx) =>
      sql`update user_account set disabled_at = now() where id = ${leaver.userId}`.execute(ctx.tx),
    );
    expect((await post(leaver, { title: 'bye again' })).status).toBe(401);
  });
  test('for a sensitive act needs fresh proof of identity', async () => {
    expect((await request(app, writer, { method: 'POST', url: '/fresh' })).status).toBe(204);
    await world.as('system', (ctx) =>
      sql`update session set fresh_until = now() - interval '1 second'`.execute(ctx.tx),
    );
    expect(await request(app, writer, { method: 'POST', url: '/fresh' })).toMatchObject({
      status: 403,
      body: { code: 'fresh_auth_required' },
    });
  });
});

test('an act that somebody has no right to stands in the log with person, route and address; nothing else is written (ASVS 16.3.2)', async () => {
  const before = (await world.as('system', verifyAudit)).entries;
  expect((await request(app, reader, { method: 'POST', url: '/notes', body: { title: 'x' } })).status).toBe(
    403,
  );
  expect((await request(app, reader, { method: 'GET', url: '/notes' })).status).toBe(200);
  const { items } = await world.as('system', (ctx) => browseAudit(ctx, { action: 'access.', limit: 1 }));
  expect(items).toMatchObject([
    {
      action: 'access.refused',
      actorName: reader.actor.name,
      ip: '127.0.0.1',
      subjectType: 'route',
      subjectId: 'POST /notes',
      body: expect.stringContaining('note.write'),
    },
  ]);
  expect((await world.as('system', verifyAudit)).entries).toBe(before + 1);
});

test('a search is sent as a change is, its words in the body, yet it needs no key, leaves none, and is no use of a page nobody touches', async () => {
  const seeker = await world.addPerson({ roles: ['reader'] });
  const ask = (headers: Record<string, string>) =>
    app.inject({
      method: 'POST',
      url: '/api/notes/search',
      headers: { cookie: `zhizhao_session=${formatBearer(seeker)}`, ...headers },
      payload: { q: '欧阳' },
    });
  const ours = { 'x-requested-with': 'zhizhao' };
  const lastSeen = async () =>
    (
      await sql<{
        at: string;
      }>`select last_seen_at::text as at from session where user_id = ${seeker.userId}`.execute(
        world.owner.kysely,
      )
    ).rows[0]?.at;
  await sql`update session set last_seen_at = now() - interval '20 minutes' where user_id = ${seeker.userId}`.execute(
    world.owner.kysely,
  );
  const before = await lastSeen();
  expect((await ask({})).statusCode).toBe(403);
  expect((await ask({ ...ours, 'x-unattended': '1' })).json()).toEqual({ found: '欧阳' });
  expect(await lastSeen()).toBe(before);
  expect((await ask(ours)).statusCode).toBe(200);
  expect(await lastSeen()).not.toBe(before);
  const { rows } = await sql`select from idempotency_key where user_id = ${seeker.userId}`.execute(
    world.owner.kysely,
  );
  expect(rows).toEqual([]);
});

test('a route without a known permission does not start', async () => {
  const other = await makeApp(bare);
  const stray = handle(
    route({ method: 'GET', path: '/stray', permission: 'nobody.knows', summary: 'test' }),
    async () => ok(undefined),
  );
  expect(() => serve(other, [stray], { env: world.env, session, cookieName: 'c', permissions })).toThrow(
    'nobody.knows',
  );
  await other.close();
});

/** Each leaves the texts of a line, joined by bars, as they were or nearly so. */
const TAMPERINGS: readonly string[] = [
  `actor_name = actor_name || 'x'`,
  `at = at + interval '1 millisecond'`,
  `ip = coalesce(ip, '') || '1'`,
  `request_id = coalesce(request_id, '') || '1'`,
  `reason = coalesce(reason, '') || ' '`,
  `body = body || '{"x": 1}'`,
  `action = action || '.'`,
  'reason = subject_id, subject_id = null',
  'ip = request_id, request_id = ip',
  `subject_type = subject_type || '|' || subject_id, subject_id = null`,
  `actor_name = actor_id || '|' || actor_name, actor_id = null`,
];

class Rewound extends Error {}

/** Whether the proof of the chains shows what a superuser has just done; undone afterwards. */
async function tampered(statement: ReturnType<typeof sql>): Promise<boolean> {
  let shown = false;
  await world.owner.kysely
    .transaction()
    .execute(async (tx) => {
      await statement.execute(tx);
      const ctx = { tx, tenantId: world.tenantId } as Ctx;
      shown = (await verifyAudit(ctx)).faults.length > 0;
      throw new Rewound();
    })
    .catch((error: unknown) => {
      if (!(error instanceof Rewound)) throw error;
    });
  return shown;
}

describe('the audit log', () => {
  test('is whole after parallel writers', async () => {
    await Promise.all(
      Array.from({ length: 40 }, (_, n) =>
        world.as('system', (ctx) =>
          audit(ctx, { action: 'test.entry', subjectType: 'test', subjectId: `${n}` }),
        ),
      ),
    );
    const { entries, faults } = await world.as('system', verifyAudit);
    expect(faults).toEqual([]);
    expect(entries).toBeGreaterThanOrEqual(40);
  });
  test('shows whatever is done to a line: 200 tamperings of every column, among them texts moved into the empty column beside', async () => {
    const { rows: lines } = await sql<{ stripe: number; seq: number }>`
      select stripe, seq from audit_entry where actor_id is not null and subject_id is not null order by random() limit 20`.execute(
      world.owner.kysely,
    );
    const missed: string[] = [];
    for (const { stripe, seq } of lines) {
      for (const change of TAMPERINGS) {
        const shown = await tampered(
          sql`update audit_entry set ${sql.raw(change)} where stripe = ${stripe} and seq = ${seq}`,
        );
        if (!shown) missed.push(change);
      }
    }
    expect(missed).toEqual([]);
    expect((await world.as('system', verifyAudit)).faults).toEqual([]);
  });
  test('cannot be changed by the application', async () => {
    const change = world.as('system', (ctx) => sql`update audit_entry set actor_name = 'x'`.execute(ctx.tx));
    await expect(change).rejects.toThrow('permission denied');
  });
  test.each([
    [
      'an edited entry',
      sql`update audit_entry set body = '{"x": 1}' where (stripe, seq) = (select stripe, seq from audit_entry limit 1)`,
      'changed',
    ],
    [
      'a removed last entry',
      sql`delete from audit_entry e where (stripe, seq) = (select stripe, max(seq) from audit_entry group by stripe order by 2 desc limit 1)`,
      'head',
    ],
  ])('shows %s', async (_what, statement, fault) => {
    await world.owner.kysely.transaction().execute(async (tx) => statement.execute(tx));
    const { faults } = await world.as('system', verifyAudit);
    expect(faults.map(({ what }) => what)).toContain(fault);
  });
});
