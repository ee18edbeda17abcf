import { parseArgs } from 'node:util';
import { loadConfig } from '#platform/config';
import { backup } from '#platform/db/backup';
import { restore } from '#platform/db/restore';
import { type Command, common, DONE, print, UsageError } from './command.ts';
import { interruptible } from './interrupt.ts';

/** Everything of the data folder in one file, while work goes on; the master key only when asked for. */
export const backupCommand: Command = {
  usage: 'backup 文件 [--with-key] [--json]',
  run: async (args) => {
    const { values, positionals } = parseArgs({
      args,
      allowPositionals: true,
      options: { ...common, 'with-key': { type: 'boolean', default: false } },
    });
    const [file] = positionals;
    if (!file || positionals.length > 1) throw new UsageError('请给出一个备份文件名。');
    const withKey = values['with-key'] === true;
    const report = await interruptible((signal) =>
      backup(loadConfig(process.env), file, { withKey, signal }),
    );
    print(values.json, report, [
      `已备份到 ${report.file}（${report.sizeBytes} 字节，${report.entries} 项，SHA-256 ${report.sha256}）。`,
      report.withKey
        ? '备份含主密钥，请像保管密钥一样保管它。'
        : '备份不含主密钥，请另行保管密钥文件，否则无法恢复加密内容。',
    ]);
    return DONE;
  },
};

/** Rebuilds an empty data folder from a backup. */
export const restoreCommand: Command = {
  usage: 'restore 文件 [--json]（DATA_DIR 指向一个空目录）',
  run: async (args) => {
    const { values, positionals } = parseArgs({ args, allowPositionals: true, options: common });
    const [file] = positionals;
    if (!file || positionals.length > 1) throw new UsageError('请给出一个备份文件名。');
    const config = loadConfig(process.env);
    const report = await interruptible((signal) => restore(config, file, signal));
    print(values.json, report, [`已恢复到 ${config.dataDir}。请确认主密钥在 ${config.keyFile} 后启动。`]);
    return DONE;
  },
};
