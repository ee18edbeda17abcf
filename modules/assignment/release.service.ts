import { type CaseId, escalateOpened, type NewCase, openCases } from '#follow-up';
import { audit } from '#platform/audit/audit';
import { refreshStatistics } from '#platform/db/statistics';
import type { Ctx } from '#platform/db/tenant';
import { type Refusal, refuse } from '#platform/http/refusal';
import { newId, type UserId } from '#platform/ids';
import { enqueue } from '#platform/jobs/job';
import { notify } from '#platform/outbox';
import { ok, type Result } from '#platform/result';
import { activeSeason } from '#season';
import { caseDeadlineOf, type Policy, type Season } from '#season/rules';
import { holdersOf } from '#staff';
import { insertAssignments, type NewAssignment } from './assignment.store.ts';
import type { releaseRun } from './contract.ts';
import { type Asked, type Input, inputHash, makePlan, type Plan, readInput } from './plan.ts';
import { crowdKey } from './rules.ts';
import { lockReleases, type Run, readRun, setRunState } from './run.store.ts';
import { type WaitingRow, walkWaiting } from './waiting.store.ts';

/** The release of a previewed run: exactly what was shown, or nothing. */

export type ReleaseRefusal = Refusal<keyof typeof releaseRun.refusals>;
export const RELEASE_JOB = 'assignment.release';

/** Checks the run and hands the writing to a job; the clerk who presses is recorded, and need not be the one who previewed. */
export async function startRelease(ctx: Ctx, id: string): Promise<Result<{ jobId: string }, ReleaseRefusal>> {
  const checked = await checkRun(ctx, id);
  if (!checked.ok) return checked;
  const jobId = await enqueue(ctx, RELEASE_JOB, { runId: id, clerkId: ctx.actor.userId });
  await setRunState(ctx, id, { state: 'releasing', jobId, releasedBy: ctx.actor.userId });
  await audit(ctx, {
    action: 'assignment.release_started',
    subjectType: 'assignment_run',
    subjectId: id,
    after: { figures: checked.value.run.preview.figures, previewedBy: checked.value.run.createdBy },
  });
  return ok({ jobId });
}

interface Checked {
  readonly run: Run;
  readonly season: Season;
  readonly input: Input;
  readonly asked: Asked;
}

async function checkRun(ctx: Ctx, id: string): Promise<Result<Checked, ReleaseRefusal>> {
  const run = await readRun(ctx, id, { lock: true });
  if (!run) return refuse('not_found', '没有找到这次分配，请刷新后重试。');
  if (run.state === 'released')
    return refuse(
      'already_released',
      `这次分配已由${run.releasedByName ?? '录检组'}放出，不会重复生成任务。`,
    );
  if (run.state === 'discarded') return refuse('discarded', '这次预览已作废，请重新预览。');
  const season = await activeSeason(ctx);
  const asked: Asked = { filter: run.filter, limits: run.limits, seed: run.seed };
  if (!season || season.id !== run.seasonId)
    return refuse('stale', '当前招生季已经更换，请重新预览后再放出。');
  const input = await readInput(ctx, season, asked);
  if (!inputHash(input.marks).equals(run.inputHash)) return staleRefusal(run, input, asked);
  const { lead, random, escalation } = run.preview.figures;
  if (lead + random + escalation === 0)
    return refuse('nothing_to_release', '这次预览没有可以放出的考生（0 名），请按提示补齐后重新预览。');
  return ok({ run, season, input, asked });
}

const CHANGED: Readonly<Record<keyof Run['preview']['marks'], string>> = {
  candidates: '待分配的考生',
  leads: '报备归属',
  policies: '各省政策',
  callers: '参与的回访员、技能或在办上限',
  stage: '阶段或轮次',
};

function staleRefusal(run: Run, input: Input, asked: Asked): { ok: false; error: Refusal<'stale'> } {
  const marks = Object.keys(CHANGED) as (keyof typeof CHANGED)[];
  const changed = marks
    .filter((key) => run.preview.marks[key] !== input.marks[key])
    .map((key) => CHANGED[key]);
  const { figures: now, callers } = makePlan(input, asked).preview;
  return refuse(
    'stale',
    `预览之后${changed.join('、')}有变化：预览时 ${run.candidates} 名、回访员 ${run.preview.callers.length} 人，现在 ${now.total} 名、${callers.length} 人。没有放出任何考生，请重新预览。`,
    { previewed: run.preview.figures, now, changed },
  );
}

export interface Released {
  readonly opened: number;
  readonly escalated: number;
}

/**
 * Writes a run in one transaction. Started again after a crash it finds the run still to be released, or released and then
 * does nothing. `progress` hears how many are done.
 */
export async function writeRelease(
  ctx: Ctx,
  id: string,
  progress: (done: number, total: number) => Promise<void> = async () => undefined,
): Promise<Result<Released, ReleaseRefusal>> {
  const found = await readRun(ctx, id);
  if (found) await lockReleases(ctx, found.seasonId);
  const checked = await checkRun(ctx, id);
  if (!checked.ok) return checked;
  const { run, season, input, asked } = checked.value;
  const open = new Map(run.preview.callers.map((caller) => [caller.userId, caller.open]));
  const plan = makePlan(input, asked, open);
  const { figures } = plan.preview;
  const total = figures.lead + figures.random + figures.escalation;
  const hand = dealer(plan);
  const groups = new Map(input.callers.map(({ userId, groupId }) => [userId, groupId]));
  let done = 0;
  let escalated = 0;
  for await (const page of walkWaiting(ctx, input.query, { seed: run.seed, policyIds: plan.policyIds })) {
    const given = page.flatMap((row) => {
      const ownerId = hand(row);
      return ownerId === 'left' ? [] : [{ row, ownerId, groupId: ownerId && (groups.get(ownerId) ?? null) }];
    });
    escalated += await openPage(ctx, { run, season, policies: input.policies }, given);
    done += given.length;
    await progress(done, total);
  }
  if (done !== total) throw new Error(`run ${id} opened ${done} cases instead of ${total}`);
  await refreshStatistics(ctx, done);
  await tellTeam(ctx, escalated);
  await setRunState(ctx, id, { state: 'released', releasedBy: ctx.actor.userId, releasedAt: ctx.now });
  await audit(ctx, {
    action: 'assignment.released',
    subjectType: 'assignment_run',
    subjectId: id,
    after: { figures, escalated, seed: run.seed, previewedBy: run.createdBy, releasedBy: ctx.actor.userId },
  });
  return ok({ opened: done, escalated });
}

/** Hands out one candidate after the other, as the plan counted: a person, nobody (escalation team), or left waiting. */
function dealer({ dealt }: Plan): (row: WaitingRow) => string | null | 'left' {
  const piles = new Map(
    dealt.map(({ crowd, shares }) => [crowdKey(crowd), shares.map(([userId, count]) => ({ userId, count }))]),
  );
  return (row) => {
    if (row.lane === 'escalation') return null;
    if (row.lane === 'lead') return row.recruiterId;
    const pile = piles.get(crowdKey(row));
    const next = pile?.[0];
    if (!pile || !next) return 'left';
    next.count -= 1;
    if (next.count === 0) pile.shift();
    return next.userId;
  };
}

interface Given {
  readonly row: WaitingRow;
  readonly ownerId: string | null;
  readonly groupId: string | null;
}

interface Opening {
  readonly run: Run;
  readonly season: Season;
  readonly policies: ReadonlyMap<string, Policy>;
}

const LANE_REASONS: Readonly<Record<WaitingRow['lane'], string>> = {
  lead: '谁报备谁回访',
  random: '随机均分',
  escalation: '可退档且屏蔽电话，由突击组回访',
};

/** Opens the cases of one page, notes who got them, and hands the shielded ones up. Returns how many were handed up. */
async function openPage(
  ctx: Ctx,
  { run, season, policies }: Opening,
  given: readonly Given[],
): Promise<number> {
  const cases = given.map(({ row, ownerId, groupId }): NewCase & { id: CaseId } => ({
    id: newId<CaseId>(),
    seasonId: season.id,
    policyId: row.policyId as NewCase['policyId'],
    candidateId: row.candidateId,
    phase: season.phase,
    round: season.round,
    ownerId: ownerId as UserId | null,
    groupId,
    dueAt: null,
    deadlineAt: deadlineIn(policies, row.policyId),
    // Who registered follows up, with or without the skill; the escalation team takes by hand.
    requiredSkill: row.lane === 'random' ? row.requiredSkill : null,
  }));
  await openCases(ctx, cases);
  await insertAssignments(
    ctx,
    given.map(
      ({ row, ownerId, groupId }, at): NewAssignment => ({
        caseId: cases[at]?.id ?? '',
        runId: run.id,
        fromUserId: null,
        toUserId: ownerId,
        toGroupId: groupId,
        kind: row.lane,
        reason: LANE_REASONS[row.lane],
      }),
    ),
  );
  const up = cases.filter((_one, at) => given[at]?.row.lane === 'escalation');
  await escalateOpened(ctx, {
    caseIds: up.map(({ id }) => id),
    seasonId: season.id,
    summary: LANE_REASONS.escalation,
  });
  return up.length;
}

/** One notice for all that a release hands to the escalation team. */
async function tellTeam(ctx: Ctx, escalated: number): Promise<void> {
  if (escalated === 0) return;
  for (const userId of await holdersOf(ctx, 'escalation_member'))
    await notify(ctx, userId, {
      title: `放出了 ${escalated} 名由突击组回访的考生`,
      body: `${LANE_REASONS.escalation}。请在“转交处理”里接手。`,
      link: '/escalations',
    });
}

function deadlineIn(policies: ReadonlyMap<string, Policy>, id: string): number | null {
  const policy = policies.get(id);
  return policy ? caseDeadlineOf(policy) : null;
}
