import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, vi } from 'vitest';
import { runPlace } from './place.ts';

interface Bench {
  /** A path in the test's own folder; with no name the folder itself. */
  readonly at: (name?: string) => string;
  /** Runs `place …`; what it prints comes back, what it says of its progress is dropped. */
  readonly run: (...args: string[]) => Promise<{ code: number; text: string }>;
}

/** For tests of the command: a folder of its own for every test. */
export function placeBench(): Bench {
  let directory = '';
  let printed = '';

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'place-test-'));
    vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
      printed += String(text);
      return true;
    });
    vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  });

  afterEach(() => {
    vi.restoreAllMocks();
    rmSync(directory, { recursive: true });
  });

  return {
    at: (name = '') => join(directory, name),
    run: async (...args) => {
      printed = '';
      const code = await runPlace(args);
      return { code, text: printed };
    },
  };
}
