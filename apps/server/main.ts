import { type Config, loadConfig } from '#platform/config';
import { openEvents } from '#platform/http/events';
import { startJobs } from '#platform/jobs/runner';
import { type Log, makeLog } from '#platform/log';
import { openRuntime, type Runtime } from '#platform/runtime';
import { SetupError } from '#platform/setup-error';
import { buildServer, modules } from './app.ts';
import { firstStart } from './first-start.ts';
import { serveHealth } from './health.ts';
import { platformRecurring } from './recurring.ts';
import { watchDatabase } from './watch-database.ts';
import { serveWeb } from './web.ts';

const FILE_BYTES = 2 * 1024 ** 3;
const say = (line: string): void => void process.stdout.write(`${line}\n`);

async function start(): Promise<void> {
  const config = loadConfig(process.env);
  const log = makeLog(config.logLevel);
  const runtime = await openRuntime(config, log, say);
  try {
    await serveOn(config, log, runtime);
  } catch (error) {
    // The database would go on alone, and the next start would find it busy.
    await runtime.close();
    throw error;
  }
}

async function serveOn(config: Config, log: Log, runtime: Runtime): Promise<void> {
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
    idleMinutes: config.sessionIdleMinutes,
    absoluteHours: config.sessionAbsoluteHours,
  });
  serveHealth(app, env);
  await serveWeb(app);
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
  await app.listen({ port: config.port, host: config.host }).catch(async (error: unknown) => {
    await jobs.stop();
    await events.close();
    throw portTrouble(error, config);
  });
  const address = app.server.address();
  const port = typeof address === 'object' && address ? address.port : config.port;
  say(
    `智招已就绪：${config.publicUrl ?? `http://${config.host === '0.0.0.0' ? '127.0.0.1' : config.host}:${port}`}`,
  );
  for (const line of logins) say(line);
  const stopWatching = watchDatabase(env, () => {
    process.stderr.write('数据库半分钟没有应答，服务停止。重新启动时会自动恢复数据库。\n');
    process.exit(1);
  });
  stopOnSignal(async () => {
    stopWatching();
    await app.close();
    await jobs.stop();
    await events.close();
    await runtime.close();
  });
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

/** A clean stop answers what is under way first; a second signal ends at once. */
function stopOnSignal(stop: () => Promise<void>): void {
  let stopping = false;
  const onSignal = (): void => {
    if (stopping) process.exit(1);
    stopping = true;
    say('正在停止……');
    stop().then(
      () => process.exit(0),
      () => process.exit(1),
    );
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
}

start().catch((error: unknown) => {
  process.stderr.write(
    `${error instanceof SetupError ? error.message : `启动失败：${error instanceof Error ? (error.stack ?? error.message) : String(error)}`}\n`,
  );
  process.exit(error instanceof SetupError ? error.exitCode : 1);
});
