import { useLocation, useNavigate } from '@tanstack/react-router';
import type { z } from 'zod';
import { type Kept, type KeptState, keep, keptOf } from './kept.tsx';
import { cleanSearch, type RawSearch } from './search-params.tsx';

export type Patch<T> = { readonly [K in keyof T]?: T[K] | undefined };

/** `replace` for typing and tabs (no step in the history), `push` (default) for what 后退 should undo. */
export interface PatchOptions {
  readonly replace?: boolean;
}

/**
 * The raw query string as texts and lists of texts, and a way to change parts of it. What the entry keeps beside its
 * address stays; a change that names `cursor` goes back to the first page of the list.
 */
export function useRawUrlState(): [RawSearch, (patch: RawSearch, options?: PatchOptions) => void] {
  const search = useLocation({ select: (location) => location.search as RawSearch });
  const navigate = useNavigate();
  const patch = (change: RawSearch, { replace = false }: PatchOptions = {}) => {
    void navigate({
      to: '.',
      search: ((before: RawSearch) => cleanSearch({ ...before, ...change })) as never,
      state: ((before: KeptState) =>
        'cursor' in change ? keep({ words: keptOf(before).words }) : { kept: before.kept }) as never,
      replace,
      resetScroll: false,
    });
  };
  return [search, patch];
}

/** What the page remembers beside its address, and a way to forget it. */
export function useKept(): [Kept, () => void] {
  const state = useLocation({ select: (location) => location.state as KeptState });
  const navigate = useNavigate();
  const forget = () =>
    void navigate({ to: '.', search: true as never, state: {}, replace: true, resetScroll: false });
  return [keptOf(state), forget];
}

/**
 * State of a screen that lives in its address. The schema reads texts (`z.coerce.number()`, `z.enum([...])`) and
 * should `.catch()` a default for each field; a bad address then shows the defaults instead of failing.
 */
export function useUrlState<S extends z.ZodType<Record<string, unknown>>>(
  schema: S,
): [z.output<S>, (patch: Patch<z.output<S>>, options?: PatchOptions) => void] {
  const [raw, patchRaw] = useRawUrlState();
  const parsed = schema.safeParse(raw);
  const value = parsed.success ? parsed.data : schema.parse({});
  return [value as z.output<S>, (change, options) => patchRaw(change as RawSearch, options)];
}
