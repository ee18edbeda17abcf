import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { activeSeason, batchByCode, ensureBatch, ensurePolicy, ensureSeason, majorNameOf } from './index.ts';
import { missingForRelease } from './rules.ts';
import { type Desk, newSeason, openDesk, START } from './testing/desk.ts';

let desk: Desk;
let world: Desk['world'];
let office: Desk['office'];
let caller: Desk['caller'];
let seasonId: Desk['seasonId'];
let batchId: Desk['batchId'];
let call: Desk['call'];
let add: Desk['add'];

beforeAll(async () => {
  desk = await openDesk();
  ({ world, office, caller, seasonId, batchId, call, add } = desk);
});
afterAll(() => desk.close());

describe('seasons', () => {
  test('one a year, the newest is active', async () => {
    const again = await call(office, 'POST', '', newSeason(2026, { name: '又一季' }));
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
  test('a season that is over moves no more', async () => {
    const setActive = (active: boolean) =>
      sql`update season set active = ${active} where id = ${seasonId}`.execute(world.owner.kysely);
    await setActive(false);
    const moved = await call(office, 'POST', `/${seasonId}/stage`, {
      ...{ from: { phase: 'filing', round: 'focus' }, to: { phase: 'filing', round: 'final' } },
      reason: '第二轮打完',
    });
    await setActive(true);
    expect([moved.status, moved.body.code]).toEqual([409, 'not_active']);
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
  test('a 专业代号 belongs to province, batch, 科类 and 计划性质', async () => {
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
    const joint = { planNatureCode: '7', name: '学前教育（中外合作）', tuitionFen: 4_800_000 };
    expect((await call(office, 'PUT', `/${seasonId}/major-codes`, { ...code, ...joint })).status).toBe(204);
    const key = { seasonId, provinceCode: '52', batchId, categoryCode: '5', planNatureCode: '0', code: '07' };
    const name = (change: object) => world.as(caller, (ctx) => majorNameOf(ctx, { ...key, ...change }));
    expect(await name({})).toEqual({ name: '学前教育（师范）', tuitionFen: 1_700_000 });
    expect(await name({ planNatureCode: '7' })).toEqual({ name: joint.name, tuitionFen: joint.tuitionFen });
    expect(await name({ categoryCode: '1' })).toBeNull();
    expect(await name({ provinceCode: '51' })).toBeNull();
    expect(await name({ code: '040106' })).toEqual({ name: '学前教育', tuitionFen: 1_700_000 });
    const listed = async () => (await call(caller, 'GET', `/${seasonId}/major-codes?provinceCode=52`)).body;
    expect(await listed()).toMatchObject({
      total: 2,
      items: [
        { planNatureCode: '', planNature: null, code: '07', seats: 12 },
        { planNatureCode: '7', name: joint.name },
      ],
    });
    const one = { provinceCode: '52', batchId, categoryCode: '5', planNatureCode: '7', code: '07' };
    const gone = { ...one, reason: '省里调整专业目录' };
    expect((await call(office, 'POST', `/${seasonId}/major-codes/removal`, gone)).status).toBe(204);
    expect(await name({ planNatureCode: '7' })).toMatchObject({ name: '学前教育（师范）' });
    expect(await listed()).toMatchObject({ total: 1 });
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
