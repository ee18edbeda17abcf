import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeXlsx } from 'hucre/xlsx';
import iconv from 'iconv-lite';
import { afterAll, expect, test } from 'vitest';
import { catchFault, openDelivery, surveyDelivery } from './index.ts';
import { openCsv } from './read/csv.ts';
import type { ByteSource } from './read/source.ts';
import type { PersonRecord } from './record.rules.ts';
import { type DeliveryError, deliveryHint } from './rules.ts';
import { dbfBytes } from './testing/dbf.ts';
import { mutated } from './testing/mutate.ts';
import { randomFrom } from './testing/people.ts';
import { unzipped } from './testing/unzip.ts';
import { zipBytes } from './testing/zip.ts';

/**
 * Thousands of damaged files a format through the readers alone, without a database: exact rows or a clear refusal, no crash (ASVS 1.5, V5). DBF has its own second reader in dbf.test.ts; the whole import is tried less often in mutate.test.ts.
 */
const GIVEN_RUNS = process.env.DELIVERY_FUZZ_RUNS;
const CSV_RUNS = Number(GIVEN_RUNS ?? 5000);
/** Workbooks and archives are opened from disk: four milliseconds each. */
const ZIP_RUNS = Number(GIVEN_RUNS ?? 1000);
const SEED = Number(process.env.DELIVERY_FUZZ_SEED ?? 1);
const TIMEOUT_MS = 60_000 + Number(GIVEN_RUNS ?? 0) * 40;

const folder = mkdtempSync(join(tmpdir(), 'delivery-mutated-'));
afterAll(() => rmSync(folder, { recursive: true }));

const HEADINGS = ['考生号', '姓名', '性别', '手机', '家庭住址'];
const ROWS = Array.from({ length: 6 }, (_row, index) => [
  ...[
    `235101000000${String(index).padStart(2, '0')}`,
    index % 2 ? '高䶮' : '余子和',
    '女',
    `1540000000${index}`,
  ],
  index % 3 ? '某市"学府路"1号,二单元' : '某市\r\n学府路',
]);
const csv = [HEADINGS, ...ROWS]
  .map((row) =>
    row.map((cell) => (/[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)).join(','),
  )
  .join('\r\n');
const book = Buffer.from(await writeXlsx({ sheets: [{ name: '名单', rows: [HEADINGS, ...ROWS] }] }));
const table = dbfBytes(
  [
    { name: 'KSH', length: 14 },
    { name: 'XM', length: 20 },
    { name: 'LXDH', length: 30 },
  ],
  ROWS.map(([no = '', name = '', , phone = '']) => [no, name, phone]),
);
const codes = dbfBytes(
  [
    { name: 'KLDM', length: 1 },
    { name: 'KLMC', length: 20 },
  ],
  [['1', '文史']],
);

/** Damages the bytes that many times and looks at each; a failure names its run. */
async function tryAll(
  runs: number,
  good: Buffer,
  look: (bytes: Buffer, what: string) => Promise<'taken' | 'refused'>,
): Promise<void> {
  const tally = { taken: 0, refused: 0 };
  for (let run = 0; run < runs; run += 1) {
    const what = `DELIVERY_FUZZ_SEED=${SEED}, run ${run}`;
    tally[await look(mutated(good, randomFrom(SEED * 1_000_003 + run)), what)] += 1;
  }
  expect(tally.taken).toBeGreaterThan(0);
  expect(tally.refused).toBeGreaterThan(runs / 50);
}

function expectClear({ code, message, file }: DeliveryError, what: string): 'refused' {
  expect(Object.keys(deliveryHint), what).toContain(code);
  expect(message, what).toMatch(/[一-龥]/);
  expect(file, what).toBeTruthy();
  return 'refused';
}

const memory = (bytes: Buffer): ByteSource => ({
  name: '名单.csv',
  size: bytes.length,
  async *chunks() {
    for (let at = 0; at < bytes.length; at += 61) yield bytes.subarray(at, at + 61);
  },
});

/** A second reader: the whole text at once, by one expression. Null: a quote stands where none may. */
function modelLines(text: string, delimiter: string): { number: number; cells: string[] }[] | null {
  const plain = `[^"\\r\\n${delimiter}][^\\r\\n${delimiter}]*`;
  const cell = new RegExp(`("(?:[^"]|"")*"|${plain}|)([${delimiter}]|\\r\\n|\\r|\\n|$)`, 'gy');
  const lines: { number: number; cells: string[] }[] = [];
  let [cells, number, line]: [string[], number, number] = [[], 1, 1];
  while (cell.lastIndex < text.length || cells.length > 0) {
    const found = cell.exec(text);
    if (!found) return null;
    const [whole, raw = '', end = ''] = found;
    line += whole.match(/\r\n|\r|\n/g)?.length ?? 0;
    cells.push(raw.startsWith('"') ? raw.slice(1, -1).replaceAll('""', '"') : raw);
    if (end === delimiter) continue;
    lines.push({ number, cells });
    [cells, number] = [[], line];
  }
  return lines.filter((one) => one.cells.join('') !== '');
}

async function lookAtCsv(bytes: Buffer, what: string): Promise<'taken' | 'refused'> {
  const read = await catchFault(async () => {
    const { encoding, delimiter, lines } = await openCsv(memory(bytes));
    const text = iconv.decode(bytes, encoding === 'ascii' ? 'gb18030' : encoding);
    const found: { number: number; cells: string[] }[] = [];
    for await (const line of lines()) found.push(line);
    return { lines: found.filter(({ cells }) => cells.join('') !== ''), model: modelLines(text, delimiter) };
  });
  if (!read.ok) return expectClear(read.error, what);
  expect(read.value.lines, what).toEqual(read.value.model);
  return 'taken';
}

test.each<[rule: string, bytes: Buffer]>([
  ['UTF-8', Buffer.from(csv)],
  ['GB18030', iconv.encode(csv, 'gb18030')],
])(
  `CSV in %s: cells and line numbers as a second reader finds them`,
  { timeout: TIMEOUT_MS },
  (_rule, bytes) => tryAll(CSV_RUNS, bytes, lookAtCsv),
);

/** Through the whole delivery. Names of files inside have no checksum: a damaged one is another file's. */
async function survey(bytes: Buffer, name: string) {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  const opened = await openDelivery(path);
  if (!opened.ok) return opened;
  const people: PersonRecord[] = [];
  const result = await catchFault(() =>
    surveyDelivery(
      opened.value,
      {},
      { person: (_number, person) => void people.push({ ...person, file: '' }) },
    ),
  );
  opened.value.close();
  return result.ok ? { ok: true as const, value: people } : result;
}

const lookThrough =
  (name: string, expected?: readonly PersonRecord[]) =>
  async (bytes: Buffer, what: string): Promise<'taken' | 'refused'> => {
    const result = await survey(bytes, name).catch((error: unknown) =>
      expect.fail(`${what}: ${error instanceof Error ? error.stack : String(error)}`),
    );
    if (!result.ok) return expectClear(result.error, what);
    if (expected) expect(result.value, what).toEqual(expected);
    return 'taken';
  };

const mustRead = async (bytes: Buffer, name: string): Promise<readonly PersonRecord[]> => {
  const read = await survey(bytes, name);
  if (!read.ok) throw new Error(read.error.message);
  return read.value;
};

test.each<[name: string, make: () => Promise<Buffer>]>([
  ['名单.xlsx', async () => book],
  ['d.zip', () => zipBytes({ 'T_BMK.DBF': table, 'TD_KLDM.DBF': codes })],
])('%s: what its checksums let through is exact', { timeout: TIMEOUT_MS }, async (name, make) => {
  const good = await make();
  await tryAll(ZIP_RUNS, good, lookThrough(name, await mustRead(good, name)));
});

test('XLSX whose parts are damaged inside a sound zip', { timeout: TIMEOUT_MS }, async () => {
  const read = (await unzipped(book)).filter(({ name }) => /sheet1|sharedStrings|workbook/.test(name));
  const parts = Object.fromEntries(read.map(({ name, bytes }) => [name, bytes]));
  const names = Object.keys(parts);
  let run = 0;
  const look = lookThrough('名单.xlsx');
  await tryAll(ZIP_RUNS, Buffer.from('-'), async (_bytes, what) => {
    const name = names[run % names.length] ?? '';
    run += 1;
    const part = mutated(parts[name] ?? Buffer.alloc(0), randomFrom(SEED * 1_000_003 + run));
    return look(await zipBytes({ ...parts, [name]: part }, { compress: false }), what);
  });
});
