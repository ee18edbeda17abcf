import { parseArgs } from 'node:util';
import { type Command, common, DONE, print, withRuntime } from './command.ts';

/** Brings the database to the newest schema; the server does the same at every start. */
export const migrateCommand: Command = {
  usage: 'migrate [--json]',
  run: async (args) => {
    const { values } = parseArgs({ args, options: common });
    const applied = await withRuntime(async (runtime) => runtime.applied);
    print(
      values.json,
      { applied },
      applied.length === 0 ? ['数据库已是最新。'] : [`已执行 ${applied.length} 个迁移：`, ...applied],
    );
    return DONE;
  },
};
