import { expect, test } from 'vitest';
import { safeCell } from './spreadsheet.ts';

test.each(['=1+1', '+86 154', '-1', '@SUM(A1)', '＝1+1', '＠SUM(A1)', '\tx', '\rx', '\n=1', '\0x'])(
  '%j is quoted',
  (text) => {
    expect(safeCell(text)).toBe(`'${text}`);
  },
);

test.each(['张三', '1+1', 'a=b', ' =1', '', "'=1"])('%j stays', (text) => {
  expect(safeCell(text)).toBe(text);
});
