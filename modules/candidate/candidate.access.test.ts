import type { FastifyInstance } from 'fastify';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { candidateModule } from '#candidate';
import { makeApp } from '#platform/http/app';
import { serve } from '#platform/http/serve';
import { makeWorld, type Person, request, serverParts, type World } from '#platform/testing/app';
import { GRANTS, permissionsOf } from '#staff/rules';
import type { CandidateId } from './ids.ts';
import { addPhone } from './phone.service.ts';
import { addCase, addFile, addGroup, makeSeason, type TestSeason } from './testing/files.ts';

let world: World;
let app: FastifyInstance;
let events: Awaited<ReturnType<typeof serverParts>>['events'];
let season: TestSeason;
const people: Record<string, Person> = {};
const files: Record<string, CandidateId> = {};

const NUMBER = '15400009876';
const ID_NUMBER = '11010519491231002X';
const NAME = '欧阳小明';

beforeAll(async () => {
  world = await makeWorld({ permissionsOf });
  const parts = await serverParts(world);
  events = parts.events;
  app = await makeApp({ log: parts.log, trustProxy: false, secure: false, fileBytes: 1_000_000 });
  serve(app, candidateModule.endpoints?.({ files: world.files, events }) ?? [], {
    env: world.env,
    session: { idleMinutes: 30, permissionsOf },
    cookieName: 'zhizhao_session',
    permissions: new Set(Object.keys(GRANTS)),
  });
  await arrange();
});
afterAll(async () => {
  await app.close();
  await events.close();
  await world.close();
});

/** Two groups with a caller each, a file for each caller, and another college. */
async function arrange(): Promise<void> {
  for (const [key, roles] of Object.entries({
    office: ['admissions_office'],
    clerk: ['file_clerk'],
    supervisor: ['supervisor'],
    leader: ['caller', 'group_leader'],
    caller: ['caller'],
    otherLeader: ['caller', 'group_leader'],
    otherCaller: ['caller'],
    finance: ['finance'],
  }))
    people[key] = await world.addPerson({ roles });
  const elsewhere = await world.addTenant('other');
  people.stranger = await world.addPerson({ roles: ['admissions_office'], tenantId: elsewhere });
  season = await world.as('system', makeSeason);
  const owners = { caller: 'leader', otherCaller: 'otherLeader' };
  for (const [owner, leader] of Object.entries(owners)) {
    const [ownerId, leaderId] = [who(owner).userId, who(leader).userId];
    const groupId = await world.as('system', (ctx) => addGroup(ctx, leaderId, [ownerId]));
    const candidateId = await world.as('system', async (ctx) => {
      const id = await addFile(ctx, season, { name: NAME, idNumber: ID_NUMBER });
      await addPhone(ctx, {
        candidateId: id,
        number: NUMBER,
        relation: 'self',
        source: 'LXDH',
        basis: '下发档案',
      });
      return id;
    });
    files[owner] = candidateId;
    await addCase(world, { tenantId: world.tenantId, season, candidateId, ownerId, groupId });
  }
}

function who(key: string): Person {
  const person = people[key];
  if (!person) throw new Error(`no ${key}`);
  return person;
}

const get = (key: string, url: string) => request(app, who(key), { method: 'GET', url });

test.each([
  ['office', 2],
  ['clerk', 2],
  ['supervisor', 2],
  ['leader', 1],
  ['caller', 1],
  ['otherCaller', 1],
])('%s lists %i files', async (key, count) => {
  const { status, body } = await get(key, '/candidates');
  expect([status, body.total, (body.items as unknown[]).length]).toEqual([200, count, count]);
});

test.each<[key: string, file: string, status: number]>([
  ['office', 'caller', 200],
  ['leader', 'caller', 200],
  ['caller', 'caller', 200],
  ['otherLeader', 'caller', 404],
  ['otherCaller', 'caller', 404],
  ['finance', 'caller', 403],
])('%s opens the file of %s: %i', async (key, file, status) => {
  expect((await get(key, `/candidates/${files[file]}`)).status).toBe(status);
});

test('nothing leads to a file of another college or another group', async () => {
  const id = files.caller;
  const reads = ['', '/contacts', '/materials', '/history', '/notes', '/photo'].map(
    (end) => `/candidates/${id}${end}`,
  );
  for (const key of ['stranger', 'otherCaller']) {
    for (const url of reads) expect([url, (await get(key, url)).status]).toEqual([url, 404]);
    for (const [url, body] of writes(id)) {
      const answer = await request(app, who(key), { method: 'POST', url, body });
      expect([url, answer.status]).toEqual([url, 404]);
    }
  }
  const list = await get('stranger', '/candidates');
  expect(list.body.code).toBe('no_season');
});

const writes = (id: CandidateId | undefined): readonly (readonly [string, unknown])[] => [
  [`/candidates/${id}/reveal`, { field: 'name', reason: '核对身份信息' }],
  [`/candidates/${id}/notes`, { body: '备注' }],
  [
    `/candidates/${id}/phones`,
    { number: '15400001111', relation: 'self', source: '考生本人', basis: '考生本人告知' },
  ],
];

test('a batch with one file out of scope does nothing', async () => {
  const body = { ids: [files.caller, files.otherCaller], code: 'distance' };
  const answer = await request(app, who('caller'), { method: 'POST', url: '/candidates/signals', body });
  expect([answer.status, answer.body.code]).toEqual([404, 'not_found']);
});

test('no list, search or drawer says a whole number, ID number or name', async () => {
  for (const url of [
    '/candidates',
    '/candidates?sort=name&limit=50',
    `/candidates/${files.caller}`,
    `/candidates/${files.caller}/history`,
    `/candidates/${files.caller}/doubles`,
    `/search?q=${encodeURIComponent('欧阳')}`,
    `/search?q=${NUMBER}`,
  ]) {
    const text = JSON.stringify((await get('office', url)).body);
    expect([url, text.includes(NUMBER), text.includes(ID_NUMBER), text.includes(NAME)]).toEqual([
      url,
      false,
      false,
      false,
    ]);
  }
});

test('a caller finds by number whom they may take over, masked, and by name only their own', async () => {
  const byTail = await get('caller', '/search?q=9876');
  expect(byTail.body.items).toHaveLength(2);
  expect((byTail.body.items as { foreign: boolean }[]).map(({ foreign }) => foreign).sort()).toEqual([
    false,
    true,
  ]);
  const byName = await get('caller', `/search?q=${encodeURIComponent(NAME)}`);
  expect(byName.body.items).toMatchObject([{ id: files.caller, foreign: false, name: '欧**明' }]);
});

test('scores are not for student callers', async () => {
  const score = async () => {
    const { body } = await get('caller', `/candidates/${files.caller}`);
    return (body.scores as { score: number } | null)?.score ?? null;
  };
  expect(await score()).toBe(520);
  await world.owner.pool.query(`update staff_profile set kind = 'student' where user_id = $1`, [
    who('caller').userId,
  ]);
  expect(await score()).toBeNull();
  const { body } = await get('caller', '/candidates');
  expect((body.items as { score: number | null }[])[0]?.score).toBeNull();
});

test.each<[filter: string, count: number]>([
  ['province=51', 2],
  ['province=65', 0],
  ['province=51&province=65&state=ready', 2],
  ['disposition=uncalled', 2],
  ['disposition=confirmed', 0],
  [`major=${encodeURIComponent('护理学')}`, 2],
  ['missing=phone', 0],
  ['q=oyxm', 2],
  [`q=${encodeURIComponent('欧阳')}`, 2],
  ['q=ou%20yang', 2],
  ['q=9876', 2],
  [`q=${NUMBER}`, 2],
  [`q=${ID_NUMBER}`, 2],
  ['q=12', 0],
  ['pathway=yes', 0],
  ['sort=due', 2],
  ['sort=-score', 2],
  ['deadlineFrom=2026-07-01', 0],
  ['caller=none', 0],
])('the office’s list with %s has %i', async (filter, count) => {
  const { status, body } = await get('office', `/candidates?${filter}`);
  expect([status, body.total]).toEqual([200, count]);
});

test.each(['name', '-name', 'number', '-number', 'due', '-due', 'score'])(
  'pages by %s neither repeat nor lose',
  async (sort) => {
    const first = await get('office', `/candidates?limit=1&sort=${sort}`);
    const second = await get(
      'office',
      `/candidates?limit=1&sort=${sort}&cursor=${String(first.body.nextCursor)}`,
    );
    const ids = [first, second].flatMap(({ body }) => (body.items as { id: string }[]).map(({ id }) => id));
    expect(new Set(ids)).toEqual(new Set([files.caller, files.otherCaller]));
    expect(second.body.nextCursor).toBeNull();
    const broken = await get('office', `/candidates?limit=1&sort=${sort}&cursor=abc`);
    expect(broken.body.code).toBe('cursor_bad');
  },
);

test('a saved view holds no search text', async () => {
  const put = (query: Record<string, unknown>) =>
    request(app, who('caller'), {
      method: 'PUT',
      url: '/views',
      body: { screen: 'candidates', name: '本省', query },
    });
  expect((await put({ q: NAME })).status).toBe(400);
  expect((await put({ province: ['51'] })).status).toBe(200);
  expect((await get('caller', '/views?screen=candidates')).body.items).toMatchObject([{ name: '本省' }]);
  expect((await get('otherCaller', '/views?screen=candidates')).body.items).toEqual([]);
});

test('codes without a name are listed by how many carry them, and named once for the whole place', async () => {
  const place = { provinceCode: '51', batchId: season.batchId };
  await world.as('system', async ({ tx, tenantId }) => {
    await sql`update candidate set major_code = '77', major_name = null, province_code = '51', category_code = '5'`.execute(
      tx,
    );
    await sql`insert into major_code (tenant_id, season_id, province_code, batch_id, category_code, code, name)
      values (${tenantId}, ${season.seasonId}, '51', ${season.batchId}, '5', '77', '学前教育')`.execute(tx);
  });
  const unnamed = async () => (await get('clerk', '/candidates/unnamed-majors')).body;
  expect(await unnamed()).toMatchObject({ candidates: 2, items: [{ ...place, code: '77', candidates: 2 }] });
  const name = (who_: string) =>
    request(app, who(who_), { method: 'POST', url: '/candidates/unnamed-majors/naming', body: place });
  expect((await name('clerk')).status).toBe(403);
  expect((await name('office')).body).toEqual({ named: 2 });
  expect((await name('office')).body).toEqual({ named: 0 });
  expect(await unnamed()).toEqual({ items: [], candidates: 0 });
});

test('a view is offered to its group or to all, and only its owner changes it', async () => {
  const send = (name: string, method: 'PUT' | 'PATCH' | 'DELETE', url: string, body?: unknown) =>
    request(app, who(name), { method, url, ...(body ? { body } : {}) });
  const keep = async (name: string, view: string) => {
    const { body } = await send(name, 'PUT', '/views', {
      screen: 'leads',
      name: view,
      query: { province: '51' },
    });
    return `/views/${String(body.id)}`;
  };
  const names = async (name: string) =>
    ((await get(name, '/views?screen=leads')).body.items as { name: string }[]).map((view) => view.name);
  const group = await keep('leader', '本组四川');
  const all = await keep('office', '全校四川');

  expect((await send('caller', 'PATCH', group, { name: '改名' })).status).toBe(404);
  expect((await send('caller', 'DELETE', group)).status).toBe(404);
  expect((await send('leader', 'PATCH', group, { audience: 'all' })).body.code).toBe('too_wide');
  expect(
    (await send('finance', 'PATCH', await keep('finance', '财务'), { audience: 'group' })).body.code,
  ).toBe('no_group');

  expect(await names('caller')).toEqual([]);
  await send('leader', 'PATCH', group, { audience: 'group', isDefault: true });
  await send('office', 'PATCH', all, { audience: 'all' });
  expect(await names('caller')).toEqual(['本组四川', '全校四川']);
  expect(await names('otherCaller')).toEqual(['全校四川']);
  expect((await get('caller', '/views?screen=leads')).body.items).toMatchObject([
    { mine: false, isDefault: false },
    { mine: false },
  ]);
});

test('one default a list: a new one takes the place of the old, and names stay unique', async () => {
  const send = (method: 'PUT' | 'PATCH', url: string, body: unknown) =>
    request(app, who('clerk'), { method, url, body });
  for (const name of ['甲', '乙'])
    await send('PUT', '/views', { screen: 'imports', name, query: { province: '51' } });
  const views = async () =>
    (await get('clerk', '/views?screen=imports')).body.items as {
      id: string;
      name: string;
      isDefault: boolean;
    }[];
  for (const { id } of await views()) await send('PATCH', `/views/${id}`, { isDefault: true });
  expect((await views()).map(({ name, isDefault }) => [name, isDefault])).toEqual([
    ['甲', false],
    ['乙', true],
  ]);
  const [first] = await views();
  expect((await send('PATCH', `/views/${first?.id}`, { name: '乙' })).body.code).toBe('name_taken');
});

test('numbers, signals, wishes and prefixes are changed through HTTP', async () => {
  const send = (method: 'POST' | 'PUT' | 'PATCH' | 'DELETE', url: string, body?: unknown) =>
    request(app, who('office'), { method, url, body });
  const file = `/candidates/${files.otherCaller}`;
  const phones = async () =>
    (await get('office', file)).body.phones as { phoneId: string; relation: string }[];
  const [phone] = await phones();
  const at = `${file}/phones/${phone?.phoneId}`;
  expect((await send('PATCH', at, { relation: 'mother', first: true })).status).toBe(204);
  expect(await phones()).toMatchObject([{ relation: 'mother' }]);
  expect((await send('PUT', `${file}/wish`, { pathwayInterest: true })).status).toBe(204);
  expect((await get('office', '/candidates?pathway=yes')).body.total).toBe(1);
  expect((await send('PUT', `${file}/signals`, { codes: ['nothing_like_it'] })).body.code).toBe(
    'signal_unknown',
  );
  expect((await send('POST', `${at}/detach`, { reason: '接听人不认识考生' })).status).toBe(204);
  expect((await get('office', '/candidates?missing=phone')).body.total).toBe(1);
  expect((await send('PUT', '/area-prefixes/1540', { areaCode: '028', city: '成都' })).status).toBe(204);
  expect((await get('office', '/area-prefixes?prefix=15')).body).toMatchObject({
    total: 1,
    items: [{ areaCode: '028' }],
  });
  expect((await send('PUT', '/area-prefixes/154', { areaCode: '28' })).status).toBe(400);
  expect((await send('DELETE', '/area-prefixes/1540')).status).toBe(204);
  const named = { name: '贫困家庭', help: '请资助中心老师联系', position: 20, active: true };
  expect((await send('PUT', '/signals/own_one', named)).body.code).toBe('forbidden_signal');
});
