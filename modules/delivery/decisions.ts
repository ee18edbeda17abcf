import { open } from 'node:fs/promises';
import type { Writable } from 'node:stream';
import iconv from 'iconv-lite';
import { fail, ok, type Result } from '#platform/result';
import { readCandidateNo } from './identity.rules.ts';

/**
 * The decisions of a college for the authority: a DBF with one row a candidate, GB18030, which the importer reads
 * back as a decided view. Nothing is cut silently: a value that does not fit refuses the file.
 */
export interface DecisionRow {
  candidateNo: string;
  /** 录取 or 退档. */
  decision: 'admit' | 'return';
  /** LQZY, at most 4 characters; only for admit. */
  admittedMajor: string;
  /** TDYYDM, at most 4 characters; only for return. */
  returnReason: string;
  /** At most 254 bytes in GB18030. */
  note: string;
}

export interface DecisionRefusal {
  code: 'bad_candidate_no' | 'value_too_long' | 'value_not_encodable' | 'candidate_twice';
  row: number;
  column: string;
  message: string;
}

/** LQBZ: 1 admitted, 0 returned. KSZT is left to the authority: its other values are not public. */
const COLUMNS = [
  { name: 'KSH', length: 14 },
  { name: 'LQBZ', length: 1 },
  { name: 'LQZY', length: 4 },
  { name: 'TDYYDM', length: 4 },
  { name: 'BZ', length: 254 },
] as const;

const ROW_BYTES = 1 + COLUMNS.reduce((sum, { length }) => sum + length, 0);
const HEADER_BYTES = 32 + 32 * COLUMNS.length + 1;
const FLUSH_BYTES = 1 << 18;

/** Checks and encodes every row before the first byte is written. `date` is the day on the file. */
export async function writeDecisions(
  target: string | Writable,
  rows: readonly DecisionRow[],
  date: Date,
): Promise<Result<{ rows: number; bytes: number }, DecisionRefusal>> {
  const encoded: Buffer[] = [];
  const seen = new Set<string>();
  for (const [index, row] of rows.entries()) {
    if (seen.has(row.candidateNo)) {
      return refuse('candidate_twice', index + 1, 'KSH', '同一考生号出现两次，请只保留一条。');
    }
    seen.add(row.candidateNo);
    const bytes = encodeRow(row, index + 1);
    if (!bytes.ok) return bytes;
    encoded.push(bytes.value);
  }
  const write = await writerTo(target);
  await write.put(headerOf(rows.length, date));
  let waiting: Buffer[] = [];
  for (const row of encoded) {
    waiting.push(row);
    if (waiting.length * ROW_BYTES < FLUSH_BYTES) continue;
    await write.put(Buffer.concat(waiting));
    waiting = [];
  }
  await write.put(Buffer.concat([...waiting, Buffer.from([0x1a])]));
  await write.end();
  return ok({ rows: rows.length, bytes: HEADER_BYTES + rows.length * ROW_BYTES + 1 });
}

const refuse = (
  code: DecisionRefusal['code'],
  row: number,
  column: string,
  what: string,
): { ok: false; error: DecisionRefusal } =>
  fail({ code, row, column, message: `第 ${row} 行 ${column}：${what}` });

function encodeRow(row: DecisionRow, number: number): Result<Buffer, DecisionRefusal> {
  if (readCandidateNo(row.candidateNo) !== row.candidateNo) {
    return refuse('bad_candidate_no', number, 'KSH', '考生号不是 14 位数字，请先更正。');
  }
  const admit = row.decision === 'admit';
  const values = [
    row.candidateNo,
    admit ? '1' : '0',
    admit ? row.admittedMajor : '',
    admit ? '' : row.returnReason,
    row.note.replace(/[\s\0]+/g, ' ').trim(),
  ];
  const bytes = Buffer.alloc(ROW_BYTES, 0x20);
  let at = 1;
  for (const [index, { name, length }] of COLUMNS.entries()) {
    const value = values[index] ?? '';
    const cell = iconv.encode(value, 'gb18030');
    if (cell.length > length) {
      return refuse('value_too_long', number, name, `有 ${cell.length} 字节，上限 ${length} 字节，请缩短。`);
    }
    if (iconv.decode(cell, 'gb18030') !== value) {
      return refuse('value_not_encodable', number, name, '含有 GB18030 无法表示的字，请更换。');
    }
    cell.copy(bytes, at);
    at += length;
  }
  return ok(bytes);
}

function headerOf(rows: number, date: Date): Buffer {
  const header = Buffer.alloc(HEADER_BYTES);
  header[0] = 0x03;
  header.set([date.getUTCFullYear() - 1900, date.getUTCMonth() + 1, date.getUTCDate()], 1);
  header.writeUInt32LE(rows, 4);
  header.writeUInt16LE(HEADER_BYTES, 8);
  header.writeUInt16LE(ROW_BYTES, 10);
  COLUMNS.forEach(({ name, length }, index) => {
    const at = 32 + 32 * index;
    header.write(`${name}`, at, 'latin1');
    header.write('C', at + 11, 'latin1');
    header[at + 16] = length;
  });
  header[HEADER_BYTES - 1] = 0x0d;
  return header;
}

interface Writer {
  put(bytes: Buffer): Promise<void>;
  end(): Promise<void>;
}

/** A path must not exist yet; a stream is ended by its owner. */
async function writerTo(target: string | Writable): Promise<Writer> {
  if (typeof target === 'string') {
    const handle = await open(target, 'wx');
    return {
      put: async (bytes) => {
        await handle.writeFile(bytes);
      },
      end: () => handle.close(),
    };
  }
  return {
    put: (bytes) =>
      new Promise((resolve, reject) => target.write(bytes, (error) => (error ? reject(error) : resolve()))),
    end: () => Promise.resolve(),
  };
}
