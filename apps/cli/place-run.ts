import { existsSync } from 'node:fs';
import { countReasons } from '#placement/certificate';
import { parseInstance } from '#placement/check';
import type { Instance, Outcome } from '#placement/model';
import { verify } from '#placement/verify';
import { applyChanges, type Change, whatIf } from '#placement/whatif';
import { explain } from '#placement/why';
import { isDirectory, progress, Refused, readJson, refuse } from './place-files.ts';
import { manifestPath, placeInstance, readInstance, readOutcome, verifyInstance } from './place-instance.ts';
import { placeDirectory, verifyDirectory, whatIfDirectory, whyDirectory } from './place-large.ts';
import { countsLine, type Reply, reasonNames, verdict, type WhatIfPaths } from './place-reply.ts';

export function placeTask(input: string, out: string, threads: number): Reply | Promise<Reply> {
  if (isDirectory(input)) return placeDirectory(input, out, threads);
  const report = progress();
  const outcome = placeInstance(readInstance(input), out, report);
  const counts = countReasons(outcome);
  return {
    ok: true,
    data: { ok: true, verified: true, out, manifest: manifestPath(out), counts },
    lines: [`投档完成，核对通过：${countsLine(counts)}。`, `结果 ${out}`, `证书 ${manifestPath(out)}`],
  };
}

export function verifyTask(input: string, output: string): Reply {
  if (isDirectory(input)) return verifyDirectory(input, output);
  const path = manifestPath(output);
  const manifest = existsSync(path) ? readJson(path) : undefined;
  const violations = verifyInstance(readInstance(input), readOutcome(output), manifest);
  return verdict(violations, manifest !== undefined);
}

export function whyTask(input: string, output: string, id: string): Reply {
  if (isDirectory(input)) return whyDirectory(input, output, id);
  const instance = readInstance(input);
  const outcome = trusted(instance, readOutcome(output));
  const why = explain(instance, outcome, id);
  if (why === null) return refuse('UNKNOWN_CANDIDATE', id, `本轮没有考生 ${id}。`);
  const result = why.code === null ? `未投出（${reasonNames[why.reason]}）` : `投到 ${why.code}`;
  const sentences = why.preferences.map(({ sentence }) => `  ${sentence}`);
  return { ok: true, data: { ok: true, ...why }, lines: [`考生 ${id}：${result}`, ...sentences] };
}

/** Reasons and differences are only given for an outcome that is right. */
function trusted(instance: Instance, outcome: Outcome): Outcome {
  const violations = verify(instance, outcome);
  if (violations.length === 0) return outcome;
  throw new Refused(
    violations.map(({ rule, message }) => ({ code: `VERIFICATION_${rule}`, path: '', message })),
  );
}

export function whatIfTask(paths: WhatIfPaths, changes: readonly Change[]): Reply {
  if (changes.length === 0)
    refuse('BAD_CHANGE', '', '没有写明变动（如 --plan 代码=数、--withdraw 考生号）。');
  if (isDirectory(paths.input)) return whatIfDirectory(paths, changes);
  const instance = readInstance(paths.input);
  const outcome = trusted(instance, readOutcome(paths.output));
  checkNames(instance, changes);
  const changed = applyChanges(instance, changes);
  const parsed = parseInstance(changed);
  if (!parsed.ok) throw new Refused(parsed.error);
  const { moves } = whatIf(instance, outcome, changes);
  if (paths.out !== undefined) placeInstance(changed, paths.out);
  const lines = moves.map(({ id, from, to }) => `  ${id}：${from ?? '未投出'} → ${to ?? '未投出'}`);
  return {
    ok: true,
    data: { ok: true, changes, moves },
    lines: [`变动之后 ${moves.length} 人去向不同。`, ...lines],
  };
}

function checkNames({ candidates, programs, groups = [] }: Instance, changes: readonly Change[]): void {
  const codes = new Set(programs.map(({ code }) => code));
  const caps = new Set(groups.map(({ code }) => code));
  const ids = new Set(candidates.map(({ id }) => id));
  const findings = changes.flatMap((change) => {
    if (change.kind === 'withdraw')
      return ids.has(change.id) ? [] : [unknown('UNKNOWN_CANDIDATE', `考生 ${change.id}`)];
    const known = change.kind === 'cap' ? caps : codes;
    return known.has(change.code) ? [] : [unknown('UNKNOWN_CODE', `代码 ${change.code}`)];
  });
  if (findings.length > 0) throw new Refused(findings);
}

const unknown = (code: string, what: string) => ({ code, path: what, message: `本轮没有${what}。` });

export async function convertTask(
  files: readonly string[],
  out: string,
  tiePolicy: string | undefined,
): Promise<Reply> {
  if (tiePolicy !== undefined && tiePolicy !== 'strict' && tiePolicy !== 'expand') {
    refuse('BAD_TIE_POLICY', '--tie-policy', '同分处理只有 strict 与 expand。');
  }
  // Loaded late: what reads CSV takes memory that a placement need not have.
  const { convertFiles } = await import('./place-convert.ts');
  const { n, m, k } = convertFiles(files, out, tiePolicy);
  const lines = [`已转换：考生 ${n} 人，专业 ${m} 个，志愿 ${k} 个，写入 ${out}`];
  return { ok: true, data: { ok: true, n, m, k, out }, lines };
}
