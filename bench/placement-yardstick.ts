import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { writeBytes } from '../apps/cli/place-files.ts';
import type { Columns } from '../placement/columns.ts';

/** Columns in a directory of their own while `use` runs, for programs that read files. */
export async function withFiles<T>(columns: Columns, use: (directory: string) => T | Promise<T>): Promise<T> {
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
      writeBytes(join(directory, name), new Uint8Array(column.buffer, column.byteOffset, column.byteLength));
    }
    return await use(directory);
  } finally {
    rmSync(directory, { recursive: true });
  }
}

export interface Yardstick {
  readonly name: string;
  /** Places once more. */
  readonly run: () => Promise<Times>;
  readonly stop: () => void;
}

export interface Times {
  readonly cpu: number;
  readonly wall: number;
  readonly checksum: number;
}

/** Any C compiler will do; CC names another one. */
const compiler = process.env.CC ?? 'cc';

const variants = [
  { name: 'C', flags: ['-O2'] },
  { name: 'C with prefetch', flags: ['-O2', '-DPREFETCH'] },
] as const;

/** The same algorithm in C, plain and with prefetch instructions, ready to take turns; empty without a compiler. */
export function startYardsticks({ n, m, k }: Columns, directory: string): Yardstick[] {
  return variants.flatMap(({ name, flags }, index) => {
    const program = join(directory, `yardstick-${index}`);
    const source = join(import.meta.dirname, 'placement.c');
    if (spawnSync(compiler, [...flags, '-o', program, source]).status !== 0) return [];
    const child = spawn(program, [directory, n, m, k].map(String), { stdio: ['pipe', 'pipe', 'inherit'] });
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    const run = async (): Promise<Times> => {
      child.stdin.write('\n');
      const { value } = await lines.next();
      const [cpu = 0, wall = 0, checksum = 0] = String(value).split(' ').map(Number);
      return { cpu, wall, checksum };
    };
    return [{ name, run, stop: () => child.stdin.end() }];
  });
}
