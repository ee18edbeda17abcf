import type { ColumnsOutcome, Keys } from './columns.ts';

/** The row with the worst key filed at each program, -1 where nobody was: the published cut-off. */
export function cutoffRows({ n, m, tiehi, tielo }: Keys, { program }: ColumnsOutcome): Int32Array {
  const last = new Int32Array(m).fill(-1);
  for (let row = 0; row < n; row++) {
    const filed = program[row] as number;
    if (filed >= m) continue;
    const worst = last[filed] as number;
    const difference =
      worst < 0
        ? -1
        : (tiehi[row] as number) - (tiehi[worst] as number) ||
          (tielo[row] as number) - (tielo[worst] as number);
    // Rows come ascending, so among equal keys the later row is the worse one.
    if (difference <= 0) last[filed] = row;
  }
  return last;
}

/** `programs.csv`: code, number filed, cut-off score and full key, cap and line. */
export function programsCsv(columns: Keys, outcome: ColumnsOutcome, codes: readonly string[] | null): string {
  const { score, tiehi, tielo, cap, line } = columns;
  const last = cutoffRows(columns, outcome);
  const lineOf = (program: number): string => {
    const row = last[program] as number;
    const code = quoted(codes?.[program] ?? String(program));
    const key = row < 0 ? ',,' : `${score[row]},${tiehi[row]},${tielo[row]}`;
    return `${code},${outcome.filed[program]},${key},${cap[program]},${line[program]}\n`;
  };
  // Text is joined in pieces, so that the parts of one line are gone before the next thousand.
  const pieces = ['code,filed,cutoff,cutoff_tiehi,cutoff_tielo,cap,line\n'];
  for (let from = 0; from < columns.m; from += PIECE_LINES) {
    const count = Math.min(PIECE_LINES, columns.m - from);
    pieces.push(Array.from({ length: count }, (_, i) => lineOf(from + i)).join(''));
  }
  return pieces.join('');
}

const PIECE_LINES = 1000;

function quoted(text: string): string {
  return /[",\n\r]/u.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
