import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { stopPostmaster } from '#platform/db/postmaster';

const PREFIX = 'zhizhao-test-';

declare module 'vitest' {
  interface ProvidedContext {
    /** Folder of this run's throw-away cluster; the first test that wants a database starts it. */
    testDataDir: string;
  }
}

/** Names the folder of the throw-away cluster; nothing is started until a test asks for a database. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  await sweepAbandoned();
  const dataDir = mkdtempSync(join(tmpdir(), `${PREFIX}${process.pid}-`));
  project.provide('testDataDir', dataDir);
  return () => discard(dataDir);
}

/** Clusters of runs that were killed before they could tidy up. */
async function sweepAbandoned(): Promise<void> {
  for (const name of readdirSync(tmpdir()).filter((entry) => entry.startsWith(PREFIX))) {
    const pid = Number(name.slice(PREFIX.length).split('-')[0]);
    if (!isAlive(pid)) await discard(join(tmpdir(), name));
  }
}

async function discard(dataDir: string): Promise<void> {
  await stopPostmaster(join(dataDir, 'pg'), 'immediate');
  rmSync(dataDir, { recursive: true, force: true, maxRetries: 5 });
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
