import { sql } from 'kysely';
import { beforeAll, describe, expect, test } from 'vitest';
import { newId } from '#platform/ids';
import type { Person, World } from '#platform/testing/app';
import { arrangeCase, MORNING, type Season } from '../follow-up/testing/arrange.ts';
import { foldCounters } from './index.ts';
import { arrangeGroup } from './testing/group.ts';
import { readWallboard } from './wallboard.service.ts';

let world: World;
let season: Season;
let office: Person;

arrangeGroup((arranged) => {
  ({ world, season, office } = arranged);
});
/** The board adds what was folded to what has come since. */
beforeAll(() => foldCounters(world.env, world.tenantId));

describe('the wallboard', () => {
  const conservation = async () => {
    const board = await world.as(office, readWallboard);
    if (!board.ok) throw new Error(board.error.message);
    return board.value.conservation;
  };
  const tally = (cases: number) =>
    world.as('system', ({ tx, tenantId }) =>
      sql`insert into case_tally_delta (tenant_id, id, season_id, policy_id, phase, round, owner_id, group_id, state, disposition, result, cases)
        values (${tenantId}, ${newId()}, ${season.seasonId}, ${season.withdrawable}, 'filing', 'first', ${newId()}, ${season.groupId}, 'ready',
          'uncalled', '', ${cases})`.execute(tx),
    );

  test('closes its conservation line, counting those not yet released', async () => {
    await released(6, 'released', 'filing');
    await released(5, 'discarded', 'filing');
    await released(7, 'released', 'pre_arrival');
    await world.as('system', ({ tx, tenantId }) =>
      sql`insert into delivery_import (tenant_id, id, season_id, province_code, batch_id, state, file_name, counts)
        values (${tenantId}, ${newId()}, ${season.seasonId}, '52', ${season.batchId}, 'applied', 'x.zip', '{"created": 8}')`.execute(
        tx,
      ),
    );
    const board = await world.as(office, readWallboard);
    if (!board.ok) throw new Error(board.error.message);
    expect(board.value.conservation).toMatchObject({
      candidates: 8,
      unreleased: 2,
      ready: 5,
      final: 1,
      gap: 0,
    });
    expect(board.value.today).toMatchObject({ attempts: 20, contacts: 15 });
    expect(board.value.rates.contact).toEqual({ part: 16, whole: 23 });
    expect(board.value.provinces.map(({ standing }) => standing.cases).sort()).toEqual([2, 4]);
    expect(board.value.groups).toHaveLength(1);
    expect(board.value.targets.map(({ state }) => state)).toEqual(['below', 'below']);
  });
  test('cases outside the groups stand in the table too, a dissolved group only while it has any', async () => {
    const dissolved = newId<string>();
    await world.as('system', ({ tx, tenantId }) =>
      sql`insert into staff_group (tenant_id, id, name, dissolved_at) values (${tenantId}, ${dissolved}, '旧组', now())`.execute(
        tx,
      ),
    );
    const { caseId } = await arrangeCase(world, season, { owner: null, grouped: false });
    const names = async () => {
      const board = await world.as(office, readWallboard);
      return board.ok && board.value.groups.map(({ name, standing }) => [name, standing.cases]);
    };
    expect(await names()).toEqual([
      ['一组', 6],
      ['未编组', 1],
    ]);
    const moveTally = (from: string, to: string) =>
      sql`update case_tally_delta set group_id = ${to} where group_id = ${from}`.execute(world.owner.kysely);
    const nobody = '00000000-0000-0000-0000-000000000000';
    await moveTally(nobody, dissolved);
    expect(await names()).toEqual([
      ['一组', 6],
      ['旧组（已解散）', 1],
    ]);
    await moveTally(dissolved, nobody);
    await world.as('system', ({ tx }) =>
      sql`delete from case_tally_delta where group_id = '00000000-0000-0000-0000-000000000000'`.execute(tx),
    );
    await sql`delete from follow_up_case where id = ${caseId}`.execute(world.owner.kysely);
    expect(await names()).toEqual([['一组', 6]]);
  });
  test('what an earlier season left open is not counted', async () => {
    const callbackId = newId<string>();
    await sql`insert into callback (tenant_id, id, case_id, due_at, created_by)
      select ${world.tenantId}, ${callbackId}, id, ${new Date(MORNING)}, ${office.userId} from follow_up_case limit 1`.execute(
      world.owner.kysely,
    );
    const due = async () => {
      const board = await world.as(office, readWallboard);
      return board.ok && board.value.callbacks.dueNow;
    };
    expect(await due()).toBe(1);
    const next = newId<string>();
    await world.as('system', async ({ tx, tenantId }) => {
      await sql`update season set active = false`.execute(tx);
      await sql`insert into season (tenant_id, id, name, year, college_name, home_area_code)
        values (${tenantId}, ${next}, '下一季', 2027, '示例学院', '028')`.execute(tx);
    });
    expect(await due()).toBe(0);
    await sql`delete from season where id = ${next}`.execute(world.owner.kysely);
    await sql`update season set active = true`.execute(world.owner.kysely);
    await sql`delete from callback where id = ${callbackId}`.execute(world.owner.kysely);
  });
  test.each([
    ['a case that was released and stands nowhere', -1, 1],
    ['a case that no release opened', 2, -2],
  ])('%s leaves a gap', async (_what, cases, gap) => {
    await tally(cases);
    expect(await conservation()).toMatchObject({ candidates: 8, unreleased: 2, gap });
    await tally(-cases);
    expect(await conservation()).toMatchObject({ gap: 0 });
  });
  test('a file joined to another before its release is no candidate any more', async () => {
    const merge = await world.as('system', async ({ tx, tenantId }) => {
      const { rows } = await sql<{ id: string }>`
        insert into candidate (tenant_id, id, season_id, candidate_no, province_code, batch_id, import_id, name, name_key, name_initials, content_hash)
        values (${tenantId}, ${newId()}, ${season.seasonId}, '26520000009999', '52', ${season.batchId}, ${newId()}, '考生', 'k', 'ks', '\\x00')
        returning id`.execute(tx);
      const id = newId<string>();
      await sql`insert into candidate_merge (tenant_id, id, kept_id, merged_id, moved, reason, merged_by)
        select ${tenantId}, ${id}, candidate_id, ${rows[0]?.id}, '{}', '同一人', ${office.userId} from follow_up_case limit 1`.execute(
        tx,
      );
      return id;
    });
    expect(await conservation()).toMatchObject({ candidates: 7, unreleased: 1, gap: 0 });
    await world.as('system', ({ tx }) =>
      sql`update candidate_merge set undone_at = now(), undone_by = ${office.userId} where id = ${merge}`.execute(
        tx,
      ),
    );
    expect(await conservation()).toMatchObject({ candidates: 8, unreleased: 2, gap: 0 });
  });
  test('an import that is gone leaves a gap although every case stands', async () => {
    const mark = async (state: string) =>
      world.as('system', ({ tx, tenantId }) =>
        sql`update delivery_import set state = ${state} where tenant_id = ${tenantId}`.execute(tx),
      );
    await mark('undone');
    expect(await conservation()).toMatchObject({ candidates: 0, unreleased: 0, gap: -6 });
    await mark('applied');
  });
});

/** A run that gave out so many, in three lanes. */
const released = (count: number, state: string, phase: string) =>
  world.as('system', ({ tx, tenantId }) => {
    const preview = {
      figures: { lead: 1, random: count - 3, escalation: 2, left: 4, blocked: 9 },
      stage: { phase },
    };
    return sql`insert into assignment_run (tenant_id, id, season_id, seed, filter, limits, preview, state, candidates, input_hash, created_by)
      values (${tenantId}, ${newId()}, ${season.seasonId}, 'x', '{}', '{}', ${JSON.stringify(preview)}::jsonb, ${state}, ${count}, '\\x00',
        ${office.userId})`.execute(tx);
  });
