import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { inject } from 'vitest';
import { startEmbedded } from '#platform/db/embedded';
import { migrate } from '#platform/db/migrate';
import { applicationUrl } from '#platform/db/urls';
import { withProcessLock } from '#platform/process-lock';

const TEMPLATE = 'zhizhao_template';
const TEMPLATE_WAIT_MS = 120_000;

export interface TestDatabase {
  /** All rights: for arranging data across tenants and looking behind row-level security. */
  readonly ownerUrl: string;
  /** The unprivileged application role: what the server uses. */
  readonly appUrl: string;
  drop(): Promise<void>;
}

/**
 * A database of its own with all migrations applied, for one test file. The first caller of the run starts the
 * cluster and builds the template; all others copy it.
 */
export async function createTestDatabase(): Promise<TestDatabase> {
  return await copyOf(TEMPLATE, buildTemplate);
}

/** An empty database without migrations, for tests of the platform's own database parts. */
export async function createEmptyDatabase(): Promise<TestDatabase> {
  return await copyOf('template0', async () => {});
}

/** `TEST_DATABASE_URL` names another cluster, for a run on an older PostgreSQL; its user may create databases and roles. */
async function clusterOf(): Promise<string> {
  const outside = process.env.TEST_DATABASE_URL;
  if (outside) return outside;
  return (await startEmbedded({ dataDir: inject('testDataDir'), durability: 'test' })).ownerUrl;
}

async function copyOf(
  template: string,
  prepare: (clusterUrl: string) => Promise<void>,
): Promise<TestDatabase> {
  const clusterUrl = await clusterOf();
  await prepare(clusterUrl);
  const name = `test_${randomBytes(8).toString('hex')}`;
  await execute(clusterUrl, `create database ${name} template ${template} strategy file_copy`);
  const ownerUrl = withDatabase(clusterUrl, name);
  const drop = async () => {
    await execute(clusterUrl, `drop database if exists ${name} with (force)`);
  };
  return { ownerUrl, appUrl: applicationUrl(ownerUrl), drop };
}

/** The template gets its name when it is complete, so that a failed build is never copied. */
function buildTemplate(clusterUrl: string): Promise<void> {
  return withProcessLock(`template ${inject('testDataDir')}`, TEMPLATE_WAIT_MS, async () => {
    if (await exists(clusterUrl)) return;
    const unfinished = `${TEMPLATE}_${randomBytes(4).toString('hex')}`;
    await execute(clusterUrl, `create database ${unfinished}`);
    await migrate(withDatabase(clusterUrl, unfinished));
    await execute(clusterUrl, `alter database ${unfinished} rename to ${TEMPLATE}`);
  });
}

async function exists(clusterUrl: string): Promise<boolean> {
  const rows = await execute(clusterUrl, `select 1 from pg_database where datname = '${TEMPLATE}'`);
  return rows.length > 0;
}

async function execute(url: string, statement: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(statement)).rows;
  } finally {
    await client.end();
  }
}

function withDatabase(clusterUrl: string, name: string): string {
  const url = new URL(clusterUrl);
  url.pathname = `/${name}`;
  return url.href;
}
