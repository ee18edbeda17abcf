import { Worker } from 'node:worker_threads';
import { type Columns, type ColumnsOutcome, isWide } from '#placement/columns';
import { placeColumns } from '#placement/columns-place';
import { placeShared, type SharedRound, shareRound } from '#placement/columns-shared';

/** Below this size starting a thread costs more than it saves. */
export const HELP_FROM = 500_000;

/** Places with helper threads where they help; the outcome is the same for any number of threads. */
export async function placeWithHelpers(
  columns: Columns,
  threads: number,
  helpFrom = HELP_FROM,
): Promise<ColumnsOutcome> {
  if (isWide(columns) || columns.n < helpFrom) return placeColumns(columns);
  const round = shareRound(columns);
  const helpers = await startHelpers(round, threads - 1);
  try {
    return placeShared(round);
  } finally {
    await Promise.all(helpers.map((helper) => helper.terminate()));
  }
}

/** Helpers that are up and waiting for the sort. */
export function startHelpers(round: SharedRound, count: number): Promise<Worker[]> {
  const start = (): Promise<Worker> =>
    new Promise((resolve, reject) => {
      const worker = new Worker(new URL('./place-worker.ts', import.meta.url), { workerData: round });
      worker.once('message', () => resolve(worker));
      worker.once('error', reject);
    });
  return Promise.all(Array.from({ length: count }, start));
}
