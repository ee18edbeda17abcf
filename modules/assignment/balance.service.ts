import type { z } from 'zod';
import type { NewOwner } from '#follow-up';
import { audit } from '#platform/audit/audit';
import type { Ctx } from '#platform/db/tenant';
import { type Refusal, refuse } from '#platform/http/refusal';
import { ok, type Result } from '#platform/result';
import { activeSeason } from '#season';
import { callersFor, groupsOf, peopleInScope } from '#staff';
import type * as contract from './change.contract.ts';
import { evenOut } from './change.rules.ts';
import { checkPerson, moveCases, otherGroup, reachOf } from './change.service.ts';
import { readLoads, readMovable, readOwned } from './change.store.ts';
import { noSeason } from './run.service.ts';

/** Even work within a group or the season, and the lists beside it. */

type BalanceRefusal = Refusal<keyof typeof contract.balance.refusals>;

/** Moves cases nobody has called yet from the fullest to the emptiest. `dry` only says what would move. */
export async function balanceWork(
  ctx: Ctx,
  given: z.output<typeof contract.balance.body>,
): Promise<Result<z.output<typeof contract.balance.reply>, BalanceRefusal>> {
  const season = await activeSeason(ctx);
  if (!season) return noSeason();
  const reach = await reachOf(ctx);
  if (reach !== null && (given.groupId === null || !reach.includes(given.groupId))) return otherGroup();
  const callers = await callersFor(ctx, given.groupId === null ? {} : { groupIds: [given.groupId as never] });
  const ownerIds = callers.map(({ userId }) => userId);
  const movable = await readMovable(ctx, { seasonId: season.id, ownerIds, started: given.started });
  const piles = Map.groupBy(movable, ({ ownerId }) => ownerId);
  const moves = evenOut(
    callers.map(({ userId, openWork, openWorkCap }) => ({
      userId,
      open: openWork,
      movable: piles.get(userId)?.length ?? 0,
      cap: openWorkCap,
    })),
  );
  const givers = callers.flatMap(({ userId }) =>
    (piles.get(userId) ?? []).slice(0, -Math.min(0, moves.get(userId) ?? 0)),
  );
  const takers = callers.flatMap((caller) =>
    Array<typeof caller>(Math.max(0, moves.get(caller.userId) ?? 0)).fill(caller),
  );
  const owners = givers.flatMap(({ id }, at): NewOwner[] => {
    const taker = takers[at];
    return taker ? [{ caseId: id, ownerId: taker.userId, groupId: taker.groupId }] : [];
  });
  const lines = callers.map(({ userId, name, openWork }) => ({
    userId,
    name,
    before: openWork,
    after: openWork + (moves.get(userId) ?? 0),
  }));
  if (given.dry) return ok({ moved: owners.length, lines });
  if (owners.length === 0)
    return refuse(
      'nothing_moved',
      '在办已经均衡，或没有可以移动的考生：联系过的、通话中的和报备归属的不移动。',
    );
  const moved = await moveCases(ctx, owners, { kind: 'balanced', reason: given.reason });
  await audit(ctx, {
    action: 'assignment.balanced',
    subjectType: given.groupId === null ? 'season' : 'group',
    subjectId: given.groupId ?? season.id,
    reason: given.reason,
    after: { moved, lines },
  });
  return ok({ moved, lines });
}

/** Everyone within reach who may be given work or still holds some. */
export async function listLoads(ctx: Ctx): Promise<z.output<typeof contract.listLoads.reply>> {
  const reach = await reachOf(ctx);
  const groups = (await groupsOf(ctx)).map(({ id, name }) => ({ id, name }));
  const season = await activeSeason(ctx);
  const wholeSeason = reach === null;
  if (!season) return { items: [], groups, wholeSeason, pool: 0 };
  const loads = await readLoads(ctx, season.id);
  const of = new Map(loads.map((load) => [load.ownerId, load]));
  const available = new Set((await callersFor(ctx)).map(({ userId }) => userId));
  const people = await peopleInScope(ctx);
  const items = people.flatMap((person) => {
    const load = of.get(person.userId);
    if (!load && !available.has(person.userId)) return [];
    return {
      userId: person.userId,
      name: person.name,
      groupId: person.groupId,
      groupName: person.groupName,
      available: available.has(person.userId),
      open: load?.open ?? 0,
      untouched: load?.untouched ?? 0,
      scheduled: load?.scheduled ?? 0,
      escalated: load?.escalated ?? 0,
      calling: (load?.leased ?? 0) > 0,
      cap: person.openWorkCap,
    };
  });
  const free = of.get(null);
  return { items, groups, wholeSeason, pool: wholeSeason && free ? free.open - free.escalated : 0 };
}

type OwnedRefusal = Refusal<keyof typeof contract.listOwned.refusals>;

export async function listOwned(
  ctx: Ctx,
  { userId, cursor, limit }: z.output<typeof contract.listOwned.query>,
): Promise<Result<z.output<typeof contract.listOwned.reply>, OwnedRefusal>> {
  const allowed = await checkPerson(ctx, userId);
  if (!allowed.ok) return allowed;
  const season = await activeSeason(ctx);
  if (!season) return ok({ items: [], nextCursor: null });
  const rows = await readOwned(ctx, { seasonId: season.id, userId, cursor, limit });
  const items = rows.slice(0, limit);
  return ok({ items, nextCursor: rows.length > limit ? (items.at(-1)?.id ?? null) : null });
}
