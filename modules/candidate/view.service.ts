import type { Ctx } from '#platform/db/tenant';
import { type Refusal, refuse } from '#platform/http/refusal';
import { ok, type Result } from '#platform/result';
import { groupsOf, type Scope, scopeOf } from '#staff';
import { type Audience, VIEWS_MAX } from './view.contract.ts';
import {
  clearDefault,
  deleteView,
  insertView,
  type OfferedView,
  readOwnNames,
  readView,
  readViews,
  updateView,
} from './view.store.ts';

/** The widest audience by scope: who sees the whole season may offer to all, who belongs to a group to it. */
export function widestAudience(scope: Pick<Scope, 'kind'>, groups: readonly unknown[]): Audience {
  if (scope.kind === 'all') return 'all';
  return groups.length > 0 ? 'group' : 'own';
}

export async function viewsOf(
  ctx: Ctx,
  screen: string,
): Promise<Result<{ items: OfferedView[]; shareWith: Audience }, never>> {
  const scope = await scopeOf(ctx);
  const groups = await groupsOf(ctx, scope);
  const items = await readViews(
    ctx,
    screen,
    groups.map(({ id }) => id),
  );
  return ok({ items, shareWith: widestAudience(scope, groups) });
}

export async function keepView(
  ctx: Ctx,
  given: { screen: string; name: string; query: Record<string, unknown> },
): Promise<Result<{ id: string }, Refusal<'too_many_views'>>> {
  const names = await readOwnNames(ctx, given.screen);
  if (names.length >= VIEWS_MAX && !names.includes(given.name))
    return refuse('too_many_views', `每个页面最多保存 ${VIEWS_MAX} 个视图，请先删除不用的。`, {
      views: names.length,
      limit: VIEWS_MAX,
    });
  return ok({ id: await insertView(ctx, given) });
}

export interface ViewChange {
  readonly name?: string | undefined;
  readonly audience?: Audience | undefined;
  readonly isDefault?: boolean | undefined;
}

type ChangeRefused = Refusal<'not_found' | 'name_taken' | 'no_group' | 'too_wide'>;

/** Renames, shares or makes default a view of the actor's own. */
export async function changeOwnView(
  ctx: Ctx,
  id: string,
  change: ViewChange,
): Promise<Result<undefined, ChangeRefused>> {
  const view = await readView(ctx, id);
  if (!view) return gone();
  const { name = view.name, audience = view.audience, isDefault = view.isDefault } = change;
  if (name !== view.name && (await readOwnNames(ctx, view.screen)).includes(name))
    return refuse('name_taken', `您已经有一个叫“${name}”的视图，请换个名字。`);
  const place = change.audience === undefined ? ok(view.groupId) : await groupToOfferTo(ctx, audience);
  if (!place.ok) return place;
  if (isDefault && !view.isDefault) await clearDefault(ctx, view.screen);
  await updateView(ctx, id, { name, audience, isDefault, groupId: place.value });
  return ok(undefined);
}

async function groupToOfferTo(
  ctx: Ctx,
  audience: Audience,
): Promise<Result<string | null, Refusal<'no_group' | 'too_wide'>>> {
  if (audience === 'own') return ok(null);
  const scope = await scopeOf(ctx);
  if (audience === 'all' && scope.kind !== 'all')
    return refuse('too_wide', '只有能看到全部考生的角色可以设为全校可用，您可以设为本组可用。');
  if (audience === 'all') return ok(null);
  const [group] = scope.kind === 'all' ? [] : await groupsOf(ctx, scope);
  return group
    ? ok(group.id)
    : refuse('no_group', '您不在任何小组里，不能设为本组可用；可以设为只有自己使用。');
}

export const forgetView = async (ctx: Ctx, id: string): Promise<Result<undefined, Refusal<'not_found'>>> =>
  (await deleteView(ctx, id)) ? ok(undefined) : gone();

const gone = () => refuse('not_found', '这个视图已经删除，或不是您保存的，请刷新。');
