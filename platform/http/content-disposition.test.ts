import { validateHeaderValue } from 'node:http';
import { expect, test } from 'vitest';
import { disposition } from './content-disposition.ts';

/** ASVS 5.4.2: names come from provinces, candidates and staff. */
test.each([
  ['录退结果-2026-07-22-ABCD.dbf', '录退结果-2026-07-22-ABCD.dbf'],
  ['a"; filename="evil.exe', 'a; filename=evil.exe'],
  ['a\r\nset-cookie: x=1.pdf', 'aset-cookie x=1.pdf'],
  ["o'neil (1)*.xlsx", "o'neil (1).xlsx"],
  ['../../etc/passwd', 'passwd'],
  ['报告\u202efdp.exe', '报告fdp.exe'],
  ['100%.csv', '100%.csv'],
  ['\u0000', '未命名'],
])('%j is offered as %s', (given, kept) => {
  const header = disposition('attachment', given);
  expect(header).toMatch(/^attachment; filename\*=UTF-8''[A-Za-z0-9%._~-]+$/);
  expect(() => validateHeaderValue('content-disposition', header)).not.toThrow();
  expect(decodeURIComponent(header.replace(/^.*''/, ''))).toBe(kept);
});
