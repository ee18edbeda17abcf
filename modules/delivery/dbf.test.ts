import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DBFFile } from 'dbffile';
import fc from 'fast-check';
import iconv from 'iconv-lite';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { catchFault } from './index.ts';
import { openDbf } from './read/dbf.ts';
import { decodeGb18030 } from './read/gb18030.ts';
import type { ByteSource } from './read/source.ts';
import { type DbfColumn, dbfBytes } from './testing/dbf.ts';

const columns: DbfColumn[] = [
  { name: 'KSH', length: 14 },
  { name: 'XM', length: 20 },
  { name: 'CJ', type: 'N', length: 7 },
  { name: 'BZ', length: 40 },
];
const people = [
  ['23510815100494', '余子和', '467.000', ''],
  ['23510815100495', '高䶮', '481.5', '身体条件不符'],
  ['23510815100496', '冯𠮷', '', '某市某区学府路231号'],
  ['23510815100497', '熊??', '500.000', 'x'],
];

/** In small chunks, so that rows lie across them. */
const memory = (bytes: Buffer, name = 'T.DBF', chunk = 37): ByteSource => ({
  name,
  size: bytes.length,
  async *chunks() {
    for (let at = 0; at < bytes.length; at += chunk) yield bytes.subarray(at, at + chunk);
  },
});

const read = (bytes: Buffer, chunk?: number) =>
  catchFault(async () => {
    const table = await openDbf(memory(bytes, 'T.DBF', chunk));
    const rows: string[][] = [];
    const numbers: number[] = [];
    const damaged: number[] = [];
    let deletedRows = 0;
    for await (const batch of table.batches()) {
      deletedRows += batch.deletedRows;
      for (const row of batch.rows) {
        rows.push([...row.cells]);
        numbers.push(row.number);
        if (row.damaged) damaged.push(row.number);
      }
    }
    return { columns: table.columns, encoding: table.encoding, rows, numbers, damaged, deletedRows };
  });

const codeOf = async (bytes: Buffer): Promise<string> => {
  const result = await read(bytes);
  return result.ok ? 'read' : result.error.code;
};

const change = (bytes: Buffer, at: number, value: number): Buffer => {
  const copy = Buffer.from(bytes);
  copy[at] = value;
  return copy;
};

describe('what is read', () => {
  test('exact rows, whatever the chunks', async () => {
    for (const chunk of [1, 37, 82, 83, 100_000]) {
      const result = await read(dbfBytes(columns, people), chunk);
      expect(result.ok && result.value.rows).toEqual(people);
    }
  });

  test('deleted rows are skipped and counted, row numbers stay those of the file', async () => {
    const result = await read(dbfBytes(columns, people, { deleted: new Set([1]) }));
    expect(result.ok && [result.value.deletedRows, result.value.numbers]).toEqual([1, [1, 3, 4]]);
  });

  test('UTF-8 is told from GB18030', async () => {
    const result = await read(dbfBytes(columns, people, { encoding: 'utf8' }));
    expect(result.ok && [result.value.encoding, result.value.rows]).toEqual(['utf8', people]);
  });

  test('NUL padding is trimmed, a NUL inside marks the cell', async () => {
    const bytes = dbfBytes([{ name: 'XM', length: 6 }], [['ab\0\0\0\0'], ['a\0bcde']]);
    const result = await read(bytes);
    expect(result.ok && [result.value.rows, result.value.damaged]).toEqual([[['ab'], ['a\ufffdbcde']], [2]]);
  });

  test('half a character at the end of a cell is marked, not dropped', async () => {
    const result = await read(
      dbfBytes(
        [
          { name: 'XM', length: 3 },
          { name: 'B', length: 40 },
        ],
        [['高林', people[2]?.[3] ?? '']],
      ),
    );
    expect(result.ok && [result.value.rows[0]?.[0], result.value.damaged]).toEqual(['高\ufffd', [1]]);
  });

  test('every two-byte code decodes as the library decodes it', () => {
    for (let lead = 0x81; lead <= 0xfe; lead += 1) {
      const bytes = Buffer.from(
        Array.from({ length: 0xfe - 0x40 + 1 }, (_, index) => 0x40 + index)
          .filter((trail) => trail !== 0x7f)
          .flatMap((trail) => [lead, trail]),
      );
      expect(decodeGb18030(bytes, 0, bytes.length)).toBe(iconv.decode(bytes, 'gb18030'));
    }
  });
});

describe('what is refused', () => {
  const good = dbfBytes(columns, people);
  const rowsAt = 32 + 32 * columns.length + 1;

  test.each<[rule: string, bytes: Buffer, code: string]>([
    ['an empty file', Buffer.alloc(0), 'file_empty'],
    ['ten bytes', good.subarray(0, 10), 'file_truncated'],
    ['cut in the field table', good.subarray(0, 80), 'header_bad'],
    ['cut in the last row', good.subarray(0, good.length - 10), 'file_truncated'],
    ['one row less than the header says', good.subarray(0, good.length - 82 - 1), 'file_truncated'],
    ['one row more than the header says', change(good, 4, 3), 'header_lies'],
    ['no rows, the header says', change(good, 4, 0), 'header_lies'],
    ['a record length that the fields do not add up to', change(good, 10, 81), 'header_lies'],
    ['a header length inside the field table', change(good, 8, 96), 'header_lies'],
    ['a field one byte wider', change(good, 32 + 16, 15), 'header_lies'],
    ['an unknown version', change(good, 0, 0x77), 'header_bad'],
    ['an unknown type', change(good, 32 + 11, 0x5a), 'header_bad'],
    ['a name with a control character', change(good, 32, 1), 'header_bad'],
    ['no fields', dbfBytes([], []), 'header_bad'],
    ['the same field twice', dbfBytes([columns[0] as DbfColumn, columns[0] as DbfColumn], []), 'header_bad'],
    ['a row without deletion flag', change(good, rowsAt + 82, 0x41), 'row_broken'],
    ['text after the end mark', Buffer.concat([good, Buffer.from('abc')]), 'header_lies'],
  ])('%s', async (_rule, bytes, code) => {
    expect(await codeOf(bytes)).toBe(code);
  });

  test('Big5 is no GB18030', async () => {
    const text = ['陳怡君', '黃志明', '林雅婷', '張家豪', '國立臺灣師範大學附屬高級中學'];
    const rows = text.map((name, index) => [`2351081510049${index}`, name, '1', '臺北市中正區南海路']);
    expect(await codeOf(dbfBytes(columns, rows, { encoding: 'big5' }))).toBe('code_page');
  });

  test('the error names file and row and says what to do', async () => {
    const result = await read(change(good, rowsAt + 82, 0x41));
    expect(!result.ok && [result.error.file, result.error.row, result.error.hint !== '']).toEqual([
      'T.DBF',
      2,
      true,
    ]);
  });
});

/** A plain second reading: no chunks, no tables, one library call a cell. */
function modelRows(bytes: Buffer): string[][] {
  const [count, header, length] = [bytes.readUInt32LE(4), bytes.readUInt16LE(8), bytes.readUInt16LE(10)];
  const widths = [];
  for (let at = 32; bytes[at] !== 0x0d; at += 32) widths.push(bytes[at + 16] ?? 0);
  const rows: string[][] = [];
  for (let row = 0; row < count; row += 1) {
    let at = header + row * length;
    if (bytes[at] === 0x2a) continue;
    at += 1;
    rows.push(
      widths.map((width) => {
        const cell = bytes.subarray(at, at + width);
        at += width;
        let [start, end] = [0, cell.length];
        while (end > start && (cell[end - 1] === 32 || cell[end - 1] === 0)) end -= 1;
        while (start < end && (cell[start] === 32 || cell[start] === 0)) start += 1;
        const text = iconv.decode(cell.subarray(start, end), 'gb18030');
        return [...text]
          .map((char) => (char < ' ' ? '\ufffd' : char))
          .join('')
          .trim();
      }),
    );
  }
  return rows;
}

/** More with DELIVERY_FUZZ_RUNS=100000. */
const RUNS = Number(process.env.DELIVERY_FUZZ_RUNS ?? 5000);

describe('mutated files', () => {
  const good = dbfBytes(columns, [...people, ...people, ...people], { deleted: new Set([3]) });
  const mutation = fc.oneof(
    fc.record({
      kind: fc.constant('flip'),
      at: fc.nat(good.length - 1),
      by: fc.integer({ min: 1, max: 255 }),
    }),
    fc.record({ kind: fc.constant('header'), at: fc.nat(160), by: fc.integer({ min: 1, max: 255 }) }),
    fc.record({ kind: fc.constant('cut'), at: fc.nat(good.length - 1), by: fc.constant(0) }),
    fc.record({ kind: fc.constant('insert'), at: fc.nat(good.length - 1), by: fc.nat(255) }),
    fc.record({
      kind: fc.constant('remove'),
      at: fc.nat(good.length - 1),
      by: fc.integer({ min: 1, max: 40 }),
    }),
    fc.record({
      kind: fc.constant('repeat'),
      at: fc.nat(good.length - 1),
      by: fc.integer({ min: 1, max: 120 }),
    }),
  );
  const mutate = (bytes: Buffer, { kind, at, by }: { kind: string; at: number; by: number }): Buffer => {
    const place = Math.min(at, bytes.length);
    if (kind === 'cut') return bytes.subarray(0, place);
    if (kind === 'insert')
      return Buffer.concat([bytes.subarray(0, place), Buffer.from([by]), bytes.subarray(place)]);
    if (kind === 'remove') return Buffer.concat([bytes.subarray(0, place), bytes.subarray(place + by)]);
    if (kind === 'repeat') return Buffer.concat([bytes.subarray(0, place + by), bytes.subarray(place)]);
    return change(bytes, place, (bytes[place] ?? 0) ^ by);
  };

  test('give exactly the rows of a second reader, or a clear error', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(mutation, { minLength: 1, maxLength: 3 }), async (mutations) => {
        const bytes = mutations.reduce(mutate, good);
        const result = await read(bytes);
        if (!result.ok) {
          expect(result.error.message).toContain('T.DBF');
          return;
        }
        if (result.value.encoding !== 'utf8') expect(result.value.rows).toEqual(modelRows(bytes));
      }),
      { numRuns: RUNS },
    );
  });
});

describe('against the library', () => {
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'delivery-dbf-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  test('a file it writes reads the same here, and ours there', async () => {
    const path = join(folder, 'library.dbf');
    const dbf = await DBFFile.create(
      path,
      columns.map(({ name, length }) => ({ name, type: 'C' as const, size: length })),
      { encoding: 'gb18030' },
    );
    await dbf.appendRecords(people.map(([KSH, XM, CJ, BZ]) => ({ KSH, XM, CJ, BZ })));
    const { readFile } = await import('node:fs/promises');
    const ours = await read(await readFile(path));
    expect(ours.ok && ours.value.rows).toEqual(people);

    await writeFile(join(folder, 'ours.dbf'), dbfBytes(columns, people));
    const theirs = await DBFFile.open(join(folder, 'ours.dbf'), { encoding: 'gb18030' });
    const names = (await theirs.readRecords()).map((record) => Object(record).XM);
    expect(names).toEqual(people.map((row) => row[1]));
  });
});
