import { Worker } from 'node:worker_threads';
import type { Columns, ColumnsOutcome } from '#placement/columns';
import { placeMatching } from '#placement/columns-matching';
import { matchShared, type SharedMatching, shareMatching } from '#placement/columns-matching-shared';

/** Below this size starting a thread costs more than it saves. */
const HELP_FROM = 500_000;

/** Matches with helper threads where they help; the outcome is the same for any number of threads. */
export async function matchWithHelpers(
  columns: Columns,
  threads: number,
  helpFrom = HELP_FROM,
): Promise<ColumnsOutcome> {
  if (threads < 2 || columns.n < helpFrom) return placeMatching(columns);
  const matching = shareMatching(columns);
  return withHelpers(matching, threads - 1, () => matchShared(matching));
}

async function withHelpers(
  matching: SharedMatching,
  count: number,
  run: () => ColumnsOutcome,
): Promise<ColumnsOutcome> {
  const helpers = await startHelpers(matching, count);
  try {
    return run();
  } finally {
    await Promise.all(helpers.map((helper) => helper.terminate()));
  }
}

/** Helpers that are up and waiting for their part. */
export function startHelpers(matching: SharedMatching, count: number): Promise<Worker[]> {
  const start = (): Promise<Worker> =>
    new Promise((resolve, reject) => {
      const worker = new Worker(new URL('./place-worker.ts', import.meta.url), { workerData: matching });
      worker.once('message', () => resolve(worker));
      worker.once('error', reject);
    });
  return Promise.all(Array.from({ length: count }, start));
}
