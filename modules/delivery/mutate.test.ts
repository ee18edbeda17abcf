import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeXlsx } from 'hucre/xlsx';
import iconv from 'iconv-lite';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { system } from '#platform/db/tenant';
import { makeWorld, type World } from '#platform/testing/app';
import { unbalanced } from './figures.rules.ts';
import { importPath } from './import.service.ts';
import { deliveryHint } from './rules.ts';
import { dbfBytes } from './testing/dbf.ts';
import { mutated } from './testing/mutate.ts';
import { randomFrom } from './testing/people.ts';
import { zipBytes } from './testing/zip.ts';

/** Damaged files of every kind through the whole import: exact rows, or a clear refusal and nothing changed; never a fault. */
const RUNS = Number(process.env.DELIVERY_FUZZ_RUNS ?? 120);
const SEED = Number(process.env.DELIVERY_FUZZ_SEED ?? 1);
const MINUTE_MS = 60_000;

let world: World;
let folder: string;
let seeds: [name: string, bytes: Buffer][];

const COLUMNS: [string, 'C' | 'N', number][] = [
  ...([
    ['KSH', 'C', 14],
    ['XM', 'C', 20],
    ['XBDM', 'C', 1],
    ['CSRQ', 'C', 8],
    ['SFZH', 'C', 18],
    ['LXSJ', 'C', 24],
    ['JTDZ', 'C', 40],
    ['TDDW', 'C', 6],
    ['CJ', 'N', 9],
    ['TDCJ', 'N', 16],
    ['TDZY', 'N', 3],
    ['KSZT', 'C', 1],
    ['ZYDH1', 'C', 4],
    ['GKCJX01', 'N', 6],
    ['BZ', 'C', 30],
  ] as [string, 'C' | 'N', number][]),
];
const HEADINGS = [
  '考生号',
  '姓名',
  '性别',
  '出生日期',
  '身份证号',
  '手机',
  '家庭住址',
  '投档单位',
  '总分',
  '投档成绩',
];

const cells = (index: number): string[] => [
  ...[
    `235101000000${String(index).padStart(2, '0')}`,
    '余子和',
    '1',
    '20050713',
    '',
    `1540000${String(index).padStart(4, '0')}`,
  ],
  ...['某市学府路1号', '5131', '512.5', '512.500113', '2', '4', '02', '101.5', '备注'],
];

beforeAll(async () => {
  world = await makeWorld();
  folder = await mkdtemp(join(tmpdir(), 'delivery-mutate-'));
  const people = Array.from({ length: 6 }, (_, index) => cells(index));
  const dbf = dbfBytes(
    COLUMNS.map(([name, type, length]) => ({ name, type, length })),
    people,
  );
  const codes = dbfBytes(
    [
      { name: 'XBDM', length: 1 },
      { name: 'XBMC', length: 6 },
    ],
    [
      ['1', '男'],
      ['2', '女'],
    ],
  );
  const lines = [HEADINGS, ...people.map((row) => row.slice(0, HEADINGS.length))];
  const csv = lines.map((line) => line.map((cell) => `"${cell}"`).join(',')).join('\r\n');
  const book = await writeXlsx({ sheets: [{ name: '名单', rows: lines }] });
  seeds = [
    ['T_TDD.DBF', dbf],
    ['名单.csv', Buffer.from(csv)],
    ['名单二.csv', iconv.encode(csv, 'gb18030')],
    ['名单.xlsx', Buffer.from(book)],
    ['d.zip', await zipBytes({ 'T_TDD.DBF': dbf, 'TD_XBDM.DBF': codes, '说明.txt': Buffer.from('说明') })],
  ];
});
afterAll(async () => {
  await world?.close();
  await rm(folder, { recursive: true, force: true });
});

async function stored() {
  const { rows } = await sql<{ candidates: number; imports: number; phones: number }>`
    select (select count(*) from candidate) as candidates, (select count(*) from delivery_import) as imports,
      (select count(*) from phone) as phones`.execute(world.owner.kysely);
  return rows[0] ?? { candidates: 0, imports: 0, phones: 0 };
}

test(`${RUNS} damaged files: exact rows, or a refusal with its place and nothing changed`, {
  timeout: (2 + RUNS / 100) * MINUTE_MS,
}, async () => {
  const place = { env: world.env, files: world.files, caller: { tenantId: world.tenantId, actor: system } };
  const tally = { taken: 0, refused: new Map<string, number>() };
  let before = await stored();
  for (let run = 0; run < RUNS; run += 1) {
    const random = randomFrom(SEED * 1_000_003 + run);
    const [name, bytes] = seeds[run % seeds.length] ?? ['', Buffer.alloc(0)];
    const path = join(folder, name);
    await writeFile(path, mutated(bytes, random));
    const what = `DELIVERY_FUZZ_SEED=${SEED}, run ${run} of ${name}`;
    const result = await importPath(place, {
      path,
      year: 2023,
      province: '51',
      batch: '本科批',
      collegeName: '测试学院',
    }).catch((error: unknown) =>
      expect.fail(`${what}: ${error instanceof Error ? error.stack : String(error)}`),
    );
    const after = await stored();
    if (result.ok) {
      const { figures } = result.value;
      expect(unbalanced(figures), what).toBeNull();
      expect(after.candidates - before.candidates, what).toBe(figures.created);
      expect(after.imports - before.imports, what).toBe(1);
      tally.taken += 1;
    } else {
      const { code, message, details } = result.error;
      expect(Object.keys(deliveryHint), what).toContain(code);
      expect(message, what).toMatch(/[一-龥].*。$/);
      expect(details?.file, what).toBeTruthy();
      expect(after, what).toEqual(before);
      tally.refused.set(code, (tally.refused.get(code) ?? 0) + 1);
    }
    before = after;
  }
  if (process.env.DELIVERY_FUZZ_RUNS)
    process.stdout.write(`${JSON.stringify([tally.taken, ...tally.refused])}\n`);
  expect(tally.taken).toBeGreaterThan(RUNS / 20);
  expect(tally.refused.size).toBeGreaterThan(3);
});
