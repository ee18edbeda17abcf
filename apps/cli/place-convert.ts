import { isWide, ROWS_MAX } from '#placement/columns';
import type { TiePolicy } from '#placement/model';
import { readCandidates } from './place-candidates.ts';
import { openCsv } from './place-csv.ts';
import { inDirectory, progress, Refused, writeAll } from './place-files.ts';
import { sortFiles } from './place-headers.ts';
import { readLists } from './place-lists.ts';
import { idLines } from './place-ranked.ts';
import { type Findings, note, readPrograms } from './place-tables.ts';

export interface Shape {
  readonly n: number;
  readonly m: number;
  readonly k: number;
}

/** CSV exports into columns: rows best first, programs by code, names in `ids.txt` and `codes.txt`. */
export function convertFiles(paths: readonly string[], out: string, tiePolicy?: TiePolicy): Shape {
  const report = progress();
  const sources = sortFiles(paths.map(openCsv));
  const findings: Findings = { list: [], total: 0 };
  const programs = readPrograms(sources.programs, findings);
  report('读入考生');
  const candidates = readCandidates(sources.candidates, findings);
  if (candidates.n > ROWS_MAX) {
    note(findings, 'TOO_MANY', sources.candidates.path, `考生 ${candidates.n} 人，超过上限 ${ROWS_MAX} 人。`);
  }
  report('读入志愿');
  const { k, prefs } = readLists(sources.preferences, { candidates, programs, findings });
  stopAt(findings);
  report('写出列');
  const shape = { n: candidates.n, m: programs.codes.length, k };
  const meta = { ...shape, ...(tiePolicy === undefined ? {} : { tiePolicy }) };
  const bytes = (column: ArrayBufferView): Uint8Array =>
    new Uint8Array(column.buffer, column.byteOffset, column.byteLength);
  const files: Record<string, string | Uint8Array> = {
    'score.u16': bytes(candidates.score),
    'tiehi.u32': bytes(candidates.tiehi),
    'tielo.u32': bytes(candidates.tielo),
    [isWide(shape) ? 'prefs.u32' : 'prefs.u16']: bytes(prefs),
    'cap.u32': bytes(programs.cap),
    'line.u16': bytes(programs.line),
    'ids.txt': idLines(candidates),
    'codes.txt': programs.codes.map((code) => `${code}\n`).join(''),
    'meta.json': `${JSON.stringify(meta)}\n`,
  };
  writeAll(new Map(Object.entries(files).map(([name, data]) => [inDirectory(out, name), data])));
  return shape;
}

function stopAt({ list, total }: Findings): void {
  if (total === 0) return;
  const rest = total - list.length;
  const more = rest > 0 ? [{ code: 'MORE', path: '', message: `另有 ${rest} 处，未一一列出。` }] : [];
  throw new Refused([...list, ...more]);
}
