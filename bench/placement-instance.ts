import { type Columns, unfilled } from '../placement/columns.ts';

/** An invented province: 3+1+2 marks, programs of every standing, lists of reach, match and safety. */
export interface Shape {
  readonly n: number;
  readonly m: number;
  readonly k: number;
  /** Where columns may be shared between threads. */
  readonly shared?: boolean;
  readonly merit?: boolean;
}

/** Programs that fit n candidates: some 40 seats each, at most what 16 bits can name. */
export function programsFor(n: number): number {
  return Math.max(20, Math.min(60_000, Math.round(n / 40)));
}

function bytes({ shared }: Shape, length: number): ArrayBuffer | SharedArrayBuffer {
  return shared ? new SharedArrayBuffer(length) : new ArrayBuffer(length);
}

function generator(seed: number): () => number {
  let state = seed | 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state >>> 0;
  };
}

/** Columns of an invented round; the same shape gives the same columns. */
export function inventColumns(shape: Shape): Columns {
  const { n, m, k } = shape;
  const random = generator(0x2545f491);
  const score = new Uint16Array(bytes(shape, 2 * n));
  const tiehi = new Uint32Array(bytes(shape, 4 * n));
  const tielo = new Uint32Array(bytes(shape, 4 * n));
  for (let row = 0; row < n; row++) inventMarks({ score, tiehi, tielo }, row, random);
  const prefs = new Uint16Array(bytes(shape, 2 * n * k));
  inventLists({ n, m, k }, { prefs, score }, random);
  const cap = new Uint32Array(bytes(shape, 4 * m));
  const line = new Uint16Array(bytes(shape, 2 * m));
  for (let program = 0; program < m; program++) {
    cap[program] =
      random() % 50 === 0 ? 0 : Math.round((n / m) * 0.9 * (0.1 + ((random() % 1000) / 1000) * 1.8));
    line[program] = program < m * 0.45 ? 450 : 180;
  }
  const columns = { n, m, k, score, tiehi, tielo, prefs, cap, line };
  return shape.merit ? { ...columns, merit: inventMerit(columns, bytes(shape, 2 * n * k), random) } : columns;
}

type Marks = Pick<Columns, 'score' | 'tiehi' | 'tielo'>;

/** Six papers around one ability, as marks are. */
function inventMarks({ score, tiehi, tielo }: Marks, row: number, random: () => number): void {
  const word = random();
  const ability = ((word & 255) + ((word >>> 8) & 255) + ((word >>> 16) & 255)) / 765;
  const mark = (full: number): number => {
    const value = full * (0.15 + 0.75 * ability) + ((random() % 1000) / 1000 - 0.5) * full * 0.25;
    return Math.max(0, Math.min(full, Math.round(value)));
  };
  const [chinese, maths, foreign] = [mark(150), mark(150), mark(150)];
  const [major, second, third] = [mark(100), mark(100), mark(100)];
  const total = chinese + maths + foreign + major + second + third;
  score[row] = total;
  tiehi[row] = (total << 17) | ((chinese + maths) << 8) | Math.max(chinese, maths);
  tielo[row] = (foreign << 21) | (major << 14) | (Math.max(second, third) << 7) | Math.min(second, third);
}

/** Program 0 is the most wanted. A list starts above the candidate's own standing and ends below it. */
function inventLists(
  { n, m, k }: Pick<Columns, 'n' | 'm' | 'k'>,
  { prefs, score }: Pick<Columns, 'prefs' | 'score'>,
  random: () => number,
): void {
  const counts = new Float64Array(751);
  for (const value of score) counts[value] = (counts[value] ?? 0) + 1;
  const standing = new Float64Array(751);
  for (let value = 749; value >= 0; value--) {
    standing[value] = (standing[value + 1] ?? 0) + (counts[value + 1] ?? 0) / Math.max(1, n);
  }
  const none = unfilled({ m });
  for (let row = 0; row < n; row++) {
    const middle = (standing[score[row] ?? 0] ?? 0) * m;
    const filled = random() % 4 === 0 ? 1 + (random() % k) : k;
    const start = row * k;
    for (let i = 0; i < k; i++) {
      const drift = (i / k - 0.36) * 0.22 + ((random() & 0xffff) / 0x1_0000 - 0.5) * 0.16;
      const program = Math.round(middle + drift * m);
      prefs[start + i] = i < filled ? Math.max(0, Math.min(m - 1, program)) : none;
    }
  }
}

/** What each program thinks of each of its applicants: the score, and up to 150 points of its own weighting. */
function inventMerit(
  columns: Columns,
  buffer: ArrayBuffer | SharedArrayBuffer,
  random: () => number,
): Uint16Array {
  const merit = new Uint16Array(buffer);
  for (let row = 0; row < columns.n; row++) {
    const own = (columns.score[row] ?? 0) * 40;
    for (let i = row * columns.k; i < (row + 1) * columns.k; i++) merit[i] = 1 + own + (random() % 6000);
  }
  return merit;
}
