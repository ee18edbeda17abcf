import { parentPort, workerData } from 'node:worker_threads';
import { helpMatching } from '#placement/columns-matching-shared';
import { helpPlacing } from '#placement/columns-shared';
import type { HelperTask } from './place-threads.ts';

/** A helper thread: lives for one placement. */
parentPort?.postMessage('ready');
const task = workerData as HelperTask;
if ('round' in task) helpPlacing(task.round);
else helpMatching(task.matching);
