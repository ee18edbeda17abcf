import { conflictsOf, grantableBy, grantersOf, ROLE_LABELS, type Role } from './rules.ts';

/** Why an administrator may not do this to an account: a code and a sentence with the next step. */
export interface AccountFault<Code extends string> {
  readonly code: Code;
  readonly message: string;
}

const label = (role: string): string => `「${ROLE_LABELS[role as Role] ?? role}」`;
const list = (roles: readonly string[]): string => roles.map(label).join('、');

/** Roles that differ between two sets. */
export const changedRoles = (before: readonly string[], after: readonly string[]): string[] => [
  ...before.filter((role) => !after.includes(role)),
  ...after.filter((role) => !before.includes(role)),
];

export interface Granting {
  readonly actorId: string | null;
  readonly actorRoles: readonly string[];
  readonly targetId: string;
  readonly before: readonly string[];
  readonly after: readonly string[];
}

/** docs/decisions/separation-of-duties.md: nobody changes their own roles, grants or takes one beyond their right, or joins excluded ones. */
export function grantFault(
  given: Granting,
): AccountFault<'self_grant' | 'beyond_own_right' | 'excluded_roles'> | null {
  const changed = changedRoles(given.before, given.after);
  if (changed.length === 0) return null;
  if (given.actorId === given.targetId) {
    return { code: 'self_grant', message: '不能调整自己的角色，请由另一位管理员办理。' };
  }
  const mine = grantableBy(given.actorRoles);
  const beyond = changed.filter((role) => !mine.has(role));
  if (beyond.length > 0) {
    return {
      code: 'beyond_own_right',
      message: `您不能授予或收回${list(beyond)}。${beyond.map(whoGrants).join('')}`,
    };
  }
  return excludedFault(given.after);
}

/** 系统管理员 and 安全管理员 in one hand, and the like. */
export function excludedFault(roles: readonly string[]): AccountFault<'excluded_roles'> | null {
  const [pair] = conflictsOf(roles);
  return pair
    ? {
        code: 'excluded_roles',
        message: `${label(pair[0])}和${label(pair[1])}不能由同一人担任，请去掉其中一个。`,
      }
    : null;
}

function whoGrants(role: string): string {
  const granters = grantersOf(role);
  return granters.length > 0
    ? `${label(role)}由${granters.map(label).join('或')}办理。`
    : `${label(role)}只能由部署人员在服务器命令行设立。`;
}

export interface Acting {
  readonly actorId: string | null;
  readonly actorRoles: readonly string[];
  readonly targetId: string;
  readonly targetRoles: readonly string[];
}

/** The office looks after the accounts it staffs; administrators after all. Nobody after their own. */
function managementFault(
  given: Acting,
  what: string,
  self: string,
): AccountFault<'self' | 'beyond_own_right'> | null {
  if (given.actorId === given.targetId) return { code: 'self', message: self };
  if (given.actorRoles.some((role) => role === 'system_admin' || role === 'security_admin')) return null;
  const mine = grantableBy(given.actorRoles);
  const beyond = given.targetRoles.filter((role) => !mine.has(role));
  if (beyond.length === 0) return null;
  return {
    code: 'beyond_own_right',
    message: `此人担任${list(beyond)}，${what}请找系统管理员或安全管理员办理。`,
  };
}

export const disableFault = (given: Acting): AccountFault<'self' | 'beyond_own_right'> | null =>
  managementFault(given, '停用或启用账号', '不能停用自己的账号，请由另一位管理员办理。');

/** The last day shuts an account as disabling does, and the name is what the log shows of a person. */
export const identityFault = (given: Acting): AccountFault<'self' | 'beyond_own_right'> | null =>
  managementFault(given, '修改姓名或有效期', '自己的姓名和有效期请由另一位管理员修改。');

export const resetFault = (given: Acting): AccountFault<'self' | 'beyond_own_right'> | null =>
  managementFault(given, '重置密码', '自己的密码请在右上角“修改密码”里更换。');

/** Students and other temporary helpers leave: their account has a last day (GB/T 22239-2019 8.1.4.2 c). */
export function expiryFault(
  kind: string,
  expiresOn: string | null | undefined,
  today: string,
): AccountFault<'expiry'> | null {
  if (kind === 'student' && !expiresOn) {
    return { code: 'expiry', message: '学生账号要填写有效期，到期自动停用，一般填报到结束那天。' };
  }
  if (expiresOn && expiresOn < today) {
    return { code: 'expiry', message: `有效期 ${expiresOn} 已经过去，请填今天（${today}）或以后的日期。` };
  }
  return null;
}
