import { rm, stat, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { system } from '#platform/db/tenant';
import type { Progress } from '#platform/jobs/job';
import { undoImport } from './flow.service.ts';
import { importPath } from './import.service.ts';
import { arrangeDesk, type Row } from './testing/desk.ts';
import { generateDelivery } from './testing/generate.ts';
import { changeList } from './view.service.ts';

const desk = arrangeDesk();
const { no } = desk;

const FILE = 'T_TDD.DBF';
/** A delivery of one wide table. */
async function give(rows: readonly Row[], deleted?: ReadonlySet<number>) {
  await desk.put(FILE, rows, deleted);
  return desk.take(FILE);
}
const row = (index: number, change: Row = {}): Row => ({
  ...{ KSH: no(index), XM: '王伟', SFZH: '', JTDZ: '某市某区学府路1号' },
  ...{ LXSJ: `1540000${String(index).padStart(4, '0')}`, TDCJ: '560.5', TDDW: '5131', KSZT: '', ...change },
});

const numbersOf = (candidateNo: string) =>
  desk.world.as('system', async ({ tx, vault }) => {
    const { rows } = await sql<{ number: Buffer }>`
      select p.number from candidate_phone x join phone p on p.tenant_id = x.tenant_id and p.id = x.phone_id
      join candidate c on c.tenant_id = x.tenant_id and c.id = x.candidate_id where c.candidate_no = ${candidateNo}
      order by x.position`.execute(tx);
    return rows.map(({ number }) => vault.open(number));
  });

test('rows are added, merged, put in conflict, rejected and left out, and the equation holds', async () => {
  const rows = [
    row(1),
    row(2),
    row(2),
    row(1, { LXSJ: '15400009999', XM: '王维' }),
    { KSH: '235100000000', XM: '李娜' },
    row(3),
  ];
  const { figures } = await give(rows, new Set([5]));
  expect(figures).toMatchObject({
    rows: 6,
    candidates: 2,
    created: 2,
    merged: 2,
    conflicts: 1,
    rejected: 1,
    deletedRows: 1,
  });
  expect(await numbersOf(no(1))).toEqual(['+8615400000001', '+8615400009999']);
});

test('the same file twice changes nothing', async () => {
  await give([row(1), row(2), row(2, { LXSJ: '15400007777' })]);
  const { figures } = await desk.take(FILE);
  expect(figures).toMatchObject({ created: 0, updated: 0, unchanged: 2, merged: 1 });
});

test('a later file updates and shows the difference, sensitive values masked', async () => {
  await give([row(1), row(2)]);
  const changed = row(1, { TDCJ: '561.5', JTDZ: '某市某区学府路2号', LXSJ: '15400008888' });
  const { figures, importId } = await give([changed, row(2)]);
  expect(figures).toMatchObject({ created: 0, updated: 1, unchanged: 1 });
  const list = await desk.world.as('system', (ctx) => changeList(ctx, importId, { limit: 10 }));
  const [change] = list.ok ? list.value.items : [];
  expect(change?.differences.map(({ field }) => field)).toEqual(['filing_score', 'address', 'phones']);
  expect(JSON.stringify(change)).not.toContain('学府路');
  expect(await numbersOf(no(1))).toEqual(['+8615400000001', '+8615400008888']);
});

test('a file finished or returned is never changed; the first delivery of one is taken as it is', async () => {
  await give([row(1, { KSZT: '5' }), row(2, { KSZT: '4' })]);
  const later = [row(1, { KSZT: '5', TDCJ: '600' }), row(2, { KSZT: '4', TDCJ: '600' })];
  const { figures } = await give(later);
  expect(figures).toMatchObject({ locked: 1, updated: 1, unchanged: 0 });
});

test('undo removes what was created, restores what was changed, and leaves earlier work alone', async () => {
  await give([row(1)]);
  const { importId } = await give([row(1, { TDCJ: '600', LXSJ: '15400006666', JTDZ: '别处' }), row(2)]);
  const undone = await desk.world.as('system', (ctx) => undoImport(ctx, importId, '下发了错误的文件'));
  expect(undone).toEqual({ ok: true, value: { removed: 1, restored: 1 } });
  expect(await numbersOf(no(1))).toEqual(['+8615400000001']);
  expect(await numbersOf(no(2))).toEqual([]);
  const { figures } = await give([row(1)]);
  expect(figures).toMatchObject({ unchanged: 1, updated: 0 });
});

test('progress of a sheet, whose rows nobody has counted, is told by its bytes and ends at what was read', async () => {
  const rows = Array.from({ length: 8000 }, (_row, index) => ({
    ...{
      考生号: desk.no(index),
      姓名: '余子和',
      手机: '15400010001',
      通讯地址: '某市某区学府路231号5栋1744室',
    },
  }));
  await desk.put('名单.csv', rows);
  const seen: Progress[] = [];
  const result = await importPath(
    {
      env: desk.world.env,
      files: desk.world.files,
      caller: { tenantId: desk.world.tenantId, actor: system },
    },
    {
      ...{ path: join(desk.folder, '名单.csv'), year: desk.year, province: '51' },
      ...{ batch: '本科批', collegeName: '测试学院' },
    },
    async (progress) => void seen.push(progress),
  );
  expect(result.ok).toBe(true);
  const reading = seen.filter(({ step }) => step === '正在读取');
  expect(reading.length).toBeGreaterThan(3);
  for (const { done, total } of reading) expect(total).toBeGreaterThanOrEqual(done);
  expect(reading.at(-1)).toMatchObject({ done: 8000, total: 8000 });
});

test('undo of an import is refused while a later one stands on it', async () => {
  const first = await give([row(1)]);
  await give([row(1, { TDCJ: '600' })]);
  const undone = await desk.world.as('system', (ctx) => undoImport(ctx, first.importId, '下发了错误的文件'));
  expect(undone.ok ? '' : undone.error.code).toBe('changed_later');
});

test('one number of two families is stored once and reported', async () => {
  const rows = [row(1, { LXSJ: '15411112222' }), row(2, { LXSJ: '15411112222' })];
  const { figures } = await give(rows);
  expect(figures.findings.phone_shared).toBe(1);
  const count = await desk.world.as('system', async ({ tx, vault }) => {
    const { rows: found } = await sql<{
      n: number;
    }>`select count(*) as n from phone where number_blind = ${vault.blind('+8615411112222')}`.execute(tx);
    return found[0]?.n;
  });
  expect(count).toBe(1);
});

test('a damaged file is refused with its place, and nothing of it stays, not even the season', async () => {
  await desk.put(FILE, [row(1), row(2)]);
  const path = join(desk.folder, FILE);
  await truncate(path, (await stat(path)).size - 60);
  const result = await desk.tryImport(FILE);
  expect(result.ok ? '' : result.error.details).toMatchObject({ file: FILE });
  const seasons = await desk.world.as('system', async ({ tx }) =>
    sql`select 1 from season where year = ${desk.year}`.execute(tx),
  );
  expect(seasons.rows).toEqual([]);
});

test('no number, ID number, address, nation, party or finding on health of a delivery stands in clear in the database', async () => {
  await give([row(1, { LXSJ: '15433334444', JTDZ: '独一无二巷9号' })]);
  const KSH = no(2);
  await rm(join(desk.folder, FILE));
  const person = { KSH, XM: '王伟', SFZH: '', LXSJ: '', MZDM: '土家族', ZZMMDM: '中共党员' };
  await desk.put('T_BMK.DBF', [person]);
  await desk.put(FILE, [{ KSH, TDDW: '5131', TDCJ: '500', TJJLDM: '体检不合格', TJHG: '体检不合格' }]);
  await desk.put('T_TJXX.DBF', [{ KSH, YSJL: '体检不合格' }]);
  await desk.take();
  const kept = await desk.world.as('system', async ({ tx, vault }) => {
    const { rows } = await sql<{ sealed: Buffer }>`
      select d.fields as sealed from delivered_detail d join candidate c on c.tenant_id = d.tenant_id and c.id = d.candidate_id
      where c.candidate_no = ${KSH} union all select private from candidate where candidate_no = ${KSH}`.execute(
      tx,
    );
    return rows.map(({ sealed }) => vault.open(sealed)).join(' ');
  });
  expect(kept.match(/土家族|中共党员|体检不合格/g)).toHaveLength(5);
  for (const table of [
    'candidate',
    'phone',
    'candidate_phone',
    'import_finding',
    'import_change',
    'delivered_detail',
    'audit_entry',
  ]) {
    const { rows } = await sql<{
      text: string;
    }>`select coalesce(string_agg(t::text, ' '), '') as text from ${sql.table(table)} t`.execute(
      desk.world.owner.kysely,
    );
    expect(rows[0]?.text).not.toMatch(/15433334444|独一无二巷|土家族|中共党员|体检不合格/);
  }
});

test('a subject that is marked in grades keeps its grade; 等级赋分 goes before what it was made from, a second exam has its month, nonsense is a finding', async () => {
  const KSH = no(1);
  await desk.put('T_BMK.DBF', [{ KSH, XM: '王伟', SFZH: '', LXSJ: '' }]);
  await desk.put('T_KSXKCJ.DBF', [
    { KSH, KMDM: '语文', CJLX: '2', DDCJ: '113.5', DJFF: '', KSNY: '' },
    { KSH, KMDM: '技术', CJLX: '1', DDCJ: 'A' },
    { KSH, KMDM: '化学', CJLX: '0', DDCJ: 'B+', DJFF: '88' },
    { KSH, KMDM: '生物', CJLX: '1', DDCJ: '缺' },
    { KSH, KMDM: '地理', CJLX: '0', DDCJ: '62', DJFF: '76' },
    { KSH, KMDM: '地理', CJLX: '0', DDCJ: '70', KSNY: '202306' },
  ]);
  const { figures } = await desk.take();
  expect(figures.findings.number_bad).toBe(1);
  const { rows } = await desk.world.as('system', ({ tx }) =>
    sql<{ scores: object }>`select scores from candidate where candidate_no = ${KSH}`.execute(tx),
  );
  expect(rows[0]?.scores).toEqual({
    语文: 113.5,
    '技术（学考）': 'A',
    '化学（选考）': 88,
    '化学（选考）等第': 'B+',
    '生物（学考）': null,
    '地理（选考）': 76,
    '地理（选考）原始分': 62,
    '地理（选考）202306': 70,
  });
});

test.each(['2012', '2017'] as const)('the %s form with dirt: figures balance and repeat', async (form) => {
  await generateDelivery(desk.folder, { form, rows: 600, dirtEvery: 7, year: desk.year });
  const first = await desk.take('', '四川');
  expect(first.figures.created).toBe(first.figures.candidates);
  const { rows } = await desk.world.as('system', ({ tx }) =>
    sql<{ full: number }>`select count(*) as full from candidate where import_id = ${first.importId}
      and scores <> '{}' and preferences <> '[]' and filing_score is not null and name_key <> ''`.execute(tx),
  );
  expect(rows[0]?.full).toBeGreaterThan(580);
  const second = await desk.take('', '四川');
  expect(second.figures.unchanged).toBe(second.figures.candidates);
});
