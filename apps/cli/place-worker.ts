import { parentPort, workerData } from 'node:worker_threads';
import { helpPlacing, type SharedRound } from '#placement/columns-shared';

/** A helper thread: lives for one placement. */
parentPort?.postMessage('ready');
helpPlacing(workerData as SharedRound);
