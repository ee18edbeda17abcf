import { mkdir, rm, writeFile } from 'node:fs/promises';
import { sql } from 'kysely';
import type { Db } from '#platform/db/pool';
import { withProcessLock } from '#platform/process-lock';
import type { Runtime } from '#platform/runtime';
import { buildDemo, DEMO_CODE, type DemoReport } from './build.ts';
import { newDemoPassword, saveLogins } from './logins.ts';
import type { DemoSize } from './sizes.ts';
import { isUnfinished, markIn } from './unfinished-mark.ts';

const WAIT_MS = 30 * 60_000;

/** One builder at a time for a data folder; another process waits. */
export const whileBuilding = <T>(dataDir: string, work: () => Promise<T>): Promise<T> =>
  withProcessLock(`demo ${dataDir}`, WAIT_MS, work);

/** Builds the season and keeps its logins; a process that dies meanwhile leaves the mark. Call it inside whileBuilding. */
export async function buildMarked(
  runtime: Runtime,
  given: { dataDir: string; size: DemoSize; say: (line: string) => void },
): Promise<DemoReport | 'exists'> {
  const { dataDir, size, say } = given;
  await dropUnfinished(runtime.owner(), dataDir);
  await mkdir(dataDir, { recursive: true });
  await writeFile(markIn(dataDir), '');
  const report = await buildDemo(runtime, { size, password: newDemoPassword(), say });
  if (report !== 'exists') await saveLogins(dataDir, report);
  await rm(markIn(dataDir));
  return report;
}

/** Empties a database that holds nothing but a season whose building was killed; true when it did. Anything else is left alone. */
export async function dropUnfinished(owner: Db, dataDir: string, code = DEMO_CODE): Promise<boolean> {
  if (!(await isUnfinished(dataDir))) return false;
  const { rows } = await sql<{ code: string }>`select code from tenant`.execute(owner.kysely);
  const alone = rows.length === 1 && rows[0]?.code === code;
  if (alone) await sql`truncate tenant cascade`.execute(owner.kysely);
  await rm(markIn(dataDir));
  return alone;
}
