import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { newId } from '#platform/ids';
import type { Person, World } from '#platform/testing/app';
import {
  arrangeCaller,
  arrangeCase,
  arrangeLeader,
  arrangeWorld,
  DAY,
  HOUR,
  MINUTE,
  MORNING,
  type Season,
} from '../follow-up/testing/arrange.ts';
import { pull } from '../follow-up/testing/calls.ts';
import type { StuckCode } from './contract.ts';
import { readGroupBoard } from './group.service.ts';
import { readStuck } from './stuck.service.ts';
import { readWallboard } from './wallboard.service.ts';

/** What presses now, to the moment: call-backs, hand-overs, people at work, and what is stuck. Ten in the morning in China. */

let world: World;
let season: Season;
let caller: Person;
let office: Person;

beforeAll(async () => {
  ({ world, season } = await arrangeWorld());
  office = await world.addPerson({ roles: ['admissions_office'] });
});
beforeEach(async () => {
  world.setClock(MORNING);
  caller = await arrangeCaller(world, season);
});
afterAll(() => world.close());

const run = (statement: ReturnType<typeof sql>) => statement.execute(world.owner.kysely);
const newCase = async (): Promise<string> => (await arrangeCase(world, season, { owner: caller })).caseId;
async function promise(dueAt: number): Promise<string> {
  const caseId = await newCase();
  await run(sql`insert into callback (tenant_id, id, case_id, due_at, created_by)
    values (${world.tenantId}, ${newId()}, ${caseId}, ${new Date(dueAt)}, ${caller.userId})`);
  return caseId;
}
async function handOver(acceptBy: number, accepted = false): Promise<string> {
  const caseId = await newCase();
  await run(sql`insert into escalation (tenant_id, id, case_id, tier, cause, summary, evidence, responsible_id, state, opened_at, accept_by, accepted_by)
    values (${world.tenantId}, ${newId()}, ${caseId}, 'leader', 'by_hand', '多次无人接听', '{}', ${caller.userId},
      ${accepted ? 'accepted' : 'open'}, ${new Date(MORNING - DAY)}, ${new Date(acceptBy)}, ${accepted ? caller.userId : null})`);
  return caseId;
}
async function board() {
  const read = await world.as(office, readWallboard);
  if (!read.ok) throw new Error(read.error.message);
  return read.value;
}
async function stuck(code: StuckCode): Promise<string[]> {
  const read = await world.as(office, (ctx) => readStuck(ctx, { code }));
  if (!read.ok) throw new Error(read.error.message);
  return read.value.items.map(({ caseId }) => caseId);
}

describe('on the wallboard', () => {
  test('a call-back is due, overdue after a quarter of an hour, or of later today', async () => {
    const midnight = Date.parse('2026-07-23T00:00:00+08:00');
    const before = (await board()).callbacks;
    expect(before).toEqual({ dueNow: 0, overdue: 0, laterToday: 0 });
    for (const at of [-15 * MINUTE, -15 * MINUTE + 1, 0, 1]) await promise(MORNING + at);
    for (const at of [midnight - 1, midnight]) await promise(at);
    expect((await board()).callbacks).toEqual({ dueNow: 2, overdue: 1, laterToday: 2 });
  });
  test('a hand-over waits, is late from the moment after its time on, or is in work', async () => {
    await handOver(MORNING);
    await handOver(MORNING - 1);
    await handOver(MORNING - 1, true);
    expect((await board()).escalations).toEqual({ waiting: 2, late: 1, inWork: 1 });
  });
  test('who is on a call counts until the lease runs out, who has left counts no more', async () => {
    await newCase();
    await run(sql`insert into presence (tenant_id, id, user_id, state, since, until) values
      (${world.tenantId}, ${newId()}, ${caller.userId}, 'paused', now(), now()),
      (${world.tenantId}, ${newId()}, ${caller.userId}, 'wrap_up', now(), null),
      (${world.tenantId}, ${newId()}, ${office.userId}, 'paused', now(), null)`);
    await pull(world, caller);
    expect((await board()).working).toMatchObject({ onCall: 1, paused: 1 });
    world.setClock(MORNING + 20 * MINUTE);
    expect((await board()).working.onCall).toBe(0);
  });
});

test('on the board of the group a member’s call-backs are overdue after a quarter of an hour', async () => {
  const leader = await arrangeLeader(world, season);
  for (const at of [-15 * MINUTE, -15 * MINUTE + 1, 0]) await promise(MORNING + at);
  const group = await world.as(leader, (ctx) => readGroupBoard(ctx, undefined));
  if (!group.ok) throw new Error(group.error.message);
  const mine = group.value.members.find(({ userId }) => userId === caller.userId);
  expect(mine).toMatchObject({ overdueCallbacks: 1 });
});

describe('among the stuck', () => {
  const at = async (column: 'due_at' | 'deadline_at', time: number): Promise<string> => {
    const caseId = await newCase();
    await run(sql`update follow_up_case set ${sql.ref(column)} = ${new Date(time)} where id = ${caseId}`);
    return caseId;
  };
  test('a call-back is missed when more than a quarter of an hour has passed', async () => {
    const [missed, kept] = [await promise(MORNING - 15 * MINUTE - 1), await promise(MORNING - 15 * MINUTE)];
    const found = await stuck('callback_missed');
    expect([found.includes(missed), found.includes(kept)]).toEqual([true, false]);
  });
  test('a hand-over is late when its time has passed and nobody accepted', async () => {
    const [late, inTime, taken] = [
      await handOver(MORNING - 1),
      await handOver(MORNING),
      await handOver(MORNING - 1, true),
    ];
    const found = await stuck('escalation_late');
    expect([late, inTime, taken].map((id) => found.includes(id))).toEqual([true, false, false]);
  });
  test('a case waits long when it has been due for more than a day', async () => {
    const [long, day] = [await at('due_at', MORNING - DAY - 1), await at('due_at', MORNING - DAY)];
    const found = await stuck('waiting_long');
    expect([found.includes(long), found.includes(day)]).toEqual([true, false]);
  });
  test('a deadline is near within a day, not after it, and not where the candidate has confirmed', async () => {
    const cases = [
      await at('deadline_at', MORNING),
      await at('deadline_at', MORNING + DAY),
      await at('deadline_at', MORNING + DAY + 1),
      await at('deadline_at', MORNING - 1),
      await at('deadline_at', MORNING + HOUR),
    ];
    await run(sql`update follow_up_case set disposition = 'confirmed' where id = ${cases[4]}`);
    const found = await stuck('deadline_near');
    expect(cases.map((id) => found.includes(id))).toEqual([true, true, false, false, false]);
  });
  test('papers are missing while somebody wants to leave and none are in', async () => {
    const caseId = await newCase();
    expect(await stuck('papers_missing')).toEqual([]);
    await run(sql`update follow_up_case set disposition = 'withdrawing' where id = ${caseId}`);
    expect(await stuck('papers_missing')).toEqual([caseId]);
  });
});
