import { stat } from 'node:fs/promises';
import { join } from 'node:path';

/** Stands in the data folder while a season is being built: by it the next start knows one that was killed. */
export const markIn = (dataDir: string): string => join(dataDir, 'demo-unfinished');

export const isUnfinished = (dataDir: string): Promise<boolean> =>
  stat(markIn(dataDir)).then(
    () => true,
    () => false,
  );
