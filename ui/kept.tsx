import { cleanSearch, type RawSearch } from './search-params.tsx';

/**
 * What an entry of the browser's history remembers although no address may say it: names and numbers that were searched
 * for, and the place in a list, which is made of the last name on the page (law.md R30, ASVS 14.2.1). The entry itself
 * holds a random key; what it stands for lies in this tab until it is closed, somebody signs in or out, or the session ends.
 */
export interface Kept {
  /** Values of the personal filters. */
  readonly words?: RawSearch | undefined;
  /** Of a list: where this page begins, and where those before it began. */
  readonly place?: Place | undefined;
}

export interface Place {
  readonly cursor: string | undefined;
  readonly trail: readonly string[];
}

/** The part of a history entry's state that is ours. */
export interface KeptState {
  readonly kept?: string | undefined;
}

const ITEM = 'zz-kept';
/** So many entries of the history remember something; who goes further back sees the list without it. */
export const KEPT_MAX = 60;
const KEY_BYTES = 12;

let entries: Map<string, Kept> | null = null;

/** Keeps what an entry stands for; nothing at all needs no key. */
export function keep({ words = {}, place }: Kept): KeptState {
  const said = cleanSearch(words);
  const isPlain = Object.keys(said).length === 0 && (place === undefined || place.cursor === undefined);
  if (isPlain) return {};
  const all = loaded();
  const key = [...crypto.getRandomValues(new Uint8Array(KEY_BYTES))]
    .map((byte) => byte.toString(16).padStart(2, '0'))
    .join('');
  all.set(key, { words: said, ...(place && { place }) });
  for (const oldest of [...all.keys()].slice(0, -KEPT_MAX)) all.delete(oldest);
  write(JSON.stringify([...all]));
  return { kept: key };
}

/** What a history entry stands for; nothing once it was forgotten. */
export function keptOf(state: unknown): Kept {
  const { kept } = (state ?? {}) as KeptState;
  return (kept !== undefined && loaded().get(kept)) || {};
}

/** Somebody signed in or out, or the session ended: what the former reader searched for is nobody's business. */
export function forgetKept(): void {
  entries = new Map();
  write(null);
}

/** Survives a reload, not the tab. A browser that shuts its storage keeps it in memory. */
function loaded(): Map<string, Kept> {
  if (entries) return entries;
  try {
    entries = new Map(JSON.parse(sessionStorage.getItem(ITEM) ?? '[]') as [string, Kept][]);
  } catch {
    entries = new Map();
  }
  return entries;
}

function write(text: string | null): void {
  try {
    if (text === null) sessionStorage.removeItem(ITEM);
    else sessionStorage.setItem(ITEM, text);
  } catch {
    // Shut or full: in memory it holds until the page is loaded again.
  }
}
