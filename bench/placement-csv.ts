import { closeSync, mkdtempSync, openSync, readSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import iconv from 'iconv-lite';
import { COMMA, LINE_FEED } from '../apps/cli/place-bytes.ts';
import { readCandidates } from '../apps/cli/place-candidates.ts';
import { convertFiles } from '../apps/cli/place-convert.ts';
import { openCsv } from '../apps/cli/place-csv.ts';
import { readLists } from '../apps/cli/place-lists.ts';
import { readPrograms } from '../apps/cli/place-tables.ts';
import { best } from './placement-time.ts';

const N = 200_000;
const M = 20_000;
const K = 96;
/** The long form has a line a preference: fewer of them. */
const LONG_K = 20;

/**
 * A province's exports: 200,000 candidates with 96 preferences by codes of ten bytes, in megabytes a second on one core.
 * What counts is from the file to the columns: lists with candidates and programs in memory, candidates with ranking.
 * The bare loop over the bytes of the longest file says what a core of this machine can do at all.
 */
export function benchCsv(say: (line: string) => void): void {
  const directory = mkdtempSync(join(tmpdir(), 'placement-csv-'));
  try {
    const paths = writeExports(directory);
    const findings = { list: [], total: 0 };
    const tables = {
      programs: readPrograms(openCsv(paths.programs), findings),
      candidates: readCandidates(openCsv(paths.candidates), findings),
      findings,
    };
    const speed = (title: string, files: readonly string[], run: () => void): void => {
      const milliseconds = best(5, run);
      const size = files.reduce((sum, path) => sum + statSync(path).size, 0);
      const rate = (size / 1e3 / milliseconds).toFixed(0);
      say(`  ${title}: ${(size / 1e6).toFixed(0)} MB in ${milliseconds.toFixed(0)} ms = ${rate} MB/s a core`);
    };
    say('\nCSV');
    speed('reading alone', [paths.wide], () => forEachChunk(paths.wide, () => {}));
    speed('reading, and a bare loop that counts separators', [paths.wide], () => countSeparators(paths.wide));
    speed('lists, a column a preference', [paths.wide], () => readLists(openCsv(paths.wide), tables));
    speed('lists, a row a preference', [paths.long], () => readLists(openCsv(paths.long), tables));
    speed('candidates', [paths.candidates], () => readCandidates(openCsv(paths.candidates), findings));
    speed('candidates in GB18030', [paths.gb], () => readCandidates(openCsv(paths.gb), findings));
    speed('candidates in no order', [paths.mixed], () => readCandidates(openCsv(paths.mixed), findings));
    const files = [paths.candidates, paths.wide, paths.programs];
    speed('whole conversion with writing', files, () => convertFiles(files, join(directory, 'columns')));
    if (findings.total > 0) throw new Error('the exports of the benchmark are not clean');
  } finally {
    rmSync(directory, { recursive: true });
  }
}

function forEachChunk(path: string, onChunk: (bytes: Uint8Array) => void): void {
  const file = openSync(path, 'r');
  const buffer = new Uint8Array(256 * 1024);
  for (let read = readSync(file, buffer); read > 0; read = readSync(file, buffer))
    onChunk(buffer.subarray(0, read));
  closeSync(file);
}

function countSeparators(path: string): number {
  let count = 0;
  forEachChunk(path, (bytes) => {
    for (let i = 0; i < bytes.length; i++) if (bytes[i] === COMMA || bytes[i] === LINE_FEED) count++;
  });
  return count;
}

const code = (program: number): string =>
  `${String(1000 + (program % 900))}-${String(program).padStart(5, '0')}`;
const id = (row: number): string => `2643${String(row).padStart(10, '0')}`;
const wish = (row: number, at: number): string => code((row * 613 + at * 7907) % M);

function writeExports(directory: string) {
  const at = (name: string): string => join(directory, name);
  const paths = {
    candidates: at('1.csv'),
    gb: at('2.csv'),
    wide: at('3.csv'),
    long: at('4.csv'),
    programs: at('5.csv'),
    mixed: at('6.csv'),
  };
  const rows = Array.from({ length: N }, (_, row) => row);
  const title = '考生号,姓名,总分,语文,数学,外语,首选科目,再选1,再选2\n';
  const candidates = `${title}${rows.map(candidateLine).join('')}`;
  writeFileSync(paths.candidates, candidates);
  writeFileSync(paths.gb, iconv.encode(candidates, 'gb18030'));
  // 7,919 is prime to N: every candidate once, far from the one before.
  writeFileSync(paths.mixed, `${title}${rows.map((row) => candidateLine((row * 7919) % N)).join('')}`);
  const numbers = Array.from({ length: K }, (_, preference) => preference);
  const header = `考生号,${numbers.map((preference) => `志愿${preference + 1}`).join(',')}\n`;
  const lists = rows.map((row) => `${id(row)},${numbers.map((each) => wish(row, each)).join(',')}\n`);
  writeFileSync(paths.wide, [header, ...lists].join(''));
  const lines = rows.map((row) =>
    numbers
      .slice(0, LONG_K)
      .map((each) => `${id(row)},${each + 1},${wish(row, each)}\n`)
      .join(''),
  );
  writeFileSync(paths.long, ['考生号,志愿序号,专业代码\n', ...lines].join(''));
  const programs = Array.from({ length: M }, (_, program) => `${code(program)},专业${program},12,1,180\n`);
  writeFileSync(paths.programs, `专业代码,专业名称,计划数,投档比例,分数线\n${programs.join('')}`);
  return paths;
}

function candidateLine(row: number): string {
  const word = Math.imul(row + 1, 0x9e37_79b1);
  const marks = [1, 2, 3, 4, 5, 6].map((paper) => 20 + ((word >>> (3 * paper)) % 80));
  const total = marks.reduce((sum, mark) => sum + mark);
  return `${id(row)},考生${row},${total},${marks.join(',')}\n`;
}
