import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Columns } from '../placement/columns.ts';

/** Columns in a directory of their own while `use` runs, for programs that read files. */
export function withFiles<T>(columns: Columns, use: (directory: string) => T): T {
  const directory = mkdtempSync(join(tmpdir(), 'placement-'));
  try {
    const { n, m, k } = columns;
    writeFileSync(join(directory, 'meta.json'), JSON.stringify({ n, m, k }));
    for (const [name, column] of [
      ['score.u16', columns.score],
      ['tiehi.u32', columns.tiehi],
      ['tielo.u32', columns.tielo],
      ['prefs.u16', columns.prefs],
      ['cap.u32', columns.cap],
      ['line.u16', columns.line],
    ] as const) {
      writeFileSync(join(directory, name), column);
    }
    return use(directory);
  } finally {
    rmSync(directory, { recursive: true });
  }
}

export interface Yardstick {
  readonly name: string;
  /** Best of the repeats. */
  readonly milliseconds: number;
  readonly checksum: number;
}

/** Any C compiler will do; CC names another one. */
const compiler = process.env.CC ?? 'cc';

const variants = [
  { name: 'C', flags: ['-O2'] },
  { name: 'C with prefetch', flags: ['-O2', '-DPREFETCH'] },
] as const;

/** The same algorithm in C, plain and with prefetch instructions; empty where there is no compiler. */
export function runYardsticks(columns: Columns, directory: string, repeats: number): Yardstick[] {
  return variants.flatMap(({ name, flags }) => {
    const program = join(directory, 'yardstick');
    const source = join(import.meta.dirname, 'placement.c');
    if (spawnSync(compiler, [...flags, '-o', program, source]).status !== 0) return [];
    const { n, m, k } = columns;
    const run = spawnSync(program, [directory, n, m, k, repeats].map(String), { encoding: 'utf8' });
    const lines = run.stdout.trim().split('\n');
    const times = lines
      .slice(0, -1)
      .map((line) => line.split(' ').reduce((sum, part) => sum + Number(part), 0));
    return [{ name, milliseconds: Math.min(...times), checksum: Number(lines.at(-1)?.split(' ')[1]) }];
  });
}
