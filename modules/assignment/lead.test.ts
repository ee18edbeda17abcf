import type { FastifyInstance } from 'fastify';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { makeWorld, type Person, request, type World } from '#platform/testing/app';
import { serveEndpoints } from '#platform/testing/module-server';
import { PERMISSIONS, permissionsOf } from '#staff/rules';
import { LEAD_IMPORT_ROWS } from './lead.contract.ts';
import { type Found, judge, overQuota, readLead, readLeadLines, readMoment } from './lead.rules.ts';
import { importTheLeads } from './lead-import.service.ts';
import { matchLeads } from './match.service.ts';
import { assignmentEndpoints } from './routes.ts';
import { arrangeCandidates, arrangeSeason, MORNING, type Season } from './testing/arrange.ts';

const fact = (given: Partial<Found> = {}): Found => ({
  leadId: 'l1',
  recruiterId: 'a',
  registeredAt: 1,
  candidateId: 'c1',
  by: 'number',
  sameName: true,
  afterDelivery: false,
  ...given,
});
const none: ReadonlyMap<string, string> = new Map();

describe('leads and candidates', () => {
  test.each<[string, Found[], ReadonlyMap<string, string>, object[]]>([
    ['a plain one is matched', [fact()], none, [{ state: 'matched', candidateId: 'c1' }]],
    [
      'the first registration counts, the later is a dispute',
      [fact({ leadId: 'l2', recruiterId: 'b', registeredAt: 2 }), fact()],
      none,
      [
        { leadId: 'l1', state: 'matched' },
        { leadId: 'l2', state: 'disputed', dispute: 'later', candidateId: 'c1' },
      ],
    ],
    [
      'of two at the same moment the one that was written first counts',
      [fact({ leadId: 'l2', recruiterId: 'b' }), fact()],
      none,
      [
        { leadId: 'l1', state: 'matched' },
        { leadId: 'l2', state: 'disputed', dispute: 'later' },
      ],
    ],
    [
      'one who has it already keeps it',
      [fact()],
      new Map([['c1', 'b']]),
      [{ state: 'disputed', dispute: 'later' }],
    ],
    ['registered twice by the same person: void', [fact()], new Map([['c1', 'a']]), [{ state: 'void' }]],
    ['another name goes to the office', [fact({ sameName: false })], none, [{ dispute: 'name_differs' }]],
    [
      'claimed after the list was here',
      [fact({ afterDelivery: true })],
      none,
      [{ dispute: 'after_delivery' }],
    ],
    [
      'brothers share a phone: the name decides',
      [fact({ by: 'phone', sameName: false }), fact({ by: 'phone', candidateId: 'c2' })],
      none,
      [{ state: 'matched', candidateId: 'c2' }],
    ],
    [
      'two of the same name on one phone: nobody can tell',
      [fact({ by: 'phone' }), fact({ by: 'phone', candidateId: 'c2' })],
      none,
      [{ state: 'disputed', dispute: 'ambiguous', candidateId: null }],
    ],
    [
      'the candidate number is surer than a phone',
      [fact({ by: 'phone', candidateId: 'c2' }), fact()],
      none,
      [{ state: 'matched', candidateId: 'c1' }],
    ],
  ])('%s', (_rule, found, taken, expected) => {
    expect(judge(found, taken)).toMatchObject(expected);
  });

  const text = { name: '何示例', candidateNo: '', idNumber: '', phone: '' };
  test.each([
    ['a phone is enough', { phone: '154 0000 1234' }, { phone: '+8615400001234' }],
    ['fourteen digits', { candidateNo: '26510000000001' }, { candidateNo: '26510000000001' }],
    ['thirteen digits', { candidateNo: '2651000000000' }, '考生号应为 14 位数字'],
    ['no fact at all', {}, '考生号、身份证号、电话至少填一项'],
    ['a wrong check digit', { idNumber: '510104200801010000' }, '身份证号校验不通过，请核对'],
    ['one character', { name: '何', phone: '15400001234' }, '姓名至少两个字'],
  ])('registering: %s', (_rule, given, expected) => {
    const read = readLead({ ...text, ...given });
    if (typeof expected === 'string') expect(read).toBe(expected);
    else expect(read).toMatchObject(expected);
  });

  test.each([
    ['the hundredth of a day', 99, 99, true],
    ['the hundred and first', 100, 100, false],
    ['the five hundredth of a season', 0, 499, true],
    ['one more', 0, 500, false],
  ])('quota: %s', (_rule, today, season, allowed) => {
    expect(overQuota(today, season, 1) === null).toBe(allowed);
  });

  test('a sheet is read by its headings; times are those of China', () => {
    const lines = readLeadLines([
      ['报备表'],
      ['姓名', '报备人账号', '电话'],
      ['何示例', 't1', '15400001234'],
      ['', '', ''],
    ]);
    expect(lines).toMatchObject([{ row: 3, name: '何示例', recruiter: 't1', phone: '15400001234', at: '' }]);
    expect(readLeadLines([['姓名', '电话']])).toContain('报备人账号');
    expect(readMoment('2026/6/20 9:30')).toBe(Date.parse('2026-06-20T09:30:00+08:00'));
    expect([readMoment(''), readMoment('昨天')]).toEqual([undefined, null]);
  });
});

describe('over HTTP', () => {
  let world: World;
  let app: FastifyInstance;
  let close: () => Promise<void>;
  let season: Season;
  let office: Person;
  let anna: Person;
  let bert: Person;

  beforeAll(async () => {
    world = await makeWorld({ permissionsOf });
    ({ app, close } = await serveEndpoints(world, assignmentEndpoints, {
      permissions: PERMISSIONS,
      permissionsOf,
    }));
    world.setClock(MORNING - 86_400_000);
    season = await arrangeSeason(world);
    office = await world.addPerson({ roles: ['admissions_office'], name: '招办' });
    anna = await world.addPerson({ roles: ['recruiter'], name: '安招生' });
    bert = await world.addPerson({ roles: ['recruiter'], name: '白招生' });
  });
  afterAll(async () => {
    await close();
    await world.close();
  });

  const post = (who: Person, url: string, body: object) =>
    request(app, who, { method: 'POST', url: `/leads${url}`, body });
  const list = async (who: Person, state?: string) => {
    const found = await request(app, who, {
      method: 'POST',
      url: '/leads/search',
      body: { ...(state && { state }) },
    });
    return found.body.items as Record<string, unknown>[];
  };
  const numberOf = async (id: string): Promise<string> =>
    (
      await world.as('system', ({ tx }) =>
        sql<{ no: string }>`select candidate_no as no from candidate where id = ${id}`.execute(tx),
      )
    ).rows[0]?.no ?? '';

  test('registered before the list, matched when it comes; the second claim is a dispute the office settles', async () => {
    const [id = ''] = await arrangeCandidates(world, season, 1, { name: '唐小考' });
    const candidateNo = await numberOf(id);
    const lead = { name: '唐小考', candidateNo, source: '现场咨询' };
    const mine = await post(anna, '', lead);
    expect([mine.status, mine.body.state]).toEqual([200, 'open']);
    expect((await post(anna, '', lead)).body.code).toBe('duplicate');
    const later = await post(bert, '', lead);
    expect(later.body).toMatchObject({ state: 'disputed', dispute: 'later' });
    expect(await world.as('system', (ctx) => matchLeads(ctx))).toEqual({ matched: 1, disputed: 0, void: 0 });
    expect(await world.as('system', (ctx) => matchLeads(ctx))).toEqual({ matched: 0, disputed: 0, void: 0 });
    expect(await list(anna)).toMatchObject([{ state: 'matched', name: '唐小考', candidateName: '唐*考' }]);
    expect(await list(bert)).toHaveLength(1);
    expect(await list(office)).toHaveLength(2);
    const settle = { accept: true, reason: '白招生有聊天记录为证' };
    expect((await post(anna, `/${later.body.id}/settle`, settle)).status).toBe(403);
    expect((await list(office, 'disputed'))[0]).toMatchObject({ holderName: '安招生' });
    await post(office, `/${later.body.id}/settle`, { accept: false, reason: '首个有效报备优先' });
    expect(await list(bert)).toMatchObject([{ state: 'void', voidReason: '首个有效报备优先' }]);
    expect((await post(office, `/${later.body.id}/settle`, settle)).body.code).toBe('not_disputed');
  });

  test('the office gives the candidate to the second claim: the first is void, whether the list is here or not', async () => {
    const [id = ''] = await arrangeCandidates(world, season, 1, { name: '施争议' });
    const lead = { name: '施争议', candidateNo: await numberOf(id), source: '亲友介绍' };
    const settle = { accept: true, reason: '白招生有聊天记录为证' };
    await post(anna, '', lead);
    const early = await post(bert, '', lead);
    expect((await post(office, `/${early.body.id}/settle`, settle)).status).toBe(204);
    const of = async (who: Person) => (await list(who)).find(({ name }) => name === '施争议');
    expect(await of(bert)).toMatchObject({ state: 'open', settleReason: settle.reason });
    expect(await of(anna)).toMatchObject({ state: 'void', voidReason: `争议裁定归他人：${settle.reason}` });
    expect(await world.as('system', (ctx) => matchLeads(ctx))).toMatchObject({ matched: 1 });
    const again = await post(anna, '', lead);
    expect(again.body).toMatchObject({ state: 'disputed', dispute: 'later' });
    expect((await post(office, `/${again.body.id}/settle`, settle)).status).toBe(204);
    expect(await of(anna)).toMatchObject({ state: 'matched', candidateName: '施*议' });
    expect(await of(bert)).toMatchObject({ state: 'void' });
  });

  test('voided with a reason, and then free for another', async () => {
    const lead = { name: '何再来', candidateNo: '', phone: '15400009999', source: '电话咨询' };
    const { body } = await post(anna, '', lead);
    expect((await post(office, `/${body.id}/void`, { reason: '' })).status).toBe(400);
    expect((await post(office, `/${body.id}/void`, { reason: '考生本人否认' })).status).toBe(204);
    expect((await post(office, `/${body.id}/void`, { reason: '考生本人否认' })).body.code).toBe(
      'already_void',
    );
    expect((await post(bert, '', lead)).body.state).toBe('open');
  });

  test('numbers are stored sealed and shown masked', async () => {
    const items = await list(office);
    expect(items.some(({ phoneMasked }) => phoneMasked === '154****9999')).toBe(true);
    const { rows } = await world.as('system', ({ tx }) =>
      sql<{ text: string }>`select lead::text as text from lead`.execute(tx),
    );
    expect(rows.some(({ text }) => text.includes('15400009999'))).toBe(false);
  });

  test('a list: preview writes nothing, a fault stops all, the same list again changes nothing', async () => {
    const csv = (rows: string[]) => ({
      name: '报备.csv',
      bytes: Buffer.from(['考生姓名,考生号,报备人账号,来源,报备时间', ...rows].join('\r\n')),
    });
    const good = [
      `王一,26519900000001,${anna.username},讲座,2026-06-20`,
      `王一,26519900000001,${bert.username},讲座,2026-06-19`,
    ];
    const run = (rows: string[], confirm: boolean) =>
      world.as(office, (ctx) => importTheLeads(ctx, csv(rows), confirm));
    expect(await run(good, false)).toMatchObject({
      ok: true,
      value: { rows: 2, ready: 1, disputed: 1, written: false },
    });
    const bad = [...good, '王二,123,nobody,讲座,2026-06-20'];
    expect(await run(bad, false)).toMatchObject({ value: { rejected: 1, findings: [{ row: 4 }] } });
    const read = (bytes: Buffer) =>
      world.as(office, (ctx) => importTheLeads(ctx, { name: '报备.csv', bytes }, false));
    expect(await read(Buffer.from('考生姓名,电话\n王一,15400001234'))).toMatchObject({
      error: { code: 'unreadable' },
    });
    const many = Array.from(
      { length: LEAD_IMPORT_ROWS + 1 },
      (_, n) => `王一,${26_519_900_000_001 + n},x,讲座,`,
    );
    expect(await read(csv(many).bytes)).toMatchObject({ error: { code: 'too_large' } });
    expect(await run(bad, true)).toMatchObject({ ok: false, error: { code: 'rows_rejected' } });
    expect(await run(good, true)).toMatchObject({ ok: true, value: { written: true } });
    const first = (await list(office, 'open')).find(({ name }) => name === '王*');
    expect(first).toMatchObject({ recruiterName: '白招生' });
    expect(await run(good, true)).toMatchObject({ ok: true, value: { ready: 0, disputed: 0, known: 2 } });
  });

  test('a day has room for a hundred of one person, whatever was registered the day before or is void', async () => {
    const carl = await world.addPerson({ roles: ['recruiter'], name: '柯招生' });
    const midnight = Date.parse('2026-07-21T00:00:00+08:00');
    let serial = 0;
    const fill = async (at: number, count: number, void_: string | null = null): Promise<void> => {
      serial += 1;
      await sql`insert into lead (tenant_id, id, season_id, recruiter_id, candidate_no, name, source, registered_by, registered_at, state, void_reason)
        select ${world.tenantId}, gen_random_uuid(), ${season.seasonId}, ${carl.userId}, ${`2651${serial}`} || lpad(n::text, 9, '0'), '何某', '讲座', ${carl.userId},
          ${new Date(at)}, case when ${void_}::text is null then 'open' else 'void' end, ${void_} from generate_series(1, ${count}) n`.execute(
        world.owner.kysely,
      );
    };
    const register = (phone: string) =>
      post(carl, '', { name: '韩某某', candidateNo: '', phone, source: '讲座' });
    await fill(midnight - 1, 100);
    await fill(midnight, 99);
    await fill(midnight, 5, '本人否认');
    expect((await register('15400008801')).status).toBe(200);
    expect((await register('15400008802')).body).toMatchObject({
      code: 'quota',
      details: { today: 100, season: 200 },
    });
  });
});
