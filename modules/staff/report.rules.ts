import { ROLE_LABELS, type Role, totpRequired } from './rules.ts';

/** GB/T 22239-2019 8.1.4.2 b and c: what the report on accounts looks for. */
export const STALE_DAYS = 60;
export const UNUSED_DAYS = 14;
export const ENDING_DAYS = 14;
export const SHARED_ADDRESSES = 3;
const DAY = 86_400_000;

export interface AccountFacts {
  readonly roles: readonly string[];
  readonly createdAt: number;
  readonly lastSeenAt: number | null;
  readonly expiresOn: string | null;
  readonly factorEnrolled: boolean;
  readonly addressesAtOnce: number;
}

export type Finding = 'never_used' | 'stale' | 'ending' | 'expired' | 'shared' | 'no_factor';

/** Findings on one account with a sentence each. `today` is the day in Shanghai, `now` milliseconds. */
export function findingsOn(
  account: AccountFacts,
  at: { now: number; today: string },
): { finding: Finding; sentence: string }[] {
  return [...usageFindings(account, at.now), ...expiryFindings(account, at), ...sharingFindings(account)];
}

function usageFindings(account: AccountFacts, now: number): { finding: Finding; sentence: string }[] {
  if (account.lastSeenAt === null) {
    const days = Math.floor((now - account.createdAt) / DAY);
    if (days < UNUSED_DAYS) return [];
    return [{ finding: 'never_used', sentence: `建立 ${days} 天从未登录，不再需要的请停用。` }];
  }
  const days = Math.floor((now - account.lastSeenAt) / DAY);
  return days < STALE_DAYS ? [] : [{ finding: 'stale', sentence: `已 ${days} 天没有登录，离岗的请停用。` }];
}

function expiryFindings(
  { expiresOn, roles }: AccountFacts,
  { now, today }: { now: number; today: string },
): { finding: Finding; sentence: string }[] {
  if (expiresOn === null) return [];
  if (expiresOn < today) {
    return roles.length === 0
      ? []
      : [
          {
            finding: 'expired',
            sentence: `${expiresOn} 已到期，仍有${roles.map(label).join('、')}，请停用或续期。`,
          },
        ];
  }
  const days = Math.ceil((Date.parse(`${expiresOn}T23:59:59+08:00`) - now) / DAY);
  return days > ENDING_DAYS
    ? []
    : [{ finding: 'ending', sentence: `${expiresOn} 到期，还剩 ${days} 天，需要的请续期。` }];
}

function sharingFindings(account: AccountFacts): { finding: Finding; sentence: string }[] {
  const found: { finding: Finding; sentence: string }[] = [];
  if (account.addressesAtOnce >= SHARED_ADDRESSES) {
    found.push({
      finding: 'shared',
      sentence: `近 30 天曾在 ${account.addressesAtOnce} 个网络地址同时登录，请核实是否借给他人。`,
    });
  }
  if (totpRequired(account.roles) && !account.factorEnrolled && account.lastSeenAt !== null) {
    found.push({
      finding: 'no_factor',
      sentence: '担任审批或管理角色，还没有绑定动态口令，下次登录时会要求绑定。',
    });
  }
  return found;
}

const label = (role: string): string => `「${ROLE_LABELS[role as Role] ?? role}」`;
