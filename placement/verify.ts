import type { Assignment, Candidate, Instance, Outcome, Program } from './model.ts';
import { verifyMatching } from './verify-matching.ts';
import { type Claim, verifyOrder } from './verify-order.ts';
import { hindrance, seatsOf } from './verify-rules.ts';
import type { ViolatedRule, Violation } from './violation.ts';

/**
 * Checks an outcome against its instance without placing anybody, and without a line of the engine: every seat must be
 * deserved and every refusal earned. Together these properties leave exactly one outcome, so an empty list means
 * "this is the result", not "this looks plausible". The instance must have passed `checkInstance`.
 */
export function verify(instance: Instance, outcome: Outcome): Violation[] {
  const shape = [...verifyEveryoneOnce(instance, outcome), ...verifyPrograms(instance, outcome)];
  if (shape.length > 0) return shape;
  const programs = new Map(instance.programs.map((program) => [program.code, program]));
  const assigned = new Map<string, Assignment>();
  for (const assignment of outcome.assign) assigned.set(assignment.id, assignment);
  const claims = instance.candidates.map((candidate): Claim => {
    const assignment = assigned.get(candidate.id);
    if (assignment === undefined) throw new Error('everyone was found once');
    return { candidate, assignment };
  });
  const own: Violation[] = [];
  for (const claim of claims) own.push(...verifyClaim(instance, claim, programs));
  if (own.length > 0) return own;
  return [
    ...verifyCounts(claims, outcome, programs),
    ...(instance.mode === 'da' ? verifyMatching(instance, claims) : verifyOrder(instance, claims)),
    ...claims.flatMap((claim) => verifyReason(instance, claim, programs)),
  ];
}

function verifyEveryoneOnce(instance: Instance, outcome: Outcome): Violation[] {
  const seen = new Map<string, number>();
  for (const { id } of instance.candidates) seen.set(id, 0);
  const violations: Violation[] = [];
  for (const { id } of outcome.assign) {
    const times = seen.get(id);
    if (times === undefined) {
      violations.push({ rule: 'EVERYONE_ONCE', candidate: id, message: `结果中的考生 ${id} 不在本轮。` });
    } else {
      seen.set(id, times + 1);
    }
  }
  for (const [id, times] of seen) {
    if (times === 1) continue;
    violations.push({
      rule: 'EVERYONE_ONCE',
      candidate: id,
      message: `考生 ${id} 在结果中出现 ${times} 次，应为一次。`,
    });
  }
  return violations;
}

function verifyPrograms(instance: Instance, outcome: Outcome): Violation[] {
  const expected = instance.programs.map(({ code }) => code).sort();
  const published = outcome.programs.map(({ code }) => code).sort();
  if (expected.join('\n') === published.join('\n')) return [];
  const odd = [...expected, ...published].find(
    (code) => !(expected.includes(code) && published.includes(code)),
  );
  const program = odd ?? '';
  return [{ rule: 'COUNTS', program, message: `公布的专业与本轮的专业不一致（${program}）。` }];
}

type Programs = ReadonlyMap<string, Program>;

function verifyClaim(
  { mode, windows }: Instance,
  { candidate, assignment }: Claim,
  programs: Programs,
): Violation[] {
  const { id, code, at, reason, adjusted } = assignment;
  const found = (rule: ViolatedRule, message: string): Violation[] => [
    { rule, candidate: id, ...(code === null ? {} : { program: code }), message: `考生 ${id}：${message}` },
  ];
  if (code === null) {
    if (at !== -1 || adjusted) return found('OWN_LIST', '未投档却写有志愿位次或调剂。');
    return reason === 'PLACED' ? found('REASON', '未投档却记为已投档。') : [];
  }
  const program = programs.get(code);
  if (program === undefined) return found('OWN_LIST', `投到了不存在的专业 ${code}。`);
  if (reason !== 'PLACED') return found('REASON', `投到 ${code}，原因却记为 ${reason}。`);
  if (adjusted) {
    if (mode !== 'gaps' || !candidate.obey || program.noAdjust || at !== -1) {
      return found('OWN_LIST', `不应调剂到 ${code}。`);
    }
  } else if (at !== candidate.prefs.indexOf(code)) {
    return found('OWN_LIST', `${code} 在志愿表中首次出现的位次不是 ${at}。`);
  }
  if (mode === 'rounds' && windows && !windows.some((indexes) => indexes.includes(at))) {
    return found('OWN_LIST', `${code} 的位次 ${at} 不在任何一轮之内。`);
  }
  const hindered = hindrance(candidate, program, mode);
  return hindered === null ? [] : found('ELIGIBLE', `不具备投到 ${code} 的条件（${hindered}）。`);
}

function verifyCounts(claims: readonly Claim[], outcome: Outcome, programs: Programs): Violation[] {
  const scores = new Map<string, number[]>();
  for (const { candidate, assignment } of claims) {
    if (assignment.code === null) continue;
    const list = scores.get(assignment.code);
    if (list) list.push(candidate.score);
    else scores.set(assignment.code, [candidate.score]);
  }
  return outcome.programs.flatMap(({ code, filed, cutoff }) => {
    const own = scores.get(code) ?? [];
    const lowest = own.length === 0 ? null : own.reduce((low, score) => Math.min(low, score));
    if (filed === own.length && cutoff === lowest) return [];
    const plan = programs.get(code)?.plan ?? 0;
    const message = `专业 ${code}（计划 ${plan}）公布投档 ${filed} 人、最低 ${cutoff}，实为 ${own.length} 人、最低 ${lowest}。`;
    return [{ rule: 'COUNTS', program: code, message } as const];
  });
}

const PROGRESS: readonly string[] = [
  'NO_PREFS',
  'UNKNOWN_CODE',
  'PLAN_ZERO',
  'INELIGIBLE',
  'BELOW_LINE',
  'FULL',
];

/** An unplaced candidate's reason is the furthest any of the listed programs let the candidate come. */
function verifyReason(instance: Instance, { candidate, assignment }: Claim, programs: Programs): Violation[] {
  if (assignment.code !== null) return [];
  const expected = furthest(instance, candidate, programs);
  if (assignment.reason === expected) return [];
  const { id } = candidate;
  return [
    {
      rule: 'REASON',
      candidate: id,
      message: `考生 ${id}：未投档原因记为 ${assignment.reason}，应为 ${expected}。`,
    },
  ];
}

function furthest({ mode, windows }: Instance, candidate: Candidate, programs: Programs): string {
  const open = mode === 'rounds' && windows ? new Set(windows.flat()) : null;
  let best = 0;
  for (const [at, code] of candidate.prefs.entries()) {
    if (candidate.prefs.indexOf(code) !== at || (open && !open.has(at))) continue;
    const program = programs.get(code);
    const stage =
      program === undefined
        ? 'UNKNOWN_CODE'
        : seatsOf(program) === 0
          ? 'PLAN_ZERO'
          : (hindrance(candidate, program, mode) ?? 'FULL');
    best = Math.max(best, PROGRESS.indexOf(stage));
    if (stage === 'FULL') break;
  }
  return PROGRESS[best] ?? 'NO_PREFS';
}
