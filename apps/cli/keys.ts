import { parseArgs } from 'node:util';
import { loadConfig } from '#platform/config';
import { destroyKey } from '#platform/crypto/destroy-key';
import { addNewMasterKey, keepNewestMasterKey } from '#platform/crypto/master-key';
import { type KeyUse, keyUse, rotateKeys } from '#platform/crypto/rotate';
import { rewrapKeys } from '#platform/crypto/rotate-master';
import { shanghaiDay } from '#platform/shanghai';
import {
  type Command,
  common,
  DONE,
  operator,
  print,
  printRefusal,
  UsageError,
  withRuntime,
  withTenantRuntime,
} from './command.ts';

/** Rotation of keys while everybody works on. Interrupted, it goes on when started again, or by itself in a running server. */
export const keysCommand: Command = {
  usage:
    'keys rotate|status --tenant 代码 [--json]；keys destroy --tenant 代码 --key 编号 [--json]；keys rotate-master [--json]',
  run: async ([verb, ...args]) => {
    if (verb === 'rotate') return rotate(args);
    if (verb === 'status') return status(args);
    if (verb === 'destroy') return destroy(args);
    if (verb === 'rotate-master') return rotateMaster(args);
    throw new UsageError('keys 之后应是 rotate、status、destroy 或 rotate-master。');
  },
};

const tenantOptions = { ...common, tenant: { type: 'string' } } as const;

async function rotate(args: string[]): Promise<number> {
  const { values } = parseArgs({ args, options: tenantOptions });
  return withTenantRuntime(values.tenant, async ({ env, files, owner, tenant, caller }) => {
    let rows = 0;
    const done = await rotateKeys({ ...env, db: owner() }, tenant.id, {
      files,
      actor: caller.actor,
      onBatch: (batch) => {
        rows += batch.rows;
        if (process.stderr.isTTY) process.stderr.write(`\r已换封 ${rows} 项`);
      },
    });
    const rest =
      done.retired.length > 0
        ? `旧密钥 ${done.retired.join('、')} 已停用。`
        : '还有任务在用旧密钥，任务结束后由服务自动完成，也可以稍后再执行一次。';
    print(values.json, done, [
      `现用第 ${done.keyNo} 号密钥，换封 ${done.resealed} 个字段、${done.files} 个文件。${rest}`,
    ]);
    return DONE;
  });
}

const line = ({ keyNo, createdAt, retiredAt, values, files }: KeyUse): string =>
  `第 ${keyNo} 号密钥（${shanghaiDay(createdAt)} 生成${retiredAt === null ? '' : '，已停用'}）：字段 ${values} 个，文件 ${files} 个`;

async function status(args: string[]): Promise<number> {
  const { values } = parseArgs({ args, options: tenantOptions });
  return withTenantRuntime(values.tenant, async ({ env, owner, tenant }) => {
    const keys = await keyUse({ ...env, db: owner() }, tenant.id);
    const rotating = keys.filter(({ retiredAt }) => retiredAt === null).length > 1;
    print(values.json, { rotating, keys }, [
      ...keys.map(line),
      rotating ? '轮换尚未完成，请再次执行 keys rotate，或等待服务自动完成。' : '没有进行中的轮换。',
    ]);
    return DONE;
  });
}

async function destroy(args: string[]): Promise<number> {
  const { values } = parseArgs({ args, options: { ...tenantOptions, key: { type: 'string' } } });
  const keyNo = Number(values.key);
  if (!Number.isInteger(keyNo) || keyNo < 1)
    throw new UsageError('缺少 --key 密钥编号，用 keys status 查看。');
  return withTenantRuntime(values.tenant, async ({ env, owner, tenant, caller }) => {
    const done = await destroyKey({ ...env, db: owner() }, tenant.id, { keyNo, actor: caller.actor });
    if (!done.ok) return printRefusal(values.json, done.error);
    print(values.json, done.value, [`第 ${keyNo} 号密钥已销毁，不能恢复。以前的备份带着它，仍可读出。`]);
    return DONE;
  });
}

async function rotateMaster(args: string[]): Promise<number> {
  const { values } = parseArgs({ args, options: common });
  const config = loadConfig(process.env);
  return withRuntime(async (runtime) => {
    await addNewMasterKey(config);
    const keys = await rewrapKeys({ ...runtime.env, db: runtime.owner() }, operator());
    if (config.masterKey !== null) {
      print(values.json, { keys, keptFile: null }, [
        `已用新的主密钥重新包裹 ${keys} 把密钥。现在可以把 MASTER_KEY 改为只含新密钥，并妥善保存旧密钥：它能打开以前的备份。`,
      ]);
      return DONE;
    }
    const keptFile = await keepNewestMasterKey(config.keyFile, shanghaiDay(Date.now()));
    print(values.json, { keys, keptFile }, [
      `已用新的主密钥重新包裹 ${keys} 把密钥，新主密钥在 ${config.keyFile}，请另存一份。`,
      `旧主密钥移到了 ${keptFile}：请移到存放旧备份的密钥处（它能打开以前的备份），然后从本机删除。`,
    ]);
    return DONE;
  });
}
