import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { changeTenantSettings } from '#platform/tenant-settings';
import { makeWorld, type Person, type World } from '#platform/testing/app';
import { IncidentInput, recordNotice as recordRoute } from './contract.ts';
import {
  alarmIncidents,
  changeIncident,
  closeIncident,
  draftIncident,
  listIncidents,
  recordNotice,
  registerIncident,
} from './service.ts';

/** 个人信息保护法 art. 57: an incident is written down, told in time to whom the law names, and closed only then. */

const HOUR = 3_600_000;
const NOW = Date.parse('2026-07-22T10:00:00+08:00');
let world: World;
let keeper: Person;
let office: Person;

beforeAll(async () => {
  world = await makeWorld();
  keeper = await world.addPerson({ roles: ['security_admin'], name: '安全' });
  office = await world.addPerson({ roles: ['admissions_office'] });
});
beforeEach(() => world.setClock(NOW));
afterAll(() => world.close());

const input = (given: Partial<IncidentInput> = {}): IncidentInput => ({
  ...IncidentInput.parse({
    kind: 'leak',
    title: '导出文件误发到校外群',
    foundAt: NOW - HOUR,
    dataKinds: '考生号、姓名、电话',
    contact: '招办 0851-00012345',
  }),
  ...given,
});
const register = async (given: Partial<IncidentInput> = {}): Promise<string> => {
  const made = await world.as(keeper, (ctx) => registerIncident(ctx, input(given)));
  if (!made.ok) throw new Error(made.error.message);
  return made.value.id;
};
const told = (id: string, audience: 'authority' | 'subjects', given: object = {}) =>
  world.as(keeper, (ctx) =>
    recordNotice(ctx, id, {
      ...{
        audience,
        receiver: '省委网信办',
        channel: '书面报告',
        body: '现报告如下，详见附件。',
        sentAt: NOW,
      },
      ...given,
    }),
  );
const close = (id: string) => world.as(keeper, (ctx) => closeIncident(ctx, id, '文件已撤回，未见扩散'));
const open = async () => {
  const list = await world.as(office, (ctx) => listIncidents(ctx, 'open'));
  return list.ok ? list.value : { items: [], hours: 0 };
};
const logged = async (id: string) =>
  (
    await world.as('system', ({ tx }) =>
      sql<{
        action: string;
        body: { before?: object; after?: object };
        reason: string | null;
      }>`select action, body, reason from audit_entry where subject_id = ${id} order by at`.execute(tx),
    )
  ).rows;

describe('registering', () => {
  test('starts the hours of the organisation at the discovery, and stands in the log', async () => {
    const id = await register();
    const { items, hours } = await open();
    expect(hours).toBe(24);
    expect(items.find((one) => one.id === id)).toMatchObject({
      ...{ authorityDueAt: NOW + 23 * HOUR, registeredByName: '安全', notices: [], subjectsTold: true },
    });
    expect(await logged(id)).toMatchObject([{ action: 'incident.registered' }]);
  });
  test.each([
    ['found in the future', { foundAt: NOW + 1 }],
    ['happened after it was found', { foundAt: NOW - HOUR, happenedAt: NOW }],
  ])('%s is refused', async (_what, given) => {
    expect(await world.as(keeper, (ctx) => registerIncident(ctx, input(given)))).toMatchObject({
      error: { code: 'times_wrong' },
    });
  });
  test('another organisation sees nothing of it', async () => {
    const stranger = await world.addPerson({
      ...{ roles: ['security_admin'], tenantId: await world.addTenant('other') },
    });
    const list = await world.as(stranger, (ctx) => listIncidents(ctx, 'open'));
    expect(list).toMatchObject({ value: { items: [] } });
    const id = await register();
    expect(await world.as(stranger, (ctx) => closeIncident(ctx, id, '不相干的人'))).toMatchObject({
      error: { code: 'not_found' },
    });
  });
});

test('what is learned later is added with a reason; before and after are in the log; an earlier discovery moves the deadline', async () => {
  const id = await register();
  const more = input({ cause: '误选了群聊', affected: 120, foundAt: NOW - 3 * HOUR });
  const changed = await world.as(keeper, (ctx) => changeIncident(ctx, id, { ...more, reason: '核实后补充' }));
  expect(changed).toMatchObject({
    value: { cause: '误选了群聊', affected: 120, authorityDueAt: NOW + 21 * HOUR },
  });
  expect((await logged(id)).at(-1)).toMatchObject({
    action: 'incident.changed',
    reason: '核实后补充',
    body: {
      before: { cause: '', affected: null, foundAt: NOW - HOUR },
      after: { cause: '误选了群聊', affected: 120 },
    },
  });
});

test('drafts come from what is written down and say what the law still wants', async () => {
  const id = await register();
  const draft = await world.as(office, (ctx) => draftIncident(ctx, id, 'subjects'));
  expect(draft).toMatchObject({
    value: {
      text: expect.stringContaining('test 学院关于个人信息安全事件的告知'),
      missing: ['原因', '可能造成的危害', '已采取的补救措施', '个人可以采取的措施'],
    },
  });
});

describe('closing', () => {
  test('waits until authority and persons have been told; then nothing can be changed', async () => {
    const id = await register();
    expect(await close(id)).toMatchObject({ error: { code: 'authority_not_told' } });
    expect(await told(id, 'authority')).toMatchObject({ ok: true });
    expect(await close(id)).toMatchObject({ error: { code: 'subjects_not_told' } });
    expect(await told(id, 'subjects', { receiver: '120 名考生', channel: '短信' })).toMatchObject({
      ok: true,
    });
    expect(await close(id)).toMatchObject({
      value: { closedByName: '安全', conclusion: '文件已撤回，未见扩散', notices: [{}, {}] },
    });
    for (const again of [
      await close(id),
      await told(id, 'authority'),
      await world.as(keeper, (ctx) => changeIncident(ctx, id, { ...input(), reason: '再改一次' })),
    ])
      expect(again).toMatchObject({ error: { code: 'closed' } });
    expect((await open()).items.some((one) => one.id === id)).toBe(false);
  });
  test('needs no word to the persons where measures keep all harm away, which is written down', async () => {
    const id = await register({ subjectsReason: '文件加密，密钥未外泄' });
    await told(id, 'authority');
    expect(await close(id)).toMatchObject({ ok: true });
  });
  test('a notice is neither before the discovery nor in the future, and says when it was late', async () => {
    const id = await register();
    for (const sentAt of [NOW - 2 * HOUR, NOW + 1])
      expect(await told(id, 'authority', { sentAt })).toMatchObject({ error: { code: 'times_wrong' } });
    world.setClock(NOW + 24 * HOUR);
    await told(id, 'authority', { sentAt: NOW + 23 * HOUR + 1 });
    expect((await logged(id)).at(-1)).toMatchObject({
      action: 'incident.told',
      body: { after: { late: true } },
    });
  });
  test('what was told cannot be changed by the application', async () => {
    const id = await register();
    await told(id, 'authority');
    await expect(
      world.as('system', ({ tx }) =>
        sql`update incident_notice set body = 'x' where incident_id = ${id}`.execute(tx),
      ),
    ).rejects.toThrow('permission denied');
    expect(recordRoute.method).toBe('POST');
  });
});

test('four hours before the end, once, whoever must report hears of it; a reported one is silent', async () => {
  await world.as('system', ({ tx }) =>
    sql`update incident set alarmed_at = now() where alarmed_at is null`.execute(tx),
  );
  await world.as(keeper, (ctx) => changeTenantSettings(ctx, { incidentHours: 12 }, '按省里要求'));
  await register({ title: '备份硬盘找不到了', foundAt: NOW });
  const reported = await register({ title: '已经报告过的', foundAt: NOW });
  await told(reported, 'authority');
  const rings = () => world.as('system', alarmIncidents);
  world.setClock(NOW + 8 * HOUR - 1);
  expect(await rings()).toBe(0);
  world.setClock(NOW + 8 * HOUR);
  expect(await rings()).toBe(1);
  expect(await rings()).toBe(0);
  const { rows } = await world.as('system', ({ tx }) =>
    sql<{ userId: string; body: string }>`
      select user_id as "userId", body from notice where title = '个人信息安全事件要报告'`.execute(tx),
  );
  expect(rows.map(({ userId }) => userId).sort()).toEqual([keeper.userId, office.userId].sort());
  expect(rows[0]?.body).toBe('“备份硬盘找不到了”还有不到 5 小时到报告时限，还没有登记报告。');
});
