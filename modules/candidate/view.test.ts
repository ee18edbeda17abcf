import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Desk, NAME, openDesk } from './testing/desk.ts';

let desk: Desk;
let get: Desk['get'];
let send: Desk['send'];

beforeAll(async () => {
  desk = await openDesk();
  ({ get, send } = desk);
});
afterAll(() => desk.close());

test('a saved view holds no search text, of whichever list', async () => {
  const put = (query: Record<string, unknown>) =>
    send('caller', 'PUT', '/views', { screen: 'candidates', name: '本省', query });
  for (const name of ['q', 'text', 'recruiter', 'actor'])
    expect([name, (await put({ [name]: NAME })).status]).toEqual([name, 400]);
  expect((await put({ province: ['51'] })).status).toBe(200);
  expect((await get('caller', '/views?screen=candidates')).body.items).toMatchObject([{ name: '本省' }]);
  expect((await get('otherCaller', '/views?screen=candidates')).body.items).toEqual([]);
});

test('twenty views of a page are kept; one of them may still be changed', async () => {
  const keep = (name: string) =>
    send('clerk', 'PUT', '/views', { screen: 'withdrawals', name, query: { province: '51' } });
  for (let n = 1; n < 20; n += 1) await keep(`视图${n}`);
  expect((await keep('视图20')).status).toBe(200);
  expect((await keep('视图21')).body).toMatchObject({
    code: 'too_many_views',
    details: { views: 20, limit: 20 },
  });
  expect((await keep('视图20')).status).toBe(200);
});

test('a view is offered to its group or to all, and only its owner changes it', async () => {
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
  for (const name of ['甲', '乙'])
    await send('clerk', 'PUT', '/views', { screen: 'imports', name, query: { province: '51' } });
  const views = async () =>
    (await get('clerk', '/views?screen=imports')).body.items as {
      id: string;
      name: string;
      isDefault: boolean;
    }[];
  for (const { id } of await views()) await send('clerk', 'PATCH', `/views/${id}`, { isDefault: true });
  expect((await views()).map(({ name, isDefault }) => [name, isDefault])).toEqual([
    ['甲', false],
    ['乙', true],
  ]);
  const [first] = await views();
  expect((await send('clerk', 'PATCH', `/views/${first?.id}`, { name: '乙' })).body.code).toBe('name_taken');
});
