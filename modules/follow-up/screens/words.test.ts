import { expect, test } from 'vitest';
import { heldLease, phone } from './lease.example.ts';
import { average, evidenceLines, readable, summaryOf, telLink } from './words.ts';

const now = Date.parse('2026-07-22T10:00:00+08:00');

test.each([
  ['+8615412345678', '154 1234 5678'],
  ['15412345678', '154 1234 5678'],
  ['+867310001234', '0731 000 1234'],
  ['+861000012345', '010 0001 2345'],
])('%s reads %s', (number, shown) => {
  expect(readable(number)).toBe(shown);
});

test('a link dials the number as inside the country', () => {
  expect(telLink('+8615412345678')).toBe('tel:15412345678');
});

test('evidence is computed from the numbers', () => {
  const lease = heldLease({
    now,
    numbers: [phone('1', { dialsOfCase: 2, lastOutcome: 'L5', lastDialledAt: now }), phone('2')],
  });
  expect(evidenceLines(lease)).toEqual([
    '本人 154****0001：本任务拨 2 次，最近 无人接听（2026-07-22 10:00）',
    '本人 154****0002：本任务拨 0 次',
  ]);
  expect(summaryOf(lease, ' 家长要求晚上打 ')).toContain('2 个号码，尚未联系。家长要求晚上打');
});

test('averages are cut, never rounded up to the target', () => {
  expect(average(399, 100)).toBe('3.9');
  expect(average(400, 100)).toBe('4.0');
  expect(average(1, 0)).toBe('—');
});
