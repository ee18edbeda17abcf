/** The command was told to stop and has taken back what it began. */
export class Interrupted extends Error {}

/** Terminals and npm both pass Ctrl-C on, so one press may arrive twice. */
const SAME_PRESS_MS = 1000;

/**
 * Runs work that can be told to stop by Ctrl-C or SIGTERM: the signal is aborted and the work is waited for, so that it leaves no half
 * file and no database behind. A second press ends the process at once.
 */
export async function interruptible<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController();
  const { signal } = controller;
  let pressedAt = 0;
  const onSignal = (): void => {
    if (signal.aborted && performance.now() - pressedAt > SAME_PRESS_MS) process.exit(1);
    if (signal.aborted) return;
    pressedAt = performance.now();
    process.stderr.write('正在停止……\n');
    controller.abort(new Interrupted('the command was told to stop'));
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  try {
    return await work(signal);
  } catch (error) {
    // Whatever fails after the signal fails because of it.
    throw signal.aborted ? signal.reason : error;
  } finally {
    process.off('SIGINT', onSignal);
    process.off('SIGTERM', onSignal);
  }
}
