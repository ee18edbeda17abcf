import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { makeWorld, type Person, type World } from '#platform/testing/app';
import { permissionsOf } from '#staff/rules';
import { openForChange } from './access.service.ts';
import { candidateFile } from './file.service.ts';
import type { CandidateId } from './ids.ts';
import { lookUpCandidate } from './lookup.service.ts';
import { mergeFiles, undoMerge } from './merge.service.ts';
import { addNote, notesOf, voidNote } from './note.service.ts';
import { addPhone, detachPhone, markPhone, phonesInClear, phonesOf } from './phone.service.ts';
import { reveal } from './reveal.service.ts';
import { installSignals, setSignals, setWish } from './signal.service.ts';
import { readSignals } from './signal.store.ts';
import { addCase, addFile, makeSeason, type TestSeason } from './testing/files.ts';

let world: World;
let season: TestSeason;
let office: Person;
let caller: Person;

beforeAll(async () => {
  world = await makeWorld({ permissionsOf });
  office = await world.addPerson({ roles: ['admissions_office'] });
  caller = await world.addPerson({ roles: ['caller'] });
  season = await world.as('system', makeSeason);
});
afterAll(() => world.close());

const file = (given: Parameters<typeof addFile>[2] = {}): Promise<CandidateId> =>
  world.as(office, (ctx) => addFile(ctx, season, given));
const father = (candidateId: CandidateId, number: string) => ({
  candidateId,
  number,
  relation: 'father' as const,
  source: '考生本人',
  basis: '考生本人告知',
});

test('brothers share one row of their father’s number', async () => {
  const [one, other] = [await file(), await file()];
  const first = await world.as(office, (ctx) => addPhone(ctx, father(one, '154 0000 0001')));
  const second = await world.as(office, (ctx) => addPhone(ctx, father(other, '+86-15400000001')));
  expect(first.ok && second.ok && first.value.phoneId === second.value.phoneId).toBe(true);
  expect(await world.as(office, (ctx) => phonesOf(ctx, one))).toMatchObject([
    { masked: '154****0001', sharedWith: 1 },
  ]);
  const [clear] = await world.as(office, (ctx) => phonesInClear(ctx, one));
  expect(clear?.number).toBe('+8615400000001');
});

test.each([
  ['1540000', 'number_bad'],
  ['无', 'number_bad'],
  ['15400000002/15400000003', 'several_numbers'],
])('%s is not taken in: %s', async (number, code) => {
  const id = await file();
  const added = await world.as(office, (ctx) => addPhone(ctx, father(id, number)));
  expect(added.ok ? null : added.error.code).toBe(code);
});

test('a wrong number is detached, kept as evidence, and comes back with a new source', async () => {
  const id = await file();
  const added = await world.as(office, (ctx) => addPhone(ctx, father(id, '15400000004')));
  if (!added.ok) throw new Error(added.error.message);
  const { phoneId } = added.value;
  const again = await world.as(office, (ctx) => addPhone(ctx, father(id, '15400000004')));
  expect(again.ok ? null : again.error.code).toBe('already_there');
  await world.as(office, (ctx) => detachPhone(ctx, { candidateId: id, phoneId }, '接听人不认识考生'));
  expect(await world.as(office, (ctx) => phonesOf(ctx, id))).toEqual([]);
  expect(await world.as(office, (ctx) => phonesOf(ctx, id, { detached: true }))).toMatchObject([
    { phoneId, detachedReason: '接听人不认识考生' },
  ]);
  const opened = await world.as(office, (ctx) => candidateFile(ctx, id));
  expect(opened.ok && opened.value.missing).toEqual(['phone']);
  await world.as(office, (ctx) => addPhone(ctx, { ...father(id, '15400000004'), source: '中学老师' }));
  expect(await world.as(office, (ctx) => phonesOf(ctx, id))).toMatchObject([{ phoneId, source: '中学老师' }]);
});

test('a file takes twenty numbers, those that were wrong too', async () => {
  const id = await file();
  const numbered = (n: number) => world.as(office, (ctx) => addPhone(ctx, father(id, `1540000${7000 + n}`)));
  const first = await numbered(0);
  if (!first.ok) throw new Error(first.error.message);
  const gone = { candidateId: id, phoneId: first.value.phoneId };
  await world.as(office, (ctx) => detachPhone(ctx, gone, '接听人不认识考生'));
  for (let n = 1; n < 19; n += 1) await numbered(n);
  expect((await numbered(19)).ok).toBe(true);
  expect(await numbered(20)).toMatchObject({ ok: false, error: { code: 'too_many_phones' } });
});

test('a note is taken back by who wrote it or by the office, once', async () => {
  const colleague = await world.addPerson({ roles: ['supervisor'] });
  const id = await file();
  const noted = await world.as(office, (ctx) => addNote(ctx, id, '下周再联系'));
  if (!noted.ok) throw new Error(noted.error.message);
  const take = (who: Person) =>
    world.as(who, (ctx) => voidNote(ctx, { id, noteId: noted.value.id }, '写错了考生'));
  expect(await take(colleague)).toMatchObject({ ok: false, error: { code: 'not_author' } });
  expect(await take(office)).toMatchObject({ ok: true });
  expect(await take(office)).toMatchObject({ ok: false, error: { code: 'not_found' } });
});

test('what a file does not hold is not shown, and costs no look of the day', async () => {
  const id = await file();
  await sql`update candidate set private = null where id = ${id}`.execute(world.owner.kysely);
  const look = await world.as(office, (ctx) => reveal(ctx, id, { field: 'address', reason: '核对地址' }));
  expect(look).toMatchObject({ ok: false, error: { code: 'nothing_there' } });
  const { rows } = await sql`select from reveal where candidate_id = ${id}`.execute(world.owner.kysely);
  expect(rows).toEqual([]);
});

test('a number added by sixteen at once is one row', async () => {
  const ids = await Promise.all(Array.from({ length: 16 }, () => file()));
  const added = await Promise.all(
    ids.map((id) => world.as(office, (ctx) => addPhone(ctx, father(id, '15400000005')))),
  );
  expect(new Set(added.map((one) => (one.ok ? one.value.phoneId : one.error.code))).size).toBe(1);
});

test('空号 twice, four hours apart, kills a number', async () => {
  const id = await file();
  const added = await world.as(office, (ctx) => addPhone(ctx, father(id, '15400000006')));
  if (!added.ok) throw new Error(added.error.message);
  const { phoneId } = added.value;
  world.setClock(Date.parse('2026-07-18T01:00:00Z'));
  expect(await world.as(office, (ctx) => markPhone(ctx, phoneId, 'vacant'))).toMatchObject({
    state: 'suspect',
  });
  world.setClock(Date.parse('2026-07-18T05:00:00Z'));
  expect(await world.as(office, (ctx) => markPhone(ctx, phoneId, 'vacant'))).toMatchObject({ state: 'dead' });
  world.setClock(undefined);
});

test('signals are installed once, set exactly, and unknown ones refused', async () => {
  await world.as(office, installSignals);
  await world.as(office, installSignals);
  expect(await world.as(office, readSignals)).toHaveLength(14);
  const id = await file();
  await world.as(office, (ctx) => setSignals(ctx, id, ['distance', 'away']));
  await world.as(office, (ctx) => setSignals(ctx, id, ['away', 'undecided']));
  await world.as(office, (ctx) => setWish(ctx, id, { pathwayInterest: true }));
  await world.as(office, (ctx) => setWish(ctx, id, { majorWish: '护理学' }));
  const opened = await world.as(office, (ctx) => candidateFile(ctx, id));
  expect(opened.ok && opened.value).toMatchObject({
    signals: ['undecided', 'away'],
    wish: { pathwayInterest: true, majorWish: '护理学' },
  });
  const refused = await world.as(office, (ctx) => setSignals(ctx, id, ['poor_family']));
  expect(refused.ok ? null : refused.error.code).toBe('signal_unknown');
});

test('reveals are counted by the day, and the last one is given once', async () => {
  const id = await file({ minorUntil: '2030-01-01' });
  await sql`insert into follow_up_setting (tenant_id, season_id, version, body, reason)
    values (${world.tenantId}, ${season.seasonId}, 1, '{"revealsPerDay": 5}', '测试')`.execute(
    world.owner.kysely,
  );
  world.setClock(Date.parse('2026-07-18T15:00:00Z'));
  const ask = () =>
    world.as(office, (ctx) => reveal(ctx, id, { field: 'id_number', reason: '核对身份信息' }));
  const answers = await Promise.all(Array.from({ length: 12 }, ask));
  expect(answers.filter(({ ok }) => ok)).toHaveLength(5);
  expect(answers.find(({ ok }) => ok)).toMatchObject({ value: { value: '11010519491231002X' } });
  expect(answers.find(({ ok }) => !ok)).toMatchObject({
    error: { code: 'limit_reached', details: { used: 5, limit: 5 } },
  });
  world.setClock(Date.parse('2026-07-18T15:59:59Z'));
  expect((await ask()).ok).toBe(false);
  world.setClock(Date.parse('2026-07-18T16:00:00Z'));
  expect((await ask()).ok).toBe(true);
  world.setClock(undefined);
  await world.as(office, (ctx) => candidateFile(ctx, id));
  const { rows } = await sql<{ action: string; body: string; reason: string | null }>`
    select action, body::text, reason from audit_entry where subject_id = ${id}`.execute(world.owner.kysely);
  expect(rows.filter(({ action }) => action === 'candidate.revealed')).toHaveLength(6);
  expect(rows.map(({ action }) => action)).toContain('candidate.minor_opened');
  expect(JSON.stringify(rows)).not.toContain('11010519491231002X');
});

test('merging moves numbers and undo puts everything back', async () => {
  const [kept, merged] = [await file({ name: '欧阳修文' }), await file({ name: '欧阳修文' })];
  await world.as(office, (ctx) => addPhone(ctx, father(kept, '15400000010')));
  await world.as(office, (ctx) => addPhone(ctx, father(merged, '15400000010')));
  await world.as(office, (ctx) => addPhone(ctx, father(merged, '15400000011')));
  const done = await world.as(office, (ctx) =>
    mergeFiles(ctx, { keptId: kept, mergedId: merged, reason: '同一身份证号' }),
  );
  expect(done).toMatchObject({ ok: true, value: { phones: 1 } });
  const both = await world.as(office, (ctx) => phonesOf(ctx, kept));
  expect(both.map(({ sharedWith }) => sharedWith)).toEqual([0, 0]);
  const locked = await world.as(office, (ctx) => openForChange(ctx, merged));
  expect(locked).toMatchObject({ ok: false, error: { message: expect.stringMatching('只能查看') } });
  const twice = await world.as(office, (ctx) =>
    mergeFiles(ctx, { keptId: kept, mergedId: merged, reason: '同一身份证号' }),
  );
  expect(twice.ok ? null : twice.error.code).toBe('already_merged');
  if (!done.ok) throw new Error(done.error.message);
  await world.as(office, (ctx) => undoMerge(ctx, done.value.id, '核对有误'));
  expect(await world.as(office, (ctx) => phonesOf(ctx, kept))).toHaveLength(1);
  expect(await world.as(office, (ctx) => phonesOf(ctx, merged))).toHaveLength(2);
  const opened = await world.as(office, (ctx) => candidateFile(ctx, merged));
  expect(opened.ok && opened.value).toMatchObject({ mergedInto: null, merge: null });
});

test('merging is refused without evidence and when both were contacted', async () => {
  const stranger = await file({ name: '李四方', idNumber: '440524188001010014' });
  const [kept, merged] = [await file(), await file()];
  const merge = (mergedId: CandidateId) =>
    world.as(office, (ctx) => mergeFiles(ctx, { keptId: kept, mergedId, reason: '怀疑是同一人' }));
  expect(await merge(stranger)).toMatchObject({ error: { code: 'not_same_person' } });
  const of = { tenantId: world.tenantId, season, ownerId: caller.userId, contacts: 1, final: true };
  await addCase(world, { ...of, candidateId: kept });
  await addCase(world, { ...of, candidateId: merged });
  expect(await merge(merged)).toMatchObject({ error: { code: 'both_contacted' } });
});

test('a note is sealed, and its author sees it again', async () => {
  const id = await file();
  await world.as(office, (ctx) => addNote(ctx, id, '下周再联系'));
  const notes = await world.as(office, (ctx) => notesOf(ctx, id));
  expect(notes).toMatchObject({ value: { items: [{ body: '下周再联系', mine: true }] } });
  const { rows } = await sql<{ text: string }>`
    select encode(body, 'escape') as text from candidate_note`.execute(world.owner.kysely);
  expect(JSON.stringify(rows)).not.toContain('下周');
});

test('the command line finds a file masked, and in clear only with a reason', async () => {
  const id = await file({ name: '单小明' });
  const opened = await world.as(office, (ctx) => candidateFile(ctx, id));
  const no = opened.ok ? opened.value.candidateNo : '';
  const masked = await world.as('system', (ctx) => lookUpCandidate(ctx, no));
  expect(masked).toMatchObject({ value: { clear: null, file: { name: '单*明' } } });
  expect(JSON.stringify(masked)).not.toContain('单小明');
  const clear = await world.as('system', (ctx) => lookUpCandidate(ctx, no, '核对材料'));
  expect(clear).toMatchObject({ value: { clear: { name: '单小明', idNumber: '11010519491231002X' } } });
  expect(await world.as('system', (ctx) => lookUpCandidate(ctx, '26519999999999'))).toMatchObject({
    error: { code: 'not_found' },
  });
});
