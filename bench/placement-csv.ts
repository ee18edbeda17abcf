import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readCandidates } from '../apps/cli/place-candidates.ts';
import { convertFiles } from '../apps/cli/place-convert.ts';
import { openCsv } from '../apps/cli/place-csv.ts';
import { readLists } from '../apps/cli/place-lists.ts';
import { readPrograms } from '../apps/cli/place-tables.ts';
import { best } from './placement-time.ts';

const N = 200_000;
const M = 20_000;
const K = 96;

/** A province's exports: 200,000 candidates with 96 preferences by nine-byte codes, in megabytes a second on one core. */
export function benchCsv(say: (line: string) => void): void {
  const directory = mkdtempSync(join(tmpdir(), 'placement-csv-'));
  try {
    const [candidates, lists, programs] = writeExports(directory);
    const findings = { list: [], total: 0 };
    const tables = {
      programs: readPrograms(openCsv(programs), findings),
      candidates: readCandidates(openCsv(candidates), findings),
      findings,
    };
    const fastest = best(5, () => readLists(openCsv(lists), tables));
    const size = statSync(lists).size;
    say(
      `\nCSV: lists ${(size / 1e6).toFixed(0)} MB in ${fastest.toFixed(0)} ms = ${(size / 1e3 / fastest).toFixed(0)} MB/s a core`,
    );
    const total = [candidates, lists, programs].reduce((sum, path) => sum + statSync(path).size, 0);
    const whole = best(2, () => convertFiles([candidates, lists, programs], join(directory, 'columns')));
    say(`  whole conversion with writing: ${whole.toFixed(0)} ms = ${(total / 1e3 / whole).toFixed(0)} MB/s`);
  } finally {
    rmSync(directory, { recursive: true });
  }
}

function writeExports(directory: string): [string, string, string] {
  const paths: [string, string, string] = [
    join(directory, '1.csv'),
    join(directory, '2.csv'),
    join(directory, '3.csv'),
  ];
  const code = (program: number): string =>
    `${String(1000 + (program % 900))}-${String(program).padStart(5, '0')}`;
  const id = (row: number): string => `2643${String(row).padStart(10, '0')}`;
  const rows = Array.from({ length: N }, (_, row) => row);
  const mark = (row: number, paper: number): number =>
    20 + ((Math.imul(row + 1, 0x9e37_79b1) >>> (3 * paper)) % 80);
  const scores = rows.map((row) => {
    const marks = [1, 2, 3, 4, 5, 6].map((paper) => mark(row, paper));
    return `${id(row)},${marks.reduce((sum, each) => sum + each)},${marks.join(',')}\n`;
  });
  writeFileSync(paths[0], `考生号,总分,语文,数学,外语,首选科目,再选1,再选2\n${scores.join('')}`);
  const header = `考生号,${Array.from({ length: K }, (_, at) => `志愿${at + 1}`).join(',')}\n`;
  const lists = rows.map((row) => {
    const list = Array.from({ length: K }, (_, at) => code((row * 613 + at * 7907) % M));
    return `${id(row)},${list.join(',')}\n`;
  });
  writeFileSync(paths[1], [header, ...lists].join(''));
  const programs = Array.from({ length: M }, (_, program) => `${code(program)},专业${program},12,1,180\n`);
  writeFileSync(paths[2], `专业代码,专业名称,计划数,投档比例,分数线\n${programs.join('')}`);
  return paths;
}
