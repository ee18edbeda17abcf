import { parseArgs } from 'node:util';
import { inTenant } from '#platform/db/tenant';
import { createAccount } from '#platform/session/accounts';
import { shanghaiDay } from '#platform/shanghai';
import { conflictsOf, ROLE_LABELS, ROLES, type Role } from '#staff/rules';
import { type Command, common, DONE, print, printRefusal, UsageError, withTenantRuntime } from './command.ts';
import { dayFrom, nameFrom } from './words.ts';

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
    const { username, role: roles, expires } = values;
    if (!username || !/^[a-z0-9._-]{2,40}$/.test(username))
      throw new UsageError('--username 应为 2 到 40 个小写字母、数字、点、下划线或连字符。');
    const name = nameFrom(values.name, { option: '--name 姓名', most: 40 });
    const expiresOn = expires === undefined ? null : dayFrom(expires, '--expires');
    if (expiresOn !== null && expiresOn < shanghaiDay(Date.now()))
      throw new UsageError(`--expires ${expiresOn} 已经过去，这样的账号登录不了。`);
    const unknown = roles.filter((role) => !isRole(role));
    if (roles.length === 0 || unknown.length > 0)
      throw new UsageError(`--role 应取自：${ROLES.join('、')}。`);
    const [conflict] = conflictsOf(roles);
    if (conflict)
      throw new UsageError(`${ROLE_LABELS[conflict[0]]}与${ROLE_LABELS[conflict[1]]}不能由同一人担任。`);
    return withTenantRuntime(values.tenant, async ({ env, caller }) => {
      const account = { username, name, roles, expiresOn };
      const result = await inTenant(env, caller, (ctx) => createAccount(ctx, account));
      if (!result.ok) return printRefusal(values.json, result.error);
      print(values.json, { ...result.value, username }, [
        `已建立账号 ${username}。初始密码（7 天内有效，首次登录须修改）：${result.value.initialCode}`,
      ]);
      return DONE;
    });
  },
};
