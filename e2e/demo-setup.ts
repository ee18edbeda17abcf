import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { startServer } from './server.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Data folder with the demonstration season, its server stopped; every scenario works on a copy. */
    demoTemplate: string;
  }
}

/** Builds the demonstration season once a run: it takes as long as the scenarios themselves. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const dataDir = await mkdtemp(join(tmpdir(), 'zhizhao-e2e-demo-'));
  const server = await startServer({ demo: 'yes', dataDir });
  await server.stop();
  project.provide('demoTemplate', dataDir);
  return () => rm(dataDir, { recursive: true, force: true });
}
