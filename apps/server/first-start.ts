import { sql } from 'kysely';
import type { Config } from '#platform/config';
import type { Runtime } from '#platform/runtime';
import { loginLines, newDemoPassword, saveLogins } from '../demo/logins.ts';
import { SMALL } from '../demo/sizes.ts';

/** On an empty database builds the demonstration season, unless DEMO=no. Returns lines for the operator to read. */
export async function firstStart(
  runtime: Runtime,
  config: Config,
  say: (line: string) => void,
): Promise<string[]> {
  const { rows } = await sql`select 1 from tenant limit 1`.execute(runtime.env.db.kysely);
  if (rows.length > 0) return [];
  if (!config.demo) {
    return [
      '还没有单位。请用 npm run -s zhizhao -- tenant create --code 代码 --name 名称 --kind institution 建立。',
    ];
  }
  say('首次启动，正在建立演示招生季（约一分钟）……');
  // Seldom needed and large.
  const { buildDemo } = await import('../demo/build.ts');
  const report = await buildDemo(runtime, { size: SMALL, password: newDemoPassword(), say });
  if (report === 'exists') return [];
  await saveLogins(config.dataDir, report);
  return loginLines(report);
}
