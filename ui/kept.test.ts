import { afterEach, describe, expect, test, vi } from 'vitest';
import { forgetKept, KEPT_MAX, keep, keptOf } from './kept.tsx';

afterEach(() => {
  vi.unstubAllGlobals();
  forgetKept();
});

/** What a browser's session storage does. */
function makeStorage(): Storage & { readonly all: Map<string, string> } {
  const all = new Map<string, string>();
  return {
    all,
    getItem: (name: string) => all.get(name) ?? null,
    setItem: (name: string, text: string) => void all.set(name, text),
    removeItem: (name: string) => void all.delete(name),
  } as never;
}

test('an entry of the history holds a key that says nothing, and stands for words and place', () => {
  const words = { q: '欧阳小明' };
  const place = { cursor: 'WyJuYW1lIl0', trail: [''] };
  const state = keep({ words, place });
  expect(state.kept).toMatch(/^[0-9a-f]{24}$/);
  expect(keptOf(state)).toEqual({ words, place });
  expect(keptOf({})).toEqual({});
  expect(keptOf(null)).toEqual({});
});

test('nothing to keep needs no key: an empty search on the first page', () => {
  expect(keep({ words: { q: '' } })).toEqual({});
  expect(keep({ place: { cursor: undefined, trail: [] } })).toEqual({});
});

describe('in the tab', () => {
  test('a reload finds it again; after signing out nothing is left, in memory or storage', async () => {
    const storage = makeStorage();
    vi.stubGlobal('sessionStorage', storage);
    const state = keep({ words: { q: '李雷' } });
    vi.resetModules();
    const reloaded = await import('./kept.tsx');
    expect(reloaded.keptOf(state)).toEqual({ words: { q: '李雷' } });
    reloaded.forgetKept();
    expect(reloaded.keptOf(state)).toEqual({});
    expect([...storage.all]).toEqual([]);
  });

  test('it is bounded: the oldest goes first', () => {
    const states = Array.from({ length: KEPT_MAX + 1 }, (_, at) => keep({ words: { q: `第${at}次` } }));
    expect(keptOf(states[0])).toEqual({});
    expect(keptOf(states[1])).toEqual({ words: { q: '第1次' } });
  });

  test('a browser that refuses storage keeps it in memory', () => {
    const refuse = () => {
      throw new Error('SecurityError');
    };
    vi.stubGlobal('sessionStorage', { getItem: refuse, setItem: refuse, removeItem: refuse });
    expect(keptOf(keep({ words: { q: '李雷' } }))).toEqual({ words: { q: '李雷' } });
  });
});
