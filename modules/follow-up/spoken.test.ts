import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { newId } from '#platform/ids';
import type { Person, World } from '#platform/testing/app';
import { approveSubmitted, installDefaultPack } from '#script';
import { arrangeCase, arrangeScene, type Season } from './testing/arrange.ts';
import { finish, pull } from './testing/calls.ts';

/** 十项禁令 6 and 7: a contact is recorded with the words that were spoken in it. */

let world: World;
let season: Season;
let caller: Person;
arrangeScene((scene) => {
  ({ world, season, caller } = scene);
});

/** A second version comes into force, as an approval does it. */
async function replace(versionId: string): Promise<void> {
  await world.as('system', async ({ tx, tenantId }) => {
    await sql`update script_version set state = 'retired' where id = ${versionId}`.execute(tx);
    await sql`insert into script_version (tenant_id, id, script_id, version, state, body, decided_by, decided_at)
      select ${tenantId}, ${newId()}, script_id, version + 1, 'approved', body, decided_by, now() from script_version
      where id = ${versionId}`.execute(tx);
  });
}

const recorded = async (caseId: string): Promise<string | null> =>
  (
    await world.as('system', ({ tx }) =>
      sql<{
        id: string | null;
      }>`select script_version_id as id from attempt where case_id = ${caseId}`.execute(tx),
    )
  ).rows[0]?.id ?? null;

test('a version approved during a call is shown and recorded from the next call on', async () => {
  const office = await world.addPerson({ roles: ['admissions_office'] });
  await world.as(office, async (ctx) => {
    await installDefaultPack(ctx, season.seasonId);
    await approveSubmitted(ctx, season.seasonId);
  });
  const { caseId } = await arrangeCase(world, season, { owner: caller });
  const spoken = (await pull(world, caller)).lease?.script;
  expect(spoken).toMatchObject({ name: '可退档·通打一遍', version: 1 });
  await replace(spoken?.versionId ?? '');
  const again = await pull(world, caller);
  expect(again.lease?.script).toEqual(spoken);
  await finish(world, caller, again, { result: 'R3', next: false });
  expect(await recorded(caseId)).toBe(spoken?.versionId);
  await arrangeCase(world, season, { owner: caller });
  expect((await pull(world, caller)).lease?.script).toMatchObject({ version: 2 });
});

test('without a script nothing is recorded as spoken, also when one is approved during the call', async () => {
  await world.as('system', ({ tx }) =>
    sql`update script set retired_at = now() where kind = 'call'`.execute(tx),
  );
  const { caseId } = await arrangeCase(world, season, { owner: caller });
  const work = await pull(world, caller);
  expect(work.lease?.script).toBeNull();
  await world.as('system', ({ tx }) => sql`update script set retired_at = null`.execute(tx));
  await finish(world, caller, work, { result: 'R3', next: false });
  expect(await recorded(caseId)).toBeNull();
});
