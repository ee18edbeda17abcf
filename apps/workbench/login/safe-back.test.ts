import { expect, test } from 'vitest';
import { safeBack } from './safe-back.ts';

test.each([
  ['/candidates?name=%E6%9D%8E', '/candidates?name=%E6%9D%8E'],
  ['', '/'],
  ['//evil.example', '/'],
  ['/\\evil.example', '/'],
  ['https://evil.example', '/'],
  ['javascript:alert(1)', '/'],
  ['/login?back=/x', '/'],
])('after signing in, %s leads to %s', (back, target) => {
  expect(safeBack(back)).toBe(target);
});
