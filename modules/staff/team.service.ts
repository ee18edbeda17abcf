import { audit } from '#platform/audit/audit';
import type { Ctx } from '#platform/db/tenant';
import { type Refusal, refuse } from '#platform/http/refusal';
import { newId, type UserId } from '#platform/ids';
import { ok, type Result } from '#platform/result';
import { capacityFault, type GroupFault, leaderFault, sizeWarning, supervisorFault } from './group.rules.ts';
import * as groups from './group.store.ts';
import { type GroupId, type Profile, profileOf } from './people.store.ts';
import { scopeOf } from './scope.ts';
import { unitQuota } from './unit.rules.ts';
import * as units from './unit.store.ts';

type GroupCode = 'not_found' | 'name_taken' | GroupFault['code'];
type GroupRefusal = { ok: false; error: Refusal<GroupCode> };

/** The groups the actor may see, each with a warning about its size. */
export async function listGroups(ctx: Ctx): Promise<(groups.GroupDetail & { warning: string | null })[]> {
  const scope = await scopeOf(ctx);
  const found = await groups.readGroupDetails(ctx, scope.kind === 'group' ? scope.groupIds : undefined);
  return found.map((group) => ({ ...group, warning: sizeWarning(group.members) }));
}

/** Makes or changes a group: leader and supervisor checked by the rules of seed 001 part 4.1 and the pairing. */
export async function saveGroup(
  ctx: Ctx,
  groupId: string | null,
  given: groups.GroupValues,
): Promise<Result<{ id: string }, Refusal<GroupCode>>> {
  const before = groupId === null ? null : await groups.lockGroup(ctx, groupId);
  if (groupId !== null && !before) return refuse('not_found', '没有找到这个小组，可能已经解散，请刷新页面。');
  const fault = (await leadershipFault(ctx, groupId, given)) ?? shrinkFault(before, given);
  if (fault) return fault;
  const id = groupId ?? newId();
  if (!(await groups.saveGroup(ctx, id, given)))
    return refuse('name_taken', `已有名为“${given.name}”的小组，请换一个名称。`);
  await seatLeader(ctx, id, given.leaderId);
  await audit(ctx, {
    action: groupId === null ? 'group.created' : 'group.changed',
    subjectType: 'group',
    subjectId: id,
    ...(given.leaderException && { reason: given.leaderException }),
    ...(before && { before }),
    after: given,
  });
  return ok({ id });
}

async function leadershipFault(
  ctx: Ctx,
  groupId: string | null,
  given: groups.GroupValues,
): Promise<GroupRefusal | null> {
  const others = (await groups.readGroups(ctx)).filter((group) => group.id !== groupId);
  const leader = given.leaderId ? await profileOf(ctx, given.leaderId as UserId) : null;
  if (given.leaderId && !leader) return refuse('not_found', '所选组长已不存在，请重新选择。');
  const supervisor = given.supervisorId ? await profileOf(ctx, given.supervisorId as UserId) : null;
  if (given.supervisorId && !supervisor) return refuse('not_found', '所选督查员已不存在，请重新选择。');
  const nameOf = (match: (group: groups.Group) => boolean): string | null => others.find(match)?.name ?? null;
  const fault =
    (leader &&
      leaderFault({
        ...leader,
        leads: nameOf((group) => group.leaderId === leader.userId),
        exception: given.leaderException,
      })) ||
    (supervisor &&
      supervisorFault({
        ...supervisor,
        paired: nameOf((group) => group.supervisorId === supervisor.userId),
      }));
  return fault ? refuse(fault.code, fault.message) : null;
}

function shrinkFault(before: groups.Group | null, given: groups.GroupValues): GroupRefusal | null {
  if (!before || given.capacity >= before.members) return null;
  return refuse(
    'capacity',
    `${before.name}现有 ${before.members} 人，上限不能改为 ${given.capacity} 人，请先调出 ${before.members - given.capacity} 人。`,
  );
}

/** A leader works in the group that is led. */
async function seatLeader(ctx: Ctx, groupId: string, leaderId: string | null): Promise<void> {
  if (leaderId === null) return;
  const profile = await profileOf(ctx, leaderId as UserId);
  if (profile?.groupId !== groupId) await groups.joinGroup(ctx, groupId, [leaderId]);
}

/** Puts people into a group: all of them or, when there is not room for all, none. */
export async function addMembers(
  ctx: Ctx,
  groupId: string,
  userIds: readonly string[],
): Promise<Result<undefined, Refusal<'not_found' | 'capacity' | 'leads_group'>>> {
  const group = await groups.lockGroup(ctx, groupId);
  if (!group) return refuse('not_found', '没有找到这个小组，可能已经解散，请刷新页面。');
  const people: Profile[] = [];
  for (const userId of new Set(userIds)) {
    const person = await profileOf(ctx, userId as UserId);
    if (!person) return refuse('not_found', '所选人员中有人已不存在，请刷新列表后重选。');
    if (person.groupId !== groupId) people.push(person);
  }
  const full = capacityFault(group, people.length);
  if (full) return refuse('capacity', full.message);
  const led = await groups.readGroups(ctx);
  const leading = people.find((person) => led.some((other) => other.leaderId === person.userId));
  if (leading)
    return refuse(
      'leads_group',
      `${leading.name} 是${leading.groupName ?? '其他组'}的组长，请先为该组另选组长，再调组。`,
    );
  const ids = people.map((person) => person.userId);
  await groups.joinGroup(ctx, groupId, ids);
  await audit(ctx, {
    action: 'group.joined',
    subjectType: 'group',
    subjectId: groupId,
    after: { userIds: ids },
  });
  return ok(undefined);
}

export async function dissolveGroup(
  ctx: Ctx,
  groupId: string,
  reason: string,
): Promise<Result<undefined, Refusal<'not_found' | 'has_members'>>> {
  const group = await groups.lockGroup(ctx, groupId as GroupId);
  if (!group) return refuse('not_found', '没有找到这个小组，可能已经解散，请刷新页面。');
  if (group.members > 0)
    return refuse('has_members', `${group.name}还有 ${group.members} 人，请先把他们编入其他组，再解散。`);
  await groups.saveDissolved(ctx, groupId);
  await audit(ctx, { action: 'group.dissolved', subjectType: 'group', subjectId: groupId, reason });
  return ok(undefined);
}

export const listUnits = async (ctx: Ctx): Promise<(units.Unit & { quota: string | null })[]> =>
  (await units.readUnits(ctx)).map((unit) => ({ ...unit, quota: unitQuota(unit) }));

type UnitCode = 'not_found' | 'name_taken' | 'head' | 'in_use';

/** Makes or changes a unit. Its head must hold the role that may approve leave. */
export async function saveUnit(
  ctx: Ctx,
  unitId: string | null,
  given: units.UnitValues,
): Promise<Result<{ id: string }, Refusal<UnitCode>>> {
  const [before] = unitId === null ? [] : await units.readUnits(ctx, unitId);
  if (unitId !== null && !before) return refuse('not_found', '没有找到这个部门，可能已被删除，请刷新页面。');
  const head = given.headId ? await profileOf(ctx, given.headId as UserId) : null;
  if (given.headId && !head?.roles.includes('unit_head'))
    return refuse('head', `${head?.name ?? '所选人员'} 没有「部门负责人」角色，请先由安全管理员授予。`);
  const id = unitId ?? newId();
  if (!(await units.saveUnit(ctx, id, given)))
    return refuse('name_taken', `已有名为“${given.name}”的部门，请换一个名称。`);
  await audit(ctx, {
    action: unitId === null ? 'unit.created' : 'unit.changed',
    subjectType: 'unit',
    subjectId: id,
    ...(before && { before: { name: before.name, kind: before.kind, headId: before.headId } }),
    after: given,
  });
  return ok({ id });
}

export async function removeUnit(
  ctx: Ctx,
  unitId: string,
  reason: string,
): Promise<Result<undefined, Refusal<UnitCode>>> {
  const [unit] = await units.readUnits(ctx, unitId);
  if (!unit) return refuse('not_found', '没有找到这个部门，可能已被删除，请刷新页面。');
  const count = await units.countOfUnit(ctx, unitId);
  if (count > 0)
    return refuse('in_use', `${unit.name}还有 ${count} 名人员（含已停用），请先调到其他部门，再删除。`);
  await units.voidUnit(ctx, unitId, reason);
  await audit(ctx, {
    action: 'unit.removed',
    subjectType: 'unit',
    subjectId: unitId,
    reason,
    before: { name: unit.name },
  });
  return ok(undefined);
}

export async function saveSkill(
  ctx: Ctx,
  skill: Omit<units.Skill, 'people'>,
): Promise<Result<undefined, never>> {
  await units.writeSkill(ctx, skill);
  await audit(ctx, { action: 'skill.saved', subjectType: 'skill', subjectId: skill.code, after: skill });
  return ok(undefined);
}

export async function removeSkill(
  ctx: Ctx,
  code: string,
  reason: string,
): Promise<Result<undefined, Refusal<'not_found' | 'in_use'>>> {
  const skill = (await units.readSkills(ctx)).find((known) => known.code === code);
  if (!skill) return refuse('not_found', '没有找到这项技能，可能已被删除，请刷新页面。');
  if (skill.people > 0)
    return refuse('in_use', `还有 ${skill.people} 人掌握“${skill.name}”，请先从他们的资料里去掉，再删除。`);
  await units.voidSkill(ctx, code, reason);
  await audit(ctx, {
    action: 'skill.removed',
    subjectType: 'skill',
    subjectId: code,
    reason,
    before: { name: skill.name },
  });
  return ok(undefined);
}
