import { expect, test } from 'vitest';
import { type AreaEntry, compactAreas, readAreaFile } from './area-file.ts';

/** A file as area-file.ts describes it. */
function fileOf(records: readonly string[], rows: readonly (readonly [number, number])[]): Buffer {
  const texts = records.map((record) => Buffer.from(`${record}\0`));
  const offsets: number[] = [];
  let at = 8;
  for (const text of texts) {
    offsets.push(at);
    at += text.length;
  }
  const head = Buffer.alloc(8);
  head.write('2502', 'latin1');
  head.writeUInt32LE(at, 4);
  const index = rows.map(([prefix, record]) => {
    const row = Buffer.alloc(9);
    row.writeUInt32LE(prefix, 0);
    row.writeUInt32LE(offsets[record] ?? 0, 4);
    row.writeUInt8(1, 8);
    return row;
  });
  return Buffer.concat([head, ...texts, ...index]);
}

const RECORDS = ['四川|成都|610000|028', '湖南|长沙|410000|0731'];
const ten = Array.from({ length: 10 }, (_, digit) => [1_540_000 + digit, 0] as const);

test('a prefix file is read with its version', () => {
  const read = readAreaFile(
    fileOf(RECORDS, [
      [1_540_000, 0],
      [1_540_001, 1],
    ]),
  );
  expect(read).toEqual({
    ok: true,
    value: {
      version: '2502',
      entries: [
        { prefix: '1540000', province: '四川', city: '成都', areaCode: '028' },
        { prefix: '1540001', province: '湖南', city: '长沙', areaCode: '0731' },
      ],
    },
  });
});

test.each<[what: string, bytes: Buffer]>([
  ['an empty file', Buffer.alloc(0)],
  ['text', Buffer.from('这不是号段数据文件，只是一段文字')],
  ['a cut file', fileOf(RECORDS, ten).subarray(0, -4)],
  ['a prefix that is none', fileOf(RECORDS, [[12, 0]])],
  ['a record outside', fileOf(RECORDS, [[1_540_000, 7]])],
  ['a record without area code', fileOf(['四川|成都'], [[1_540_000, 0]])],
])('%s is refused in words', (_what, bytes) => {
  const read = readAreaFile(bytes);
  expect(read.ok).toBe(false);
});

test('ten prefixes of one place are told by one shorter prefix, nine are not', () => {
  const whole = readAreaFile(fileOf(RECORDS, ten));
  const partial = readAreaFile(fileOf(RECORDS, ten.slice(1)));
  const prefixes = (read: typeof whole): string[] =>
    read.ok ? compactAreas(read.value.entries).map(({ prefix }: AreaEntry) => prefix) : [];
  expect(prefixes(whole)).toEqual(['154000']);
  expect(prefixes(partial)).toHaveLength(9);
});
