import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Person, World } from '#platform/testing/app';
import { approveSubmitted, installDefaultPack } from '#script';
import type { FinishInput } from './contract.ts';
import { arrangeCaller, arrangeCase, arrangeWorld, type Season } from './testing/arrange.ts';
import { finish, pull } from './testing/calls.ts';

let world: World;
let season: Season;
let caller: Person;

beforeAll(async () => {
  ({ world, season } = await arrangeWorld());
  caller = await arrangeCaller(world, season);
  const office = await world.addPerson({ roles: ['admissions_office'] });
  await world.as('system', (ctx) => installDefaultPack(ctx, season.seasonId));
  await world.as(office, (ctx) => approveSubmitted(ctx, season.seasonId));
});
afterAll(() => world.close());

async function callEnds(outcome: Partial<FinishInput>): Promise<{ name: string; text: string }[]> {
  const { caseId } = await arrangeCase(world, season, { owner: caller });
  const work = await pull(world, caller);
  expect(work.lease?.case.id).toBe(caseId);
  await finish(world, caller, work, { ...outcome, next: false });
  return world.as('system', async ({ tx, vault }) => {
    const { rows } = await sql<{ name: string; note: Buffer }>`
      select s.name, a.note from attempt a
      join script_version v on v.tenant_id = a.tenant_id and v.id = a.script_version_id
      join script s on s.tenant_id = v.tenant_id and s.id = v.script_id
      where a.case_id = ${caseId} and a.channel = 'sms'`.execute(tx);
    return rows.map(({ name, note }) => ({ name, text: vault.open(note) }));
  });
}

test.each([
  ['无人接听', { line: 'L5' }, '未接电话'],
  ['关机', { line: 'L3' }, '关机或无法接通'],
  ['拒接', { line: 'L7' }, '拒接后说明身份'],
] as const)('after %s goes the text written for it, complete', async (_label, outcome, name) => {
  const sent = await callEnds(outcome);
  expect(sent).toEqual([{ name, text: expect.stringMatching(/^【.+】/) }]);
  expect(sent[0]?.text).not.toMatch(/未登记|\{\{/);
});

test('after other calls nothing goes by itself, however well a text would fit the spot', async () => {
  expect(await callEnds({ line: 'L6' })).toEqual([]);
});
