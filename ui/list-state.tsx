import { useLocation, useNavigate } from '@tanstack/react-router';
import type { RouteInput, RouteReply, RouteSpec } from '#platform/http/route';
import { queryOf } from './api.tsx';
import { type Kept, keep, keptOf } from './kept.tsx';
import { cleanSearch, listOf, type RawSearch, textOf } from './search-params.tsx';

/** At most this many rows a page: more than a person reads. */
export const pageSizes = [20, 50] as const;

/** A page of a keyset-paged list, as list routes reply. */
export interface ListPage<Row> {
  readonly items: readonly Row[];
  /** Opaque; `null` on the last page. */
  readonly nextCursor: string | null;
  /** When the server knows it cheaply. */
  readonly total?: number | null | undefined;
  /** There are more than `total`: the server stopped counting there. */
  readonly capped?: boolean | undefined;
}

/** What the page says about a list: its address, and for what no address may say its entry in the history. */
export interface ListState {
  readonly filters: Readonly<Record<string, string | readonly string[]>>;
  /** `name` ascending, `-name` descending; absent for the list's own order. */
  readonly sort: string | undefined;
  readonly cursor: string | undefined;
  readonly limit: number;
}

/** The filters of a list by name; those in `personal` (a name, a number) stand in no address. */
export interface ListFilters {
  readonly names: readonly string[];
  readonly personal?: readonly string[];
}

/** Reads the state of a list; only the named filters are taken, and no personal one from an address. */
export function readListState(
  search: RawSearch,
  { names, personal = [] }: ListFilters,
  { words = {}, place }: Kept = {},
): ListState {
  const filters: Record<string, string | string[]> = {};
  for (const name of names) {
    const value = (personal.includes(name) ? words : search)[name];
    const all = listOf(value);
    if (all.length > 0) filters[name] = Array.isArray(value) ? all : textOf(value);
  }
  const limit = Number(textOf(search.limit));
  return {
    filters,
    sort: textOf(search.sort) || undefined,
    cursor: place?.cursor || undefined,
    limit: pageSizes.find((size) => size === limit) ?? pageSizes[0],
  };
}

/** Parts the chosen filters into what the address says and what only this tab keeps. */
export function partFilters(
  { names, personal = [] }: ListFilters,
  chosen: RawSearch,
): { address: RawSearch; words: RawSearch } {
  const pick = (wanted: readonly string[]) => Object.fromEntries(wanted.map((name) => [name, chosen[name]]));
  return { address: pick(names.filter((name) => !personal.includes(name))), words: pick(personal) };
}

/**
 * The query of a list route for `QueryTable`: filters by their names plus `sort`, `cursor` and `limit`, in the body where the
 * route searches. The route's schema checks the texts of the address; `fixed` adds what the screen itself decides.
 */
export function listQuery<R extends RouteSpec>(
  route: R,
  list: ListState,
  fixed: Readonly<Record<string, unknown>> = {},
  params?: Readonly<Record<string, unknown>>,
): { queryKey: readonly unknown[]; queryFn: (context: { signal: AbortSignal }) => Promise<RouteReply<R>> } {
  const { filters, sort, cursor, limit } = list;
  const asked = cleanSearch({ ...filters, sort, cursor, limit, ...fixed });
  const parts = route.searches ? { body: asked } : { query: asked };
  const input = { ...parts, ...(params ? { params } : {}) } as unknown as RouteInput<R>;
  return queryOf(route, input);
}

/** The list as its page says it. Where a page begins belongs to the history entry: 上一页 and the browser's 后退 agree. */
export function useListState(filters: ListFilters) {
  const location = useLocation();
  const navigate = useNavigate();
  const search = location.search as RawSearch;
  const kept = keptOf(location.state);
  const { words } = kept;
  const list = readListState(search, filters, kept);
  const trail = kept.place?.trail ?? [];

  const go = (change: RawSearch, next: Kept, replace = false) => {
    void navigate({
      to: '.',
      search: ((before: RawSearch) => cleanSearch({ ...before, ...change })) as never,
      state: keep(next) as never,
      replace,
      resetScroll: false,
    });
  };
  const turn = (cursor: string | undefined, nextTrail: readonly string[]) =>
    go({}, { words, place: { cursor, trail: nextTrail } });
  return {
    list,
    pageNumber: trail.length + 1,
    setFilters: (chosen: RawSearch) => {
      const { address, words: said } = partFilters(filters, chosen);
      go(address, { words: said });
    },
    /** Neither a condition nor an open record. */
    isBare: Object.keys(search).length === 0 && words === undefined,
    /** The conditions and the order of a saved view, instead of what stands there. */
    applyView: (view: RawSearch, { replace = false }: { readonly replace?: boolean } = {}) =>
      go({ ...partFilters(filters, {}).address, sort: undefined, ...view }, {}, replace),
    setSort: (sort: string | undefined) => go({ sort }, { words }),
    setLimit: (limit: number) => go({ limit }, { words }),
    nextPage: (cursor: string) => turn(cursor, [...trail, list.cursor ?? '']),
    previousPage: () => turn(trail.at(-1) || undefined, trail.slice(0, -1)),
  };
}
