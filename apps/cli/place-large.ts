import { existsSync } from 'node:fs';
import type { ColumnsOutcome } from '#placement/columns';
import { placeMatching } from '#placement/columns-matching';
import { placeColumns } from '#placement/columns-place';
import { programsCsv } from '#placement/columns-report';
import { openSession } from '#placement/columns-session';
import { verifyColumns } from '#placement/columns-verify';
import { verifyColumnsMatching } from '#placement/columns-verify-matching';
import { type ColumnChange, whatIfColumns } from '#placement/columns-whatif';
import { explainRow } from '#placement/columns-why';
import type { Change } from '#placement/whatif';
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
import { placeWithHelpers } from './place-threads.ts';

/** Reads a directory of columns, places, verifies, writes. */
export async function placeDirectory(input: string, out: string, threads: number): Promise<Reply> {
  const report = progress();
  const round = readColumns(input, report);
  const { columns, meta } = round;
  report(`排序并投档：${columns.n} 人，${columns.k} 个志愿`);
  const outcome =
    meta.mode === 'da'
      ? placeMatching(columns)
      : threads > 1 && meta.tiePolicy !== 'expand'
        ? await placeWithHelpers(columns, threads)
        : placeColumns(columns, meta.tiePolicy);
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
  if (round.meta.mode === 'da')
    refuse('UNSUPPORTED', '', '列式数据的 da 暂不提供逐志愿说明，请用 JSON 格式。');
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

export function whatIfDirectory({ input, output, out }: WhatIfPaths, changes: readonly Change[]): Reply {
  const { round, outcome, codes } = readBoth(input, output);
  withhold(violationsOf(round, outcome));
  if (round.meta.mode === 'da' || round.meta.tiePolicy === 'expand') {
    refuse('UNSUPPORTED', '', '列式数据的试算只用于平行志愿、同分从严（strict）。');
  }
  const own = changes.map((change) => columnChange(change, { input, round, codes }));
  const session = openSession(round.columns);
  const started = performance.now();
  const { outcome: next, moves } = whatIfColumns(session, own);
  const milliseconds = Math.round((performance.now() - started) * 10) / 10;
  const ids = readNames(input, 'ids.txt');
  const nameOf = (program: number): string | null =>
    program < round.columns.m ? (codes?.[program] ?? String(program)) : null;
  const named = moves
    .filter(
      ({ row, from, to }) =>
        from !== to && !own.some(({ kind, index }) => kind === 'withdraw' && index === row),
    )
    .map(({ row, from, to }) => ({ id: ids?.[row] ?? String(row), from: nameOf(from), to: nameOf(to) }));
  if (out !== undefined) {
    const changed = changedRound(round, own);
    writeColumns(changed, next, { directory: out, codes });
  }
  const lines = named.map(({ id, from, to }) => `  ${id}：${from ?? '未投出'} → ${to ?? '未投出'}`);
  return {
    ok: true,
    data: { ok: true, changes, moves: named, milliseconds },
    lines: [`变动之后 ${named.length} 人去向不同（试算 ${milliseconds} 毫秒）。`, ...lines],
  };
}

interface Naming {
  readonly input: string;
  readonly round: ColumnsRound;
  readonly codes: readonly string[] | null;
}

function columnChange(change: Change, { input, round, codes }: Naming): ColumnChange {
  if (change.kind === 'withdraw')
    return { kind: 'withdraw', index: rowOf(input, change.id, round.columns.n) };
  const index = codes?.indexOf(change.code) ?? (/^\d+$/u.test(change.code) ? Number(change.code) : -1);
  if (index < 0 || index >= round.columns.m)
    refuse('UNKNOWN_CODE', change.code, `本轮没有代码 ${change.code}。`);
  const before = round.columns.cap[index] ?? 0;
  switch (change.kind) {
    case 'plan':
      return { kind: 'cap', index, value: whole(change.plan) };
    case 'seats':
      return { kind: 'cap', index, value: whole(before + change.by) };
    case 'line':
      return { kind: 'line', index, value: whole(change.line) };
    default:
      return refuse(
        'UNSUPPORTED',
        change.kind,
        '列式数据的投档数已含比例，也没有分组；请用 --plan、--seats 或 --line。',
      );
  }
}

function whole(value: number): number {
  if (Number.isInteger(value) && value >= 0 && value <= 65_535) return value;
  return refuse('BAD_CHANGE', String(value), `计划与分数线应为 0 至 65535 的整数，现为 ${value}。`);
}

function changedRound({ meta, columns }: ColumnsRound, changes: readonly ColumnChange[]): ColumnsRound {
  const { k } = columns;
  const [cap, line, prefs] = [columns.cap.slice(), columns.line.slice(), columns.prefs.slice()];
  for (const { kind, index, value = 0 } of changes) {
    if (kind === 'cap') cap[index] = value;
    if (kind === 'line') line[index] = value;
    if (kind === 'withdraw') prefs.fill(0xffff_ffff, index * k, (index + 1) * k);
  }
  return { meta, columns: { ...columns, cap, line, prefs } };
}
