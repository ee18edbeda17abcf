import { audit, historyOf } from '#platform/audit/audit';
import type { Ctx } from '#platform/db/tenant';
import { type Refusal, refuse } from '#platform/http/refusal';
import { enqueue } from '#platform/jobs/job';
import { ok, type Result } from '#platform/result';
import { blankPolicy } from './ensure.service.ts';
import type { PolicyFacts, PolicyView } from './policy.contract.ts';
import {
  insertPolicy,
  lockPolicy,
  readPolicies,
  readPolicy,
  readPolicyUse,
  updatePolicy,
} from './policy.store.ts';
import { type FactChange, factChanges, factsOf, needsReason } from './policy-change.rules.ts';
import {
  caseDeadlineOf,
  DEADLINES_JOB,
  missingForRelease,
  type Policy,
  policyIssues,
  provinceOf,
} from './rules.ts';
import { readBatches, readSeason } from './store.ts';

export const notFound = (): { ok: false; error: Refusal<'not_found'> } =>
  refuse('not_found', '没有找到这条记录，可能已被删除，请刷新后重试。');

/** All policies with what is missing, and how many people and past lines stand behind each. */
export async function listThePolicies(
  ctx: Ctx,
  seasonId: string,
): Promise<Result<{ items: PolicyView[] }, never>> {
  const policies = await readPolicies(ctx, seasonId);
  const batches = await readBatches(ctx, seasonId);
  const use = await readPolicyUse(ctx, seasonId);
  const batchNames = new Map(batches.map(({ id, name }) => [id, name]));
  const order = new Map(batches.map(({ id }, place) => [id, place]));
  const items = policies.map((policy) => {
    const batchName = batchNames.get(policy.batchId) ?? '';
    return {
      ...factsOf(policy),
      id: policy.id,
      provinceCode: policy.provinceCode,
      batchId: policy.batchId,
      batchName,
      districtCode: policy.districtCode,
      version: policy.version,
      updatedAt: policy.updatedAt,
      missing: missingForRelease(policy, { provinceCode: policy.provinceCode, batchName }).map(
        ({ message }) => message,
      ),
      pastLines: use.lines.get(`${policy.provinceCode} ${policy.batchId}`) ?? 0,
      cases: use.cases.get(policy.id) ?? 0,
    };
  });
  const place = (view: PolicyView): number => order.get(view.batchId as Policy['batchId']) ?? 0;
  items.sort(
    (left, right) =>
      Number(left.provinceCode) - Number(right.provinceCode) ||
      place(left) - place(right) ||
      Number(left.districtCode) - Number(right.districtCode),
  );
  return ok({ items });
}

export interface Place {
  readonly provinceCode: string;
  readonly batchId: string;
  readonly districtCode: string;
}

/** Adds empty policies. Provinces without policy cannot be released; with an empty one the page says what is missing. */
export async function addThePolicies(
  ctx: Ctx,
  seasonId: string,
  places: readonly Place[],
): Promise<Result<{ created: number; existed: number }, Refusal<'not_found' | 'unknown_province'>>> {
  if (!(await readSeason(ctx, seasonId))) return notFound();
  const batches = new Set<string>((await readBatches(ctx, seasonId)).map(({ id }) => id));
  if (places.some(({ batchId }) => !batches.has(batchId))) return notFound();
  const unknown = places.find(({ provinceCode }) => provinceOf(provinceCode) === null);
  if (unknown) {
    return refuse(
      'unknown_province',
      `没有代码为 ${unknown.provinceCode} 的省份，请按行政区划代码前两位填写。`,
    );
  }
  const astray = places.find(
    ({ provinceCode, districtCode }) => districtCode !== '' && !districtCode.startsWith(provinceCode),
  );
  if (astray) {
    return refuse('unknown_province', `区县 ${astray.districtCode} 不属于所选省份，请检查区县代码。`);
  }
  let created = 0;
  for (const place of places) {
    const blank = blankPolicy({ ...place, seasonId });
    if (!(await insertPolicy(ctx, blank))) continue;
    created += 1;
    await audit(ctx, { action: 'policy.created', subjectType: 'policy', subjectId: blank.id, after: blank });
  }
  return ok({ created, existed: places.length - created });
}

export interface PolicyChange {
  readonly seasonId: string;
  readonly policyId: string;
  readonly facts: PolicyFacts;
  readonly version: number;
  readonly reason: string | null;
}

/** Changes a policy that nobody has changed since it was read. What callers already rely on changes only with a reason. */
export async function changeThePolicy(
  ctx: Ctx,
  change: PolicyChange,
): Promise<
  Result<undefined, Refusal<'not_found' | 'changed_meanwhile' | 'contradiction' | 'reason_missing'>>
> {
  const policy = await lockPolicy(ctx, change.policyId);
  if (policy?.seasonId !== change.seasonId) return notFound();
  if (policy.version !== change.version) {
    return refuse('changed_meanwhile', '这条政策刚刚被别人改过，请刷新后在新内容上重新修改。', {
      version: policy.version,
    });
  }
  const issues = policyIssues(change.facts);
  if (issues.length > 0) return refuse('contradiction', issues.join(''), { issues });
  const changes = factChanges(policy, change.facts);
  if (needsReason(changes) && !change.reason) {
    return refuse('reason_missing', '这次改动了已经填写的内容，请写明原因，回访员会看到新的政策。');
  }
  if (changes.length > 0) await savePolicyChange(ctx, policy, change);
  return ok(undefined);
}

/** Writes the next version with its trace; the caller holds the lock and has checked. */
export async function savePolicyChange(
  ctx: Ctx,
  policy: Policy,
  { facts, reason }: { facts: PolicyFacts; reason: string | null },
): Promise<void> {
  await updatePolicy(ctx, { ...policy, ...facts, version: policy.version + 1 });
  if (caseDeadlineOf(policy) !== caseDeadlineOf(facts))
    await enqueue(ctx, DEADLINES_JOB, { policyId: policy.id });
  await audit(ctx, {
    action: 'policy.changed',
    subjectType: 'policy',
    subjectId: policy.id,
    ...(reason ? { reason } : {}),
    before: factsOf(policy),
    after: facts,
  });
}

interface HistoryItem {
  readonly at: number;
  readonly actorName: string;
  readonly action: string;
  readonly reason: string | null;
  readonly changes: FactChange[];
}

/** What was changed about one policy, newest first, from the audit log. */
export async function historyOfPolicy(
  ctx: Ctx,
  { seasonId, policyId }: { seasonId: string; policyId: string },
): Promise<Result<{ items: HistoryItem[] }, Refusal<'not_found'>>> {
  const policy = await readPolicy(ctx, policyId);
  if (policy?.seasonId !== seasonId) return notFound();
  const lines = await historyOf(ctx, 'policy', policyId);
  return ok({
    items: lines.map(({ at, actorName, action, reason, body }) => ({
      at,
      actorName,
      action,
      reason,
      changes: body.before && body.after ? factChanges(body.before as Policy, body.after as Policy) : [],
    })),
  });
}
