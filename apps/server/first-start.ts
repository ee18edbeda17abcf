import type { Config } from '#platform/config';
import { tenantIds } from '#platform/db/tenant';
import type { Runtime } from '#platform/runtime';
import { isUnfinished } from '../demo/unfinished-mark.ts';

/** On an empty database builds the demonstration season, unless DEMO=no; one whose building was killed is built anew. Returns lines for the operator to read. */
export async function firstStart(
  runtime: Runtime,
  config: Config,
  say: (line: string) => void,
): Promise<string[]> {
  const isEmpty = async (): Promise<boolean> => (await tenantIds(runtime.env)).length === 0;
  const unfinished = await isUnfinished(config.dataDir);
  if (!unfinished && !(await isEmpty())) return [];
  if (!unfinished && !config.demo) return NO_TENANT;
  // Seldom needed and large.
  const { SMALL } = await import('../demo/sizes.ts');
  const { loginLines } = await import('../demo/logins.ts');
  const { buildMarked, dropUnfinished, whileBuilding } = await import('../demo/unfinished.ts');
  return whileBuilding(config.dataDir, async () => {
    await dropUnfinished(runtime.owner(), config.dataDir);
    if (!(await isEmpty())) return [];
    if (!config.demo) return NO_TENANT;
    say('首次启动，正在建立演示招生季（约一分钟）……');
    const report = await buildMarked(runtime, { dataDir: config.dataDir, size: SMALL, say });
    return report === 'exists' ? [] : loginLines(report);
  });
}

const NO_TENANT = [
  '还没有单位。请用 npm run -s zhizhao -- tenant create --code 代码 --name 名称 --kind institution 建立。',
];
