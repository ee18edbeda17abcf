import { expect, test } from 'vitest';
import { bodyLine } from './audit-body.tsx';

test.each<[what: string, body: object, line: string]>([
  [
    'a word of the season stands as its label',
    { from: { phase: 'filing', round: 'focus' } },
    '原为：阶段：投档；轮次：集中突破',
  ],
  ['the same word in another field stays', { code: 'filing' }, '代码：filing'],
  [
    'counts of an import stand by what was found',
    { findings: { name_lost: 2 } },
    '发现：姓名中有丢失的字（? 或乱码）：2',
  ],
  [
    'an instant is a date and a time',
    { withdrawalDeadlineAt: 1_797_000_000_000 },
    '退档截止：2026-12-11 22:40',
  ],
  ['nothing to say is a dash', {}, '—'],
])('%s', (_what, body, line) => {
  expect(bodyLine(JSON.stringify(body))).toBe(line);
});
