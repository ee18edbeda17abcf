import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { makeWorld, type Person, type World } from '#platform/testing/app';
import { permissionsOf } from '#staff/rules';
import type { ListFilters } from './list.contract.ts';
import { SORTS, type Sort, sortKey } from './list.rules.ts';
import { termOf } from './list.service.ts';
import { countCases, type Found, findNarrow, findWide } from './list.store.ts';
import type { ListRequest } from './list-conditions.store.ts';
import { addCase, addFile, makeSeason, type TestSeason } from './testing/files.ts';

/** A long list is walked, a short one collected: both ways must give the same rows in the same order. */

let world: World;
let caller: Person;
let season: TestSeason;
const NAMES = ['张小明', '章小明', '单小明', '欧阳修', '李明', '曾国', '阿卜杜拉'];

beforeAll(async () => {
  world = await makeWorld({ permissionsOf });
  caller = await world.addPerson({ roles: ['caller'] });
  season = await world.as('system', makeSeason);
  for (let index = 0; index < 28; index += 1) {
    const province = index % 3 === 0 ? '65' : '51';
    const name = NAMES[index % NAMES.length] ?? '';
    const candidateId = await world.as('system', (ctx) =>
      addFile(ctx, season, { name, province, score: 500 + (index % 4) }),
    );
    const of = { tenantId: world.tenantId, season, candidateId, ownerId: caller.userId, province };
    if (index % 5 !== 0) await addCase(world, { ...of, final: index % 7 === 0 });
  }
});
afterAll(() => world.close());

const filters: readonly (readonly [string, ListFilters])[] = [
  ['nothing', {}],
  ['a province', { province: ['65'] }],
  ['two provinces', { province: ['51', '65'] }],
  ['a state', { state: ['ready'] }],
  ['a disposition and a province', { disposition: ['uncalled'], province: ['51'] }],
  ['a surname', { q: '张' }],
  ['a surname with two readings', { q: '曾' }],
  ['initials', { q: 'zx' }],
];

const cases = filters.flatMap(([name, filter]) =>
  SORTS.filter((sort) => sortKey(sort) !== 'score').map((sort) => [name, sort, filter] as const),
);

test.each(cases)('filtered by %s, sorted by %s', async (_name, sort, filter) => {
  const [collected, walked] = await world.as('system', async (ctx) => {
    const request: ListRequest = {
      seasonId: season.seasonId,
      phase: 'filing',
      scope: { kind: 'all', userId: null, groupIds: [] },
      filters: filter,
      term: filter.q ? termOf(filter.q) : null,
      sort: sort as Sort,
      after: null,
      limit: 4,
    };
    const narrow = await pages(request, async (page) => (await findNarrow(ctx, page)).found);
    const { count } = await findNarrow(ctx, request);
    const counted = await countCases(ctx, request);
    expect([narrow.length, counted ?? count]).toEqual([count, count]);
    return [narrow, await pages(request, (page) => findWide(ctx, page))];
  });
  expect(walked).toEqual(collected);
  expect(new Set(walked).size).toBe(walked.length);
});

/** Both ways share their conditions: what they find is compared with the names themselves. */
test.each<[q: string, fits: (file: { name: string; province: string }) => boolean]>([
  ['张', ({ name }) => name === '张小明'],
  ['曾', ({ name }) => name === '曾国'],
  ['zx', ({ name }) => ['张小明', '章小明'].includes(name)],
  ['oyx', ({ name }) => name === '欧阳修'],
  ['zhang x', ({ name }) => ['张小明', '章小明'].includes(name)],
  ['26510', ({ province }) => province === '51'],
  ['26650', ({ province }) => province === '65'],
])('%s finds these and no others', async (q, fits) => {
  const request: ListRequest = {
    ...{ seasonId: season.seasonId, phase: 'filing', scope: { kind: 'all', userId: null, groupIds: [] } },
    ...{ filters: { q }, term: termOf(q), sort: 'name', after: null, limit: 50 },
  };
  const [narrow, wide, files] = await world.as('system', async (ctx) => [
    (await findNarrow(ctx, request)).found.map(({ id }) => id as string),
    (await findWide(ctx, request)).map(({ id }) => id as string),
    (
      await sql<{ id: string; name: string; province: string }>`
        select id, name, province_code as province from candidate`.execute(ctx.tx)
    ).rows,
  ]);
  const expected = files.filter(fits).map(({ id }) => id);
  expect(expected.length).toBeGreaterThan(0);
  expect(new Set(narrow)).toEqual(new Set(expected));
  expect(new Set(wide)).toEqual(new Set(expected));
});

/** All pages one after the other, as ids. */
async function pages(request: ListRequest, find: (page: ListRequest) => Promise<Found[]>): Promise<string[]> {
  const ids: string[] = [];
  let after: ListRequest['after'] = null;
  for (;;) {
    const found: Found[] = await find({ ...request, after });
    ids.push(...found.map(({ id }) => id));
    const last = found.at(-1);
    if (!last || found.length < request.limit) return ids;
    after = last;
  }
}
