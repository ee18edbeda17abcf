import { existsSync, statSync } from 'node:fs';
import { certify, declaredRules, type Manifest } from '#placement/certificate';
import {
  type Columns,
  type ColumnsMeta,
  type ColumnsOutcome,
  checkColumns,
  checkMeta,
  columnBytes,
  isWide,
  REASON,
} from '#placement/columns';
import { programsCsv } from '#placement/columns-report';
import type { Finding } from '#placement/model';
import {
  inDirectory,
  Refused,
  readInto,
  readJson,
  readText,
  refuse,
  sha256,
  writeAll,
} from './place-files.ts';

export interface ColumnsRound {
  readonly meta: ColumnsMeta;
  readonly columns: Columns;
}

/** Reads a directory of columns, or refuses with every file that is missing or has the wrong size. */
export function readColumns(directory: string, report: (message: string) => void): ColumnsRound {
  const read = readJson(inDirectory(directory, 'meta.json'));
  const problems = checkMeta(read);
  if (problems.length > 0) throw new Refused(problems);
  const meta = read as ColumnsMeta;
  const sizes = Object.entries(columnBytes(meta));
  const wrong = sizes.flatMap(([name, bytes]) => checkSize(directory, name, bytes));
  if (wrong.length > 0) throw new Refused(wrong);
  const buffers = new Map(sizes.map(([name, bytes]) => [name, load(directory, name, { bytes, report })]));
  const columns = columnsOf(meta, (name) => buffers.get(name) ?? new ArrayBuffer(0));
  const contents = checkColumns(columns);
  if (contents.length > 0) throw new Refused(contents);
  return { meta, columns };
}

function checkSize(directory: string, name: string, bytes: number): Finding[] {
  const size = statSync(inDirectory(directory, name), { throwIfNoEntry: false })?.size;
  if (size === bytes) return [];
  if (size === undefined) return [{ code: 'MISSING_COLUMN', path: name, message: `缺少列 ${name}。` }];
  const code = size < bytes ? 'TRUNCATED' : 'WRONG_SIZE';
  return [{ code, path: name, message: `列 ${name} 应为 ${bytes} 字节，现为 ${size} 字节。` }];
}

interface Load {
  readonly bytes: number;
  readonly report: (message: string) => void;
}

/** Shared memory, so that helper threads see the columns without a copy. */
function load(directory: string, name: string, { bytes, report }: Load): SharedArrayBuffer {
  const buffer = new SharedArrayBuffer(bytes);
  let done = 0;
  readInto(inDirectory(directory, name), buffer, (read) => {
    done += read;
    report(`读入 ${name} ${((done / Math.max(1, bytes)) * 100).toFixed(0)}%`);
  });
  return buffer;
}

function columnsOf(meta: ColumnsMeta, bufferOf: (name: string) => ArrayBufferLike): Columns {
  const { n, m, k, mode } = meta;
  const prefs = isWide(meta)
    ? new Uint32Array(bufferOf('prefs.u32'))
    : new Uint16Array(bufferOf('prefs.u16'));
  return {
    n,
    m,
    k,
    score: new Uint16Array(bufferOf('score.u16')),
    tiehi: new Uint32Array(bufferOf('tiehi.u32')),
    tielo: new Uint32Array(bufferOf('tielo.u32')),
    prefs,
    cap: new Uint32Array(bufferOf('cap.u32')),
    line: new Uint16Array(bufferOf('line.u16')),
    ...(mode === 'da' ? { merit: new Uint16Array(bufferOf('merit.u16')) } : {}),
  };
}

const bytesOf = ({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint8Array =>
  new Uint8Array(buffer, byteOffset, byteLength);

const programFile = (meta: ColumnsMeta): string => (isWide(meta) ? 'program.u32' : 'program.u16');

/** Names of the result columns with their bytes. */
function resultFiles(
  { meta, columns }: ColumnsRound,
  outcome: ColumnsOutcome,
  codes: readonly string[] | null,
) {
  return new Map<string, string | Uint8Array>([
    [programFile(meta), bytesOf(outcome.program)],
    ['preference.u8', bytesOf(outcome.preference)],
    ['reason.u8', bytesOf(outcome.reason)],
    ['programs.csv', programsCsv(columns, outcome, codes)],
  ]);
}

export function columnsManifest(
  round: ColumnsRound,
  outcome: ColumnsOutcome,
  codes: readonly string[] | null,
): Manifest {
  return manifestOf(round, outcome, resultFiles(round, outcome, codes));
}

function manifestOf(
  { meta, columns }: ColumnsRound,
  outcome: ColumnsOutcome,
  files: ReadonlyMap<string, string | Uint8Array>,
): Manifest {
  const rules = declaredRules({ ...meta, ladder: ['tiehi', 'tielo', 'row'] });
  const inputs = Object.keys(columnBytes(meta)).map((name) => {
    const column = columns[name.split('.')[0] as keyof Columns];
    return [name, typeof column === 'number' || column === undefined ? '' : sha256(bytesOf(column))] as const;
  });
  const results = [...files].map(([name, data]) => [name, sha256(data)] as const);
  const { n, m, k } = columns;
  const totals = countReasons(outcome);
  const byReason = Object.entries(REASON).map(([name, code]) => [name, totals[code] ?? 0] as const);
  return certify({
    rules,
    sha256: { rules: sha256(JSON.stringify(rules)), ...Object.fromEntries([...inputs, ...results]) },
    counts: { candidates: n, programs: m, preferences: k, ...Object.fromEntries(byReason) },
  });
}

/** Number of rows by reason. Index by index: an iterator would leave an object behind for every row. */
function countReasons({ reason }: ColumnsOutcome): Uint32Array {
  const totals = new Uint32Array(0x100);
  for (let row = 0; row < reason.length; row++) {
    const own = reason[row] as number;
    totals[own] = (totals[own] as number) + 1;
  }
  return totals;
}

export function writeColumns(round: ColumnsRound, outcome: ColumnsOutcome, out: Out): Manifest {
  const files = resultFiles(round, outcome, out.codes);
  const manifest = manifestOf(round, outcome, files);
  files.set('manifest.json', `${JSON.stringify(manifest, null, 2)}\n`);
  writeAll(new Map([...files].map(([name, data]) => [inDirectory(out.directory, name), data])));
  return manifest;
}

interface Out {
  readonly directory: string;
  readonly codes: readonly string[] | null;
}

/** The result columns of a directory; the wrong size is refused like a truncated input. */
export function readResult(directory: string, { meta, columns }: ColumnsRound): ColumnsOutcome {
  const { n } = meta;
  const width = isWide(meta) ? 4 : 2;
  const sizes = { [programFile(meta)]: n * width, 'preference.u8': n, 'reason.u8': n };
  const wrong = Object.entries(sizes).flatMap(([name, bytes]) => checkSize(directory, name, bytes));
  if (wrong.length > 0) throw new Refused(wrong);
  const read = (name: string): SharedArrayBuffer =>
    load(directory, name, { bytes: sizes[name] ?? 0, report: () => {} });
  const buffer = read(programFile(meta));
  return {
    program: width === 4 ? new Uint32Array(buffer) : new Uint16Array(buffer),
    preference: new Uint8Array(read('preference.u8')),
    reason: new Uint8Array(read('reason.u8')),
    filed: publishedCounts(directory, columns.m),
  };
}

function publishedCounts(directory: string, m: number): Uint32Array {
  const path = inDirectory(directory, 'programs.csv');
  const [header = '', ...rows] = readText(path).trimEnd().split('\n');
  const column = header.split(',').indexOf('filed');
  if (column < 0 || rows.length !== m)
    refuse('WRONG_SIZE', path, `programs.csv 应有表头（含 filed）与 ${m} 行。`);
  return Uint32Array.from(rows, (row) => Number(row.split(',').at(column - header.split(',').length)));
}

/** `codes.txt` and `ids.txt` as written by `place convert`: line i names program or row i. */
export function readNames(directory: string, file: 'codes.txt' | 'ids.txt'): string[] | null {
  const path = inDirectory(directory, file);
  return existsSync(path) ? readText(path).split('\n').slice(0, -1) : null;
}
