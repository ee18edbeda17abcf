import type { z } from 'zod';
import { audit, historyOf } from '#platform/audit/audit';
import type { Ctx } from '#platform/db/tenant';
import { type Refusal, refuse } from '#platform/http/refusal';
import type { UserId } from '#platform/ids';
import { ok, type Result } from '#platform/result';
import * as accounts from '#platform/session/accounts';
import { shanghaiDay } from '#platform/shanghai';
import { disableFault, expiryFault, grantFault, identityFault, resetFault } from './account.rules.ts';
import * as store from './account.store.ts';
import type * as contract from './contract.ts';
import { readCursor, writeCursor } from './cursor.ts';
import { capacityFault } from './group.rules.ts';
import { lockGroup } from './group.store.ts';
import { CALLING_ROLES, totpRequired } from './rules.ts';
import { scopeOf } from './scope.ts';
import { readUnits } from './unit.store.ts';

type AccountCode = keyof typeof contract.changePerson.refusals;
type AccountRefusal = Refusal<AccountCode>;

const notFound = (): { ok: false; error: Refusal<'not_found'> } =>
  refuse('not_found', '没有找到这个人，可能已被其他人更改，请刷新列表。');

/** A page of people the actor may see: leaders see their groups, the rest of the readers everybody. */
export async function listPeople(
  ctx: Ctx,
  query: store.PeopleQuery,
): Promise<
  Result<{ items: store.Person[]; nextCursor: string | null; total: number }, Refusal<'bad_cursor'>>
> {
  const after = query.cursor === undefined ? null : readCursor(query.cursor);
  if (after === 'bad') return refuse('bad_cursor', '翻页位置已经失效，请从第一页重新查询。');
  const { items, total } = await store.readPage(ctx, query, { scope: await readerScope(ctx), after });
  const page = items.slice(0, query.limit);
  const last = page.at(-1);
  const column = query.sort.replace('-', '') as 'name' | 'username';
  const nextCursor =
    items.length > query.limit && last ? writeCursor({ value: last[column], id: last.id }) : null;
  return ok({ items: page, nextCursor, total });
}

/** Administrators have no part in the season but look after all accounts. */
async function readerScope(ctx: Ctx): Promise<Awaited<ReturnType<typeof scopeOf>>> {
  const scope = await scopeOf(ctx);
  return scope.kind === 'own' ? { ...scope, kind: 'all' } : scope;
}

const HISTORY_SHOWN = 50;

/** One person with the last 50 changes of the account. A leader finds only the people of the led groups. */
export async function readPerson(
  ctx: Ctx,
  userId: UserId,
): Promise<Result<z.output<typeof contract.readPerson.reply>, Refusal<'not_found'>>> {
  const person = await store.readPerson(ctx, userId);
  const scope = await readerScope(ctx);
  const mine =
    scope.kind === 'all' || userId === scope.userId || scope.groupIds.some((id) => id === person?.groupId);
  if (!person || !mine) return notFound();
  const history = await historyOf(ctx, 'user', userId);
  return ok({ ...person, history: history.slice(0, HISTORY_SHOWN) });
}

type NewPerson = z.output<typeof contract.createPerson.body>;
type PersonChange = z.output<typeof contract.changePerson.body>;

/** Creates account and profile. The first password is returned once and must be changed at first sign-in. */
export async function createPerson(
  ctx: Ctx,
  given: NewPerson,
): Promise<Result<{ id: UserId; initialCode: string }, Refusal<AccountCode | 'username_taken'>>> {
  const granted = grantFault({
    actorId: ctx.actor.userId,
    actorRoles: ctx.actor.roles,
    targetId: '',
    before: [],
    after: given.roles,
  });
  if (granted) return refuse(granted.code, granted.message);
  const fault = await profileFault(ctx, given, null);
  if (fault) return fault;
  const made = await accounts.createAccount(ctx, given);
  if (!made.ok) return made;
  await store.saveProfile(ctx, made.value.userId, given);
  return ok({ id: made.value.userId, initialCode: made.value.initialCode });
}

/** Changes what stands in the profile. Moving to another group frees the old place. */
export async function changePerson(
  ctx: Ctx,
  userId: UserId,
  given: PersonChange,
): Promise<Result<undefined, AccountRefusal>> {
  const before = await store.lockPerson(ctx, userId);
  if (!before) return notFound();
  const fault = identityChangeFault(ctx, given, before) ?? (await profileFault(ctx, given, before));
  if (fault) return fault;
  await store.saveProfile(ctx, userId, given);
  await accounts.setNameAndExpiry(ctx, userId, { name: given.name, expiresOn: given.expiresOn });
  await audit(ctx, {
    action: 'person.changed',
    subjectType: 'user',
    subjectId: userId,
    before: profileOnly(before),
    after: profileOnly(given),
  });
  return ok(undefined);
}

function identityChangeFault(
  ctx: Ctx,
  given: PersonChange,
  before: store.PersonDetail,
): { ok: false; error: AccountRefusal } | null {
  if (given.name === before.name && given.expiresOn === before.expiresOn) return null;
  const fault = identityFault(acting(ctx, before));
  return fault ? refuse(fault.code, fault.message) : null;
}

const acting = (ctx: Ctx, target: store.PersonDetail) => ({
  actorId: ctx.actor.userId,
  actorRoles: ctx.actor.roles,
  targetId: target.id,
  targetRoles: target.roles,
});

const profileOnly = (person: PersonChange | store.Person): object => ({
  name: person.name,
  kind: person.kind,
  unitId: person.unitId,
  groupId: person.groupId,
  staffNo: person.staffNo,
  experienced: person.experienced,
  outstandingLastYear: person.outstandingLastYear,
  openWorkCap: person.openWorkCap,
  expiresOn: person.expiresOn,
  skills: person.skills,
});

async function profileFault(
  ctx: Ctx,
  given: PersonChange,
  before: store.Person | null,
): Promise<{ ok: false; error: AccountRefusal } | null> {
  const expiry =
    given.expiresOn === before?.expiresOn
      ? null
      : expiryFault(given.kind, given.expiresOn, shanghaiDay(ctx.now));
  if (expiry) return refuse(expiry.code, expiry.message);
  if (given.unitId && (await readUnits(ctx, given.unitId)).length === 0)
    return refuse('no_such_unit', '所选部门已不存在，请重新选择。');
  const [missing] = await store.missingSkills(ctx, given.skills);
  if (missing !== undefined) return refuse('no_such_skill', `技能“${missing}”已不存在，请重新选择。`);
  return groupChangeFault(ctx, given.groupId, before);
}

async function groupChangeFault(
  ctx: Ctx,
  groupId: string | null,
  before: store.Person | null,
): Promise<{ ok: false; error: AccountRefusal } | null> {
  if (groupId === (before?.groupId ?? null)) return null;
  const old = before?.groupId ? await lockGroup(ctx, before.groupId) : null;
  if (before && old?.leaderId === before.id)
    return refuse('leads_group', `${before.name} 是${old.name}的组长，请先为该组另选组长，再调组。`);
  if (groupId === null) return null;
  const group = await lockGroup(ctx, groupId);
  if (!group) return refuse('no_such_group', '所选小组已解散，请重新选择。');
  const full = capacityFault(group, 1);
  return full ? refuse('capacity', full.message) : null;
}

/** Gives and takes roles; the person's next request already runs with the new set (ASVS 8.3.2). */
export async function changeRoles(
  ctx: Ctx,
  userId: UserId,
  given: { roles: readonly string[]; reason: string },
): Promise<Result<undefined, AccountRefusal>> {
  const person = await store.lockPerson(ctx, userId);
  if (!person) return notFound();
  const after = [...new Set(given.roles)].sort();
  const fault = grantFault({
    actorId: ctx.actor.userId,
    actorRoles: ctx.actor.roles,
    targetId: userId,
    before: person.roles,
    after,
  });
  if (fault) return refuse(fault.code, fault.message);
  await accounts.setRoles(ctx, userId, after, given.reason);
  if (totpRequired(after) && !totpRequired(person.roles)) await accounts.demandFactor(ctx, userId);
  return ok(undefined);
}

/** What a change of an account asks first: the person, locked, and whether the actor may. */
async function managed(
  ctx: Ctx,
  userId: UserId,
  rule: typeof disableFault,
): Promise<Result<store.PersonDetail, AccountRefusal>> {
  const person = await store.lockPerson(ctx, userId);
  if (!person) return notFound();
  const fault = rule(acting(ctx, person));
  return fault ? refuse(fault.code, fault.message) : ok(person);
}

export async function resetCode(
  ctx: Ctx,
  userId: UserId,
  reason: string,
): Promise<Result<{ initialCode: string }, AccountRefusal>> {
  const person = await managed(ctx, userId, resetFault);
  if (!person.ok) return person;
  return ok(await accounts.resetPassword(ctx, userId, reason));
}

/** The other half of a lost phone: another administrator than the one who resets passwords. */
export async function resetFactor(
  ctx: Ctx,
  userId: UserId,
  reason: string,
): Promise<Result<undefined, AccountRefusal>> {
  const person = await managed(ctx, userId, resetFault);
  if (!person.ok) return person;
  await accounts.resetFactor(ctx, userId, reason);
  return ok(undefined);
}

/** Shuts an account: out at the next request. The caller returns the open work (#absence). Refuses what disableFault refuses. */
export async function disablePerson(
  ctx: Ctx,
  userId: UserId,
  reason: string,
): Promise<Result<store.PersonDetail, AccountRefusal>> {
  const person = await managed(ctx, userId, disableFault);
  if (!person.ok) return person;
  await accounts.setDisabled(ctx, userId, true, reason);
  return person;
}

export async function enablePerson(
  ctx: Ctx,
  userId: UserId,
  reason: string,
): Promise<Result<undefined, AccountRefusal>> {
  const person = await managed(ctx, userId, disableFault);
  if (!person.ok) return person;
  await accounts.setDisabled(ctx, userId, false, reason);
  return ok(undefined);
}

/** Takes a person off the follow-up of the season; the account stays. The caller returns the open work (#absence). */
export async function removeFromFollowUp(
  ctx: Ctx,
  userId: UserId,
  reason: string,
): Promise<Result<store.PersonDetail, AccountRefusal>> {
  const person = await store.lockPerson(ctx, userId);
  if (!person) return notFound();
  const group = person.groupId ? await lockGroup(ctx, person.groupId) : null;
  if (group?.leaderId === userId)
    return refuse('leads_group', `${person.name} 是${group.name}的组长，请先为该组另选组长，再退出回访。`);
  await store.saveRemoved(ctx, userId, reason);
  await audit(ctx, { action: 'person.removed', subjectType: 'user', subjectId: userId, reason });
  return ok(person);
}

/** 资格审查 by the supervisor (seed 001 part 4.4): without it nobody is given work. */
export async function qualifyPerson(
  ctx: Ctx,
  userId: UserId,
  given: { passed: boolean; note: string },
): Promise<Result<undefined, Refusal<'not_found' | 'self' | 'not_a_caller'>>> {
  const person = await store.lockPerson(ctx, userId);
  if (!person) return notFound();
  if (userId === ctx.actor.userId) return refuse('self', '不能审查自己的资格，请由另一位督查员办理。');
  const calls = person.roles.some((role) => [...CALLING_ROLES, 'escalation_member'].includes(role as never));
  if (!calls)
    return refuse(
      'not_a_caller',
      `${person.name} 没有回访类角色，不需要资格审查；如要参加回访，请先由招办授予角色。`,
    );
  await store.saveQualified(ctx, userId, given.passed);
  await audit(ctx, {
    action: given.passed ? 'person.qualified' : 'person.disqualified',
    subjectType: 'user',
    subjectId: userId,
    reason: given.note,
  });
  return ok(undefined);
}
