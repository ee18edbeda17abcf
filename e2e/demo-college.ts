import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Page } from 'playwright-core';
import { inject } from 'vitest';
import { withProcessLock } from '#platform/process-lock';
import type { Login } from './browser.ts';
import { type RunningServer, startServer } from './server.ts';

export interface DemoLogin extends Login {
  readonly roles: readonly string[];
}

const BUILD_WAIT_MS = 400_000;

/** Builds the demonstration season once a run: it takes as long as the scenarios themselves, so others go on meanwhile. */
async function builtDemo(): Promise<string> {
  const dataDir = inject('demoTemplate');
  await withProcessLock(`demonstration ${dataDir}`, BUILD_WAIT_MS, async () => {
    if (existsSync(join(dataDir, 'demo-logins.json'))) return;
    const server = await startServer({ demo: 'yes', dataDir });
    await server.stop();
  });
  return dataDir;
}

/** A server with a copy of the demonstration season, and the logins it left beside its data. */
export async function startDemo(): Promise<{ server: RunningServer; logins: readonly DemoLogin[] }> {
  const template = await builtDemo();
  const dataDir = await mkdtemp(join(tmpdir(), 'zhizhao-e2e-'));
  // -a keeps the owner: as root, the database runs under an account of its own.
  await promisify(execFile)('cp', ['-a', `${template}/.`, dataDir]);
  const running = await startServer({ dataDir });
  const server: RunningServer = {
    ...running,
    stop: async () => {
      await running.stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
  const { tenant, password, logins } = JSON.parse(
    await readFile(join(server.dataDir, 'demo-logins.json'), 'utf8'),
  ) as {
    tenant: { code: string };
    password: string;
    logins: { username: string; roles: string[]; totpSecret?: string }[];
  };
  return {
    server,
    logins: logins.map((login) => ({ ...login, tenant: tenant.code, password })),
  };
}

/** The logins that hold all of these roles and no other. */
export const holders = (logins: readonly DemoLogin[], ...roles: readonly string[]): DemoLogin[] =>
  logins.filter(
    (login) => login.roles.length === roles.length && roles.every((role) => login.roles.includes(role)),
  );

/** Asks the API with the session of a page. */
export async function ask<T>(page: Page, path: string): Promise<T | null> {
  const response = await page.request.get(`/api${path}`, { headers: { 'x-requested-with': 'zhizhao' } });
  return response.ok() ? ((await response.json()) as T) : null;
}

/** Asks a route that searches. */
export async function find<T>(page: Page, path: string, data: object): Promise<T | null> {
  const response = await page.request.post(`/api${path}`, {
    ...{ headers: { 'x-requested-with': 'zhizhao' }, data },
  });
  return response.ok() ? ((await response.json()) as T) : null;
}

/** Sends an act to the API with the session of a page. */
export async function act(page: Page, path: string, data: object): Promise<number> {
  const headers = { 'x-requested-with': 'zhizhao', 'idempotency-key': randomUUID() };
  const response = await page.request.post(`/api${path}`, { headers, data });
  return response.status();
}
