import type { Columns, ColumnsOutcome } from './columns.ts';
import { closeMatching, type Matching, openMatching, proposeAll } from './columns-matching.ts';

/**
 * A matching on several threads. The outcome does not depend on who proposes when, so each thread takes its own share of
 * the candidates and goes on with whom it sends away; only a program's desk is for one thread at a time.
 */
export interface SharedMatching {
  readonly matching: Matching;
  /** See `SLOT`. */
  readonly control: Int32Array;
}

const SLOT = { OPEN: 0, STARTED: 1, ENDED: 2, SLOTS: 3 };
const WAIT_MS = 1;

/** Memory that all threads see; the columns must be shared already. */
export function shareMatching(columns: Columns): SharedMatching {
  const shared = (bytes: number): SharedArrayBuffer => new SharedArrayBuffer(bytes);
  return { matching: openMatching(columns, shared), control: new Int32Array(shared(4 * SLOT.SLOTS)) };
}

/** Works on its own too. A helper that comes late finds every row taken. */
export function matchShared({ matching, control }: SharedMatching): ColumnsOutcome {
  Atomics.store(control, SLOT.OPEN, 1);
  Atomics.notify(control, SLOT.OPEN);
  proposeAll(matching);
  for (let ended = Atomics.load(control, SLOT.ENDED); ; ended = Atomics.load(control, SLOT.ENDED)) {
    if (ended === Atomics.load(control, SLOT.STARTED)) return closeMatching(matching);
    Atomics.wait(control, SLOT.ENDED, ended, WAIT_MS);
  }
}

export function helpMatching({ matching, control }: SharedMatching): void {
  Atomics.wait(control, SLOT.OPEN, 0);
  Atomics.add(control, SLOT.STARTED, 1);
  proposeAll(matching);
  Atomics.add(control, SLOT.ENDED, 1);
  Atomics.notify(control, SLOT.ENDED);
}
