import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Person, World } from '#platform/testing/app';
import { dial } from './lease.service.ts';
import { recordPlaybook } from './playbook.contract.ts';
import {
  type Known,
  PLAYBOOK_STEPS,
  playbookOf,
  ROUTE_RULES,
  recordGap,
  STEP_RULES,
} from './playbook.rules.ts';
import { playbook, recordStep } from './playbook.service.ts';
import { arrangeCaller, arrangeCase, arrangeLeader, arrangeWorld, type Season } from './testing/arrange.ts';
import { finish, pull } from './testing/calls.ts';

let world: World;
let season: Season;
let caller: Person;
let mate: Person;
let leader: Person;
let stranger: Person;

beforeAll(async () => {
  ({ world, season } = await arrangeWorld());
  caller = await arrangeCaller(world, season);
  mate = await arrangeCaller(world, season);
  leader = await arrangeLeader(world, season);
  stranger = await arrangeCaller(world, season, { grouped: false });
});
afterAll(() => world.close());

const record = (caseId: string, who: Person, given: Record<string, unknown>) =>
  world.as(who, (ctx) => recordStep(ctx, caseId, recordPlaybook.body.parse(given)));
const read = (caseId: string, who: Person) => world.as(who, (ctx) => playbook(ctx, caseId));
const number = (digits: string) => ({
  number: digits,
  relation: 'village',
  contactName: '值班员',
  basis: '履行录取告知，村委会提供',
});

describe('the search', () => {
  test('adds a number with its source and basis, which the holder can dial at once', async () => {
    const { caseId, candidateId } = await arrangeCase(world, season, { owner: caller });
    const work = await pull(world, caller);
    expect(work.lease?.case.id).toBe(caseId);
    const given = { step: 'directory', route: 'village', outcome: 'found', detail: '村委会值班员告知' };
    const done = await record(caseId, caller, { ...given, number: number('15499990001') });
    expect(done).toMatchObject({
      ok: true,
      value: { entries: [{ phoneMasked: '154****0001', route: 'village' }] },
    });
    const { rows } = await world.as('system', ({ tx }) =>
      sql<{ id: string; source: string; basis: string }>`
        select phone_id as id, source, basis from candidate_phone where candidate_id = ${candidateId} and relation = 'village'`.execute(
        tx,
      ),
    );
    expect(rows[0]).toMatchObject({ source: '114 查号·农村：村委会', basis: '履行录取告知，村委会提供' });
    const dialled = await world.as(caller, (ctx) => dial(ctx, work.lease?.id ?? '', rows[0]?.id ?? ''));
    expect(dialled).toMatchObject({ ok: true });
    expect(await record(caseId, caller, { ...given, number: number('15499990001') })).toMatchObject({
      error: { code: 'duplicate_number' },
    });
  });
  test('refuses what is not a number, and leaves no step behind', async () => {
    const { caseId } = await arrangeCase(world, season, { owner: caller });
    const given = {
      step: 'directory',
      route: 'school',
      outcome: 'found',
      detail: '教务处',
      number: number('1234567'),
    };
    expect(await record(caseId, caller, given)).toMatchObject({ error: { code: 'bad_number' } });
    expect(await read(caseId, caller)).toMatchObject({ ok: true, value: { entries: [] } });
  });
  test('stops where the person has asked not to be called again', async () => {
    const owner = await arrangeCaller(world, season);
    const { caseId } = await arrangeCase(world, season, { owner });
    await finish(world, owner, await pull(world, owner), { result: 'R5', next: false });
    const given = { step: 'same_school', outcome: 'nothing', detail: '没有同校考生' };
    expect(await record(caseId, owner, given)).toMatchObject({
      error: { code: 'case_closed', message: expect.stringContaining('勿再来电') },
    });
  });
  test('shows schoolmates within sight, masked, and only counts the others', async () => {
    const one = await arrangeCase(world, season, { owner: caller });
    const own = await arrangeCase(world, season, { owner: caller });
    const other = await arrangeCase(world, season, { owner: mate });
    const ids = [one, own, other].map(({ candidateId }) => candidateId);
    await world.as('system', ({ tx }) =>
      sql`update candidate set school_code = '520101', school_name = '示例中学' where id = any(${ids}::uuid[])`.execute(
        tx,
      ),
    );
    const mine = await read(one.caseId, caller);
    expect(mine).toMatchObject({ ok: true, value: { sameSchool: { schoolName: '示例中学', others: 1 } } });
    if (!mine.ok) return;
    expect(mine.value.sameSchool.visible.map(({ caseId }) => caseId)).toEqual([own.caseId]);
    expect(mine.value.sameSchool.visible[0]?.candidateName).toContain('*');
    expect(await read(one.caseId, leader)).toMatchObject({ ok: true, value: { sameSchool: { others: 0 } } });
  });
  test('is out of sight for another group', async () => {
    const { caseId } = await arrangeCase(world, season, { owner: caller });
    expect(await read(caseId, stranger)).toMatchObject({ error: { code: 'not_found' } });
    const given = { step: 'same_school', outcome: 'nothing', detail: '没有同校考生' };
    expect(await record(caseId, stranger, given)).toMatchObject({ error: { code: 'not_found' } });
  });
});

describe('rules', () => {
  const known: Known = {
    records: [],
    messages: {},
    hasMobile: true,
    withEscalationTeam: false,
    shielded: false,
  };
  const states = (given: Partial<Known>) =>
    Object.fromEntries(playbookOf({ ...known, ...given }).map(({ step, state }) => [step, state]));
  test('every step and route has its words', () => {
    expect(Object.keys(STEP_RULES)).toEqual([...PLAYBOOK_STEPS]);
    for (const { guidance } of Object.values(ROUTE_RULES)) expect(guidance.length).toBeGreaterThan(10);
  });
  test('the first step not done is the next', () => {
    expect(states({})).toMatchObject({ same_school: 'next', office_number: 'open' });
    const done = { step: 'same_school', outcome: 'nothing', at: 1 } as const;
    expect(states({ records: [done] })).toMatchObject({ same_school: 'done', office_number: 'next' });
  });
  test('waiting is neither done nor next, and the newest record counts', () => {
    const records = [
      { step: 'office_number', outcome: 'found', at: 2 },
      { step: 'office_number', outcome: 'waiting', at: 1 },
    ] as const;
    expect(states({ records: records.slice(1) })).toMatchObject({ office_number: 'waiting' });
    expect(states({ records })).toMatchObject({ office_number: 'done' });
  });
  test('where numbers are shielded nobody outside is asked', () => {
    expect(states({ shielded: true })).toMatchObject({ directory: 'not_applicable' });
    const given = { step: 'directory', route: 'school', outcome: 'nothing', detail: '问过' } as const;
    expect(recordGap({ ...given, number: false, shielded: true })).toContain('不向外查号');
    expect(recordGap({ ...given, number: false, shielded: false })).toBeNull();
  });
  test('messages count from the ledger; without a mobile they do not apply', () => {
    expect(states({ messages: { sms: 1 } })).toMatchObject({ sms: 'done', social: 'open' });
    expect(states({ hasMobile: false })).toMatchObject({ sms: 'not_applicable', social: 'not_applicable' });
    expect(states({ withEscalationTeam: true })).toMatchObject({ hand_over: 'done' });
  });
  test.each([
    ['directory', null, 'nothing', '问过', false, false],
    ['directory', 'school', 'nothing', '问过', false, true],
    ['directory', null, 'not_applicable', '住址不详', false, true],
    ['sms', null, 'found', '已发', false, false],
    ['sms', null, 'not_applicable', '没有手机', false, true],
    ['same_school', null, 'nothing', '问过', true, false],
    ['same_school', null, 'nothing', '问', false, false],
    ['hand_over', null, 'not_applicable', '不转', false, false],
  ] as const)('%s %s %s “%s” number %s: %s', (...row) => {
    const [step, route, outcome, detail, withNumber, fine] = row;
    expect(recordGap({ step, route, outcome, detail, number: withNumber, shielded: false }) === null).toBe(
      fine,
    );
  });
});
