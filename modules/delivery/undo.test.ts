import { sql } from 'kysely';
import { beforeAll, expect, test } from 'vitest';
import { openCases } from '#follow-up';
import type { PolicyId, SeasonId } from '#season/rules';
import { undoImport } from './flow.service.ts';
import { arrangeDesk } from './testing/desk.ts';

/** What people and the clock hung on the candidates of an import before it is taken back. */
const desk = arrangeDesk();
const { no } = desk;
let userId: string;

beforeAll(async () => {
  userId = (await desk.world.addPerson({ roles: ['file_clerk'] })).userId;
});

/** Candidates with these numbers; an empty one has no phone. */
async function give(...phones: string[]): Promise<string> {
  const person = { XM: '余子和', TDDW: '5131', TDCJ: '500' };
  await desk.put(
    'T_TDD.DBF',
    phones.map((LXSJ, index) => ({ KSH: no(index + 1), LXSJ, ...person })),
  );
  return (await desk.take('T_TDD.DBF')).importId;
}

const undo = (importId: string) =>
  desk.world.as('system', (ctx) => undoImport(ctx, importId, '下发了错误的文件'));
const run = (statement: ReturnType<typeof sql>) => statement.execute(desk.world.owner.kysely);
const idOf = (index: number) => sql`(select id from candidate where candidate_no = ${no(index)})`;

test('registrations that were judged by the list wait for the next one; of two for one student the office decides', async () => {
  const importId = await give('15400010001', '15400010002');
  const lead = (state: string, dispute: string | null, index: number) =>
    run(sql`
    insert into lead (tenant_id, id, season_id, recruiter_id, candidate_no, name, source, registered_by, registered_at, candidate_id,
      matched_at, state, dispute)
    select tenant_id, uuidv7(), season_id, ${userId}, candidate_no, name, '报备', ${userId}, now(), id,
      case when ${state} = 'matched' then now() end, ${state}, ${dispute}
    from candidate where candidate_no = ${no(index)}`);
  await lead('matched', null, 1);
  await lead('disputed', 'later', 1);
  await lead('disputed', 'name_differs', 2);
  expect(await undo(importId)).toEqual({ ok: true, value: { removed: 2, restored: 0 } });
  const { rows } = await sql`
    select state, dispute, candidate_id, matched_at from lead where candidate_no like ${`${no(0).slice(0, 12)}%`} order by candidate_no, registered_at`.execute(
    desk.world.owner.kysely,
  );
  expect(rows).toEqual([
    { state: 'open', dispute: null, candidate_id: null, matched_at: null },
    { state: 'disputed', dispute: 'later', candidate_id: null, matched_at: null },
    { state: 'open', dispute: null, candidate_id: null, matched_at: null },
  ]);
});

test.each([
  [
    'a note',
    () => sql`insert into candidate_note (tenant_id, id, candidate_id, body, written_by)
      select tenant_id, uuidv7(), id, private, ${userId} from candidate where candidate_no = ${no(1)}`,
  ],
  [
    'a wish',
    () => sql`insert into candidate_wish (tenant_id, candidate_id, noted_by)
      select tenant_id, id, ${userId} from candidate where candidate_no = ${no(1)}`,
  ],
  [
    'a merge',
    () => sql`insert into candidate_merge (tenant_id, id, kept_id, merged_id, moved, reason, merged_by)
      select tenant_id, uuidv7(), id, ${idOf(2)}, '{}', '同一人', ${userId} from candidate where candidate_no = ${no(1)}`,
  ],
  [
    '勿再来电',
    () => sql`insert into do_not_call (tenant_id, id, scope, candidate_id, reason, set_by)
      select tenant_id, uuidv7(), 'person', id, '本人要求', ${userId} from candidate where candidate_no = ${no(1)}`,
  ],
])('%s on a new file refuses with the number of people and what to do', async (_what, work) => {
  const importId = await give('15400010001', '15400010002', '15400010003');
  await run(work());
  const refused = await undo(importId);
  expect(refused.ok ? '' : refused.error).toMatchObject({
    code: 'worked_on',
    message: expect.stringMatching(/[12] 人.*请/),
  });
});

test('a number found by hand meanwhile stays, and the file does not count as without one', async () => {
  await give('');
  const importId = await give('15400010001');
  const detach = sql`with made as (
      insert into phone (tenant_id, id, number, number_blind, masked, kind)
      select tenant_id, uuidv7(), private, id_blind, '154****9999', 'mobile' from (
        select c.tenant_id, c.private, decode(md5(c.id::text), 'hex') as id_blind from candidate c where candidate_no = ${no(1)}) q
      returning tenant_id, id)
    insert into candidate_phone (tenant_id, candidate_id, phone_id, source) select tenant_id, ${idOf(1)}, id, '114 查号' from made`;
  await run(detach);
  expect(await undo(importId)).toMatchObject({ ok: true, value: { restored: 1 } });
  const { rows } = await sql`
    select no_phone, (select array_agg(p.masked) from candidate_phone x join phone p on p.tenant_id = x.tenant_id and p.id = x.phone_id
      where x.tenant_id = c.tenant_id and x.candidate_id = c.id) as phones from candidate c where candidate_no = ${no(1)}`.execute(
    desk.world.owner.kysely,
  );
  expect(rows).toEqual([{ no_phone: false, phones: ['154****9999'] }]);
});

test('a file that was released, though nobody has called, is not taken away', async () => {
  const importId = await give('15400010001', '15400010002');
  const { rows } = await sql<{ id: string; seasonId: SeasonId; policyId: PolicyId }>`
    select c.id, c.season_id as "seasonId", p.id as "policyId" from candidate c
    join province_policy p on p.tenant_id = c.tenant_id and p.season_id = c.season_id where c.candidate_no = ${no(1)}`.execute(
    desk.world.owner.kysely,
  );
  const [first] = rows;
  if (!first) throw new Error('nobody was imported');
  const { seasonId, policyId } = first;
  await desk.world.as('system', (ctx) =>
    openCases(ctx, [
      {
        ...{ seasonId, policyId, candidateId: first.id, phase: 'filing', round: 'first' },
        ...{ ownerId: null, groupId: null, dueAt: null, deadlineAt: null, requiredSkill: null },
      },
    ]),
  );
  expect(await undo(importId)).toMatchObject({
    ok: false,
    error: { code: 'in_follow_up', message: expect.stringContaining('其中 1 人') },
  });
});
