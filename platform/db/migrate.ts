import { readdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import pg from 'pg';
import { SetupError } from '#platform/setup-error';

const folder = new URL('../../migrations/', import.meta.url);
/** Any constant: the one advisory lock of the system, held while migrating. */
const MIGRATION_LOCK = 7_014_003;

/**
 * Brings the database to the newest schema, as its owner: our numbered SQL files, each in one transaction, then the job
 * queue's own tables. Returns the names of the files applied now. Forward only; a changed old file is not looked at.
 */
export async function migrate(ownerUrl: string): Promise<string[]> {
  const client = new pg.Client({ connectionString: ownerUrl });
  await client.connect();
  try {
    await client.query('select pg_advisory_lock($1)', [MIGRATION_LOCK]);
    await client.query(
      'create table if not exists migration (name text primary key, applied_at timestamptz not null default now())',
    );
    const done = new Set(
      (await client.query<{ name: string }>('select name from migration')).rows.map((row) => row.name),
    );
    const applied: string[] = [];
    const ours = (await readdir(folder)).filter((file) => file.endsWith('.sql')).sort();
    refuseNewer(done, ours);
    for (const name of ours) {
      if (done.has(name)) continue;
      await applyFile(client, name);
      applied.push(name);
    }
    await migrateJobQueue(ownerUrl, client, done);
    return applied;
  } finally {
    await client.end();
  }
}

const NOT_ALLOWED = '42501';

const rightsMissing = (error: unknown): string =>
  `DATABASE_URL 的账号权限不够（${(error as Error).message}），没有建立任何表。请由数据库管理员让它成为这个数据库的所有者，并执行 create role zhizhao_app nologin 和 grant zhizhao_app to 该账号；详见 docs/operations.md。`;

/** A newer version has changed what this one would read and write: nothing may be touched. */
function refuseNewer(done: ReadonlySet<string>, ours: readonly string[]): void {
  const unknown = [...done].filter((name) => name.endsWith('.sql') && !ours.includes(name)).sort();
  if (unknown.length === 0) return;
  throw new SetupError(
    `这个数据库由更新版本的智招使用过（本版没有它的升级步骤 ${unknown.join('、')}），没有启动，数据没有改动。请用当时的版本启动，或恢复升级前的备份。`,
  );
}

async function applyFile(client: pg.Client, name: string): Promise<void> {
  const text = await readFile(new URL(name, folder), 'utf8');
  await client.query('begin');
  try {
    await client.query(text);
    await client.query('insert into migration (name) values ($1)', [name]);
    await client.query('commit');
  } catch (error) {
    await client.query('rollback');
    if ((error as { code?: unknown }).code === NOT_ALLOWED) throw new SetupError(rightsMissing(error));
    throw new Error(`migration ${name} failed`, { cause: error });
  }
}

const { dependencies } = createRequire(import.meta.url)('../../package.json') as {
  dependencies: Record<'graphile-worker', string>;
};

/** The queue's tables change with its package only, which takes long to load for finding nothing to do. */
async function migrateJobQueue(
  ownerUrl: string,
  client: pg.Client,
  done: ReadonlySet<string>,
): Promise<void> {
  const name = `job_queue ${dependencies['graphile-worker']}`;
  if (!done.has(name)) {
    const { makeWorkerUtils } = await import('graphile-worker');
    const utils = await makeWorkerUtils({ connectionString: ownerUrl, schema: 'job_queue' });
    await utils.release();
    await client.query('insert into migration (name) values ($1)', [name]);
  }
  await client.query(enqueueFunction);
}

/** Allowed SECURITY DEFINER: the application may put one kind of job, naming a row of `job`, and nothing else. */
const enqueueFunction = `
create or replace function enqueue_job(tenant uuid, job_id uuid, run_at timestamptz default now()) returns void
language sql security definer set search_path = job_queue, pg_temp as $$
  select job_queue.add_job('run_job', json_build_object('tenantId', tenant, 'jobId', job_id), run_at := run_at,
    job_key := job_id::text, max_attempts := 8);
$$;
revoke all on function enqueue_job(uuid, uuid, timestamptz) from public;
grant execute on function enqueue_job(uuid, uuid, timestamptz) to zhizhao_app;`;
