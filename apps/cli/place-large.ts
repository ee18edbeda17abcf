import { existsSync } from 'node:fs';
import { type ColumnsOutcome, type Lists, listsIn } from '#placement/columns';
import { programsCsv } from '#placement/columns-report';
import { placeSliced } from '#placement/columns-slices';
import { verifyColumns } from '#placement/columns-verify';
import { verifyColumnsMatching } from '#placement/columns-verify-matching';
import { explainRow } from '#placement/columns-why';
import type { Change } from '#placement/whatif';
import { changedRound, columnChanges, tryOut } from './place-changed.ts';
import {
  type ColumnsRound,
  columnsManifest,
  type FileRound,
  type HashedRound,
  hashed,
  readColumns,
  readKeys,
  readMeta,
  readNames,
  readResult,
  writeColumns,
} from './place-columns.ts';
import { inDirectory, progress, Refused, readJson, readText, refuse } from './place-files.ts';
import { type CertificateFinding, compareManifest } from './place-instance.ts';
import { hashLists, openLists } from './place-lists-file.ts';
import { countsLine, type Reply, verdict, type WhatIfPaths } from './place-reply.ts';
import { matchWithHelpers } from './place-threads.ts';

/** Reads a directory of columns, places, verifies, writes. */
export async function placeDirectory(input: string, out: string, threads: number): Promise<Reply> {
  const report = progress();
  const isMatching = readMeta(input).mode === 'da';
  const { round, outcome } = isMatching
    ? await matchLists(input, threads, report)
    : placeLists(input, report);
  report('写出结果与证书');
  const { counts } = writeColumns(round, outcome, { directory: out, codes: readNames(input, 'codes.txt') });
  return {
    ok: true,
    data: { ok: true, verified: true, out, counts },
    lines: [`投档完成，核对通过：${countsLine(counts)}。`, `结果与证书 ${out}`],
  };
}

interface Placed {
  readonly round: HashedRound;
  readonly outcome: ColumnsOutcome;
}

type Report = (message: string) => void;

/** The lists stay in their file; what is certified is what was read when the outcome was verified. */
function placeLists(input: string, report: Report): Placed {
  const round = readKeys(input, report);
  const { meta, keys } = round;
  report(`排序并投档：${keys.n} 人，${keys.k} 个志愿`);
  const outcome = withLists(round, (lists) => placeSliced(keys, lists, meta.tiePolicy));
  report('核对');
  const { violations, ...certain } = verifyLists(round, outcome);
  withhold(violations);
  return { round: certain, outcome };
}

function withLists<T>({ keys, listsPath }: FileRound, use: (lists: Lists) => T): T {
  const { lists, close } = openLists(listsPath, keys);
  try {
    return use(lists);
  } finally {
    close();
  }
}

function verifyLists(round: FileRound, outcome: ColumnsOutcome) {
  const { meta, keys } = round;
  return withLists(round, (lists) => {
    const hashing = hashLists(lists);
    const violations = verifyColumns(keys, hashing.lists, outcome, meta.tiePolicy);
    return { meta, keys, listsHash: hashing.digest(keys.n), violations };
  });
}

/** Where programs rank for themselves, everything is held in memory. */
async function matchLists(input: string, threads: number, report: Report): Promise<Placed> {
  const round = readColumns(input, report);
  report(`匹配：${round.columns.n} 人，${round.columns.k} 个志愿`);
  const outcome = await matchWithHelpers(round.columns, threads);
  report('核对');
  withhold(violationsOf(round, outcome));
  return { round: hashed(round), outcome };
}

const violationsOf = ({ meta, columns }: ColumnsRound, outcome: ColumnsOutcome) =>
  meta.mode === 'da'
    ? verifyColumnsMatching(columns, outcome)
    : verifyColumns(columns, listsIn(columns), outcome, meta.tiePolicy);

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
  return { round, outcome: readResult(output, round.meta), codes: readNames(input, 'codes.txt') };
}

export function verifyDirectory(input: string, output: string): Reply {
  const { round, outcome, violations } = verifiedBy(input, output);
  const codes = readNames(input, 'codes.txt');
  const found: { rule: string; message: string }[] = [...violations];
  const published = readText(inDirectory(output, 'programs.csv'));
  if (found.length === 0 && published !== programsCsv(round.keys, outcome, codes)) {
    found.push({ rule: 'COUNTS', message: 'programs.csv 公布的投档数或最低分与结果不符。' });
  }
  const path = inDirectory(output, 'manifest.json');
  const certified = existsSync(path);
  const certificate: CertificateFinding[] = certified
    ? compareManifest(columnsManifest(round, outcome, codes), readJson(path))
    : [];
  return verdict([...found, ...certificate], certified);
}

function verifiedBy(input: string, output: string) {
  if (readMeta(input).mode === 'da') {
    const round = readColumns(input, progress());
    const outcome = readResult(output, round.meta);
    return { round: hashed(round), outcome, violations: violationsOf(round, outcome) };
  }
  const file = readKeys(input, progress());
  const outcome = readResult(output, file.meta);
  const { violations, ...round } = verifyLists(file, outcome);
  return { round, outcome, violations };
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
    writeColumns(hashed(changed), next, { directory: out, codes });
  }
  const lines = named.map(({ id, from, to }) => `  ${id}：${from ?? '未投出'} → ${to ?? '未投出'}`);
  return {
    ok: true,
    data: { ok: true, changes, moves: named, milliseconds },
    lines: [`变动之后 ${named.length} 人去向不同（试算 ${milliseconds} 毫秒）。`, ...lines],
  };
}
