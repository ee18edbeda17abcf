import type { z } from 'zod';
import { assignCases, type CaseId, type NewOwner, readCase, returnHandOvers } from '#follow-up';
import { audit } from '#platform/audit/audit';
import type { Ctx } from '#platform/db/tenant';
import { type Refusal, refuse } from '#platform/http/refusal';
import type { UserId } from '#platform/ids';
import { notify } from '#platform/outbox';
import { ok, type Result } from '#platform/result';
import { activeSeason } from '#season';
import type { Season } from '#season/rules';
import { callersFor, leaderOf, profileOf, scopeOf } from '#staff';
import { type AssignmentKind, insertAssignments } from './assignment.store.ts';
import type * as contract from './change.contract.ts';
import { type Reach, whyStays } from './change.rules.ts';
import { readOpenOf, readSelected, type SelectedCase } from './change.store.ts';
import { noSeason } from './run.service.ts';

/** Reassign, take back, return all: one action each, with a reason, and the history kept. */

type MoveRefusal = Refusal<keyof typeof contract.reassign.refusals>;
type Moved = z.output<typeof contract.reassign.reply>;

/** What part of the season the actor may change: all, or the groups they lead. */
export async function reachOf(ctx: Ctx): Promise<Reach> {
  const scope = await scopeOf(ctx);
  return scope.kind === 'all' ? null : scope.groupIds;
}

export const otherGroup = (): { ok: false; error: Refusal<'other_group'> } =>
  refuse('other_group', '组长只能调整本组的考生和组员，其他小组请联系招办或录检组。');

interface Moving {
  readonly kind: AssignmentKind;
  readonly reason: string;
}

/** Writes new owners with their history rows, and tells those who get work. Returns how many moved. */
export async function moveCases(
  ctx: Ctx,
  owners: readonly NewOwner[],
  { kind, reason }: Moving,
): Promise<number> {
  const before = await assignCases(ctx, owners, reason);
  const to = new Map(owners.map((one) => [one.caseId, one]));
  await insertAssignments(
    ctx,
    before.map((row) => ({
      caseId: row.id,
      runId: null,
      fromUserId: row.owner_id,
      toUserId: to.get(row.id)?.ownerId ?? null,
      toGroupId: to.get(row.id)?.groupId ?? null,
      kind,
      reason,
    })),
  );
  const receivers = Map.groupBy(before, (row) => to.get(row.id)?.ownerId ?? null);
  for (const [userId, rows] of receivers)
    if (userId !== null)
      await notify(ctx, userId, {
        title: `新分给您 ${rows.length} 名考生`,
        body: reason,
        link: '/queue',
      });
  return before.length;
}

function split(
  cases: readonly SelectedCase[],
  whyOf: (one: SelectedCase) => string | null,
): { go: SelectedCase[]; stayed: Moved['stayed'] } {
  const judged = cases.map((one) => ({ one, why: whyOf(one) }));
  return {
    go: judged.flatMap(({ one, why }) => (why === null ? [one] : [])),
    stayed: judged.flatMap(({ one, why }) => (why === null ? [] : [{ caseId: one.id, name: one.name, why }])),
  };
}

function nothingMoved(stayed: Moved['stayed']): { ok: false; error: Refusal<'nothing_moved'> } {
  const reasons = [...new Set(stayed.map(({ why }) => why))];
  return refuse(
    'nothing_moved',
    stayed.length === 0
      ? '所选考生在当前阶段没有回访任务，没有可以调整的。'
      : `所选 ${stayed.length} 名都不能调整：${reasons.join('；')}。`,
    { stayed },
  );
}

const selectedOf = (
  ctx: Ctx,
  season: Season,
  given: { caseIds: readonly string[]; candidateIds: readonly string[] },
): Promise<SelectedCase[]> => readSelected(ctx, given, { seasonId: season.id, phase: season.phase });

/** Gives the chosen cases to one caller; those that cannot move stay, each with its reason. */
export async function reassignCases(
  ctx: Ctx,
  given: z.output<typeof contract.reassign.body>,
): Promise<Result<Moved, MoveRefusal>> {
  const season = await activeSeason(ctx);
  if (!season) return noSeason();
  const reach = await reachOf(ctx);
  const target = (await callersFor(ctx)).find(({ userId }) => userId === given.toUserId);
  if (!target)
    return refuse(
      'not_available',
      '这位同事现在不能接考生：没有通过培训、正在请假，或账号已停用。请换一位。',
    );
  if (reach !== null && (target.groupId === null || !reach.includes(target.groupId))) return otherGroup();
  const { go, stayed } = split(await selectedOf(ctx, season, given), (one) => whyStays(one, target, reach));
  if (go.length === 0) return nothingMoved(stayed);
  if (go.length > target.room)
    return refuse(
      'over_cap',
      `${target.name}在办 ${target.openWork} 名，上限 ${target.openWorkCap} 名，只能再接 ${target.room} 名；您选了 ${go.length} 名，请少选一些或换人。`,
      { open: target.openWork, cap: target.openWorkCap, chosen: go.length },
    );
  if (given.dry) return ok({ moved: go.length, stayed });
  const owners = go.map(({ id }) => ({ caseId: id, ownerId: target.userId, groupId: target.groupId }));
  const moved = await moveCases(ctx, owners, { kind: 'reassigned', reason: given.reason });
  await audit(ctx, {
    action: 'assignment.reassigned',
    subjectType: 'user',
    subjectId: target.userId,
    reason: given.reason,
    after: { moved, stayed: stayed.length, cases: go.map(({ id }) => id) },
  });
  return ok({ moved, stayed });
}

/** Takes the chosen cases from their owners: to their group, or for the office to everyone. */
export async function takeBackCases(
  ctx: Ctx,
  given: z.output<typeof contract.takeBack.body>,
): Promise<Result<Moved, MoveRefusal>> {
  const season = await activeSeason(ctx);
  if (!season) return noSeason();
  const reach = await reachOf(ctx);
  if (reach !== null && given.to === 'pool') return otherGroup();
  const { go, stayed } = split(
    await selectedOf(ctx, season, given),
    (one) => whyStays(one, null, reach) ?? (one.ownerId === null ? '已经在池中' : null),
  );
  if (go.length === 0) return nothingMoved(stayed);
  if (given.dry) return ok({ moved: go.length, stayed });
  const owners = go.map(({ id, groupId }) => ({
    caseId: id,
    ownerId: null,
    groupId: given.to === 'group' ? groupId : null,
  }));
  const moved = await moveCases(ctx, owners, { kind: 'taken_back', reason: given.reason });
  await audit(ctx, {
    action: 'assignment.taken_back',
    subjectType: 'season',
    subjectId: season.id,
    reason: given.reason,
    after: { moved, stayed: stayed.length, to: given.to, cases: go.map(({ id }) => id) },
  });
  return ok({ moved, stayed });
}

/**
 * Front door for absence and departure: all open cases of a person go to their group, at once for everybody there, and what was handed over
 * to them waits for somebody else. One in the person's hand is finished first; a blocked one goes into the charge of the leader. Returns
 * how many candidates.
 */
export async function returnAllOf(
  ctx: Ctx,
  userId: UserId,
  reason: string,
): Promise<Result<number, Refusal<'open_work'>>> {
  const handOvers = await returnHandOvers(ctx, userId, reason);
  const open = await readOpenOf(ctx, userId);
  if (open.length === 0) return ok(handOvers);
  const groupIds = [...new Set(open.flatMap(({ groupId }) => (groupId === null ? [] : [groupId])))];
  const leaders = new Map<string, UserId | null>();
  for (const groupId of groupIds) leaders.set(groupId, await leaderOf(ctx, groupId as never));
  const inCharge = (groupId: string | null): UserId | null => {
    const leader = groupId === null ? null : (leaders.get(groupId) ?? null);
    return leader === userId ? null : leader;
  };
  const owners = open.map(({ id, groupId, state }) => ({
    caseId: id,
    ownerId: state === 'blocked' ? inCharge(groupId) : null,
    groupId,
  }));
  const returned = await moveCases(ctx, owners, { kind: 'absent', reason });
  await audit(ctx, {
    action: 'assignment.returned_all',
    subjectType: 'user',
    subjectId: userId,
    reason,
    after: { returned, handOvers },
  });
  return ok(returned + handOvers);
}

type ReturnRefusal = Refusal<keyof typeof contract.returnAll.refusals>;

/** The same by hand, for a person of the actor's reach. */
export async function returnAllByHand(
  ctx: Ctx,
  given: z.output<typeof contract.returnAll.body>,
): Promise<Result<{ returned: number }, ReturnRefusal>> {
  const allowed = await checkPerson(ctx, given.userId);
  if (!allowed.ok) return allowed;
  const returned = await returnAllOf(ctx, given.userId as UserId, given.reason);
  if (!returned.ok) throw new Error(returned.error.message);
  if (returned.value === 0)
    return refuse('nothing_moved', `${allowed.value.name}没有在办考生（0 名），不需要交回。`);
  return ok({ returned: returned.value });
}

/** A person the actor may act on, or the refusal. */
export async function checkPerson(
  ctx: Ctx,
  userId: string,
): Promise<Result<{ name: string }, Refusal<'not_found' | 'other_group'>>> {
  const person = await profileOf(ctx, userId as UserId);
  if (!person) return refuse('not_found', '没有找到这位同事，请刷新后重试。');
  const reach = await reachOf(ctx);
  if (reach !== null && (person.groupId === null || !reach.includes(person.groupId))) return otherGroup();
  return ok({ name: person.name });
}

/** A case the actor may look at, or the refusal. */
export async function checkCase(
  ctx: Ctx,
  caseId: string,
): Promise<Result<CaseId, Refusal<'not_found' | 'other_group'>>> {
  const row = await readCase(ctx, caseId);
  if (!row) return refuse('not_found', '没有找到这个回访任务，请刷新后重试。');
  const reach = await reachOf(ctx);
  if (reach !== null && (row.group_id === null || !reach.includes(row.group_id))) return otherGroup();
  return ok(row.id);
}
