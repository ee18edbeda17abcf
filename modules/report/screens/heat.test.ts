import { describe, expect, test } from 'vitest';
import { heatOf } from './heat.ts';
import { averageText, gapWords } from './words.ts';

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

describe('words', () => {
  test('an average is cut to one decimal', () => {
    expect(averageText({ part: 399, whole: 100 })).toBe('3.9');
    expect(averageText({ part: 400, whole: 100 })).toBe('4.0');
    expect(averageText({ part: 4, whole: 0 })).toBe('—');
  });

  test('a gap says on which side people are missing', () => {
    expect(gapWords(0)).toContain('没有考生遗漏');
    expect(gapWords(2)).toContain('有 2 名考生不在任何一步里');
    expect(gapWords(-1200)).toContain('多 1,200 名');
  });
});
