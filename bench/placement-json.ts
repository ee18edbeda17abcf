import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runPlace } from '../apps/cli/place.ts';
import { readInstance } from '../apps/cli/place-instance.ts';
import type { Instance } from '../placement/model.ts';
import { place } from '../placement/place.ts';
import { verify } from '../placement/verify.ts';
import { best, cpuNow } from './placement-time.ts';

const SIZES = [
  { n: 100_000, m: 2500, k: 20 },
  { n: 300_000, m: 6000, k: 6 },
];

/** The exchange format from file to certificate: read and check, place, verify, and the command as a whole. */
export async function benchJson(say: (line: string) => void): Promise<void> {
  for (const size of SIZES) {
    const directory = mkdtempSync(join(tmpdir(), 'placement-json-'));
    try {
      const path = join(directory, 'in.json');
      writeFileSync(path, JSON.stringify(inventInstance(size)));
      const megabytes = (statSync(path).size / 1e6).toFixed(0);
      say(`\nJSON ${size.n} x ${size.k}, ${size.m} programs, ${megabytes} MB`);
      const seconds = (run: () => void): string => `${(best(1, run) / 1000).toFixed(2)} s`;
      let instance: Instance = { candidates: [], programs: [] };
      const read = seconds(() => {
        instance = readInstance(path);
      });
      let outcome = place({ ...instance, candidates: [] });
      const placing = seconds(() => {
        outcome = place(instance);
      });
      const verifying = seconds(() => {
        if (verify(instance, outcome).length > 0) throw new Error('the outcome is not right');
      });
      const start = cpuNow();
      await runPlace([path, '--out', join(directory, 'out.json')]);
      const whole = ((cpuNow() - start) / 1000).toFixed(2);
      say(
        `  read and check ${read}, place ${placing}, verify ${verifying}; from file to certificate ${whole} s`,
      );
    } finally {
      rmSync(directory, { recursive: true });
    }
  }
}

/** Lists around the own standing, and programs of which some ask for subjects and marks. */
function inventInstance({ n, m, k }: { n: number; m: number; k: number }): Instance {
  let state = 12_345;
  const below = (limit: number): number => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % limit;
  };
  const programs = Array.from({ length: m }, (_, i) => ({
    code: `${1000 + (i % 900)}-${String(i).padStart(4, '0')}`,
    plan: below(Math.ceil((2 * n) / m)),
    ...(i % 3 === 0 ? { line: 300 } : {}),
    ...(i % 5 === 0 ? { require: ['化学'] } : {}),
    ...(i % 7 === 0 ? { minSubject: { 外语: 60 } } : {}),
  }));
  const candidates = Array.from({ length: n }, (_, i) => {
    const score = 200 + below(500);
    const standing = Math.floor(((700 - score) / 500) * m);
    const prefs = Array.from({ length: k }, (_, at) => {
      const drift = Math.floor((at / k - 0.4) * m * 0.2) + below(Math.ceil(m * 0.1));
      return programs[Math.max(0, Math.min(m - 1, standing + drift))]?.code ?? '';
    });
    const tie = [below(300), below(150), below(150)];
    const subjects = i % 3 > 0 ? ['物理', '化学'] : ['历史'];
    return {
      id: `2643${String(i).padStart(8, '0')}`,
      score,
      tie,
      seq: i,
      subjects,
      marks: { 外语: below(150) },
      prefs,
    };
  });
  return { candidates, programs };
}
