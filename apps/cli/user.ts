import { parseArgs } from 'node:util';
import { inTenant } from '#platform/db/tenant';
import { createAccount } from '#platform/session/accounts';
import { conflictsOf, ROLE_LABELS, ROLES, type Role } from '#staff/rules';
import { type Command, common, DONE, print, printRefusal, UsageError, withTenantRuntime } from './command.ts';

const isRole = (text: string): text is Role => (ROLES as readonly string[]).includes(text);

/** Creates an account with a one-time first password: how a college gets its first administrator. */
export const userCommand: Command = {
  usage:
    'user create --tenant 代码 --username 账号 --name 姓名 --role 角色 [--role …] [--expires YYYY-MM-DD] [--json]',
  run: async ([verb, ...args]) => {
    if (verb !== 'create') throw new UsageError('user 之后应是 create。');
    const { values } = parseArgs({
      args,
      options: {
        ...common,
        tenant: { type: 'string' },
        username: { type: 'string' },
        name: { type: 'string' },
        role: { type: 'string', multiple: true, default: [] },
        expires: { type: 'string' },
      },
    });
    const { username, name, role: roles, expires } = values;
    if (!username || !/^[a-z0-9._-]{2,40}$/.test(username))
      throw new UsageError('--username 应为 2 到 40 个小写字母、数字、点、下划线或连字符。');
    if (!name) throw new UsageError('缺少 --name 姓名。');
    const unknown = roles.filter((role) => !isRole(role));
    if (roles.length === 0 || unknown.length > 0)
      throw new UsageError(`--role 应取自：${ROLES.join('、')}。`);
    const [conflict] = conflictsOf(roles);
    if (conflict)
      throw new UsageError(`${ROLE_LABELS[conflict[0]]}与${ROLE_LABELS[conflict[1]]}不能由同一人担任。`);
    return withTenantRuntime(values.tenant, async ({ env, caller }) => {
      const account = { username, name, roles, ...(expires !== undefined && { expiresOn: expires }) };
      const result = await inTenant(env, caller, (ctx) => createAccount(ctx, account));
      if (!result.ok) return printRefusal(values.json, result.error);
      print(values.json, { ...result.value, username }, [
        `已建立账号 ${username}。初始密码（7 天内有效，首次登录须修改）：${result.value.initialCode}`,
      ]);
      return DONE;
    });
  },
};
