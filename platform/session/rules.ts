/** Steps of signing in, in order; the first that is still open is the stage of the session. 个人信息保护法 art. 17; GB/T 22239-2019 8.1.4.1 a and d. */
export type Stage = 'totp' | 'change_password' | 'enrol_totp' | 'notice' | 'signed_in';

export interface SignInState {
  readonly totpEnrolled: boolean;
  readonly totpPassed: boolean;
  readonly totpRequired: boolean;
  readonly mustChangePassword: boolean;
  readonly acceptedNotice: string | null;
  readonly currentNotice: string;
}

export function nextStage(state: SignInState): Stage {
  if (state.totpEnrolled && !state.totpPassed) return 'totp';
  if (state.mustChangePassword) return 'change_password';
  if (state.totpRequired && !state.totpEnrolled) return 'enrol_totp';
  if (state.acceptedNotice !== state.currentNotice) return 'notice';
  return 'signed_in';
}

/** Version of the processing rules that staff see at first sign-in; raise it when the text changes. */
export const NOTICE_VERSION = '2026-11';

export const PASSWORD_MIN = 10;
export const PASSWORD_MAX = 200;
export const FAILURES_BEFORE_LOCK = 5;
export const LOCK_MINUTES = 15;
export const TOTP_FAILURES_MAX = 5;
/** Failed sign-ins from one address into one organisation; a whole office behind one address may still sign in. */
export const SIGN_IN_FAILURES_PER_MINUTE = 20;
/** Whatever organisations are tried: each try costs a password hash, and codes of organisations cost nothing to invent. */
export const SIGN_IN_FAILURES_OF_ADDRESS = 100;
export const FRESH_MINUTES = 10;
export const INITIAL_CODE_DAYS = 7;
export const RECOVERY_CODES = 10;

export interface PasswordCheck {
  readonly password: string;
  readonly username: string;
  readonly name: string;
  /** Whether the password stands in the list of common ones. */
  readonly common: boolean;
}

/** What is wrong with a chosen password, as sentences; empty when it is good (ASVS 6.2: length over composition). */
export function passwordFaults({ password, username, name, common }: PasswordCheck): string[] {
  const faults: string[] = [];
  const length = [...password].length;
  if (length < PASSWORD_MIN)
    faults.push(`密码至少 ${PASSWORD_MIN} 个字符，现为 ${length} 个，可以用一句容易记的话。`);
  if (length > PASSWORD_MAX) faults.push(`密码最多 ${PASSWORD_MAX} 个字符，现为 ${length} 个。`);
  if (common) faults.push('这个密码太常见，容易被猜到，请换一个。');
  const lower = password.toLowerCase();
  if (lower.includes(username.toLowerCase()) || (name.length > 1 && lower.includes(name.toLowerCase()))) {
    faults.push('密码里不要包含账号或姓名。');
  }
  return faults;
}
