import { type Columns, type ColumnsOutcome, isWide } from './columns.ts';
import { rankRows } from './columns-sort.ts';
import { endWalk, startWalk, walkStretch } from './columns-walk.ts';
import type { TiePolicy } from './model.ts';

/**
 * Places a large round: 平行志愿 by the common order. Beyond the input it needs the order (4 bytes a candidate) and
 * the outcome (4 bytes a candidate), whose memory serves the sort before the walk fills it.
 */
export function placeColumns(columns: Columns, tiePolicy: TiePolicy = 'strict'): ColumnsOutcome {
  const order = new Uint32Array(columns.n);
  const outcome = emptyOutcome(columns);
  rankRows(columns, order, new Uint32Array(outcome.program.buffer, 0, columns.n));
  walkWhole({ columns, order, outcome }, tiePolicy);
  return outcome;
}

export interface RankedRound {
  readonly columns: Columns;
  /** Rows best first. */
  readonly order: Uint32Array;
  readonly outcome: ColumnsOutcome;
}

/** The walk over lists that lie in memory as they were registered. */
export function walkWhole({ columns, order, outcome }: RankedRound, tiePolicy: TiePolicy): void {
  const walk = startWalk(columns, outcome);
  walkStretch(walk, { rank: 0, columns, places: order, rows: order }, tiePolicy);
  endWalk(columns, walk);
}

/** One buffer for all three columns of the outcome. */
export function emptyOutcome(
  { n, m }: Pick<Columns, 'n' | 'm'>,
  allocate = (bytes: number): ArrayBuffer | SharedArrayBuffer => new ArrayBuffer(bytes),
): ColumnsOutcome {
  const width = isWide({ m }) ? 4 : 2;
  const buffer = allocate(n * (width + 2));
  return {
    program: width === 4 ? new Uint32Array(buffer, 0, n) : new Uint16Array(buffer, 0, n),
    preference: new Uint8Array(buffer, n * width, n),
    reason: new Uint8Array(buffer, n * (width + 1), n),
    filed: new Uint32Array(m),
  };
}
