import { parentPort, workerData } from 'node:worker_threads';
import { helpMatching, type SharedMatching } from '#placement/columns-matching-shared';

/** A helper thread: lives for one matching. */
parentPort?.postMessage('ready');
helpMatching(workerData as SharedMatching);
