import { flushCompileCache } from 'node:module';
import { loadConfig } from '#platform/config';
import { startDatabase } from '#platform/database';
import { SetupError } from '#platform/setup-error';

const say = (line: string): void => void process.stdout.write(`${line}\n`);

/** Runs the server until it is told to stop; a start that cannot work ends the process with a sentence. */
export async function start(): Promise<void> {
  // Whoever read the terminal may be gone (`npm start | head -1`): the server serves on.
  process.stdout.on('error', () => {});
  try {
    await serveUntilStopped();
  } catch (error) {
    process.stderr.write(`${error instanceof SetupError ? error.message : `启动失败：${textOf(error)}`}\n`);
    process.exit(error instanceof SetupError ? error.exitCode : 1);
  }
}

async function serveUntilStopped(): Promise<void> {
  const config = loadConfig(process.env);
  const starting = startDatabase(config, say);
  let stop = async (): Promise<void> => (await starting.ready)?.stop();
  const isStopping = stopOnSignal(() => stop());
  // The program is loaded while the database starts; loading leaves no time for anything else.
  await starting.launched;
  const { makeLog } = await import('#platform/log');
  const { openRuntime } = await import('#platform/runtime');
  const { serve } = await import('./serve.ts');
  const log = makeLog(config.logLevel);
  const runtime = await openRuntime(config, log, starting);
  stop = runtime.close;
  try {
    stop = await serve({ config, log, runtime, say });
    flushCompileCache();
  } catch (error) {
    // Told to stop in the middle of the start, the rest of it fails, and whoever stops ends the process.
    if (isStopping()) return;
    // The database would go on alone, and the next start would find it busy.
    await runtime.close();
    throw error;
  }
}

const textOf = (error: unknown): string =>
  error instanceof Error ? (error.stack ?? error.message) : String(error);

/**
 * A clean stop answers what is under way first, and stops the database where nobody else uses it, also while the program still
 * starts; a second signal ends at once. Gives whether the process has been told to stop.
 */
function stopOnSignal(stop: () => Promise<void>): () => boolean {
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
  return () => stopping;
}
