import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { flushOutbox } from '#platform/outbox';
import type { Person, World } from '#platform/testing/app';
import { approveSubmitted, installDefaultPack } from '#script';
import { readCase } from './case.store.ts';
import type { FinishInput } from './contract.ts';
import {
  arrangeCaller,
  arrangeCase,
  arrangeWorld,
  closeVerified,
  MORNING,
  type Season,
} from './testing/arrange.ts';
import { finish, pull } from './testing/calls.ts';
import { undo } from './undo.service.ts';

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
afterAll(() => closeVerified(world));
beforeEach(() => world.setClock(MORNING));

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

describe('an undo', () => {
  /** What a provider would have got by now. */
  const delivered = async (): Promise<string[]> => {
    const bodies: string[] = [];
    const sms = async ({ body }: { body: string }) => void bodies.push(body);
    await flushOutbox(world.env, world.tenantId, new Map([['sms', sms]]));
    return bodies;
  };
  const notReached = async (): Promise<{ caseId: string; takeBack: () => Promise<{ ok: boolean }> }> => {
    const { caseId } = await arrangeCase(world, season, { owner: caller });
    const work = await finish(world, caller, await pull(world, caller), { line: 'L5', next: false });
    const attemptId = work.undo?.attemptId ?? '';
    return { caseId, takeBack: () => world.as(caller, (ctx) => undo(ctx, attemptId)) };
  };
  const journal = (caseId: string): Promise<(string | null)[]> =>
    world.as('system', async ({ tx }) => {
      const { rows } = await sql<{ note: string | null }>`
        select note from case_event where case_id = ${caseId} order by seq`.execute(tx);
      return rows.map(({ note }) => note);
    });
  const counts = (caseId: string) => world.as('system', (ctx) => readCase(ctx, caseId));

  beforeEach(async () => {
    world.setClock(MORNING + 3_600_000);
    await delivered();
    world.setClock(MORNING);
    caller = await arrangeCaller(world, season);
  });

  test('recalls the text that was queued with the result: it never leaves, and the journal says so', async () => {
    const { caseId, takeBack } = await notReached();
    world.setClock(MORNING + 4_000);
    expect(await delivered()).toEqual([]);
    expect(await takeBack()).toMatchObject({ ok: true });
    expect(await counts(caseId)).toMatchObject({ attempts: 0, messages: {} });
    expect(await journal(caseId)).toContain('撤销；随结果排队的短信已收回，没有发出');
    world.setClock(MORNING + 3_600_000);
    expect(await delivered()).toEqual([]);
  });
  test('has its seconds before the text leaves, and afterwards it does leave', async () => {
    await notReached();
    world.setClock(MORNING + 10_000);
    expect(await delivered()).toEqual([]);
    world.setClock(MORNING + 10_001);
    expect(await delivered()).toHaveLength(1);
  });
  test('that comes after the text has left all the same counts it as sent', async () => {
    const { caseId, takeBack } = await notReached();
    world.setClock(MORNING + 20_000);
    expect(await delivered()).toHaveLength(1);
    world.setClock(MORNING + 1_000);
    expect(await takeBack()).toMatchObject({ ok: true });
    expect(await counts(caseId)).toMatchObject({ attempts: 1, messages: { sms: 1 } });
    expect(await journal(caseId)).toContain('撤销；随结果发出的短信已经送出，收不回');
  });
});
