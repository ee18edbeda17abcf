import { expect, test } from 'vitest';
import { countdownText } from './countdown.tsx';
import {
  formatBytes,
  formatClock,
  formatDateTime,
  formatDuration,
  formatMoney,
  formatNear,
  formatPercent,
  formatRate,
} from './format.tsx';
import { paceText } from './progress.tsx';

const noon = Date.UTC(2026, 6, 18, 4, 0);
const hour = 3_600_000;

test.each<[what: string, shown: string, expected: string]>([
  ['an instant in Beijing time', formatDateTime('2026-07-18T06:05:00Z'), '2026-07-18 14:05'],
  ['midnight is 00, not 24', formatDateTime('2026-07-17T16:00:00Z'), '2026-07-18 00:00'],
  ['no instant', formatDateTime(null), '—'],
  ['today', formatNear(noon + hour, noon), '今天 13:00'],
  ['the last minute of today', formatNear(noon + 12 * hour - 60_000, noon), '今天 23:59'],
  ['the first minute of tomorrow', formatNear(noon + 12 * hour, noon), '明天 00:00'],
  ['yesterday', formatNear(noon - 13 * hour, noon), '昨天 23:00'],
  ['another day', formatNear(noon + 60 * hour, noon), '07-21 00:00'],
  ['money', formatMoney(123_450), '1,234.50 元'],
  ['no money at all', formatMoney(0), '0.00 元'],
  ['a share', formatPercent(250, 300), '83.3%'],
  ['one short of all is not all', formatPercent(9_999, 10_000), '99.9%'],
  ['all', formatPercent(300, 300), '100.0%'],
  ['a share of nothing', formatPercent(0, 0), '—'],
  ['a rate with its numbers', formatRate(1_250, 3_000), '41.6%（1,250 / 3,000）'],
  ['a clock below an hour', formatClock(247), '04:07'],
  ['a clock at the hour', formatClock(3_600), '1:00:00'],
  ['a length of time in its two largest units', formatDuration(3 * 86_400 + 4 * 3_600 + 59), '3 天 4 小时'],
  ['a length without its second unit', formatDuration(86_400 + 59), '1 天'],
  ['no time', formatDuration(0), '0 秒'],
  ['bytes', formatBytes(1_023), '1023 B'],
  ['kilobytes', formatBytes(1_024), '1.0 KB'],
  ['a calm countdown', countdownText(3_601, '剩余', 3_600), '剩余 1 小时'],
  ['an urgent countdown', countdownText(3_600, '剩余', 3_600), '剩余 1:00:00'],
  ['a passed deadline', countdownText(-65, '剩余', 3_600), '已过 1 分 5 秒'],
  ['a pace with time left', paceText(10_000, 70_000, '行', 10), '每秒 1,000 行，还需约 1 分'],
  ['a slow pace keeps a decimal', paceText(5, null, '封', 2), '每秒 2.5 封'],
  ['no pace yet', paceText(0, 100, '行', 3), '正在准备'],
])('%s', (_what, shown, expected) => {
  expect(shown).toBe(expected);
});
