import type { Ctx } from '#platform/db/tenant';
import { type Refusal, refuse } from '#platform/http/refusal';
import { keysOfFirst } from '#platform/pinyin';
import { ok, type Result } from '#platform/result';
import { activeSeason } from '#season';
import { scopeOf } from '#staff';
import { readCursor, writeCursor } from './cursor.ts';
import type { CandidateRow, ListQuery } from './list.contract.ts';
import { COUNTED_MAX, defaultSort, type Sort, sortFault, sortKey } from './list.rules.ts';
import { countCases, countSignals, type Found, findNarrow, findWide } from './list.store.ts';
import { type ListRequest, needsCase } from './list-conditions.store.ts';
import { readRows } from './rows.store.ts';
import { maskName } from './rules.ts';
import { seesScores } from './score-sight.ts';
import { readSearch, type SearchTerm } from './search.rules.ts';

export interface CandidatePage {
  readonly items: CandidateRow[];
  readonly nextCursor: string | null;
  readonly total: number;
  readonly capped: boolean;
  readonly hint: string | null;
}

type ListRefusal = Refusal<'no_season' | 'too_broad' | 'cursor_bad'>;

/** One page of the candidates that the actor may see, masked, with the whole count up to 10,000. */
export async function listOfCandidates(
  ctx: Ctx,
  query: ListQuery,
): Promise<Result<CandidatePage, ListRefusal>> {
  const season = await activeSeason(ctx);
  if (!season) return refuse('no_season', '还没有招生季，请招办先到“设置 > 招生季”新建。');
  const scope = await scopeOf(ctx);
  const scores = await seesScores(ctx);
  const asked = query.sort ?? defaultSort(scope.kind);
  const sort: Sort = sortKey(asked) === 'score' && !scores ? 'name' : asked;
  const cursor = query.cursor === undefined ? null : readCursor(query.cursor, sort);
  if (query.cursor !== undefined && cursor === null)
    return refuse('cursor_bad', '翻页位置已失效，请回到第一页重新查询。');
  const term = query.q ? termOf(query.q) : null;
  const { id: seasonId, phase } = season;
  const { limit } = query;
  const request = { seasonId, phase, scope, filters: query, term, sort, after: cursor, limit: limit + 1 };
  const found = await findPage(ctx, request);
  if (!found.ok) return found;
  const page = found.value.found.slice(0, limit);
  const last = found.value.found.length > limit ? page.at(-1) : undefined;
  const rows = await readRows(
    ctx,
    page.map(({ id }) => id),
    { seasonId, phase },
  );
  return ok({
    items: rows.map((row) => masked(row, scores)),
    nextCursor: last ? writeCursor(sort, last) : null,
    total: Math.min(found.value.count, COUNTED_MAX),
    capped: found.value.count > COUNTED_MAX,
    hint: term?.kind === 'nothing' ? term.hint : null,
  });
}

/** A short list is collected and sorted; a long one is walked in its order, where that order allows it. */
export async function findPage(
  ctx: Ctx,
  request: ListRequest,
): Promise<Result<{ count: number; found: Found[] }, Refusal<'too_broad'>>> {
  const cases = (await countCases(ctx, request)) ?? (await countSignals(ctx, request));
  const narrow =
    cases !== null && cases > COUNTED_MAX ? { count: cases, found: [] } : await findNarrow(ctx, request);
  if (narrow.count <= COUNTED_MAX) return ok(narrow);
  const byProvince = (request.filters.province?.length ?? 0) > 0;
  const fault = sortFault(request.sort, { byProvince, byCase: needsCase(ctx, request) });
  if (fault) return refuse('too_broad', fault, { limit: COUNTED_MAX });
  return ok({ count: narrow.count, found: await findWide(ctx, request) });
}

/** A name also says where it stands in the order of names, which spares the walk to it. */
export function termOf(text: string): SearchTerm {
  const term = readSearch(text);
  return term.kind === 'name' ? { ...term, keys: keysOfFirst(text) } : term;
}

/** What leaves the server of a row: the name masked, scores only to those who may see them. */
const masked = (row: CandidateRow, scores: boolean): CandidateRow => ({
  ...row,
  name: maskName(row.name),
  score: scores ? row.score : null,
});
