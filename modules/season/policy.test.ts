import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { activeSeason, policyFor, settingsOf } from './index.ts';
import { DEADLINES_JOB, DEFAULT_SETTINGS } from './rules.ts';
import { type Desk, facts, itemsOf, newSeason, openDesk, type PolicyItem, START } from './testing/desk.ts';

const DAY = 86_400_000;

let desk: Desk;
let world: Desk['world'];
let office: Desk['office'];
let caller: Desk['caller'];
let finance: Desk['finance'];
let stranger: Desk['stranger'];
let seasonId: Desk['seasonId'];
let batchId: Desk['batchId'];
let call: Desk['call'];
let add: Desk['add'];
let policies: Desk['policies'];

beforeAll(async () => {
  desk = await openDesk();
  ({ world, office, caller, finance, stranger, seasonId, batchId, call, add, policies } = desk);
});
afterAll(() => desk.close());

describe('policies', () => {
  test('an empty one says what is missing, a complete one nothing', async () => {
    await add('52');
    const empty = await desk.policyOf('52');
    expect(empty.missing).toHaveLength(6);
    const url = `/${seasonId}/policies/${empty.id}`;
    expect((await call(office, 'PUT', url, { facts: facts(), version: 1, reason: null })).status).toBe(204);
    expect((await desk.policyOf('52')).missing).toEqual([]);
  });
  test('a change of what is entered needs a reason and stands in the history', async () => {
    const { id, version } = await desk.policyOf('52');
    const url = `/${seasonId}/policies/${id}`;
    const change = { facts: facts({ withdrawable: false, withdrawalDeadlineAt: null }), version };
    expect((await call(office, 'PUT', url, { ...change, reason: null })).body.code).toBe('reason_missing');
    expect((await call(office, 'PUT', url, { ...change, reason: '省里发了新文件' })).status).toBe(204);
    expect((await call(office, 'PUT', url, { ...change, reason: '省里发了新文件' })).body.code).toBe(
      'changed_meanwhile',
    );
    const [last] = itemsOf<Record<string, unknown>>((await call(caller, 'GET', `${url}/history`)).body);
    expect(last).toMatchObject({ actorName: '周办', reason: '省里发了新文件' });
    expect(last?.changes).toEqual([
      { field: 'withdrawable', before: true, after: false },
      { field: 'withdrawalDeadlineAt', before: START + 7 * DAY, after: null },
    ]);
  });
  test('another deadline is handed to the open cases that carry it; other facts are not', async () => {
    await add('54');
    const { id } = await desk.policyOf('54');
    const put = async (version: number, change: object) =>
      (
        await call(office, 'PUT', `/${seasonId}/policies/${id}`, {
          ...{ facts: facts(change), version, reason: '省里改了时间' },
        })
      ).status;
    const asked = async () => {
      const { rows } = await world.as('system', ({ tx }) =>
        sql<{
          policyId: string;
        }>`select payload->>'policyId' as "policyId" from job where kind = ${DEADLINES_JOB}`.execute(tx),
      );
      return rows.filter(({ policyId }) => policyId === id).length;
    };
    expect([await put(1, {}), await asked()]).toEqual([204, 1]);
    expect([await put(2, { seats: 7 }), await asked()]).toEqual([204, 1]);
    expect([await put(3, { seats: 7, withdrawalDeadlineAt: START + 6 * DAY }), await asked()]).toEqual([
      204, 2,
    ]);
  });
  test('two who change the same version: one wins', async () => {
    await add('53');
    const { id } = await desk.policyOf('53');
    const put = (seats: number) =>
      call(office, 'PUT', `/${seasonId}/policies/${id}`, {
        facts: facts({ seats }),
        version: 1,
        reason: null,
      });
    const statuses = (await Promise.all([put(1), put(2), put(3)])).map(({ status }) => status).sort();
    expect(statuses).toEqual([204, 409, 409]);
  });
  test('contradictions and places that do not exist are refused', async () => {
    const { id, version } = await desk.policyOf('53');
    const late = { facts: facts({ withdrawalDeadlineAt: START + 9 * DAY }), version, reason: '截止延后' };
    expect((await call(office, 'PUT', `/${seasonId}/policies/${id}`, late)).body.code).toBe('contradiction');
    expect((await add('99')).body.code).toBe('unknown_province');
    expect((await add('52', { districtCode: '510104' })).body.code).toBe('unknown_province');
    expect((await add('52')).body).toMatchObject({ created: 0, existed: 1 });
  });
  test('a district has its own, the rest that of the province', async () => {
    await add('52', { districtCode: '520102' });
    const key = { seasonId, provinceCode: '52', batchId };
    const found = (districtCode: string) =>
      world.as(caller, async (ctx) => (await policyFor(ctx, { ...key, districtCode }))?.districtCode);
    expect(await found('520102')).toBe('520102');
    expect(await found('520103')).toBe('');
    expect(await found('')).toBe('');
  });
  test('are filled from another province and never overwritten', async () => {
    await add('62');
    const copied = await call(office, 'POST', `/${seasonId}/policies/copy`, {
      source: 'province',
      fromProvinceCode: '53',
      toProvinceCodes: ['62', '63', '52'],
    });
    expect(copied.body).toEqual({ created: 1, filled: 1, unchanged: 1 });
    expect(await desk.policyOf('62')).toMatchObject({
      withdrawable: true,
      seats: null,
      batchStartsAt: START,
    });
    expect(await desk.policyOf('52')).toMatchObject({ withdrawable: false });
    const empty = { source: 'province', fromProvinceCode: '45', toProvinceCodes: ['62'] };
    const none = await call(office, 'POST', `/${seasonId}/policies/copy`, empty);
    expect(none.body.code).toBe('nothing_to_copy');
  });
  test('come from last season by batch code, without its dates', async () => {
    const next = await call(office, 'POST', '', newSeason(2027, { copyFrom: seasonId }));
    const id = next.body.id as string;
    const copied = await call(office, 'POST', `/${id}/policies/copy`, { source: 'last_season' });
    expect(copied.body).toMatchObject({ filled: 0, unchanged: 0 });
    const items = itemsOf<PolicyItem>((await call(office, 'GET', `/${id}/policies`)).body);
    expect(items).toHaveLength((await policies()).length);
    expect(items.find(({ provinceCode }) => provinceCode === '53')).toMatchObject({
      withdrawable: true,
      batchEndsAt: null,
      seats: null,
    });
    expect((await world.as(office, activeSeason))?.year).toBe(2027);
  });
});

describe('settings', () => {
  const url = () => `/${seasonId}/settings`;
  test('begin with the defaults and count up, one winner a version', async () => {
    expect((await call(caller, 'GET', url())).body).toEqual({ version: 0, settings: DEFAULT_SETTINGS });
    const put = (leaseMinutes: number) =>
      call(office, 'PUT', url(), {
        settings: { ...DEFAULT_SETTINGS, leaseMinutes },
        version: 0,
        reason: '通话时间较长',
      });
    const statuses = (await Promise.all([put(25), put(30)])).map(({ status }) => status).sort();
    expect(statuses).toEqual([200, 409]);
    const settings = await world.as(caller, (ctx) => settingsOf(ctx, seasonId));
    expect([25, 30]).toContain(settings.leaseMinutes);
    const [first] = itemsOf<{ changes: object[] }>((await call(office, 'GET', `${url()}/history`)).body);
    expect(first?.changes).toEqual([{ path: ['leaseMinutes'], before: 20, after: settings.leaseMinutes }]);
  });
  test('contradictions, nothing changed, and figures out of bounds are refused', async () => {
    const { version, settings } = (await call(office, 'GET', url())).body;
    const put = (change: object) =>
      call(office, 'PUT', url(), {
        settings: { ...(settings as object), ...change },
        version,
        reason: '试着调整',
      });
    expect((await put({})).body.code).toBe('unchanged');
    expect((await put({ dialsPerCandidatePerDay: 2 })).body.code).toBe('contradiction');
    expect((await put({ leaseMinutes: 121 })).status).toBe(400);
    expect((await put({ invented: 1 })).status).toBe(400);
  });
});

describe('access', () => {
  test.each([
    ['GET', ''],
    ['GET', '/x/policies'],
    ['GET', '/x/settings'],
    ['GET', '/x/batches'],
    ['GET', '/x/majors'],
  ] as const)('%s %s: callers read, finance does not, nobody without session', async (method, path) => {
    const url = path.replace('x', seasonId);
    expect((await call(caller, method, url)).status).toBe(200);
    expect((await call(finance, method, url)).status).toBe(403);
    expect((await call(null, method, url)).status).toBe(401);
  });
  test('callers change nothing', async () => {
    const { id } = await desk.policyOf('52');
    const tries = [
      call(caller, 'PUT', `/${seasonId}/policies/${id}`, { facts: facts(), version: 1, reason: null }),
      call(caller, 'PUT', `/${seasonId}/settings`, {
        settings: DEFAULT_SETTINGS,
        version: 1,
        reason: '随便改改',
      }),
      call(caller, 'POST', `/${seasonId}/stage`, {
        from: { phase: 'filing', round: 'focus' },
        to: { phase: 'filing', round: 'final' },
        reason: '随便改改',
      }),
    ];
    expect((await Promise.all(tries)).map(({ status }) => status)).toEqual([403, 403, 403]);
  });
  test('another college sees and changes nothing', async () => {
    const { id } = await desk.policyOf('52');
    expect((await call(stranger, 'GET', `/${seasonId}`)).status).toBe(404);
    expect((await call(stranger, 'GET', `/${seasonId}/policies`)).body.items).toEqual([]);
    expect(
      (
        await call(stranger, 'PUT', `/${seasonId}/policies/${id}`, {
          facts: facts(),
          version: 1,
          reason: null,
        })
      ).status,
    ).toBe(404);
  });
});
