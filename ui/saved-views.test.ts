import { expect, test } from 'vitest';
import { sameSearch } from './saved-views.tsx';

test.each([
  ['the order of the fields does not count', { a: '1', b: '2' }, { b: '2', a: '1' }, true],
  ['one value and a list of one are the same filter', { province: '51' }, { province: ['51'] }, true],
  ['what says nothing does not count', { a: '1', b: '', c: [], d: undefined }, { a: '1' }, true],
  ['a further value is another view', { province: ['51', '65'] }, { province: '51' }, false],
  ['the sort belongs to it', { a: '1', sort: '-name' }, { a: '1' }, false],
])('%s', (_rule, left, right, same) => {
  expect(sameSearch(left, right)).toBe(same);
});
