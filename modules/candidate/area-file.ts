import { fail, ok, type Result } from '#platform/result';

/**
 * The prefix file known as phone.dat, as its readers describe it: eight bytes of head (four of version text, four of the offset
 * of the index, little-endian), records `省|市|邮编|区号` each ended by a zero byte, then rows of nine bytes: seven-digit prefix, offset of
 * the record, carrier. No data is shipped; the college brings the file.
 */
export interface AreaEntry {
  readonly prefix: string;
  readonly areaCode: string;
  readonly province: string;
  readonly city: string;
}

export interface AreaFile {
  readonly version: string;
  readonly entries: AreaEntry[];
}

const HEAD_BYTES = 8;
const ROW_BYTES = 9;
const RECORD_MAX_BYTES = 200;
/** Twice of what exists. */
const ROWS_MAX = 1_200_000;

/** Reads a whole file, or says in Chinese what is wrong with it. */
export function readAreaFile(bytes: Buffer): Result<AreaFile, string> {
  if (bytes.length < HEAD_BYTES + ROW_BYTES) return fail('文件太短，不是号段数据文件（phone.dat）。');
  const indexAt = bytes.readUInt32LE(4);
  const version = bytes.toString('latin1', 0, 4);
  const rows = (bytes.length - indexAt) / ROW_BYTES;
  if (!/^\d{4}$/.test(version) || indexAt < HEAD_BYTES || !Number.isInteger(rows) || rows < 1)
    return fail('文件头与内容不符，可能没有下载完整，请重新下载。');
  if (rows > ROWS_MAX) return fail(`号段有 ${rows} 条，超过上限 ${ROWS_MAX} 条，请核对文件。`);
  const records = new Map<number, Omit<AreaEntry, 'prefix'> | null>();
  const entries: AreaEntry[] = [];
  for (let row = 0; row < rows; row += 1) {
    const at = indexAt + row * ROW_BYTES;
    const prefix = String(bytes.readUInt32LE(at));
    const recordAt = bytes.readUInt32LE(at + 4);
    if (!/^1[3-9]\d{5}$/.test(prefix) || recordAt < HEAD_BYTES || recordAt >= indexAt)
      return fail(`第 ${row + 1} 条号段已损坏，请重新下载。`);
    const record = records.get(recordAt) ?? readRecord(bytes, recordAt, indexAt);
    if (!record) return fail(`第 ${row + 1} 条号段指向的归属地无法读取，请重新下载。`);
    records.set(recordAt, record);
    entries.push({ prefix, ...record });
  }
  return ok({ version, entries });
}

function readRecord(bytes: Buffer, from: number, limit: number): Omit<AreaEntry, 'prefix'> | null {
  const end = bytes.indexOf(0, from);
  if (end < 0 || end > limit || end - from > RECORD_MAX_BYTES) return null;
  const [province, city, , code] = bytes.toString('utf8', from, end).split('|');
  const areaCode = code && (code.startsWith('0') ? code : `0${code}`);
  if (!province || !city || !areaCode || !/^0(?:10|2\d|[3-9]\d{2})$/.test(areaCode)) return null;
  return { province, city, areaCode };
}

/**
 * Leaves out every prefix that the next shorter one says already: runs of ten equal seven-digit prefixes become one of six digits, and so
 * on down to three. Half a million rows become some ten thousand, found by the longest match.
 */
export function compactAreas(entries: readonly AreaEntry[]): AreaEntry[] {
  const found = new Map(entries.map((entry) => [entry.prefix, entry]));
  for (let length = 7; length > 3; length -= 1) {
    const families = new Map<string, AreaEntry[]>();
    for (const [prefix, entry] of found) {
      if (prefix.length !== length) continue;
      const head = prefix.slice(0, -1);
      families.set(head, [...(families.get(head) ?? []), entry]);
    }
    for (const [head, members] of families) foldFamily(found, head, members);
  }
  return [...found.values()];
}

/** Ten siblings of one place are told by their parent. */
function foldFamily(found: Map<string, AreaEntry>, head: string, members: readonly AreaEntry[]): void {
  const [first] = members;
  if (!first || members.length < 10) return;
  if (members.some((entry) => entry.areaCode !== first.areaCode || entry.city !== first.city)) return;
  for (const { prefix } of members) found.delete(prefix);
  found.set(head, { ...first, prefix: head });
}
