import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { system } from '#platform/db/tenant';
import { makeWorld, type World } from '#platform/testing/app';
import { unbalanced } from './figures.rules.ts';
import { undoImport } from './flow.service.ts';
import { type DirectImport, importPath } from './import.service.ts';
import { dbfBytes } from './testing/dbf.ts';
import { generateDelivery } from './testing/generate.ts';
import { changeList } from './view.service.ts';

let world: World;
let folder: string;

beforeAll(async () => {
  world = await makeWorld();
});
afterAll(async () => {
  await world.close();
});
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'delivery-import-'));
  return () => rm(folder, { recursive: true, force: true });
});

const COLUMNS = [
  { name: 'KSH', length: 14 },
  { name: 'XM', length: 40 },
  { name: 'SFZH', length: 18 },
  { name: 'JTDZ', length: 60 },
  { name: 'LXSJ', length: 30 },
  { name: 'TDCJ', length: 10 },
  { name: 'TDDW', length: 6 },
  { name: 'KSZT', length: 1 },
];

let year = 2030;
/** A delivery of one wide table, in a season of its own unless told otherwise. */
async function give(
  rows: readonly (readonly string[])[],
  options: { year: number; deleted?: Set<number> },
): Promise<DirectImport> {
  const path = join(folder, 'T_TDD.DBF');
  await writeFile(path, dbfBytes(COLUMNS, rows, { ...(options.deleted && { deleted: options.deleted }) }));
  return { path, year: options.year, province: '51', batch: '本科批', collegeName: '测试学院' };
}

const place = () => ({
  env: world.env,
  files: world.files,
  caller: { tenantId: world.tenantId, actor: system },
});

async function run(given: DirectImport) {
  const result = await importPath(place(), given);
  if (!result.ok) throw new Error(result.error.message);
  expect(unbalanced(result.value.figures)).toBeNull();
  return result.value;
}

const no = (yearOf: number, index: number): string => `${yearOf % 100}51${String(index).padStart(10, '0')}`;
const row = (yearOf: number, index: number, change: Partial<Record<string, string>> = {}): string[] => [
  no(yearOf, index),
  change.name ?? '王伟',
  '',
  change.address ?? '某市某区学府路1号',
  change.phone ?? `1540000${String(index).padStart(4, '0')}`,
  change.score ?? '560.5',
  '5131',
  change.state ?? '',
];

const numbersOf = (candidateNo: string) =>
  world.as('system', async ({ tx, vault }) => {
    const { rows } = await sql<{ number: Buffer }>`
      select p.number from candidate_phone x join phone p on p.tenant_id = x.tenant_id and p.id = x.phone_id
      join candidate c on c.tenant_id = x.tenant_id and c.id = x.candidate_id where c.candidate_no = ${candidateNo}
      order by x.position`.execute(tx);
    return rows.map(({ number }) => vault.open(number));
  });

test('rows are added, merged, put in conflict, rejected and left out, and the equation holds', async () => {
  year += 1;
  const rows = [
    row(year, 1),
    row(year, 2),
    row(year, 2),
    row(year, 1, { phone: '15400009999', name: '王维' }),
    ['235100000000', '李娜', '', '', '', '', '', ''],
    row(year, 3),
  ];
  const { figures } = await run(await give(rows, { year, deleted: new Set([5]) }));
  expect(figures).toMatchObject({
    rows: 6,
    candidates: 2,
    created: 2,
    merged: 2,
    conflicts: 1,
    rejected: 1,
    deletedRows: 1,
  });
  expect(await numbersOf(no(year, 1))).toEqual(['+8615400000001', '+8615400009999']);
});

test('the same file twice changes nothing', async () => {
  year += 1;
  const given = await give([row(year, 1), row(year, 2), row(year, 2, { phone: '15400007777' })], { year });
  await run(given);
  const { figures } = await run(given);
  expect(figures).toMatchObject({ created: 0, updated: 0, unchanged: 2, merged: 1 });
});

test('a later file updates and shows the difference, sensitive values masked', async () => {
  year += 1;
  await run(await give([row(year, 1), row(year, 2)], { year }));
  const changed = row(year, 1, { score: '561.5', address: '某市某区学府路2号', phone: '15400008888' });
  const { figures, importId } = await run(await give([changed, row(year, 2)], { year }));
  expect(figures).toMatchObject({ created: 0, updated: 1, unchanged: 1 });
  const list = await world.as('system', (ctx) => changeList(ctx, importId, { limit: 10 }));
  const [change] = list.ok ? list.value.items : [];
  expect(change?.differences.map(({ field }) => field)).toEqual(['filing_score', 'address', 'phones']);
  expect(JSON.stringify(change)).not.toContain('学府路');
  expect(await numbersOf(no(year, 1))).toEqual(['+8615400000001', '+8615400008888']);
});

test('a file finished or returned is never changed; the first delivery of one is taken as it is', async () => {
  year += 1;
  await run(await give([row(year, 1, { state: '5' }), row(year, 2, { state: '4' })], { year }));
  const later = [row(year, 1, { state: '5', score: '600' }), row(year, 2, { state: '4', score: '600' })];
  const { figures } = await run(await give(later, { year }));
  expect(figures).toMatchObject({ locked: 1, updated: 1, unchanged: 0 });
});

test('undo removes what was created, restores what was changed, and leaves earlier work alone', async () => {
  year += 1;
  await run(await give([row(year, 1)], { year }));
  const { importId } = await run(
    await give([row(year, 1, { score: '600', phone: '15400006666', address: '别处' }), row(year, 2)], {
      year,
    }),
  );
  const undone = await world.as('system', (ctx) => undoImport(ctx, importId, '下发了错误的文件'));
  expect(undone).toEqual({ ok: true, value: { removed: 1, restored: 1 } });
  expect(await numbersOf(no(year, 1))).toEqual(['+8615400000001']);
  expect(await numbersOf(no(year, 2))).toEqual([]);
  const { figures } = await run(await give([row(year, 1)], { year }));
  expect(figures).toMatchObject({ unchanged: 1, updated: 0 });
});

test('undo of an import is refused while a later one stands on it', async () => {
  year += 1;
  const first = await run(await give([row(year, 1)], { year }));
  await run(await give([row(year, 1, { score: '600' })], { year }));
  const undone = await world.as('system', (ctx) => undoImport(ctx, first.importId, '下发了错误的文件'));
  expect(undone.ok ? '' : undone.error.code).toBe('changed_later');
});

test('one number of two families is stored once and reported', async () => {
  year += 1;
  const rows = [row(year, 1, { phone: '15411112222' }), row(year, 2, { phone: '15411112222' })];
  const { figures } = await run(await give(rows, { year }));
  expect(figures.findings.phone_shared).toBe(1);
  const count = await world.as('system', async ({ tx, vault }) => {
    const { rows: found } = await sql<{
      n: number;
    }>`select count(*) as n from phone where number_blind = ${vault.blind('+8615411112222')}`.execute(tx);
    return found[0]?.n;
  });
  expect(count).toBe(1);
});

test('a damaged file is refused with its place, and nothing of it stays, not even the season', async () => {
  year += 1;
  const given = await give([row(year, 1), row(year, 2)], { year });
  const whole = dbfBytes(COLUMNS, [row(year, 1), row(year, 2)]);
  await writeFile(given.path, whole.subarray(0, whole.length - 60));
  const result = await importPath(place(), given);
  expect(result.ok ? '' : result.error.details).toMatchObject({ file: 'T_TDD.DBF' });
  const seasons = await world.as('system', async ({ tx }) =>
    sql`select 1 from season where year = ${year}`.execute(tx),
  );
  expect(seasons.rows).toEqual([]);
});

test('no number, ID number, address, nation, party or finding on health of a delivery stands in clear in the database', async () => {
  year += 1;
  await run(await give([row(year, 1, { phone: '15433334444', address: '独一无二巷9号' })], { year }));
  const table = (name: string, cells: Record<string, string>): Promise<void> =>
    writeFile(
      join(folder, `${name}.DBF`),
      dbfBytes(
        Object.keys(cells).map((column) => ({ name: column, length: 20 })),
        [Object.values(cells)],
      ),
    );
  const KSH = no(year, 2);
  await rm(join(folder, 'T_TDD.DBF'));
  await table('T_BMK', { KSH, XM: '王伟', SFZH: '', LXSJ: '', MZDM: '土家族', ZZMMDM: '中共党员' });
  await table('T_TDD', { KSH, TDDW: '5131', TDCJ: '500', TJJLDM: '体检不合格', TJHG: '体检不合格' });
  await table('T_TJXX', { KSH, YSJL: '体检不合格' });
  await run({ path: folder, year, province: '51', batch: '本科批', collegeName: '测试学院' });
  const kept = await world.as('system', async ({ tx, vault }) => {
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
      world.owner.kysely,
    );
    expect(rows[0]?.text).not.toMatch(/15433334444|独一无二巷|土家族|中共党员|体检不合格/);
  }
});

test('a subject that is marked in grades keeps its grade; points of it are worth more, nonsense is a finding', async () => {
  year += 1;
  const table = (name: string, columns: string[], rows: string[][]): Promise<void> =>
    writeFile(
      join(folder, name),
      dbfBytes(
        columns.map((column) => ({ name: column, length: 20 })),
        rows,
      ),
    );
  await table('T_BMK.DBF', ['KSH', 'XM', 'SFZH', 'LXSJ'], [[no(year, 1), '王伟', '', '']]);
  await table(
    'T_KSXKCJ.DBF',
    ['KSH', 'KMDM', 'CJLX', 'DDCJ', 'DJFF'],
    [
      [no(year, 1), '语文', '2', '113.5', ''],
      [no(year, 1), '技术', '1', 'A', ''],
      [no(year, 1), '化学', '0', 'B+', '88'],
      [no(year, 1), '生物', '1', '缺', ''],
    ],
  );
  const { figures } = await run({
    ...{ path: folder, year, province: '51', batch: '本科批', collegeName: '测试学院' },
  });
  expect(figures.findings.number_bad).toBe(1);
  const { rows } = await world.as('system', ({ tx }) =>
    sql<{ scores: object }>`select scores from candidate where candidate_no = ${no(year, 1)}`.execute(tx),
  );
  expect(rows[0]?.scores).toEqual({
    语文: 113.5,
    '技术（学考）': 'A',
    '化学（选考）': 88,
    '生物（学考）': null,
  });
});

test.each(['2012', '2017'] as const)('the %s form with dirt: figures balance and repeat', async (form) => {
  year += 1;
  await generateDelivery(folder, { form, rows: 600, dirtEvery: 7, year });
  const given: DirectImport = {
    path: folder,
    year,
    province: '四川',
    batch: '本科批',
    collegeName: '测试学院',
  };
  const first = await run(given);
  expect(first.figures.created).toBe(first.figures.candidates);
  const { rows } = await world.as('system', ({ tx }) =>
    sql<{ full: number }>`select count(*) as full from candidate where import_id = ${first.importId}
      and scores <> '{}' and preferences <> '[]' and filing_score is not null and name_key <> ''`.execute(tx),
  );
  expect(rows[0]?.full).toBeGreaterThan(580);
  const second = await run(given);
  expect(second.figures.unchanged).toBe(second.figures.candidates);
});
