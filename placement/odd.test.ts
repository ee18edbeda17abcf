import { expect, test, vi } from 'vitest';
import { checkInstance } from './check.ts';
import type { Mode } from './model.ts';
import { place } from './place.ts';
import { oddInstance } from './testing/odd-instances.ts';
import { reference } from './testing/reference.ts';
import { verify } from './verify.ts';

const SEEDS = Number(process.env.PLACEMENT_SEEDS ?? 1000);
vi.setConfig({ testTimeout: 30_000 + 20 * SEEDS });

test.each<Mode>(['parallel', 'rounds', 'gaps', 'da'])('%s: odd rounds', (mode) => {
  for (let seed = 0; seed < SEEDS; seed++) {
    const instance = oddInstance(seed, mode);
    expect(checkInstance(instance), `seed ${seed}`).toEqual([]);
    const outcome = place(instance);
    expect(verify(instance, outcome), `seed ${seed}`).toEqual([]);
    if (mode === 'da') continue;
    const own = outcome.assign.map(({ id, code, at, reason }) => [
      id,
      code === null ? reason : `${code}@${at}`,
    ]);
    expect(new Map(own as [string, string][]), `seed ${seed}`).toEqual(reference(instance));
  }
});
