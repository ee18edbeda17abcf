import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Ctx, system, withTenant } from '#platform/db/tenant';
import { maskText } from '#platform/personal-text';
import { makeWorld, type World } from '#platform/testing/app';
import { audit } from './audit.ts';
import { browseAudit } from './browse.ts';
import { verifyAudit } from './verify.ts';

let world: World;
beforeAll(async () => {
  world = await makeWorld({ permissionsOf: () => new Set() });
  for (let n = 0; n < 5; n += 1) {
    await world.as('system', async (ctx) => {
      const entry = { subjectType: 'test', subjectId: `s${n}`, after: { phone: '15400000001' } };
      await audit(ctx, { ...entry, action: 'test.one' });
      await audit(ctx, { ...entry, action: 'test.two' });
    });
  }
});
afterAll(() => world.close());

test('pages meet without gap or double, also within one transaction', async () => {
  const seen: string[] = [];
  let cursor: string | undefined;
  do {
    const page = await world.as('system', (ctx) => browseAudit(ctx, { action: 'test.', cursor, limit: 3 }));
    seen.push(...page.items.map(({ id }) => id));
    cursor = page.nextCursor ?? undefined;
  } while (cursor);
  expect(seen).toHaveLength(10);
  expect(new Set(seen).size).toBe(10);
});

test('filters narrow, bodies are masked', async () => {
  const { items } = await world.as('system', (ctx) =>
    browseAudit(ctx, { action: 'test.one', subject: 's3', limit: 20 }),
  );
  expect(items).toHaveLength(1);
  expect(items[0]?.body).toContain('154****0001');
});

test.each([
  ['15400000001', '154****0001'],
  ['110101200001011239', '110***********9'],
  ['01890000-0000-7000-8000-15400000001a', '01890000-0000-7000-8000-15400000001a'],
  ['1540000000', '1540000000'],
  ['+86 154 0000-0001', '+86 154****0001'],
  ['电话8615400000001。', '电话86154****0001。'],
  ['0851-00010001，02800010001', '0851-****0001，0280****0001'],
  ['2026-07-22 10:00，共 1540000 行', '2026-07-22 10:00，共 1540000 行'],
])('%s is shown as %s', (text, shown) => {
  expect(maskText(text)).toBe(shown);
});

test('a line has the time of the database whatever the clock, only a story tells its own', async () => {
  const told = Date.UTC(2023, 6, 1);
  const caller = { tenantId: world.tenantId, actor: system };
  const env = { db: world.env.db, masterKey: world.env.masterKey, clock: () => told };
  const write = (action: string) => (ctx: Ctx) =>
    audit(ctx, { action, subjectType: 'test', subjectId: null });
  await withTenant(env, caller, write('clock.plain'));
  await withTenant({ ...env, story: true }, caller, write('clock.story'));
  const { items } = await world.as('system', (ctx) => browseAudit(ctx, { action: 'clock.', limit: 3 }));
  expect(items.map(({ action }) => action)).toEqual(['clock.plain', 'clock.story']);
  expect(items[0]?.at).toBeGreaterThan(told);
  expect(items[1]?.at).toBe(told);
  expect(await world.as('system', verifyAudit)).toMatchObject({ faults: [] });
});
