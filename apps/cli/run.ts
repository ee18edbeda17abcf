import { SetupError } from '#platform/setup-error';
import type { Command } from './command.ts';

/** Every operator command, loaded when asked for. */
const commands: Readonly<Record<string, () => Promise<Command>>> = {
  migrate: async () => (await import('./migrate.ts')).migrateCommand,
  tenant: async () => (await import('./tenant.ts')).tenantCommand,
  user: async () => (await import('./user.ts')).userCommand,
  backup: async () => (await import('./backup.ts')).backupCommand,
  restore: async () => (await import('./backup.ts')).restoreCommand,
  verify: async () => (await import('./verify.ts')).verifyCommand,
  import: async () => (await import('./import.ts')).importCommand,
  candidate: async () => (await import('./candidate.ts')).candidateCommand,
  export: async () => (await import('./export.ts')).exportCommand,
  keys: async () => (await import('./keys.ts')).keysCommand,
  retention: async () => (await import('./retention.ts')).retentionCommand,
  register: async () => (await import('./register.ts')).registerCommand,
  minors: async () => (await import('./minors.ts')).minorsCommand,
  outbox: async () => (await import('./outbox.ts')).outboxCommand,
  demo: async () => (await import('./demo.ts')).demoCommand,
  place: async () => ({
    usage: 'place …（见 docs/guide/placement.md）',
    run: (await import('./place.ts')).runPlace,
  }),
};

/** Runs the command of these words and gives the exit code; faults are printed with their place. */
export const run = (words: string[]): Promise<number> =>
  runCommand(words).catch((error: unknown) => {
    process.stderr.write(
      `命令没有完成：${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
    );
    return 1;
  });

async function runCommand([name = '', ...args]: string[]): Promise<number> {
  const load = commands[name];
  if (!load) {
    process.stderr.write(
      `用法：npm run -s zhizhao -- <命令> [选项] [--json]\n命令：${Object.keys(commands).join('、')}\n`,
    );
    return 2;
  }
  const command = await load();
  try {
    return await command.run(args);
  } catch (error) {
    // Loaded late: with it comes the database, which `place` has no use for.
    const { UsageError } = await import('./command.ts');
    if (error instanceof UsageError || isParseError(error)) {
      process.stderr.write(`${(error as Error).message}\n用法：${command.usage}\n`);
      return 2;
    }
    if (error instanceof SetupError) {
      process.stderr.write(`${error.message}\n`);
      return error.exitCode;
    }
    throw error;
  }
}

const isParseError = (error: unknown): boolean =>
  typeof (error as { code?: unknown } | null)?.code === 'string' &&
  (error as { code: string }).code.startsWith('ERR_PARSE_ARGS');
