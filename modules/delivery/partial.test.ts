import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { arrangeDesk, type Row } from './testing/desk.ts';
import { changeList } from './view.service.ts';

/** What a later delivery does not carry, a column or a table, stays as it is. */
const desk = arrangeDesk();
const { no } = desk;

/** `plans`: a T_JHK beside it. */
async function give(name: string, rows: readonly Row[], plans?: readonly Row[]) {
  await desk.put(name, rows);
  if (plans) await desk.put('T_JHK.DBF', plans);
  return desk.take(plans ? '' : name);
}

const stored = (index: number) =>
  desk.world.as('system', async ({ tx, vault }) => {
    const { rows } = await sql<Record<string, unknown> & { sealed: Buffer }>`
      select name, sex, school_name, category, plan_nature_code, major_code, major_name, filing_score, preference_rank, exam_state,
        decided_major_code, return_reason, preferences, codes, raw, no_phone, private as sealed,
        array(select p.masked from candidate_phone x join phone p on p.tenant_id = x.tenant_id and p.id = x.phone_id
          where x.tenant_id = c.tenant_id and x.candidate_id = c.id order by x.position) as phones
      from candidate c where candidate_no = ${no(index)}`.execute(tx);
    const { sealed, ...row } = rows[0] ?? { sealed: vault.seal('{}') };
    return { ...row, private: JSON.parse(vault.open(sealed)) } as Record<string, object>;
  });

const whole = (index: number, change: Record<string, string> = {}): Record<string, string> => ({
  ...{ KSH: no(index), XM: '余子和', XBDM: '1', SFZH: '510100200503037342', ZXMC: '第七中学' },
  ...{ JTDZ: '某市某区学府路1号', LXSJ: '15400010001', KSLBDM: '1', TDDW: '5131', KLDM: '5', JHXZDM: '0' },
  ...{ TDCJ: '560.5', TDZY: '2', YTZY: '01', KSZT: '1', TDYYDM: '0301', LQZY: '', LQXH: '12', ...change },
});

test('a decided view brings the decision and leaves the rest of the file as it is', async () => {
  await give('T_TDD.DBF', [whole(1)]);
  const before = await stored(1);
  const { figures, importId } = await give('t_tddxx.dbf', [{ KSH: no(1), LQZY: '07', TDCJ: '560.5' }]);
  expect(figures).toMatchObject({ updated: 1 });
  expect(await stored(1)).toEqual({ ...before, decided_major_code: '07' });
  const list = await desk.world.as('system', (ctx) => changeList(ctx, importId, { limit: 10 }));
  expect(list.ok && list.value.items[0]?.differences).toMatchObject([
    { field: 'decided_major_code', before: '（空）', after: '07' },
  ]);
});

test('an empty cell of a column that is there takes the value away, in the coded fields too', async () => {
  await give('T_TDD.DBF', [whole(1)]);
  expect(await stored(1)).toMatchObject({ return_reason: '0301', codes: { returnReason: { code: '0301' } } });
  await give('T_TDD.DBF', [whole(1, { TDYYDM: '', ZXMC: '' })]);
  const after = await stored(1);
  expect(after).toMatchObject({ return_reason: null, school_name: null });
  expect(after.codes).not.toHaveProperty('returnReason');
  expect(after.codes).toMatchObject({ planNature: { code: '0' }, unit: '5131' });
});

test('a list of names and addresses changes nothing else of a person', async () => {
  await give('T_TDD.DBF', [whole(1), whole(2, { SFZH: '' })]);
  const before = await stored(1);
  const { figures } = await give('地址.csv', [
    { 考生号: no(1), 姓名: '余子和', 通讯地址: '某市某区学府路2号' },
    { 考生号: no(3), 姓名: '何某', 通讯地址: '某市' },
  ]);
  expect(figures).toMatchObject({ updated: 1, created: 1 });
  expect(await stored(1)).toEqual({
    ...before,
    private: { ...before.private, address: '某市某区学府路2号' },
  });
});

test('a list of numbers adds them to those that are there; a second time it changes nothing', async () => {
  await give('T_TDD.DBF', [whole(1), whole(2)]);
  const before = await stored(1);
  const list = [{ 考生号: no(1), 父亲电话: '15400020002', 母亲电话: '15400010001' }];
  expect((await give('家长电话.csv', list)).figures).toMatchObject({ updated: 1, noPhone: 0 });
  expect(await stored(1)).toEqual({ ...before, phones: ['154****0001', '154****0002'] });
  expect((await give('家长电话.csv', list)).figures).toMatchObject({ updated: 0, unchanged: 1 });
  expect((await give('T_TDD.DBF', [whole(1), whole(2)])).figures).toMatchObject({ unchanged: 2 });
});

test('a major that nobody names takes the old name away', async () => {
  await give('T_TDD.DBF', [whole(1)]);
  await desk.world.as('system', ({ tx, tenantId }) =>
    sql`insert into major_code (tenant_id, season_id, province_code, batch_id, category_code, code, name)
      select ${tenantId}, season_id, province_code, batch_id, '5', '01', '护理学' from candidate
      where candidate_no = ${no(1)}`.execute(tx),
  );
  await give('T_TDD.DBF', [whole(1, { TDCJ: '561' })]);
  expect(await stored(1)).toMatchObject({ major_code: '01', major_name: '护理学' });
  await give('T_TDD.DBF', [whole(1, { YTZY: '09' })]);
  expect(await stored(1)).toMatchObject({ major_code: '09', major_name: null });
});

const plan = (change: Record<string, string>) => ({
  KLDM: '5',
  JHXZDM: '0',
  ZYDH: '01',
  JHRS: '30',
  ...change,
});
const TWO_NATURES = [
  plan({ ZYMC: '会计学', SFBZ: '16800' }),
  plan({ ZYMC: '会计学（中外合作）', SFBZ: '48000', JHXZDM: '7' }),
];

test('one 专业代号 is another major at another price in each 计划性质', async () => {
  const wish = { TDDWDM: '5131', ZYDH: '01' };
  await desk.put('T_ZYK.DBF', [
    { ...wish, KSH: no(1), ZYXH: '1', JHXZDM: '7' },
    { ...wish, KSH: no(1), ZYXH: '2', JHXZDM: '' },
  ]);
  await give('T_TDD.DBF', [whole(1), whole(2, { JHXZDM: '7' })], TWO_NATURES);
  expect(await stored(1)).toMatchObject({ plan_nature_code: '0', major_name: '会计学' });
  expect(await stored(2)).toMatchObject({ plan_nature_code: '7', major_name: '会计学（中外合作）' });
  expect((await stored(1)).preferences).toEqual([
    { rank: 1, unit: '5131', major: '01', nature: '7' },
    { rank: 2, unit: '5131', major: '01' },
  ]);
  const { rows } = await desk.world.as('system', ({ tx }) =>
    sql`select m.plan_nature_code, m.name, m.tuition_fen, m.seats from major_code m join season s on s.id = m.season_id
      where s.year = ${desk.year} order by 1`.execute(tx),
  );
  expect(rows).toEqual([
    { plan_nature_code: '0', name: '会计学', tuition_fen: 1_680_000, seats: 30 },
    { plan_nature_code: '7', name: '会计学（中外合作）', tuition_fen: 4_800_000, seats: 30 },
  ]);
});

test('a candidate of another 计划性质 than before has its major; without the column the old one stays', async () => {
  await give('T_TDD.DBF', [whole(1), whole(2)], TWO_NATURES);
  await rm(join(desk.folder, 'T_JHK.DBF'));
  const { importId } = await give('T_TDD.DBF', [whole(1, { JHXZDM: '7' })]);
  const joint = { plan_nature_code: '7', major_code: '01', major_name: '会计学（中外合作）' };
  expect(await stored(1)).toMatchObject(joint);
  const list = await desk.world.as('system', (ctx) => changeList(ctx, importId, { limit: 10 }));
  expect(list.ok && list.value.items[0]?.differences).toMatchObject([
    { field: 'plan_nature_code', label: '计划性质代码', before: '0', after: '7' },
    { field: 'major_name', before: '会计学', after: '会计学（中外合作）' },
    { field: 'codes' },
  ]);
  await give('T_TDD.DBF', [{ KSH: no(1), TDDW: '5131', TDCJ: '570', YTZY: '01' }]);
  expect(await stored(1)).toMatchObject({ ...joint, filing_score: 570 });
  await give('T_TDD.DBF', [{ KSH: no(2), TDDW: '5131', JHXZDM: '7' }]);
  expect(await stored(2)).toMatchObject(joint);
  await give('T_TDD.DBF', [whole(1, { JHXZDM: '3' })]);
  expect(await stored(1)).toMatchObject({ plan_nature_code: '3', major_name: null });
});

test('a 专业代号 entered without 计划性质 names the candidates of every other', async () => {
  await give('T_TDD.DBF', [whole(1), whole(2, { JHXZDM: '' })], TWO_NATURES.slice(1));
  expect(await stored(1)).toMatchObject({ major_name: null });
  await desk.world.as('system', ({ tx, tenantId }) =>
    sql`insert into major_code (tenant_id, season_id, province_code, batch_id, category_code, code, name)
      select ${tenantId}, season_id, province_code, batch_id, '5', '01', '会计学' from candidate
      where candidate_no = ${no(1)}`.execute(tx),
  );
  const more = { TDCJ: '561' };
  await give('T_TDD.DBF', [whole(1, more), whole(2, { ...more, JHXZDM: '' }), whole(3, { JHXZDM: '7' })]);
  expect(await stored(1)).toMatchObject({ plan_nature_code: '0', major_name: '会计学' });
  expect(await stored(2)).toMatchObject({ plan_nature_code: null, major_name: '会计学' });
  expect(await stored(3)).toMatchObject({ plan_nature_code: '7', major_name: '会计学（中外合作）' });
});

test('of two columns for one field the second is kept as it came where it says something else', async () => {
  await give('T_TDD.DBF', [
    whole(1, { TXDZ: '某市某区邮局路3号' }),
    whole(2, { TXDZ: '某市某区学府路1号' }),
    whole(3, { TXDZ: '' }),
  ]);
  expect((await stored(1)).private).toMatchObject({
    address: '某市某区邮局路3号',
    raw: { JTDZ: '某市某区学府路1号' },
  });
  expect((await stored(2)).private).not.toHaveProperty('raw.JTDZ');
  expect((await stored(3)).private).toMatchObject({ address: '某市某区学府路1号' });
  await rm(join(desk.folder, 'T_TDD.DBF'));
  await give('T_TDD.DBF', [{ KSH: no(4), TDDW: '5131', DQTDDW: '5132', TDCJ: '500' }]);
  expect((await stored(4)).raw).toMatchObject({ DQTDDW: '5132' });
});
