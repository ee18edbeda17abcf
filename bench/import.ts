import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { parseArgs } from 'node:util';
import pg from 'pg';
import { from, to } from 'pg-copy-streams';
import { importPath } from '#delivery';
import { startEmbedded } from '#platform/db/embedded';
import { migrate } from '#platform/db/migrate';
import { closeDb, openDb } from '#platform/db/pool';
import { system } from '#platform/db/tenant';
import { applicationUrl } from '#platform/db/urls';
import { diskFiles } from '#platform/files/store';
import { createTenant } from '#platform/tenant';
import type { GenerateOptions } from '../modules/delivery/testing/generate.ts';

/** Tables that an import fills; the raw COPY loads the very same rows into empty ones of the same make. */
const TABLES = ['candidate', 'phone', 'candidate_phone'] as const;
const DIRT_EVERY = 50;
/** follow-up target: an import at a quarter of a raw COPY or better. */
const RATIO_MIN = 0.25;
const MEMORY_MAX_MIB = 512;

/**
 * Imports a generated delivery through the real use case, then copies the same final rows raw into identical empty tables, with the
 * indexes, constraints and foreign keys they have. Prints both and their ratio; the exit code is 1 when a target is missed.
 */
export async function benchImport(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      rows: { type: 'string', default: '1000000' },
      form: { type: 'string', default: '2012' },
      json: { type: 'boolean', default: false },
    },
  });
  const rows = Number(values.rows);
  const form = values.form === '2017' ? '2017' : '2012';
  const folder = await mkdtemp(join(tmpdir(), 'zhizhao-bench-'));
  const cluster = await startEmbedded({ dataDir: join(folder, 'data') });
  try {
    await migrate(cluster.ownerUrl);
    await generateApart(join(folder, 'delivery'), { form, rows, dirtEvery: DIRT_EVERY });
    const imported = await runImport(cluster.ownerUrl, folder);
    const copySeconds = await rawCopy(cluster.ownerUrl, folder);
    const ratio = copySeconds / imported.seconds;
    const passed = ratio >= RATIO_MIN && imported.memoryMib <= MEMORY_MAX_MIB;
    const figures = { rows, form, ...imported, copySeconds, ratio, passed };
    if (values.json) process.stdout.write(`${JSON.stringify({ bench: 'import', ...figures })}\n`);
    else print(figures);
    if (!passed) process.exitCode = 1;
  } finally {
    await cluster.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

/** In a process of its own, so that the memory measured is the import's. */
async function generateApart(folder: string, options: GenerateOptions): Promise<void> {
  const program = new URL('../modules/delivery/testing/generate.ts', import.meta.url).href;
  const script = `(await import(${JSON.stringify(program)})).generateDelivery(${JSON.stringify(folder)}, ${JSON.stringify(options)})`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: 'inherit' });
  const [code] = await once(child, 'exit');
  if (code !== 0) throw new Error('the delivery was not made');
}

async function runImport(
  ownerUrl: string,
  folder: string,
): Promise<{ seconds: number; memoryMib: number; candidates: number }> {
  const owner = openDb(ownerUrl, { max: 2 });
  const db = openDb(applicationUrl(ownerUrl), { max: 4 });
  const masterKey = randomBytes(32);
  let peak = 0;
  const timer = setInterval(() => {
    peak = Math.max(peak, process.memoryUsage.rss());
  }, 100);
  try {
    const tenant = await createTenant(owner, masterKey, {
      code: 'bench',
      name: '测试学院',
      kind: 'institution',
    });
    if (tenant === 'taken') throw new Error('tenant exists');
    const place = {
      env: { db, masterKey },
      files: diskFiles(join(folder, 'files')),
      caller: { tenantId: tenant.id, actor: system },
    };
    const started = performance.now();
    const steps = stepClock();
    const result = await importPath(
      place,
      {
        path: join(folder, 'delivery'),
        year: 2023,
        province: '51',
        batch: '本科批',
        collegeName: '测试学院',
      },
      async ({ step }) => steps.at(step ?? ''),
    );
    const seconds = (performance.now() - started) / 1000;
    if (!result.ok) throw new Error(result.error.message);
    steps.print();
    return { seconds, memoryMib: peak / 2 ** 20, candidates: result.value.figures.candidates };
  } finally {
    clearInterval(timer);
    await closeDb(db);
    await closeDb(owner);
  }
}

/** Seconds each step of the import took. */
function stepClock(): { at: (step: string) => void; print: () => void } {
  const seconds = new Map<string, number>();
  let step = '开始';
  let since = performance.now();
  const at = (next: string): void => {
    const now = performance.now();
    seconds.set(step, (seconds.get(step) ?? 0) + (now - since) / 1000);
    step = next;
    since = now;
  };
  return {
    at,
    print: () => {
      at('');
      for (const [name, taken] of seconds) process.stderr.write(`  ${name}：${taken.toFixed(1)} 秒\n`);
    },
  };
}

/** Writes the rows to disk first, so that only loading is measured. */
async function rawCopy(ownerUrl: string, folder: string): Promise<number> {
  const client = new pg.Client({ connectionString: ownerUrl });
  await client.connect();
  try {
    await client.query('create schema raw');
    for (const table of TABLES) {
      await client.query(`create table raw.${table} (like public.${table} including all)`);
      const columns = await columnsOf(client, table);
      const query = `copy (select ${columns} from public.${table}) to stdout`;
      await pipeline(client.query(to(query)), createWriteStream(join(folder, table)));
    }
    await copyForeignKeys(client);
    await client.query('checkpoint');
    const started = performance.now();
    await client.query('begin');
    for (const table of TABLES) {
      const columns = await columnsOf(client, table);
      const copy = client.query(from(`copy raw.${table} (${columns}) from stdin`));
      await pipeline(createReadStream(join(folder, table), { highWaterMark: 1 << 20 }), copy);
    }
    await client.query('commit');
    return (performance.now() - started) / 1000;
  } finally {
    await client.end();
  }
}

async function columnsOf(client: pg.Client, table: string): Promise<string> {
  const { rows } = await client.query<{ columns: string }>(
    `select string_agg(quote_ident(attname), ', ' order by attnum) as columns from pg_attribute
     where attrelid = $1::regclass and attnum > 0 and not attisdropped and attgenerated = ''`,
    [`public.${table}`],
  );
  return rows[0]?.columns ?? '';
}

/** `like` leaves foreign keys out. Those between the three tables point to the copies. */
async function copyForeignKeys(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ table: string; definition: string }>(
    `select conrelid::regclass::text as table, pg_get_constraintdef(oid) as definition from pg_constraint
     where contype = 'f' and conrelid = any($1::regclass[])`,
    [TABLES.map((table) => `public.${table}`)],
  );
  for (const { table, definition } of rows) {
    const own = definition.replace(/REFERENCES (candidate|phone)\(/, 'REFERENCES raw.$1(');
    await client.query(`alter table raw.${table} add ${own}`);
  }
}

function print(given: {
  rows: number;
  form: string;
  seconds: number;
  memoryMib: number;
  candidates: number;
  copySeconds: number;
  ratio: number;
  passed: boolean;
}): void {
  const { rows, form, seconds, memoryMib, candidates, copySeconds, ratio, passed } = given;
  process.stdout.write(
    [
      `导入 ${rows} 行（${form} 版），${candidates} 名考生：${seconds.toFixed(1)} 秒，每秒 ${Math.round(rows / seconds)} 行，内存峰值 ${Math.round(memoryMib)} MiB`,
      `同样的行直接 COPY：${copySeconds.toFixed(1)} 秒`,
      `比值 ${(ratio * 100).toFixed(1)}%（要求不低于 ${RATIO_MIN * 100}%，内存不超过 ${MEMORY_MAX_MIB} MiB）：${passed ? '达到' : '未达到'}`,
      '',
    ].join('\n'),
  );
}
