import { Worker } from 'node:worker_threads';
import { type Columns, type ColumnsOutcome, isWide } from '#placement/columns';
import { placeMatching } from '#placement/columns-matching';
import { matchShared, type SharedMatching, shareMatching } from '#placement/columns-matching-shared';
import { placeColumns } from '#placement/columns-place';
import { placeShared, type SharedRound, shareRound } from '#placement/columns-shared';

/** Below this size starting a thread costs more than it saves. */
export const HELP_FROM = 500_000;

export type HelperTask = { readonly round: SharedRound } | { readonly matching: SharedMatching };

/** Places with helper threads where they help; the outcome is the same for any number of threads. */
export async function placeWithHelpers(
  columns: Columns,
  threads: number,
  helpFrom = HELP_FROM,
): Promise<ColumnsOutcome> {
  if (isWide(columns) || threads < 2 || columns.n < helpFrom) return placeColumns(columns);
  const round = shareRound(columns);
  return withHelpers({ round }, threads - 1, () => placeShared(round));
}

/** The same where programs rank for themselves. */
export async function matchWithHelpers(
  columns: Columns,
  threads: number,
  helpFrom = HELP_FROM,
): Promise<ColumnsOutcome> {
  if (threads < 2 || columns.n < helpFrom) return placeMatching(columns);
  const matching = shareMatching(columns);
  return withHelpers({ matching }, threads - 1, () => matchShared(matching));
}

async function withHelpers(
  task: HelperTask,
  count: number,
  run: () => ColumnsOutcome,
): Promise<ColumnsOutcome> {
  const helpers = await startHelpers(task, count);
  try {
    return run();
  } finally {
    await Promise.all(helpers.map((helper) => helper.terminate()));
  }
}

/** Helpers that are up and waiting for their part. */
export function startHelpers(task: HelperTask, count: number): Promise<Worker[]> {
  const start = (): Promise<Worker> =>
    new Promise((resolve, reject) => {
      const worker = new Worker(new URL('./place-worker.ts', import.meta.url), { workerData: task });
      worker.once('message', () => resolve(worker));
      worker.once('error', reject);
    });
  return Promise.all(Array.from({ length: count }, start));
}
