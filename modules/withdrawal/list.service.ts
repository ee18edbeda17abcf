import { maskName } from '#candidate/rules';
import type { Ctx } from '#platform/db/tenant';
import type { Refusal } from '#platform/http/refusal';
import { ok, type Result } from '#platform/result';
import { scopeOf } from '#staff';
import { isChecker, type WithdrawalState } from './rules.ts';
import { countStates, listRows, readRow } from './store.ts';
import { notFound, viewOf } from './view.ts';

type View = ReturnType<typeof viewOf>;

export interface ListQuery {
  readonly state?: WithdrawalState | undefined;
  readonly toCheck?: 'true' | 'false' | undefined;
  readonly q?: string | undefined;
  readonly cursor?: string | undefined;
  readonly limit: number;
}

/** Newest first; a page starts after the last request of the one before. */
export async function listWithdrawals(
  ctx: Ctx,
  query: ListQuery,
): Promise<{
  items: View[];
  nextCursor: string | null;
  total: number;
  counts: Partial<Record<WithdrawalState, number>>;
}> {
  const [at, id] = (query.cursor ?? '').split('_');
  const before = at && id && /^\d+$/.test(at) && /^[0-9a-f-]{36}$/.test(id) ? { at: Number(at), id } : null;
  const scope = await scopeOf(ctx);
  const { rows, total } = await listRows(ctx, scope, {
    state: query.state,
    toCheck: query.toCheck === 'true',
    q: query.q,
    before,
    limit: query.limit,
  });
  const last = rows.at(-1);
  const more = last && rows.length === query.limit;
  return {
    items: rows.map((row) => masked(viewOf(ctx, row))),
    nextCursor: more ? `${last.requestedAt}_${last.id}` : null,
    total,
    counts: await countStates(ctx, scope),
  };
}

export async function readWithdrawal(ctx: Ctx, id: string): Promise<Result<View, Refusal<'not_found'>>> {
  const row = await readRow(ctx, await scopeOf(ctx), id);
  if (!row) return notFound();
  // Whoever compares the papers with the file needs the whole name; others read it masked.
  const compares = isChecker(row, ctx.actor) || ctx.actor.permissions.has('withdrawal.execute');
  return ok(compares ? viewOf(ctx, row) : masked(viewOf(ctx, row)));
}

const masked = (view: View): View => ({ ...view, candidateName: maskName(view.candidateName) });
