import { describe, expect, test } from 'vitest';
import { everyDay } from './every-day.ts';
import { heatOf } from './heat.ts';
import { averageText, discardedWords, gapWords } from './words.ts';

const at = (weekday: number, hour: number, attempts = 1) => ({ weekday, hour, attempts, contacts: 0 });

describe('best hours', () => {
  test('Monday comes first and Sunday last; hours between the first and the last are all there', () => {
    const heat = heatOf([at(1, 9, 7), at(0, 11, 3)], ({ attempts }) => attempts);
    expect(heat.columns).toEqual(['9 时', '10 时', '11 时']);
    expect(heat.cells[0]).toEqual([7, null, null]);
    expect(heat.cells[6]).toEqual([null, null, 3]);
  });

  test('nothing called gives nothing to draw', () => {
    expect(heatOf([], () => 1)).toEqual({ columns: [], rows: [], cells: [] });
  });
});

test('a day without calls between two with calls is shown with nothing', () => {
  const sums = { dials: 0, contacts: 1, refusals: 0, unreached: 0, unknownEligibility: 0, confirmed: 0 };
  const worked = {
    ...{ ...sums, considering: 0, withdrawing: 0, talkSeconds: 0, attempts: 4 },
    ...{ notEligible: 0, discarded: 0 },
  };
  const days = everyDay([
    { ...worked, day: '2026-02-27' },
    { ...worked, day: '2026-03-01' },
  ]);
  expect(days.map(({ day, attempts, contacts }) => [day, attempts, contacts])).toEqual([
    ['2026-02-27', 4, 1],
    ['2026-02-28', 0, 0],
    ['2026-03-01', 4, 1],
  ]);
  expect(everyDay([])).toEqual([]);
});

describe('words', () => {
  test('an average is cut to one decimal', () => {
    expect(averageText({ part: 399, whole: 100 })).toBe('3.9');
    expect(averageText({ part: 400, whole: 100 })).toBe('4.0');
    expect(averageText({ part: 4, whole: 0 })).toBe('—');
  });

  test('what stands below no line is said with its figures', () => {
    const words = discardedWords({ notEligible: 1200, unknownEligibility: 34, discarded: 5 });
    expect(words).toMatch(/不在本批 1,200 次.+资格不明 34 次.+撤销 5 条/);
  });

  test('a gap says on which side people are missing', () => {
    expect(gapWords(0)).toContain('没有考生遗漏');
    expect(gapWords(2)).toContain('有 2 名考生不在任何一步里');
    expect(gapWords(-1200)).toContain('多 1,200 名');
  });
});
