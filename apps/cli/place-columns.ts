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
  type Keys,
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

/** A round with its lists in memory. */
export interface ColumnsRound {
  readonly meta: ColumnsMeta;
  readonly columns: Columns;
}

/** A round whose lists stay in their file. */
export interface FileRound {
  readonly meta: ColumnsMeta;
  readonly keys: Keys;
  readonly listsPath: string;
}

/** Reads a directory of columns, or refuses with every file that is missing or has the wrong size. */
export function readColumns(directory: string, report: Report): ColumnsRound {
  const meta = readMeta(directory);
  const sizes = Object.entries(columnBytes(meta));
  const buffers = new Map(sizes.map(([name, bytes]) => [name, load(directory, name, { bytes, report })]));
  const bufferOf = (name: string): ArrayBufferLike => buffers.get(name) ?? new ArrayBuffer(0);
  const prefs = isWide(meta)
    ? new Uint32Array(bufferOf('prefs.u32'))
    : new Uint16Array(bufferOf('prefs.u16'));
  const merit = meta.mode === 'da' ? { merit: new Uint16Array(bufferOf('merit.u16')) } : {};
  return { meta, columns: { ...keysOf(meta, bufferOf), prefs, ...merit } };
}

/** The same without the lists, which are most of it. */
export function readKeys(directory: string, report: Report): FileRound {
  const meta = readMeta(directory);
  const sizes = columnBytes(meta);
  const bufferOf = (name: string): ArrayBufferLike =>
    load(directory, name, { bytes: sizes[name] ?? 0, report });
  return { meta, keys: keysOf(meta, bufferOf), listsPath: inDirectory(directory, listsFile(meta)) };
}

/** What the round is, once every file it needs is there in its size. */
export function readMeta(directory: string): ColumnsMeta {
  const read = readJson(inDirectory(directory, 'meta.json'));
  const problems = checkMeta(read);
  if (problems.length > 0) throw new Refused(problems);
  const meta = read as ColumnsMeta;
  const sizes = Object.entries(columnBytes(meta));
  const wrong = sizes.flatMap(([name, bytes]) => checkSize(directory, name, bytes));
  if (wrong.length > 0) throw new Refused(wrong);
  return meta;
}

function checkSize(directory: string, name: string, bytes: number): Finding[] {
  const size = statSync(inDirectory(directory, name), { throwIfNoEntry: false })?.size;
  if (size === bytes) return [];
  if (size === undefined) return [{ code: 'MISSING_COLUMN', path: name, message: `缺少列 ${name}。` }];
  const code = size < bytes ? 'TRUNCATED' : 'WRONG_SIZE';
  return [{ code, path: name, message: `列 ${name} 应为 ${bytes} 字节，现为 ${size} 字节。` }];
}

type Report = (message: string) => void;

interface Load {
  readonly bytes: number;
  readonly report: Report;
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

function keysOf({ n, m, k }: ColumnsMeta, bufferOf: (name: string) => ArrayBufferLike): Keys {
  const keys = {
    n,
    m,
    k,
    score: new Uint16Array(bufferOf('score.u16')),
    tiehi: new Uint32Array(bufferOf('tiehi.u32')),
    tielo: new Uint32Array(bufferOf('tielo.u32')),
    cap: new Uint32Array(bufferOf('cap.u32')),
    line: new Uint16Array(bufferOf('line.u16')),
  };
  const contents = checkColumns(keys);
  if (contents.length > 0) throw new Refused(contents);
  return keys;
}

const bytesOf = ({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint8Array =>
  new Uint8Array(buffer, byteOffset, byteLength);

const listsFile = (meta: ColumnsMeta): string => (isWide(meta) ? 'prefs.u32' : 'prefs.u16');
const programFile = (meta: ColumnsMeta): string => (isWide(meta) ? 'program.u32' : 'program.u16');

/** A round that can be certified: the hash of its lists is known. */
export interface HashedRound {
  readonly meta: ColumnsMeta;
  readonly keys: Keys & Pick<Columns, 'merit'>;
  /** SHA-256 of the file of lists. */
  readonly listsHash: string;
}

export const hashed = ({ meta, columns }: ColumnsRound): HashedRound => ({
  meta,
  keys: columns,
  listsHash: sha256(bytesOf(columns.prefs)),
});

/** Names of the result columns with their bytes. */
function resultFiles({ meta, keys }: HashedRound, outcome: ColumnsOutcome, codes: readonly string[] | null) {
  return new Map<string, string | Uint8Array>([
    [programFile(meta), bytesOf(outcome.program)],
    ['preference.u8', bytesOf(outcome.preference)],
    ['reason.u8', bytesOf(outcome.reason)],
    ['programs.csv', programsCsv(keys, outcome, codes)],
  ]);
}

export function columnsManifest(
  round: HashedRound,
  outcome: ColumnsOutcome,
  codes: readonly string[] | null,
): Manifest {
  return manifestOf(round, outcome, resultFiles(round, outcome, codes));
}

function manifestOf(
  { meta, keys, listsHash }: HashedRound,
  outcome: ColumnsOutcome,
  files: ReadonlyMap<string, string | Uint8Array>,
): Manifest {
  const rules = declaredRules({ ...meta, ladder: ['tiehi', 'tielo', 'row'] });
  const hashOf = (name: string): string => {
    if (name === listsFile(meta)) return listsHash;
    const column = keys[name.split('.')[0] as keyof HashedRound['keys']];
    return typeof column === 'object' ? sha256(bytesOf(column)) : '';
  };
  const inputs = Object.keys(columnBytes(meta)).map((name) => [name, hashOf(name)] as const);
  const results = [...files].map(([name, data]) => [name, sha256(data)] as const);
  const { n, m, k } = keys;
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

export function writeColumns(round: HashedRound, outcome: ColumnsOutcome, out: Out): Manifest {
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
export function readResult(directory: string, meta: ColumnsMeta): ColumnsOutcome {
  const { n, m } = meta;
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
    filed: publishedCounts(directory, m),
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
