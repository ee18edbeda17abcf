import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { openLists } from '../apps/cli/place-lists-file.ts';
import { startHelpers } from '../apps/cli/place-threads.ts';
import { type Columns, type ColumnsOutcome, columnBytes, listsIn } from '../placement/columns.ts';
import { placeMatching } from '../placement/columns-matching.ts';
import { matchShared, shareMatching } from '../placement/columns-matching-shared.ts';
import { placeColumns } from '../placement/columns-place.ts';
import { openSession } from '../placement/columns-session.ts';
import { placeSliced } from '../placement/columns-slices.ts';
import { rankRows } from '../placement/columns-sort.ts';
import { verifyColumns } from '../placement/columns-verify.ts';
import { verifyColumnsMatching } from '../placement/columns-verify-matching.ts';
import { type ColumnChange, whatIfColumns } from '../placement/columns-whatif.ts';
import { benchCsv } from './placement-csv.ts';
import { inventColumns, programsFor } from './placement-instance.ts';
import { benchJson } from './placement-json.ts';
import { best, cpuNow } from './placement-time.ts';
import { startYardsticks, withFiles, type Yardstick } from './placement-yardstick.ts';

const options = {
  n: { type: 'string' },
  k: { type: 'string' },
  threads: { type: 'string', default: '2' },
  repeats: { type: 'string', default: '7' },
  only: { type: 'string' },
} as const;

const say = (line: string): void => console.log(line);
const ms = (value: number): string => `${value.toFixed(value < 100 ? 1 : 0)} ms`;

/** `npm run bench -- placement [--n 1000000 --k 96 --threads 2 --repeats 7 --only walk|matching|whatif|csv|json]`. */
export async function benchPlacement(args: string[]): Promise<void> {
  const { values } = parseArgs({ args, options });
  const repeats = Number(values.repeats);
  const threads = Number(values.threads);
  const shapes = values.n
    ? [{ n: Number(values.n), k: Number(values.k ?? 96) }]
    : [
        { n: 100_000, k: 6 },
        { n: 1_000_000, k: 45 },
        { n: 1_000_000, k: 96 },
      ];
  const wants = (part: string): boolean => values.only === undefined || values.only === part;
  if (wants('walk')) for (const shape of shapes) await benchWalk(shape, repeatsFor(shape, repeats));
  const [middle] = shapes.length > 1 ? shapes.slice(1) : shapes;
  if (middle && wants('whatif')) benchWhatIf(middle);
  if (middle && wants('matching')) await benchMatching(middle, Math.min(5, repeats), threads);
  if (wants('csv')) benchCsv(say);
  if (wants('json')) await benchJson(say);
}

/** Small rounds need more repeats until the compiler has seen enough of them. */
const repeatsFor = ({ n, k }: Size, repeats: number): number =>
  Math.max(repeats, Math.ceil(30_000_000 / (n * k)));

interface Size {
  readonly n: number;
  readonly k: number;
}

async function benchWalk({ n, k }: Size, repeats: number): Promise<void> {
  const m = programsFor(n);
  const columns = inventColumns({ n, m, k, shared: true });
  const bytes = Object.values(columnBytes({ n, m, k })).reduce((sum, each) => sum + each, 0);
  say(`\n${n} candidates x ${k} preferences, ${m} programs, columns ${(bytes / 1e6).toFixed(0)} MB`);
  await withFiles(columns, async (directory) => {
    // Each yardstick holds the columns once more, and the copy in rank order stands in memory and in files.
    const hasRoom = totalmem() > 6 * bytes;
    const yardsticks = startYardsticks(columns, directory);
    if (yardsticks.length === 0) say('  no C compiler: times only');
    await takeTurns('rows as registered', columns, { directory, repeats, yardsticks });
    if (hasRoom) {
      const ranked = inRankOrder(columns);
      await withFiles(ranked, (files) =>
        takeTurns('rows in rank order', ranked, { directory: files, repeats, yardsticks }),
      );
    }
    for (const { stop } of yardsticks) stop();
    const peak = peakBytes(directory);
    say(`  peak memory of a whole run (read, place, verify, write): ${memory(peak, bytes)}`);
    say(`  without what an empty round takes: ${memory(peak - (await emptyPeakBytes()), bytes)}`);
  });
}

interface Turns {
  /** The same columns in files. */
  readonly directory: string;
  readonly repeats: number;
  readonly yardsticks: readonly Yardstick[];
}

/** C and our own by turns, so that a busy machine is equally busy for both; the best of each. */
async function takeTurns(
  title: string,
  columns: Columns,
  { directory, repeats, yardsticks }: Turns,
): Promise<void> {
  const least = yardsticks.map(() => ({
    cpu: Number.POSITIVE_INFINITY,
    wall: Number.POSITIVE_INFINITY,
    checksum: 0,
  }));
  let outcome = placeColumns(columns);
  const own = {
    cpu: Number.POSITIVE_INFINITY,
    verify: Number.POSITIVE_INFINITY,
    file: Number.POSITIVE_INFINITY,
  };
  let violations = 0;
  for (let i = 0; i < repeats; i++) {
    for (const [index, yardstick] of yardsticks.entries()) {
      const { cpu, wall, checksum } = await yardstick.run();
      const before = least[index] ?? { cpu, wall };
      least[index] = { cpu: Math.min(before.cpu, cpu), wall: Math.min(before.wall, wall), checksum };
    }
    own.cpu = Math.min(
      own.cpu,
      best(1, () => {
        outcome = placeColumns(columns);
      }),
    );
    own.verify = Math.min(
      own.verify,
      best(1, () => {
        violations = verifyColumns(columns, listsIn(columns), outcome).length;
      }),
    );
    own.file = Math.min(
      own.file,
      best(1, () => placeFromFile(columns, directory, outcome)),
    );
  }
  const ratios = (time: number, kind: 'cpu' | 'wall'): string =>
    least.map((each, i) => `, ${(time / each[kind]).toFixed(2)} x ${yardsticks[i]?.name}`).join('');
  say(`  ${title}`);
  for (const [i, { cpu, wall }] of least.entries())
    say(`    ${yardsticks[i]?.name}: ${ms(cpu)} (wall ${ms(wall)})`);
  if (title === 'rows as registered' && least.some((each) => each.checksum !== checksum(outcome)))
    say('    OUTCOMES DIFFER');
  say(`    lists in memory: ${ms(own.cpu)}${ratios(own.cpu, 'cpu')}`);
  say(`    lists in their file, with reading them: ${ms(own.file)}${ratios(own.file, 'cpu')}`);
  say(
    `    verifier: ${ms(own.verify)} = ${(own.verify / own.cpu).toFixed(2)} x placing, ${violations} violations`,
  );
}

function placeFromFile(columns: Columns, directory: string, expected: ColumnsOutcome): void {
  const { lists, close } = openLists(join(directory, 'prefs.u16'), columns);
  const outcome = placeSliced(columns, lists);
  close();
  if (checksum(outcome) !== checksum(expected)) throw new Error('slices changed the outcome');
}

function inRankOrder(columns: Columns): Columns {
  const { n, k } = columns;
  const order = new Uint32Array(n);
  rankRows(columns, order, new Uint32Array(n));
  const shared = (bytes: number): SharedArrayBuffer => new SharedArrayBuffer(bytes);
  const prefs = new Uint16Array(shared(2 * n * k));
  const score = new Uint16Array(shared(2 * n));
  const tiehi = new Uint32Array(shared(4 * n));
  const tielo = new Uint32Array(shared(4 * n));
  order.forEach((row, rank) => {
    score[rank] = columns.score[row] ?? 0;
    tiehi[rank] = columns.tiehi[row] ?? 0;
    tielo[rank] = columns.tielo[row] ?? 0;
    prefs.set(columns.prefs.subarray(row * k, (row + 1) * k), rank * k);
  });
  return { ...columns, prefs, score, tiehi, tielo };
}

/** As bench/placement.c computes it. */
function checksum({ program, preference, reason }: ColumnsOutcome): number {
  let sum = 2166136261;
  for (let row = 0; row < program.length; row++) {
    const word = (program[row] ?? 0) | ((preference[row] ?? 0) << 16) | ((reason[row] ?? 0) << 24);
    sum = Math.imul(sum ^ word, 16777619);
  }
  return sum >>> 0;
}

/** Largest resident size (where the system tells) of the command as people run it: `place DIR --out …` on one thread. */
function peakBytes(directory: string): number {
  const out = mkdtempSync(join(tmpdir(), 'placement-out-'));
  const script = `
    await import(${JSON.stringify(join(import.meta.dirname, '../apps/cli/main.mjs'))});
    const status = (await import('node:fs')).readFileSync('/proc/self/status', 'utf8');
    process.stdout.write('peak ' + /VmHWM:\\s+(\\d+)/.exec(status)[1]);`;
  const words = ['main.mjs', 'place', directory, '--out', out, '--json'];
  const run = spawnSync(process.execPath, ['--input-type=module', '--eval', script, ...words], {
    encoding: 'utf8',
  });
  rmSync(out, { recursive: true });
  return 1024 * Number(/peak (\d+)/u.exec(run.stdout)?.[1] ?? Number.NaN);
}

const memory = (size: number, columns: number): string =>
  `${(size / 1e6).toFixed(0)} MB = ${(size / columns).toFixed(2)} x columns`;

/** The runtime itself: a round of ten candidates. */
const emptyPeakBytes = (): Promise<number> => withFiles(inventColumns({ n: 10, m: 20, k: 1 }), peakBytes);

function benchWhatIf({ n, k }: Size): void {
  const columns = inventColumns({ n, m: programsFor(n), k });
  say(`\nwhat-if on ${n} x ${k}`);
  const start = cpuNow();
  const session = openSession(columns);
  say(`  open a session (place and index): ${ms(cpuNow() - start)}`);
  const times: number[] = [];
  let moved = 0;
  for (let i = 0; i < 200; i++) {
    const index = (i * 7919) % columns.m;
    const seats = columns.cap[index] ?? 0;
    const kinds: ColumnChange[] = [
      { kind: 'cap', index, value: seats + 1 },
      { kind: 'cap', index, value: Math.max(0, seats - 1) },
      { kind: 'line', index, value: (columns.line[index] ?? 0) + 10 },
      { kind: 'withdraw', index: (i * 104_729) % n },
    ];
    const change = kinds[i % 4];
    if (change === undefined) continue;
    const begin = cpuNow();
    moved = Math.max(moved, whatIfColumns(session, [change]).moves.length);
    times.push(cpuNow() - begin);
  }
  times.sort((a, b) => a - b);
  const at = (share: number): string => ms(times[Math.floor(share * (times.length - 1))] ?? 0);
  say(`  one change: median ${at(0.5)}, 95 % ${at(0.95)}, slowest ${at(1)}; longest chain ${moved} people`);
}

async function benchMatching({ n, k }: Size, repeats: number, threads: number): Promise<void> {
  const columns = inventColumns({ n, m: programsFor(n), k, merit: true, shared: true });
  let outcome = placeMatching(columns);
  const time = best(repeats, () => {
    outcome = placeMatching(columns);
  });
  let violations = 0;
  const check = best(repeats, () => {
    violations = verifyColumnsMatching(columns, outcome).length;
  });
  let wall = Number.POSITIVE_INFINITY;
  for (let i = 0; i < repeats; i++) wall = Math.min(wall, await matchTogether(columns, threads, outcome));
  say(`\ngeneral matching ${n} x ${k}: ${ms(time)}; ${threads} threads wall ${ms(wall)}`);
  say(`  verifier ${ms(check)} = ${(check / time).toFixed(2)} x, ${violations} violations`);
}

async function matchTogether(columns: Columns, threads: number, expected: ColumnsOutcome): Promise<number> {
  const start = performance.now();
  const matching = shareMatching(columns);
  const prepared = performance.now() - start;
  const helpers = await startHelpers(matching, threads - 1);
  const begin = performance.now();
  const outcome = matchShared(matching);
  const time = prepared + performance.now() - begin;
  await Promise.all(helpers.map((helper) => helper.terminate()));
  if (checksum(outcome) !== checksum(expected)) throw new Error('threads changed the outcome');
  return time;
}
