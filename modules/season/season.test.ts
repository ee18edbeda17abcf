import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { makeWorld, type Person, request, type World } from '#platform/testing/app';
import { serveEndpoints } from '#platform/testing/module-server';
import { PERMISSIONS, permissionsOf } from '#staff/rules';
import {
  activeSeason,
  batchByCode,
  ensureBatch,
  ensurePolicy,
  ensureSeason,
  majorNameOf,
  policyFor,
  settingsOf,
} from './index.ts';
import { seasonEndpoints } from './routes.ts';
import { DEFAULT_SETTINGS, missingForRelease } from './rules.ts';

const DAY = 86_400_000;
const START = Date.UTC(2026, 6, 20);

let world: World;
let app: FastifyInstance;
let close: () => Promise<void>;
let office: Person;
let caller: Person;
let finance: Person;
let stranger: Person;
let seasonId: string;
let batchId: string;

const call = (who: Person | null, method: 'GET' | 'POST' | 'PUT', url: string, body?: unknown) =>
  request(app, who, { method, url: `/seasons${url}`, ...(body !== undefined && { body }) });
const itemsOf = <T>(body: Record<string, unknown>): T[] => body.items as T[];

interface PolicyItem {
  id: string;
  provinceCode: string;
  batchId: string;
  version: number;
  missing: string[];
  withdrawable: boolean | null;
  [field: string]: unknown;
}

beforeAll(async () => {
  world = await makeWorld({ permissionsOf });
  ({ app, close } = await serveEndpoints(world, seasonEndpoints, {
    permissions: PERMISSIONS,
    permissionsOf,
  }));
  office = await world.addPerson({ roles: ['admissions_office'], name: '周办' });
  caller = await world.addPerson({ roles: ['caller'], name: '李访' });
  finance = await world.addPerson({ roles: ['finance'], name: '钱财' });
  const other = await world.addTenant('other');
  stranger = await world.addPerson({ roles: ['admissions_office'], tenantId: other, name: '外校' });
  const made = await call(office, 'POST', '', {
    year: 2026,
    name: '2026年招生季',
    collegeName: '示例学院',
    homeAreaCode: '028',
    copyFrom: null,
  });
  seasonId = made.body.id as string;
  const batch = await call(office, 'POST', `/${seasonId}/batches`, {
    code: 'B',
    name: '本科批',
    level: 'undergraduate',
    art: false,
  });
  batchId = batch.body.id as string;
});
afterAll(async () => {
  await close();
  await world.close();
});

const policies = async (): Promise<PolicyItem[]> =>
  itemsOf<PolicyItem>((await call(office, 'GET', `/${seasonId}/policies`)).body);
const policyOfProvince = async (provinceCode: string): Promise<PolicyItem> => {
  const found = (await policies()).find((policy) => policy.provinceCode === provinceCode);
  if (!found) throw new Error(`no policy of ${provinceCode}`);
  return found;
};
const facts = (change: object = {}) => ({
  withdrawable: true,
  phoneShielded: false,
  newExam: true,
  artSchoolExam: false,
  seats: 100,
  batchStartsAt: START,
  batchEndsAt: START + 8 * DAY,
  withdrawalDeadlineAt: START + 7 * DAY,
  callingFrom: '09:00',
  callingUntil: '21:00',
  ...change,
});
const add = (provinceCode: string, change: object = {}) =>
  call(office, 'POST', `/${seasonId}/policies`, {
    places: [{ provinceCode, batchId, districtCode: '', ...change }],
  });

describe('seasons', () => {
  test('one a year, the newest is active', async () => {
    const again = await call(office, 'POST', '', {
      year: 2026,
      name: '又一季',
      collegeName: '示例学院',
      homeAreaCode: '028',
      copyFrom: null,
    });
    expect([again.status, again.body.code]).toEqual([409, 'year_taken']);
    expect((await world.as(office, activeSeason))?.id).toBe(seasonId);
  });
  test('moves by one step, and only from where the person saw it', async () => {
    const move = (from: object, to: object) =>
      call(office, 'POST', `/${seasonId}/stage`, { from, to, reason: '投档开始' });
    const guidance = { phase: 'guidance', round: 'first' };
    const filing = { phase: 'filing', round: 'first' };
    expect((await move(guidance, { phase: 'filing', round: 'focus' })).body.code).toBe('not_next');
    expect((await move(guidance, filing)).body).toMatchObject(filing);
    expect((await move(guidance, filing)).body.code).toBe('changed_meanwhile');
  });
  test('two people who move it at once move it once', async () => {
    const move = () =>
      call(office, 'POST', `/${seasonId}/stage`, {
        from: { phase: 'filing', round: 'first' },
        to: { phase: 'filing', round: 'focus' },
        reason: '第一轮打完',
      });
    const statuses = (await Promise.all([move(), move(), move()])).map(({ status }) => status).sort();
    expect(statuses).toEqual([200, 409, 409]);
  });
  test('says what is left', async () => {
    const { body } = await call(office, 'GET', `/${seasonId}`);
    expect(body.left).toEqual({
      total: 0,
      final: 0,
      uncalled: 0,
      considering: 0,
      unreachable: 0,
      withdrawing: 0,
      confirmed: 0,
    });
  });
  test('dates of a phase run forward', async () => {
    const put = (endsAt: number) =>
      call(office, 'PUT', `/${seasonId}`, {
        name: '2026年招生季',
        collegeName: '示例学院',
        homeAreaCode: '028',
        phases: [{ phase: 'filing', startsAt: START, endsAt }],
      });
    expect((await put(START)).body.code).toBe('dates');
    expect((await put(START + 1)).status).toBe(204);
  });
});

describe('catalogue', () => {
  test('a batch in use cannot go, an unused one can', async () => {
    const spare = await call(office, 'POST', `/${seasonId}/batches`, {
      code: 'Z',
      name: '专科批',
      level: 'junior',
      art: false,
    });
    const remove = (id: string) =>
      call(office, 'POST', `/${seasonId}/batches/${id}/removal`, { reason: '录入有误' });
    await add('11');
    expect((await remove(batchId)).body.message).toContain('1 条省份政策');
    expect((await remove(spare.body.id as string)).status).toBe(204);
    const taken = await call(office, 'POST', `/${seasonId}/batches`, {
      code: 'B',
      name: '另一批',
      level: 'junior',
      art: false,
    });
    expect(taken.body.code).toBe('code_taken');
  });
  test('a 专业代号 belongs to province, batch and 科类', async () => {
    const major = {
      code: '040106',
      name: '学前教育',
      level: 'undergraduate',
      art: false,
      tuitionFen: 1_700_000,
      seats: 90,
    };
    const made = await call(office, 'POST', `/${seasonId}/majors`, major);
    expect((await call(office, 'POST', `/${seasonId}/majors`, major)).body.code).toBe('code_taken');
    const code = {
      provinceCode: '52',
      batchId,
      categoryCode: '5',
      code: '07',
      name: '学前教育（师范）',
      majorId: made.body.id,
      seats: 12,
      tuitionFen: null,
    };
    expect((await call(office, 'PUT', `/${seasonId}/major-codes`, code)).status).toBe(204);
    const key = { seasonId, provinceCode: '52', batchId, categoryCode: '5', code: '07' };
    const name = (change: object) => world.as(caller, (ctx) => majorNameOf(ctx, { ...key, ...change }));
    expect(await name({})).toEqual({ name: '学前教育（师范）', tuitionFen: 1_700_000 });
    expect(await name({ categoryCode: '1' })).toBeNull();
    expect(await name({ provinceCode: '51' })).toBeNull();
    expect(await name({ code: '040106' })).toEqual({ name: '学前教育', tuitionFen: 1_700_000 });
    const removal = await call(office, 'POST', `/${seasonId}/majors/${made.body.id}/removal`, {
      reason: '停招这个专业',
    });
    expect(removal.body.code).toBe('in_use');
  });
  test('a past line is of an earlier year', async () => {
    const line = (year: number) =>
      call(office, 'PUT', `/${seasonId}/past-lines`, {
        provinceCode: '52',
        batchId,
        category: '物理类',
        year,
        scoreMin: 431.5,
        rankMin: null,
      });
    expect((await line(2026)).body.code).toBe('future_year');
    expect((await line(2025)).status).toBe(204);
    const { body } = await call(caller, 'GET', `/${seasonId}/past-lines?provinceCode=52`);
    expect(body.items).toEqual([
      { provinceCode: '52', batchId, category: '物理类', year: 2025, scoreMin: 431.5, rankMin: null },
    ]);
    expect(
      (
        await call(office, 'POST', `/${seasonId}/past-lines/removal`, {
          provinceCode: '52',
          batchId,
          category: '物理类',
          year: 2024,
          reason: '录入有误',
        })
      ).status,
    ).toBe(404);
  });
});

describe('policies', () => {
  test('an empty one says what is missing, a complete one nothing', async () => {
    await add('52');
    const empty = await policyOfProvince('52');
    expect(empty.missing).toHaveLength(6);
    const url = `/${seasonId}/policies/${empty.id}`;
    expect((await call(office, 'PUT', url, { facts: facts(), version: 1, reason: null })).status).toBe(204);
    expect((await policyOfProvince('52')).missing).toEqual([]);
  });
  test('a change of what is entered needs a reason and stands in the history', async () => {
    const { id, version } = await policyOfProvince('52');
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
  test('two who change the same version: one wins', async () => {
    await add('53');
    const { id } = await policyOfProvince('53');
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
    const { id, version } = await policyOfProvince('53');
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
    expect(await policyOfProvince('62')).toMatchObject({
      withdrawable: true,
      seats: null,
      batchStartsAt: START,
    });
    expect(await policyOfProvince('52')).toMatchObject({ withdrawable: false });
  });
  test('come from last season by batch code, without its dates', async () => {
    const next = await call(office, 'POST', '', {
      year: 2027,
      name: '2027年招生季',
      collegeName: '示例学院',
      homeAreaCode: '028',
      copyFrom: seasonId,
    });
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
    const { id } = await policyOfProvince('52');
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
    const { id } = await policyOfProvince('52');
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

test('the command line makes season, batch and policy once', async () => {
  await world.as('system', async (ctx) => {
    const season = await ensureSeason(ctx, { year: 2030, collegeName: '示例学院' });
    expect((await ensureSeason(ctx, { year: 2030, collegeName: '别名' })).id).toBe(season.id);
    const junior = await ensureBatch(ctx, { seasonId: season.id, code: '高职专科批' });
    expect(junior).toMatchObject({ level: 'junior', art: false });
    expect(await ensureBatch(ctx, { seasonId: season.id, code: '艺术本科批' })).toMatchObject({
      level: 'undergraduate',
      art: true,
    });
    expect((await batchByCode(ctx, season.id, '高职专科批'))?.id).toBe(junior.id);
    const key = { seasonId: season.id, provinceCode: '65', batchId: junior.id, districtCode: '650102' };
    const policy = await ensurePolicy(ctx, key);
    expect((await ensurePolicy(ctx, key)).id).toBe(policy.id);
    expect(policy).toMatchObject({ callingFrom: '11:00', callingUntil: '23:00', districtCode: '' });
    expect(missingForRelease(policy, { provinceCode: '65', batchName: junior.name })).toHaveLength(6);
  });
});
