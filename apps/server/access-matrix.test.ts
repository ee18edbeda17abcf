import type { FastifyInstance } from 'fastify';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Ctx } from '#platform/db/tenant';
import type { Endpoint } from '#platform/http/endpoint';
import { formatBearer } from '#platform/http/request-session';
import { newId, type TenantId } from '#platform/ids';
import { makeWorld, type Person, type World } from '#platform/testing/app';
import { GRANTS, permissionsOf, ROLES, type Role } from '#staff/rules';
import { ACCESS } from './access-matrix.ts';
import type { Access, Sight } from './access-sight.ts';
import { serveAll } from './testing/whole-server.ts';

/** ASVS 8.2.1, 8.2.2, 8.4.1: every route for every role, and objects of {own, own group, other group, other tenant}. */

/** Routes that end the session that calls them, or never end themselves: only the denials are tried with a shared session. */
const CONSUMING: ReadonlySet<string> = new Set([
  'DELETE /session',
  'DELETE /sessions',
  'GET /events',
  'GET /reports/wallboard/stream',
]);

let world: World;
let app: FastifyInstance;
let close: () => Promise<void>;
let endpoints: readonly Endpoint[];
let foreignTenant: TenantId;
const people = new Map<Role, Person>();

beforeAll(async () => {
  world = await makeWorld({ permissionsOf });
  ({ app, endpoints, close } = await serveAll(world));
  foreignTenant = await world.addTenant('other');
  for (const role of ROLES) people.set(role, await world.addPerson({ roles: [role] }));
});
afterAll(async () => {
  await close();
  await world.close();
});

const keyOf = ({ route }: Endpoint): string => `${route.method} ${route.path}`;
let calls = 0;

/** The limit of requests a minute counts by address, so each call comes from another one. */
async function ask(
  who: Person | null,
  key: string,
  { id = '00000000-0000-7000-8000-00000000dead', body }: { id?: string; body?: object } = {},
): Promise<{ status: number; code: string | undefined }> {
  calls += 1;
  const [method, path = ''] = key.split(' ');
  const response = await app.inject({
    method: method as 'GET',
    url: `/api${path.replace(/:\w+/g, id)}`,
    remoteAddress: `10.${(calls >> 16) & 255}.${(calls >> 8) & 255}.${calls & 255}`,
    headers: {
      'x-requested-with': 'zhizhao',
      ...(who && { cookie: `zhizhao_session=${formatBearer(who)}` }),
      ...(method !== 'GET' && { 'idempotency-key': newId<string>() }),
    },
    ...(method !== 'GET' && { payload: body ?? {} }),
  });
  const type = String(response.headers['content-type'] ?? '');
  return { status: response.statusCode, code: type.includes('json') ? response.json().code : undefined };
}

const rolesOf = (access: Access): ReadonlySet<string> =>
  typeof access === 'string' ? new Set<string>(ROLES) : new Set(Object.keys(access));
const personOf = (role: Role): Person => {
  const person = people.get(role);
  if (!person) throw new Error(`nobody is ${role}`);
  return person;
};
const isBarred = (answer: { status: number; code: string | undefined }): boolean =>
  answer.status === 401 || answer.code === 'forbidden' || answer.code === 'stage';

describe('the table', () => {
  test('has a line for every route and none too many', () => {
    const known = endpoints.map(keyOf);
    const lines = endpoints
      .filter((endpoint) => !(keyOf(endpoint) in ACCESS))
      .map((endpoint) => {
        const holders = (GRANTS as Record<string, readonly string[]>)[endpoint.route.permission] ?? [];
        return `'${keyOf(endpoint)}': all(${holders.map((role) => `'${role}'`).join(', ')}), // ${endpoint.route.permission}`;
      });
    expect(lines, 'add after review; change all() to group() or own() where the scope is smaller').toEqual(
      [],
    );
    expect(Object.keys(ACCESS).filter((key) => !known.includes(key))).toEqual([]);
  });
});

describe('permission', () => {
  test('nobody without a session gets past any route that is not public', async () => {
    for (const endpoint of endpoints) {
      const answer = await ask(null, keyOf(endpoint));
      const expected = ACCESS[keyOf(endpoint)] === 'public' ? 'open' : 401;
      expect([
        keyOf(endpoint),
        answer.status === 401 && answer.code === 'not_signed_in' ? 401 : 'open',
      ]).toEqual([keyOf(endpoint), expected]);
    }
  });
  test.each(ROLES)('%s', async (role) => {
    const wrong: string[] = [];
    for (const endpoint of endpoints) {
      const key = keyOf(endpoint);
      const access = ACCESS[key];
      if (access === undefined || access === 'public') continue;
      const allowed = rolesOf(access).has(role);
      if (allowed && CONSUMING.has(key)) continue;
      const answer = await ask(personOf(role), key);
      const right = allowed ? !isBarred(answer) && answer.status < 500 : answer.code === 'forbidden';
      if (!right)
        wrong.push(
          `${key}: ${allowed ? 'should pass' : 'should be barred'}, got ${answer.status} ${answer.code ?? ''}`,
        );
    }
    expect(wrong).toEqual([]);
  });
  test('a session that is not complete reaches the steps of signing in only', async () => {
    const person = await world.addPerson({ roles: [...ROLES] });
    await world.as('system', ({ tx, tenantId }) =>
      sql`update session set stage = 'totp' where tenant_id = ${tenantId} and user_id = ${person.userId}`.execute(
        tx,
      ),
    );
    for (const endpoint of endpoints) {
      const key = keyOf(endpoint);
      if (ACCESS[key] === 'public' || ACCESS[key] === 'any session') continue;
      expect([key, (await ask(person, key)).code]).toEqual([key, 'stage']);
    }
  });
});

type Where = 'own' | 'own group' | 'other group' | 'other tenant';
const REACH: Readonly<Record<Sight, readonly Where[]>> = {
  all: ['own', 'own group', 'other group'],
  group: ['own', 'own group'],
  own: ['own'],
};

interface ObjectRoute {
  /** Makes the object for one person to look at, and gives its id. */
  readonly make: (ctx: Ctx, owner: Owner) => Promise<string>;
  readonly body?: object;
}
interface Owner {
  readonly userId: string;
  readonly groupId: string;
}

const person = async (_ctx: Ctx, owner: Owner): Promise<string> => owner.userId;
const theGroup = async (_ctx: Ctx, owner: Owner): Promise<string> => owner.groupId;
const freshGroup = async ({ tx, tenantId }: Ctx): Promise<string> => {
  const id = newId<string>();
  await sql`insert into staff_group (tenant_id, id, name) values (${tenantId}, ${id}, ${`空组${id}`})`.execute(
    tx,
  );
  return id;
};
const unit = async ({ tx, tenantId }: Ctx): Promise<string> => {
  const id = newId<string>();
  await sql`insert into org_unit (tenant_id, id, name, kind) values (${tenantId}, ${id}, ${`部门${id}`}, 'school')`.execute(
    tx,
  );
  return id;
};
const leave = async ({ tx, tenantId }: Ctx, owner: Owner): Promise<string> => {
  const id = newId<string>();
  await sql`insert into staff_leave (tenant_id, id, user_id, starts_on, ends_on, reason)
    values (${tenantId}, ${id}, ${owner.userId}, '2099-01-01', '2099-01-02', '测试请假')`.execute(tx);
  return id;
};
const job = async ({ tx, tenantId }: Ctx, owner: Owner): Promise<string> => {
  const id = newId<string>();
  await sql`insert into job (tenant_id, id, kind, created_by) values (${tenantId}, ${id}, 'test', ${owner.userId})`.execute(
    tx,
  );
  return id;
};

/** Routes whose object level is tried, one line each; a reply of 404 not_found means out of sight. */
const OBJECTS: Readonly<Record<string, ObjectRoute>> = {
  'GET /staff/people/:id': { make: person },
  'PUT /staff/people/:id': { make: person, body: { name: '改名', kind: 'teacher' } },
  'PUT /staff/people/:id/roles': { make: person, body: { roles: [], reason: '测试访问' } },
  'POST /staff/people/:id/enable': { make: person, body: { reason: '测试访问' } },
  'GET /staff/people/:id/sessions': { make: person },
  'POST /staff/people/:id/qualify': { make: person, body: { passed: true, note: '测试访问' } },
  'PUT /staff/groups/:id': { make: theGroup, body: { name: '测试访问' } },
  'POST /staff/groups/:id/dissolve': { make: freshGroup, body: { reason: '测试访问' } },
  'PUT /staff/units/:id': { make: unit, body: { name: '测试访问', kind: 'school' } },
  'POST /staff/units/:id/void': { make: unit, body: { reason: '测试访问' } },
  'POST /absence/leaves/:id/end': { make: leave },
  'POST /absence/leaves/:id/decide': { make: leave, body: { step: 'office', approved: true } },
  'GET /jobs/:id': { make: job },
};

/** Jobs are for who started them; the office may look at all of them. */
const JOB_SIGHT = Object.fromEntries(
  ROLES.map((role) => [role, role === 'admissions_office' ? 'all' : 'own']),
) as Record<Role, Sight>;

describe('objects', () => {
  const owners = new Map<Where, { tenantId: TenantId; owner: Owner }>();
  const makeGroup = (tenantId: TenantId, leaderId: string | null): Promise<string> =>
    within(tenantId, async ({ tx }) => {
      const id = newId<string>();
      await sql`insert into staff_group (tenant_id, id, name, leader_id) values (${tenantId}, ${id}, ${`组${id}`}, ${leaderId})`.execute(
        tx,
      );
      return id;
    });
  const within = <T>(tenantId: TenantId, work: (ctx: Ctx) => Promise<T>): Promise<T> =>
    world.as({ ...personOf('caller'), tenantId }, work);
  const join = (tenantId: TenantId, userId: string, groupId: string) =>
    within(tenantId, ({ tx }) =>
      sql`insert into staff_profile (tenant_id, user_id, group_id) values (${tenantId}, ${userId}, ${groupId})
        on conflict (tenant_id, user_id) do update set group_id = excluded.group_id`.execute(tx),
    );

  beforeAll(async () => {
    const mine = await makeGroup(world.tenantId, personOf('group_leader').userId);
    const other = await makeGroup(world.tenantId, null);
    const foreign = await makeGroup(foreignTenant, null);
    const member = await world.addPerson({ roles: ['caller'] });
    const outsider = await world.addPerson({ roles: ['caller'] });
    const foreigner = await world.addPerson({ roles: ['caller'], tenantId: foreignTenant });
    await join(world.tenantId, member.userId, mine);
    await join(world.tenantId, outsider.userId, other);
    await join(foreignTenant, foreigner.userId, foreign);
    for (const role of ROLES) await join(world.tenantId, personOf(role).userId, mine);
    owners.set('own group', { tenantId: world.tenantId, owner: { userId: member.userId, groupId: mine } });
    owners.set('other group', {
      tenantId: world.tenantId,
      owner: { userId: outsider.userId, groupId: other },
    });
    owners.set('other tenant', {
      tenantId: foreignTenant,
      owner: { userId: foreigner.userId, groupId: foreign },
    });
  });

  const ownerFor = (where: Where, role: Role): { tenantId: TenantId; owner: Owner } => {
    const found = owners.get(where === 'own' ? 'own group' : where);
    if (!found) throw new Error(where);
    return where === 'own' ? { ...found, owner: { ...found.owner, userId: personOf(role).userId } } : found;
  };

  test.each(Object.keys(OBJECTS))('%s', async (key) => {
    const spec = OBJECTS[key];
    const access = key === 'GET /jobs/:id' ? JOB_SIGHT : ACCESS[key];
    if (!spec || !access || typeof access === 'string') throw new Error(`${key} has no sight`);
    const wrong: string[] = [];
    for (const [role, sight] of Object.entries(access) as [Role, Sight][]) {
      for (const where of ['own', 'own group', 'other group', 'other tenant'] as const) {
        const { tenantId, owner } = ownerFor(where, role);
        const id = await within(tenantId, (ctx) => spec.make(ctx, owner));
        const answer = await ask(personOf(role), key, { id, ...(spec.body && { body: spec.body }) });
        const seen = answer.status !== 404;
        if (seen !== REACH[sight].includes(where) || answer.status === 400 || answer.status >= 500)
          wrong.push(`${role} (${sight}) on ${where}: ${answer.status} ${answer.code ?? ''}`);
      }
    }
    expect(wrong).toEqual([]);
  });
  test('an id of another college and an id of nobody get the same answer', async () => {
    for (const key of Object.keys(OBJECTS)) {
      const spec = OBJECTS[key];
      const { owner } = ownerFor('other tenant', 'admissions_office');
      const id = await within(foreignTenant, (ctx) => (spec ?? { make: person }).make(ctx, owner));
      const role = key.includes('qualify') ? 'supervisor' : 'admissions_office';
      const input = spec?.body ? { body: spec.body } : {};
      expect([key, await ask(personOf(role), key, { id, ...input })]).toEqual([
        key,
        await ask(personOf(role), key, input),
      ]);
    }
  });
});
