import { isIP } from 'node:net';
import { type Config, warnings } from '#platform/config';
import { openEvents } from '#platform/http/events';
import { startJobs } from '#platform/jobs/runner';
import type { Log } from '#platform/log';
import type { Runtime } from '#platform/runtime';
import { SetupError } from '#platform/setup-error';
import { buildServer, modules } from './app.ts';
import { firstStart } from './first-start.ts';
import { serveHealth } from './health.ts';
import { platformRecurring } from './recurring.ts';
import { watchDatabase } from './watch-database.ts';
import { serveWeb } from './web.ts';

const FILE_BYTES = 2 * 1024 ** 3;

export interface Serving {
  readonly config: Config;
  readonly log: Log;
  readonly runtime: Runtime;
  readonly say: (line: string) => void;
}

/** Listens, then works on jobs, and says the address. Gives what stops it all, the database last; refuses a port that cannot be had. */
export async function serve({ config, log, runtime, say }: Serving): Promise<() => Promise<void>> {
  const { env, files } = runtime;
  const logins = await firstStart(runtime, config, say);
  const events = await openEvents(runtime.appUrl, log);
  const app = await buildServer({
    env,
    files,
    events,
    log,
    fileBytes: FILE_BYTES,
    trustProxy: config.trustProxy === false ? false : [...config.trustProxy],
    secure: config.cookieSecure,
    publicUrl: config.publicUrl,
    idleMinutes: config.sessionIdleMinutes,
    absoluteHours: config.sessionAbsoluteHours,
  });
  serveHealth(app, env);
  await serveWeb(app);
  await app.listen({ port: config.port, host: config.host }).catch(async (error: unknown) => {
    await events.close();
    throw portTrouble(error, config);
  });
  const jobs = await startJobs({
    env,
    files,
    log,
    ownerUrl: runtime.ownerUrl,
    kinds: modules.flatMap((module) => module.jobs ?? []),
    recurring: [
      ...platformRecurring(config, runtime),
      ...modules.flatMap((module) => module.recurring ?? []),
    ],
  });
  const address = app.server.address();
  const port = typeof address === 'object' && address ? address.port : config.port;
  say(`智招已就绪：${config.publicUrl ?? `http://${shownHost(config.host)}:${port}`}`);
  for (const line of [...warnings(config), ...logins]) say(line);
  const stopWatching = watchDatabase(env, () => {
    process.stderr.write('数据库半分钟没有应答，服务停止。重新启动时会自动恢复数据库。\n');
    process.exit(1);
  });
  return async () => {
    stopWatching();
    await app.close();
    await jobs.stop();
    await events.close();
    await runtime.close();
  };
}

/** How a browser on this machine writes the address that we listen on. */
function shownHost(host: string): string {
  if (host === '0.0.0.0') return '127.0.0.1';
  return isIP(host) === 6 ? `[${host === '::' ? '::1' : host}]` : host;
}

const PORT_WORDS: Readonly<Record<string, string>> = {
  EADDRINUSE: '已被另一个程序占用，请停掉它，或用 PORT 换一个端口',
  EACCES: '没有权限使用（1024 以下的端口需要管理员权限），请用 PORT 换一个端口',
  EADDRNOTAVAIL: '所在的地址不属于本机，请检查 HOST',
  ENOTFOUND: '所在的主机名找不到，请检查 HOST',
};

/** Why the server cannot listen, as a sentence where it is the operator's to mend. */
function portTrouble(error: unknown, { host, port }: Config): unknown {
  const words = PORT_WORDS[String((error as { code?: unknown } | null)?.code)];
  return words ? new SetupError(`端口 ${port}（${host}）${words}。`) : error;
}
