import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { arrangeDesk, type Row } from './testing/desk.ts';

/** What a filing means by its 专业代号, 科类 and 计划性质: plans of the batch, words for codes, and what stands in for what is missing. */
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
      select category, plan_nature_code, major_code, major_name, filing_score, codes, raw, private as sealed
      from candidate where candidate_no = ${no(index)}`.execute(tx);
    const { sealed, ...row } = rows[0] ?? { sealed: vault.seal('{}') };
    return { ...row, private: JSON.parse(vault.open(sealed)) } as Record<string, object>;
  });

const whole = (index: number, change: Row = {}): Row => ({
  ...{ KSH: no(index), XM: '余子和', SFZH: '', LXSJ: '15400010001', TDDW: '5131', KLDM: '5', JHXZDM: '0' },
  ...{ TDCJ: '560.5', YTZY: '01', LQXH: '12', ...change },
});

const plan = (change: Row): Row => ({ KLDM: '5', JHXZDM: '0', ZYDH: '01', JHRS: '30', ...change });

const findingsOf = (importId: string) =>
  desk.world.as('system', async ({ tx }) => {
    const { rows } = await sql<Record<string, unknown>>`
      select code, severity, file, row, field, excerpt from import_finding where import_id = ${importId}
        and code in ('major_by_code', 'major_undecided', 'plan_conflict', 'plan_other_batch', 'word_unknown') order by no`.execute(
      tx,
    );
    return rows;
  });
/** A filing table that does not know 计划性质. */
const unnatured = (index: number, change: Record<string, string> = {}): Record<string, string> => {
  const { JHXZDM: _nature, ...rest } = whole(index, change);
  return rest;
};

test('without 计划性质 a 专业代号 that one plan has is that plan; one of several has no name, each said with its candidates', async () => {
  const plans = [
    plan({ ZYDH: '01', ZYMC: '会计学' }),
    plan({ ZYDH: '02', ZYMC: '护理学', JHXZDM: '7' }),
    plan({ ZYDH: '02', ZYMC: '护理学', JHXZDM: '0' }),
  ];
  const { figures, importId } = await give(
    'T_TDD.DBF',
    [unnatured(1), unnatured(2), unnatured(3, { YTZY: '02' }), unnatured(4, { YTZY: '09' })],
    plans,
  );
  expect(await stored(1)).toMatchObject({ plan_nature_code: '0', major_name: '会计学' });
  expect(await stored(3)).toMatchObject({ plan_nature_code: null, major_name: null });
  expect(await stored(4)).toMatchObject({ plan_nature_code: null, major_name: null });
  expect(figures.findings).toMatchObject({ major_by_code: 1, major_undecided: 1 });
  const place = { file: 'T_TDD.DBF', row: null, field: 'JHXZDM' };
  expect(await findingsOf(importId)).toEqual([
    { code: 'major_by_code', severity: 'info', ...place, excerpt: '5 01 会计学（0），2 人' },
    { code: 'major_undecided', severity: 'warning', ...place, excerpt: '5 02 2 条计划，1 人' },
  ]);
});

test('a 计划性质 taken from a plan is taken anew when the filing changes, and gives way to one that is delivered', async () => {
  const plans = [plan({ ZYDH: '01', ZYMC: '会计学' }), plan({ ZYDH: '02', ZYMC: '护理学', JHXZDM: '7' })];
  await give('T_TDD.DBF', [unnatured(1), unnatured(2)], plans);
  await rm(join(desk.folder, 'T_JHK.DBF'));
  expect((await give('T_TDD.DBF', [unnatured(1), unnatured(2)])).figures).toMatchObject({ unchanged: 2 });
  await give('T_TDD.DBF', [unnatured(1, { YTZY: '02' })]);
  expect(await stored(1)).toMatchObject({ plan_nature_code: '7', major_name: '护理学' });
  await rm(join(desk.folder, 'T_TDD.DBF'));
  await give('地址.csv', [{ 考生号: no(1), 姓名: '余子和', 通讯地址: '某市某区学府路2号' }]);
  expect(await stored(1)).toMatchObject({ plan_nature_code: '7', major_name: '护理学' });
  await give('T_TDD.DBF', [whole(2, { JHXZDM: '3' })]);
  expect(await stored(2)).toMatchObject({ plan_nature_code: '3', major_name: null });
  const { figures } = await give('T_TDD.DBF', [unnatured(2, { TDCJ: '570' })]);
  expect(figures.findings).not.toHaveProperty('major_by_code');
  expect(await stored(2)).toMatchObject({ plan_nature_code: '3', major_name: null, filing_score: 570 });
});

test('plans of another batch are left out, of two of one key the first is kept; what the table does not name stays as the office named it', async () => {
  const plans = [
    plan({ PCDM: '1', ZYMC: '会计学', JHZXS: '35', YTCES: '3', YXXH: '2', BZ: '办学地点：某市' }),
    plan({ PCDM: '1', ZYMC: '审计学', JHZXS: '', YTCES: '', YXXH: '', BZ: '' }),
    plan({ PCDM: '2', ZYMC: '护理', JHZXS: '', YTCES: '', YXXH: '', BZ: '' }),
  ];
  const { importId } = await give('T_TDD.DBF', [whole(1, { PCDM: '1' })], plans);
  const kept = () =>
    desk.world.as('system', async ({ tx }) => {
      const { rows } =
        await sql`select m.name, m.seats, m.seats_executed, m.filing_margin, m.adjust_rank, m.remark
        from major_code m join season s on s.id = m.season_id where s.year = ${desk.year}`.execute(tx);
      return rows;
    });
  const row = { seats: 30, seats_executed: 35, filing_margin: 3, adjust_rank: 2, remark: '办学地点：某市' };
  expect(await kept()).toEqual([{ name: '会计学', ...row }]);
  expect(await findingsOf(importId)).toMatchObject([
    { code: 'plan_conflict', file: 'T_JHK.DBF', row: 2, excerpt: '01' },
    { code: 'plan_other_batch', file: 'T_JHK.DBF', row: 3, excerpt: '2，1 条' },
  ]);
  await give('T_TDD.DBF', [whole(1, { PCDM: '1', TDCJ: '570' })], [plan({ PCDM: '1', ZYMC: '' })]);
  expect(await kept()).toEqual([{ name: '会计学', ...row }]);
  expect(await stored(1)).toMatchObject({ major_name: '会计学' });
});

test('a sheet that writes 科类 and 计划性质 in words has the codes of the province, the word beside them', async () => {
  await desk.put('TD_KLDM.DBF', [{ KLDM: '5', KLMC: '理工' }]);
  await desk.put('TD_JHXZDM.DBF', [{ JHXZDM: '0', JHXZMC: '非定向' }]);
  await give('T_TDD.DBF', [whole(1)], [plan({ ZYMC: '会计学' })]);
  for (const name of ['TD_KLDM.DBF', 'TD_JHXZDM.DBF', 'T_TDD.DBF', 'T_JHK.DBF'])
    await rm(join(desk.folder, name));
  const sheet = (index: number, category: string) => ({
    ...{
      考生号: no(index),
      姓名: '余子和',
      投档成绩: '560',
      科类: category,
      计划性质: '非定向计划',
      已投专业: '01',
    },
  });
  const { figures, importId } = await give('名单.csv', [sheet(2, '理科'), sheet(3, '飞行类')]);
  expect(await stored(2)).toMatchObject({
    ...{ category: '理工', plan_nature_code: '0', major_name: '会计学' },
    codes: {
      subjectGroup: { code: '5', name: '理工', raw: '理科' },
      planNature: { code: '0', name: '非定向', raw: '非定向计划' },
    },
  });
  expect(await stored(3)).toMatchObject({ category: '飞行类', major_name: null });
  expect(figures.findings.word_unknown).toBe(1);
  expect(await findingsOf(importId)).toEqual([
    { code: 'word_unknown', severity: 'warning', file: '名单.csv', row: 2, field: 'KLDM', excerpt: '飞行类' },
  ]);
});

test('a word for 民族 that nobody knows is a finding without the word, which is sensitive', async () => {
  const { importId } = await give('名单.csv', [{ 考生号: no(1), 姓名: '余子和', 民族: '某某人' }]);
  expect(await findingsOf(importId)).toEqual([
    { code: 'word_unknown', severity: 'warning', file: '名单.csv', row: 1, field: 'MZDM', excerpt: null },
  ]);
  expect((await stored(1)).private).toMatchObject({ nation: { code: '', name: '某某人' } });
});

test('administrative fields of a wide row go to the filing in clear, those of the person and of health are sealed', async () => {
  await give('T_TDD.DBF', [whole(1, { ZYCJTFPW: '17', XKKM: '物理', TJJLDM: '1', ABC: '乙' })]);
  const kept = await stored(1);
  expect(kept.raw).toEqual({ LQXH: '12', ZYCJTFPW: '17' });
  expect(kept.private).toMatchObject({ raw: { XKKM: '物理', ABC: '乙' } });
});

test('a filing that names no major has the first own preference of this college, in both forms', async () => {
  const wish = (index: number, rank: number, unit: string, major: string) => ({
    ...{ KSH: no(index), ZYXH: String(rank), TDDWDM: unit, ZYDH: major },
  });
  const { YTZY: _filed, KLDM: _group, ...filing } = whole(1);
  const files: Readonly<Record<string, readonly Row[]>> = {
    'T_BMK.DBF': [{ KSH: no(1), XM: '余子和', SFZH: '', LXSJ: '' }],
    'T_TDD.DBF': [{ KSH: filing.KSH ?? '', TDDW: '5131', TDCJ: '560' }],
    'T_ZYK.DBF': [wish(1, 2, '5131', '07'), wish(1, 1, '9999', '01'), wish(1, 3, '5131', '02')],
  };
  for (const [name, rows] of Object.entries(files)) await desk.put(name, rows);
  await give(
    'T_JHK.DBF',
    [{ ZYDH: '07', JHRS: '30', ZYMC: '护理学' }],
    [{ ZYDH: '07', JHRS: '30', ZYMC: '护理学' }],
  );
  expect(await stored(1)).toMatchObject({ major_code: '07', major_name: '护理学' });
  await desk.put('T_ZYK.DBF', [wish(1, 1, '5131', '02')]);
  await give(
    'T_JHK.DBF',
    [{ ZYDH: '07', JHRS: '30', ZYMC: '护理学' }],
    [{ ZYDH: '07', JHRS: '30', ZYMC: '护理学' }],
  );
  expect(await stored(1)).toMatchObject({ major_code: '02', major_name: null });
  for (const name of Object.keys(files)) await rm(join(desk.folder, name));
  await rm(join(desk.folder, 'T_JHK.DBF'));
  const slots = { TDDWDM1: '9999', ZYDH1: '03', TDDWDM2: '5131', ZYDH2: '07' };
  await give('T_TDD.DBF', [whole(2, { KLDM: '', YTZY: '', ...slots })]);
  expect(await stored(2)).toMatchObject({ major_code: '07', major_name: '护理学' });
});
