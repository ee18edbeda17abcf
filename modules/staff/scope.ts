import type { Ctx } from '#platform/db/tenant';
import type { UserId } from '#platform/ids';
import { type Group, ledBy, readGroups } from './group.store.ts';
import {
  type Caller,
  type GroupId,
  type Profile,
  profileOf,
  readCallers,
  readPeople,
} from './people.store.ts';
import { CALLING_ROLES, type ScopeKind, scopeKindOf } from './rules.ts';

/**
 * What part of the season the actor sees: everything; the groups they lead and their own work; or their own work.
 * `groupIds` is empty unless kind is `group`. The platform itself (userId null) sees everything.
 */
export interface Scope {
  readonly kind: ScopeKind;
  readonly userId: UserId | null;
  readonly groupIds: readonly GroupId[];
}

export async function scopeOf(ctx: Ctx): Promise<Scope> {
  const { userId, roles } = ctx.actor;
  if (userId === null) return { kind: 'all', userId, groupIds: [] };
  const kind = scopeKindOf(roles);
  return { kind, userId, groupIds: kind === 'group' ? await ledBy(ctx, userId) : [] };
}

/** The people the actor may see: all, the members of the groups they lead, or only themselves. */
export async function peopleInScope(ctx: Ctx, scope?: Scope): Promise<Profile[]> {
  const seen = scope ?? (await scopeOf(ctx));
  if (seen.kind === 'all') return readPeople(ctx, {});
  if (seen.kind === 'group') return readPeople(ctx, { groupIds: seen.groupIds, userId: seen.userId });
  return readPeople(ctx, { userId: seen.userId });
}

/** The groups the actor may see: all, those they lead, or the one they work in. */
export async function groupsOf(ctx: Ctx, scope?: Scope): Promise<Group[]> {
  const seen = scope ?? (await scopeOf(ctx));
  if (seen.kind === 'all') return readGroups(ctx);
  if (seen.kind === 'group') return readGroups(ctx, seen.groupIds);
  const own = seen.userId ? await profileOf(ctx, seen.userId) : null;
  return own?.groupId ? readGroups(ctx, [own.groupId]) : [];
}

/**
 * Who may be given work now: active, qualified, with a calling role, not on leave, with all of `skills`; each with open
 * work, cap and room. Ordered by group and name, so that a seeded distribution repeats.
 */
export const callersFor = (
  ctx: Ctx,
  filter: { groupIds?: readonly GroupId[]; skills?: readonly string[] } = {},
): Promise<Caller[]> => readCallers(ctx, { ...filter, roles: CALLING_ROLES });

/** Student callers see no scores (教育部 2021: scores go to the candidate and the college only): whether this person is one. Somebody without an account counts as one. */
export async function isStudent(ctx: Ctx, userId: UserId): Promise<boolean> {
  const profile = await profileOf(ctx, userId);
  return profile === null || profile.kind === 'student';
}

/** The supervisor paired with a group, or null. */
export async function supervisorOf(ctx: Ctx, groupId: GroupId): Promise<UserId | null> {
  const [group] = await readGroups(ctx, [groupId]);
  return group?.supervisorId ?? null;
}

/** The leader of a group, or null. */
export async function leaderOf(ctx: Ctx, groupId: GroupId): Promise<UserId | null> {
  const [group] = await readGroups(ctx, [groupId]);
  return group?.leaderId ?? null;
}
