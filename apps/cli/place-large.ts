import { existsSync } from 'node:fs';
import type { ColumnsOutcome } from '#placement/columns';
import { placeColumns } from '#placement/columns-place';
import { programsCsv } from '#placement/columns-report';
import { verifyColumns } from '#placement/columns-verify';
import { verifyColumnsMatching } from '#placement/columns-verify-matching';
import { explainRow } from '#placement/columns-why';
import type { Change } from '#placement/whatif';
import { changedRound, columnChanges, tryOut } from './place-changed.ts';
import {
  type ColumnsRound,
  columnsManifest,
  readColumns,
  readNames,
  readResult,
  writeColumns,
} from './place-columns.ts';
import { inDirectory, progress, Refused, readJson, readText, refuse } from './place-files.ts';
import { type CertificateFinding, compareManifest } from './place-instance.ts';
import { countsLine, type Reply, verdict, type WhatIfPaths } from './place-reply.ts';
import { matchWithHelpers, placeWithHelpers } from './place-threads.ts';

/** Reads a directory of columns, places, verifies, writes. */
export async function placeDirectory(input: string, out: string, threads: number): Promise<Reply> {
  const report = progress();
  const round = readColumns(input, report);
  const { columns } = round;
  report(`排序并投档：${columns.n} 人，${columns.k} 个志愿`);
  const outcome = await placeRound(round, threads);
  report('核对');
  withhold(violationsOf(round, outcome));
  report('写出结果与证书');
  const { counts } = writeColumns(round, outcome, { directory: out, codes: readNames(input, 'codes.txt') });
  return {
    ok: true,
    data: { ok: true, verified: true, out, counts },
    lines: [`投档完成，核对通过：${countsLine(counts)}。`, `结果与证书 ${out}`],
  };
}

/** Expanded ties are placed on one thread: they are decided together, and helpers look ahead one by one. */
function placeRound(
  { meta, columns }: ColumnsRound,
  threads: number,
): ColumnsOutcome | Promise<ColumnsOutcome> {
  if (meta.mode === 'da') return matchWithHelpers(columns, threads);
  return meta.tiePolicy === 'expand' ? placeColumns(columns, 'expand') : placeWithHelpers(columns, threads);
}

const violationsOf = ({ meta, columns }: ColumnsRound, outcome: ColumnsOutcome) =>
  meta.mode === 'da'
    ? verifyColumnsMatching(columns, outcome)
    : verifyColumns(columns, outcome, meta.tiePolicy);

function withhold(violations: readonly { rule: string; message: string }[]): void {
  if (violations.length === 0) return;
  throw new Refused(
    violations.map(({ rule, message }) => ({ code: `VERIFICATION_${rule}`, path: '', message })),
  );
}

interface Both {
  readonly round: ColumnsRound;
  readonly outcome: ColumnsOutcome;
  readonly codes: readonly string[] | null;
}

function readBoth(input: string, output: string): Both {
  const round = readColumns(input, progress());
  return { round, outcome: readResult(output, round), codes: readNames(input, 'codes.txt') };
}

export function verifyDirectory(input: string, output: string): Reply {
  const { round, outcome, codes } = readBoth(input, output);
  const violations: { rule: string; message: string }[] = violationsOf(round, outcome);
  const published = readText(inDirectory(output, 'programs.csv'));
  if (violations.length === 0 && published !== programsCsv(round.columns, outcome, codes)) {
    violations.push({ rule: 'COUNTS', message: 'programs.csv 公布的投档数或最低分与结果不符。' });
  }
  const path = inDirectory(output, 'manifest.json');
  const certified = existsSync(path);
  const certificate: CertificateFinding[] = certified
    ? compareManifest(columnsManifest(round, outcome, codes), readJson(path))
    : [];
  return verdict([...violations, ...certificate], certified);
}

/** A candidate by id where the columns came with ids, else by row number. */
function rowOf(input: string, id: string, n: number): number {
  const row = readNames(input, 'ids.txt')?.indexOf(id) ?? (/^\d+$/u.test(id) ? Number(id) : -1);
  return row >= 0 && row < n ? row : refuse('UNKNOWN_CANDIDATE', id, `本轮没有考生 ${id}。`);
}

export function whyDirectory(input: string, output: string, id: string): Reply {
  const { round, outcome, codes } = readBoth(input, output);
  withhold(violationsOf(round, outcome));
  const row = rowOf(input, id, round.columns.n);
  const preferences = explainRow(
    round.columns,
    outcome,
    row,
    (program) => codes?.[program] ?? String(program),
  );
  const filed = preferences.find(({ answer }) => answer === 'FILED')?.code ?? null;
  return {
    ok: true,
    data: { ok: true, id, row, code: filed, preferences },
    lines: [
      `考生 ${id}：${filed === null ? '未投出' : `投到 ${filed}`}`,
      ...preferences.map(({ sentence }) => `  ${sentence}`),
    ],
  };
}

/** Who moves after the changes, and with `out` the whole changed round, verified like any other. */
export function whatIfDirectory({ input, output, out }: WhatIfPaths, changes: readonly Change[]): Reply {
  const { round, outcome, codes } = readBoth(input, output);
  withhold(violationsOf(round, outcome));
  const own = columnChanges(changes, {
    columns: round.columns,
    programOf: (code) => codes?.indexOf(code) ?? (/^\d+$/u.test(code) ? Number(code) : -1),
    rowOf: (id) => rowOf(input, id, round.columns.n),
  });
  const changed = changedRound(round, own);
  const { next, moves, milliseconds } = tryOut(round, outcome, own);
  const ids = readNames(input, 'ids.txt');
  const nameOf = (program: number): string | null =>
    program < round.columns.m ? (codes?.[program] ?? String(program)) : null;
  const withdrawn = new Set(own.filter(({ kind }) => kind === 'withdraw').map(({ index }) => index));
  const named = moves
    .filter(({ row, from, to }) => from !== to && !withdrawn.has(row))
    .map(({ row, from, to }) => ({ id: ids?.[row] ?? String(row), from: nameOf(from), to: nameOf(to) }));
  if (out !== undefined) {
    withhold(violationsOf(changed, next));
    writeColumns(changed, next, { directory: out, codes });
  }
  const lines = named.map(({ id, from, to }) => `  ${id}：${from ?? '未投出'} → ${to ?? '未投出'}`);
  return {
    ok: true,
    data: { ok: true, changes, moves: named, milliseconds },
    lines: [`变动之后 ${named.length} 人去向不同（试算 ${milliseconds} 毫秒）。`, ...lines],
  };
}
