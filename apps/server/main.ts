import { loadConfig } from '#platform/config';
import { openEvents } from '#platform/http/events';
import { startJobs } from '#platform/jobs/runner';
import { makeLog } from '#platform/log';
import { openRuntime } from '#platform/runtime';
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
  await app.listen({ port: config.port, host: config.host });
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
