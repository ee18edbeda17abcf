import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { CandidateId } from './ids.ts';
import { type Desk, ID_NUMBER, NAME, NUMBER, openDesk } from './testing/desk.ts';

let desk: Desk;
let world: Desk['world'];
let season: Desk['season'];
let files: Desk['files'];
let who: Desk['who'];
let get: Desk['get'];
let send: Desk['send'];

beforeAll(async () => {
  desk = await openDesk();
  ({ world, season, files, who, get, send } = desk);
});
afterAll(() => desk.close());
const list = (key: string, asked: object = {}) => send(key, 'POST', '/candidates/search', asked);
const find = (key: string, q: string) => send(key, 'POST', '/search', { q });

test.each([
  ['office', 2],
  ['clerk', 2],
  ['supervisor', 2],
  ['leader', 1],
  ['caller', 1],
  ['otherCaller', 1],
])('%s lists %i files', async (key, count) => {
  const { status, body } = await list(key);
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
      const answer = await send(key, 'POST', url, body);
      expect([url, answer.status]).toEqual([url, 404]);
    }
  }
  const none = await list('stranger');
  expect(none.body.code).toBe('no_season');
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
  const answer = await send('caller', 'POST', '/candidates/signals', body);
  expect([answer.status, answer.body.code]).toEqual([404, 'not_found']);
});

test('no list, search or drawer says a whole number, ID number or name', async () => {
  const file = `/candidates/${files.caller}`;
  for (const answer of [
    await list('office'),
    await list('office', { sort: 'name', limit: 50 }),
    await get('office', file),
    await get('office', `${file}/history`),
    await get('office', `${file}/doubles`),
    await find('office', '欧阳'),
    await find('office', NUMBER),
  ]) {
    const text = JSON.stringify(answer.body);
    expect([answer.status, text.includes(NUMBER), text.includes(ID_NUMBER), text.includes(NAME)]).toEqual([
      200,
      false,
      false,
      false,
    ]);
  }
});

test('a caller finds by number whom they may take over, masked, and by name only their own', async () => {
  const byTail = await find('caller', '9876');
  expect(byTail.body.items).toHaveLength(2);
  expect((byTail.body.items as { foreign: boolean }[]).map(({ foreign }) => foreign).sort()).toEqual([
    false,
    true,
  ]);
  const byName = await find('caller', NAME);
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
  const { body } = await list('caller');
  expect((body.items as { score: number | null }[])[0]?.score).toBeNull();
});

test.each<[filter: object, count: number]>([
  [{ province: '51' }, 2],
  [{ province: '65' }, 0],
  [{ province: ['51', '65'], state: 'ready' }, 2],
  [{ disposition: 'uncalled' }, 2],
  [{ disposition: 'confirmed' }, 0],
  [{ major: '护理学' }, 2],
  [{ missing: 'phone' }, 0],
  [{ q: 'oyxm' }, 2],
  [{ q: '欧阳' }, 2],
  [{ q: 'ou yang' }, 2],
  [{ q: '9876' }, 2],
  [{ q: NUMBER }, 2],
  [{ q: ID_NUMBER }, 2],
  [{ q: '12' }, 0],
  [{ pathway: 'yes' }, 0],
  [{ sort: 'due' }, 2],
  [{ sort: '-score' }, 2],
  [{ deadlineFrom: '2026-07-01' }, 0],
  [{ caller: 'none' }, 0],
])('the office’s list with %j has %i', async (filter, count) => {
  const { status, body } = await list('office', filter);
  expect([status, body.total]).toEqual([200, count]);
});

test.each(['name', '-name', 'number', '-number', 'due', '-due', 'score'])(
  'pages by %s neither repeat nor lose',
  async (sort) => {
    const first = await list('office', { limit: 1, sort });
    const second = await list('office', { limit: 1, sort, cursor: first.body.nextCursor });
    const ids = [first, second].flatMap(({ body }) => (body.items as { id: string }[]).map(({ id }) => id));
    expect(new Set(ids)).toEqual(new Set([files.caller, files.otherCaller]));
    expect(second.body.nextCursor).toBeNull();
    const broken = await list('office', { limit: 1, sort, cursor: 'abc' });
    expect(broken.body.code).toBe('cursor_bad');
  },
);

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
  const name = (key: string) => send(key, 'POST', '/candidates/unnamed-majors/naming', place);
  expect((await name('clerk')).status).toBe(403);
  expect((await name('office')).body).toEqual({ named: 2 });
  expect((await name('office')).body).toEqual({ named: 0 });
  expect(await unnamed()).toEqual({ items: [], candidates: 0 });
});

test('codes without a name stand apart by 计划性质; a name without one is for those that have none of their own', async () => {
  const place = { provinceCode: '51', batchId: season.batchId };
  const enter = (nature: string, name: string) =>
    world.as('system', ({ tx, tenantId }) =>
      sql`insert into major_code (tenant_id, season_id, province_code, batch_id, category_code, plan_nature_code, code, name)
        values (${tenantId}, ${season.seasonId}, '51', ${season.batchId}, '5', ${nature}, '78', ${name})`.execute(
        tx,
      ),
    );
  await world.as('system', async ({ tx, tenantId }) => {
    await sql`update candidate set major_code = '78', major_name = null, province_code = '51', category_code = '5',
      plan_nature_code = case when id = ${files.caller} then '7' else '0' end, codes = '{"unit": "5131"}',
      preferences = '[{"rank": 1, "unit": "5131", "major": "78"}, {"rank": 2, "unit": "5131", "major": "78", "nature": "0"}]'`.execute(
      tx,
    );
    await sql`insert into code_entry (tenant_id, season_id, province_code, code_table, code, name, import_id)
      values (${tenantId}, ${season.seasonId}, '51', 'JHXZDM', '7', '中外合作', ${season.seasonId})`.execute(
      tx,
    );
  });
  const unnamed = async () => (await get('clerk', '/candidates/unnamed-majors')).body.items;
  expect(await unnamed()).toMatchObject([
    { ...place, code: '78', planNatureCode: '0', planNature: null, candidates: 1 },
    { ...place, code: '78', planNatureCode: '7', planNature: '中外合作', candidates: 1 },
  ]);
  await enter('7', '护理学（中外合作）');
  const name = async () => (await send('office', 'POST', '/candidates/unnamed-majors/naming', place)).body;
  expect(await name()).toEqual({ named: 1 });
  await enter('', '护理学');
  expect(await name()).toEqual({ named: 1 });
  const { rows } = await world.as('system', ({ tx }) =>
    sql`select plan_nature_code as nature, major_name as name from candidate order by 1`.execute(tx),
  );
  expect(rows).toEqual([
    { nature: '0', name: '护理学' },
    { nature: '7', name: '护理学（中外合作）' },
  ]);
  expect((await get('office', `/candidates/${files.caller}`)).body.preferences).toMatchObject([
    { rank: 1, majors: ['护理学（中外合作）（78）'] },
    { rank: 2, majors: ['护理学（78）'] },
  ]);
});

test('numbers, signals, wishes and prefixes are changed through HTTP', async () => {
  const file = `/candidates/${files.otherCaller}`;
  const phones = async () =>
    (await get('office', file)).body.phones as { phoneId: string; relation: string }[];
  const [phone] = await phones();
  const at = `${file}/phones/${phone?.phoneId}`;
  expect((await send('office', 'PATCH', at, { relation: 'mother', first: true })).status).toBe(204);
  expect(await phones()).toMatchObject([{ relation: 'mother' }]);
  expect((await send('office', 'PUT', `${file}/wish`, { pathwayInterest: true })).status).toBe(204);
  expect((await list('office', { pathway: 'yes' })).body.total).toBe(1);
  expect((await send('office', 'PUT', `${file}/signals`, { codes: ['nothing_like_it'] })).body.code).toBe(
    'signal_unknown',
  );
  expect((await send('office', 'POST', `${at}/detach`, { reason: '接听人不认识考生' })).status).toBe(204);
  expect((await list('office', { missing: 'phone' })).body.total).toBe(1);
  expect((await send('office', 'PUT', '/area-prefixes/1540', { areaCode: '028', city: '成都' })).status).toBe(
    204,
  );
  expect((await get('office', '/area-prefixes?prefix=15')).body).toMatchObject({
    total: 1,
    items: [{ areaCode: '028' }],
  });
  expect((await send('office', 'PUT', '/area-prefixes/154', { areaCode: '28' })).status).toBe(400);
  expect((await send('office', 'DELETE', '/area-prefixes/1540')).status).toBe(204);
  const named = { name: '贫困家庭', help: '请资助中心老师联系', position: 20, active: true };
  expect((await send('office', 'PUT', '/signals/own_one', named)).body.code).toBe('forbidden_signal');
});
