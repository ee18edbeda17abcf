import { sql } from 'kysely';
import { describe, expect, test } from 'vitest';
import type { Person, World } from '#platform/testing/app';
import type { Season } from '../follow-up/testing/arrange.ts';
import { foldCounters } from './index.ts';
import {
  caseSumsByOwner,
  caseSumsByPolicy,
  sumsByCaller,
  sumsByDay,
  sumsByHour,
  sumsByPolicy,
} from './sums.store.ts';
import { arrangeGroup, contacts, type Group, TODAY } from './testing/group.ts';

/** Counters are sums of what was written beside them; folding is only housekeeping. */

let group: Group;
let world: World;
let season: Season;
let callers: readonly Person[];

arrangeGroup((arranged) => {
  group = arranged;
  ({ world, season, callers } = arranged);
});

const everything = () =>
  world.as('system', async (ctx) => ({
    callers: await sumsByCaller(ctx, season.seasonId, null),
    today: await sumsByCaller(ctx, season.seasonId, TODAY),
    policies: await sumsByPolicy(ctx, season.seasonId, null),
    days: await sumsByDay(ctx, season.seasonId),
    hours: await sumsByHour(ctx, season.seasonId),
    owners: await caseSumsByOwner(ctx, season.seasonId),
    cases: await caseSumsByPolicy(ctx, season.seasonId),
  }));
const sorted = (value: Awaited<ReturnType<typeof everything>>) =>
  Object.fromEntries(
    Object.entries(value).map(([name, rows]) => [name, rows.map((row) => JSON.stringify(row)).sort()]),
  );

describe('counters', () => {
  test('give the same figures before folding, after it, and after folding again, also when folded by two at once', async () => {
    const before = sorted(await everything());
    await Promise.all([foldCounters(world.env, world.tenantId), foldCounters(world.env, world.tenantId)]);
    const { rows } = await world.as('system', ({ tx }) =>
      sql<{
        n: number;
      }>`select (select count(*) from contact_tally_delta) + (select count(*) from case_tally_delta) as n`.execute(
        tx,
      ),
    );
    expect(rows[0]?.n).toBe(0);
    expect(sorted(await everything())).toEqual(before);
    await contacts(group, 0, { day: TODAY, hour: 19, attempts: 2, contacts: 1 });
    const grown = await everything();
    expect(grown.today.find(({ callerId }) => callerId === callers[0]?.userId)?.attempts).toBe(12);
    await foldCounters(world.env, world.tenantId);
    expect(sorted(await everything())).toEqual(sorted(grown));
  });
  test('agree with the cases themselves', async () => {
    const { rows } = await world.as('system', ({ tx }) =>
      sql<{
        state: string;
        cases: number;
      }>`select state, count(*) as cases from follow_up_case group by state order by state`.execute(tx),
    );
    const counted = new Map<string, number>();
    for (const { state, cases } of (await everything()).cases)
      counted.set(state, (counted.get(state) ?? 0) + cases);
    expect([...counted].sort()).toEqual(rows.map(({ state, cases }) => [state, cases]));
  });
});
