import { expect, test } from 'vitest';
import { countFaults, OBLIGATIONS } from './proof.rules.ts';

test('every obligation has a count, 0 where nothing breaks it; what is no obligation counts nowhere', () => {
  const counts = countFaults([
    { what: 'chain' },
    { what: 'overlap' },
    { what: 'chain' },
    { what: 'no such' },
  ]);
  expect([...counts.keys()]).toEqual([...OBLIGATIONS]);
  expect([...counts].filter(([, count]) => count > 0)).toEqual([
    ['chain', 2],
    ['overlap', 1],
  ]);
});
