import { parseArgs } from 'node:util';
import { sql } from 'kysely';
import { createTenant, normalCode, type Tenant } from '#platform/tenant';
import {
  type Command,
  common,
  DONE,
  operator,
  print,
  printRefusal,
  UsageError,
  withRuntime,
} from './command.ts';
import { nameFrom } from './words.ts';

const CODE = /^[a-z0-9][a-z0-9_-]{0,30}$/;

export const tenantCommand: Command = {
  usage: 'tenant create --code 代码 --name 名称 --kind institution|authority [--json]；tenant list [--json]',
  run: async ([verb, ...args]) => {
    if (verb === 'create') return create(args);
    if (verb === 'list') return list(args);
    throw new UsageError('tenant 之后应是 create 或 list。');
  },
};

async function create(args: string[]): Promise<number> {
  const { values } = parseArgs({
    args,
    options: {
      ...common,
      code: { type: 'string' },
      name: { type: 'string' },
      kind: { type: 'string', default: 'institution' },
    },
  });
  const { kind } = values;
  const code = normalCode(values.code ?? '');
  if (!CODE.test(code))
    throw new UsageError(
      '--code 应为 1 到 31 个英文字母、数字、连字符或下划线，以字母或数字开头；大小写不分，按小写保存。',
    );
  const name = nameFrom(values.name, { option: '--name 单位名称', most: 60 });
  if (kind !== 'institution' && kind !== 'authority')
    throw new UsageError('--kind 只能是 institution（高校）或 authority（考试院）。');
  return withRuntime(async (runtime) => {
    const tenant = await createTenant(
      runtime.owner(),
      runtime.env.masterKey,
      { code, name, kind },
      operator(),
    );
    if (tenant === 'taken')
      return printRefusal(values.json, {
        code: 'code_taken',
        message: `单位代码 ${code} 已被使用，请换一个。`,
      });
    print(values.json, tenant, [
      `已建立单位 ${name}（${code}）。下一步：user create --tenant ${code} 建立账号。`,
    ]);
    return DONE;
  });
}

async function list(args: string[]): Promise<number> {
  const { values } = parseArgs({ args, options: common });
  return withRuntime(async (runtime) => {
    const { rows } = await sql<Tenant>`select id, code, name, kind from tenant order by code`.execute(
      runtime.env.db.kysely,
    );
    print(
      values.json,
      { tenants: rows },
      rows.length === 0
        ? ['还没有单位。']
        : rows.map((tenant) => `${tenant.code}\t${tenant.name}\t${tenant.kind}`),
    );
    return DONE;
  });
}
