import type { Columns } from '#placement/columns';
import type { Instance } from '#placement/model';
import { seeded } from './random.ts';

/** A small round in columns: ties, empty lists, holes, duplicates, unknown codes, zero plans, lines. */
export function randomColumns(seed: number): Columns {
  const { below, chance } = seeded(seed);
  const [n, m, k] = [below(40), 1 + below(8), 1 + below(5)];
  const score = Uint16Array.from({ length: n }, () => 500 + below(4));
  const tiehi = Uint32Array.from(score, (value) => value * 0x2_0000 + (200 + below(2)) * 256 + 100);
  const tielo = Uint32Array.from(score, () => below(2) * 0x20_0000 + below(2));
  const prefs = Uint16Array.from({ length: n * k }, () => {
    if (chance(0.2)) return 0xffff;
    return chance(0.05) ? m + below(3) : below(m);
  });
  const cap = Uint32Array.from({ length: m }, () => (chance(0.2) ? 0 : below(8)));
  const line = Uint16Array.from({ length: m }, () => (chance(0.6) ? 0 : 500 + below(5)));
  return { n, m, k, score, tiehi, tielo, prefs, cap, line };
}

/** The same round in the exchange format: row number as registration order, program number as code. */
export function toInstance({ n, m, k, score, tiehi, tielo, prefs, cap, line }: Columns): Instance {
  const unfilled = prefs instanceof Uint16Array ? 0xffff : 0xffff_ffff;
  return {
    candidates: Array.from({ length: n }, (_, row) => ({
      id: `row ${row}`,
      score: score[row] ?? 0,
      tie: [tiehi[row] ?? 0, tielo[row] ?? 0],
      seq: row,
      // An unfilled preference keeps its place, so that positions agree; the empty code is never a program.
      prefs: [...prefs.subarray(row * k, row * k + k)].map((code) => (code === unfilled ? '' : String(code))),
    })),
    programs: Array.from({ length: m }, (_, program) => ({
      code: String(program),
      plan: cap[program] ?? 0,
      line: line[program] ?? 0,
    })),
  };
}

/** More candidates than seats, long lists: one seat more or less moves a chain of people. */
export function crowdedColumns(seed: number): Columns {
  const { below } = seeded(seed);
  const [n, m, k] = [200, 20, 10];
  const score = Uint16Array.from({ length: n }, () => 500 + below(6));
  const tiehi = Uint32Array.from(score, (value) => value * 0x2_0000 + below(200));
  const tielo = Uint32Array.from(score, () => below(3));
  const prefs = Uint16Array.from({ length: n * k }, () => below(m));
  const cap = Uint32Array.from({ length: m }, () => 5 + below(6));
  const line = Uint16Array.from({ length: m }, () => (below(4) === 0 ? 501 + below(3) : 0));
  return { n, m, k, score, tiehi, tielo, prefs, cap, line };
}

/** A round of many parts: the small round many times over, one copy after the other in score. */
export function repeated(columns: Columns, times: number): Columns {
  const { n, k } = columns;
  const rows = Array.from({ length: n * times }, (_, row) => row % n);
  const lists = rows.flatMap((row) => [...columns.prefs.subarray(row * k, row * k + k)]);
  const score = Uint16Array.from(rows, (row, i) => (columns.score[row] ?? 0) - Math.floor(i / n));
  return {
    ...columns,
    n: n * times,
    score,
    tiehi: Uint32Array.from(
      score,
      (value, i) => value * 0x2_0000 + ((columns.tiehi[rows[i] ?? 0] ?? 0) & 0x1_ffff),
    ),
    tielo: Uint32Array.from(rows, (row) => columns.tielo[row] ?? 0),
    prefs: Uint16Array.from(lists),
    cap: columns.cap.map((seats) => seats * Math.floor(times / 3)),
    line: columns.line.map((line) => (line === 0 ? 0 : line - Math.floor(times / 2))),
  };
}
