import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  interface ProvidedContext {
    /** Data folder for the demonstration season: the first scenario that wants it builds it there, every one works on a copy. */
    demoTemplate: string;
  }
}

/** Names the folder of the demonstration season; nothing is built until a scenario asks for it. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const dataDir = await mkdtemp(join(tmpdir(), 'zhizhao-e2e-demo-'));
  project.provide('demoTemplate', dataDir);
  return () => rm(dataDir, { recursive: true, force: true });
}
