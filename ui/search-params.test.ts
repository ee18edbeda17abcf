import { expect, test } from 'vitest';
import { reconnectWait } from './events.tsx';
import { partFilters, readListState } from './list-state.tsx';
import { cleanSearch, parseSearch, stringifySearch } from './search-params.tsx';
import { holds } from './session.tsx';

test.each<[search: Record<string, unknown>, text: string]>([
  [{ no: '007' }, '?no=007'],
  [{ state: ['a', 'b'] }, '?state=a&state=b'],
  [{ name: '欧阳 雪&' }, '?name=%E6%AC%A7%E9%98%B3+%E9%9B%AA%26'],
])('the address keeps %j', (search, text) => {
  expect(stringifySearch(search)).toBe(text);
  expect(parseSearch(text)).toEqual(search);
});

test('what says nothing leaves the address', () => {
  expect(cleanSearch({ a: '', b: null, c: undefined, d: [], e: 0, f: false })).toEqual({ e: 0, f: false });
  expect(stringifySearch({ a: '' })).toBe('');
});

test('a list reads its own filters, a known page size and nothing else', () => {
  const list = readListState(
    { state: 'ready', open: '7', limit: '50', sort: '-due' },
    { names: ['name', 'state'] },
    { place: { cursor: 'c', trail: [''] } },
  );
  expect(list).toEqual({ filters: { state: 'ready' }, limit: 50, sort: '-due', cursor: 'c' });
});

test('a name is read from what the tab keeps, never from an address, and never written into one', () => {
  const filters = { names: ['name', 'state'], personal: ['name'] };
  const read = (words?: Record<string, string>) =>
    readListState({ name: '李', state: 'ready' }, filters, { words }).filters;
  expect(read()).toEqual({ state: 'ready' });
  expect(read({ name: '张' })).toEqual({ name: '张', state: 'ready' });
  expect(partFilters(filters, { name: '张', state: ['ready'] })).toEqual({
    address: { state: ['ready'] },
    words: { name: '张' },
  });
});

test.each([
  ['20', 20],
  ['50', 50],
  ['51', 20],
  ['5000', 20],
  ['', 20],
])('page size %s in the address means %i rows', (limit, rows) => {
  expect(readListState({ limit }, { names: [] }).limit).toBe(rows);
});

test('waits double up to half a minute and are spread', () => {
  expect(reconnectWait(0, 1)).toBe(1_000);
  expect(reconnectWait(0, 0)).toBe(500);
  expect(reconnectWait(3, 1)).toBe(8_000);
  expect(reconnectWait(50, 1)).toBe(30_000);
});

test.each<[held: string[], wanted: string | string[], allowed: boolean]>([
  [[], 'signed_in', true],
  [['a'], 'a', true],
  [['a'], 'b', false],
  [['a'], ['b', 'a'], true],
  [[], [], false],
])('%j opens %j: %s', (held, wanted, allowed) => {
  expect(holds(held, wanted)).toBe(allowed);
});
