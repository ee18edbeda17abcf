import { useLocation, useNavigate } from '@tanstack/react-router';
import type { RouteInput, RouteReply, RouteSpec } from '#platform/http/route';
import { queryOf } from './api.tsx';
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

/** What the address says about a list. */
export interface ListState {
  readonly filters: Readonly<Record<string, string | readonly string[]>>;
  /** `name` ascending, `-name` descending; absent for the list's own order. */
  readonly sort: string | undefined;
  readonly cursor: string | undefined;
  readonly limit: number;
}

/** Reads the state of a list from the query string; only the named filters are taken. */
export function readListState(search: RawSearch, filterNames: readonly string[]): ListState {
  const filters: Record<string, string | string[]> = {};
  for (const name of filterNames) {
    const all = listOf(search[name]);
    if (all.length > 0) filters[name] = Array.isArray(search[name]) ? all : textOf(search[name]);
  }
  const limit = Number(textOf(search.limit));
  return {
    filters,
    sort: textOf(search.sort) || undefined,
    cursor: textOf(search.cursor) || undefined,
    limit: pageSizes.find((size) => size === limit) ?? pageSizes[0],
  };
}

/**
 * The query of a list route for `QueryTable`: filters by their names plus `sort`, `cursor` and `limit`. The route's
 * schema checks the texts of the address; `fixed` adds what the screen itself decides.
 */
export function listQuery<R extends RouteSpec>(
  route: R,
  list: ListState,
  fixed: Readonly<Record<string, unknown>> = {},
  params?: Readonly<Record<string, unknown>>,
): { queryKey: readonly unknown[]; queryFn: (context: { signal: AbortSignal }) => Promise<RouteReply<R>> } {
  const { filters, sort, cursor, limit } = list;
  const query = cleanSearch({ ...filters, sort, cursor, limit, ...fixed });
  const input = { query, ...(params ? { params } : {}) } as unknown as RouteInput<R>;
  return queryOf(route, input);
}

interface Trail {
  readonly trail?: readonly string[];
}

/** Cursors of the pages before this one live in the history entry: 上一页 and the browser's 后退 agree. */
export function useListState(filterNames: readonly string[]) {
  const location = useLocation();
  const navigate = useNavigate();
  const search = location.search as RawSearch;
  const list = readListState(search, filterNames);
  const trail = (location.state as Trail).trail ?? [];

  const go = (change: RawSearch, nextTrail: readonly string[], replace = false) => {
    void navigate({
      to: '.',
      search: ((before: RawSearch) => cleanSearch({ ...before, ...change })) as never,
      state: { trail: nextTrail } as never,
      replace,
      resetScroll: false,
    });
  };
  const cleared = Object.fromEntries(filterNames.map((name) => [name, undefined]));
  return {
    list,
    pageNumber: trail.length + 1,
    /** True on a page that was entered by its address, so that nobody knows what stood before it. */
    isDetached: list.cursor !== undefined && trail.length === 0,
    setFilters: (filters: RawSearch) => go({ ...cleared, ...filters, cursor: undefined }, []),
    /** Nothing in the address: neither a condition nor an open record. */
    isBare: Object.keys(search).length === 0,
    /** The conditions and the order of a saved view, instead of what stands there. */
    applyView: (view: RawSearch, { replace = false }: { readonly replace?: boolean } = {}) =>
      go({ ...cleared, sort: undefined, ...view, cursor: undefined }, [], replace),
    setSort: (sort: string | undefined) => go({ sort, cursor: undefined }, []),
    setLimit: (limit: number) => go({ limit, cursor: undefined }, []),
    nextPage: (cursor: string) => go({ cursor }, [...trail, list.cursor ?? '']),
    previousPage: () => go({ cursor: trail.at(-1) }, trail.slice(0, -1)),
    firstPage: () => go({ cursor: undefined }, []),
  };
}
