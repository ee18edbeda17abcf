/** Masks, phone effects and who sees what of a candidate file. 个人信息保护法 art. 51. */

/** 张*明, 欧**文, 王*: the first and, from three characters on, the last stay. */
export function maskName(name: string): string {
  const characters = [...name.trim()];
  const [first = '', ...rest] = characters;
  if (rest.length === 0) return first === '' ? '' : '*';
  if (rest.length === 1) return `${first}*`;
  return `${first}${'*'.repeat(Math.min(rest.length - 1, MASK_MAX))}${rest.at(-1) ?? ''}`;
}

/** Long names of other languages keep no more stars than this, so that the length says less. */
const MASK_MAX = 3;

/** 154****1234 and 0731****4567, from E.164: segment or area code, and the last four, by which people search. */
export function maskPhone(number: string): string {
  const national = nationalNumber(number);
  const head = isMobile(national) ? 3 : areaLength(national);
  return `${national.slice(0, head)}****${national.slice(-4)}`;
}

/** ID first three and last one. */
export function maskIdNumber(idNumber: string): string {
  if (idNumber.length < 6) return '*'.repeat(idNumber.length);
  return `${idNumber.slice(0, 3)}${'*'.repeat(idNumber.length - 4)}${idNumber.slice(-1)}`;
}

/** An address down to the county: what follows 县, 区, 旗 or a county-level 市 is hidden. */
export function maskAddress(address: string): string {
  const county = /^.{2,24}?(?:县|区|旗)|^.{2,12}?市.{2,8}?市/u.exec(address)?.[0];
  return `${county ?? [...address].slice(0, 3).join('')}****`;
}

/** The number as it is dialled inside the country: mobiles bare, landlines with their area code. */
export function nationalNumber(e164: string): string {
  const rest = e164.replace(/^\+86/, '');
  return isMobile(rest) || rest.startsWith('0') ? rest : `0${rest}`;
}

const isMobile = (national: string): boolean => /^1[3-9]\d{9}$/.test(national);
const areaLength = (national: string): number => (/^0(?:10|2\d)/.test(national) ? 3 : 4);

/** Area code of a landline; null for a mobile, whose area comes from the prefix table. */
export function areaCodeOf(e164: string): string | null {
  const national = nationalNumber(e164);
  return isMobile(national) ? null : national.slice(0, areaLength(national));
}

export const RELATIONS = [
  'self',
  'father',
  'mother',
  'guardian',
  'grandparent',
  'relative',
  'teacher',
  'school',
  'neighbour',
  'village',
  'other',
  'unknown',
] as const;
export type Relation = (typeof RELATIONS)[number];

/** Numbers behind which somebody else sits: only "请考生回电" is said there, nothing of the file (A4). */
export const isInformantLine = (relation: Relation): boolean =>
  ['teacher', 'school', 'neighbour', 'village'].includes(relation);

/** Stands in place of a masked number whose digits were removed after its season. */
export const FORGOTTEN = '已删除';

export const PHONE_STATES = ['live', 'suspect', 'suspended', 'cooling', 'dead', 'do_not_call'] as const;
export type PhoneState = (typeof PHONE_STATES)[number];

/** What an attempt says about the number itself, apart from what it says about the case. */
export type PhoneEffect =
  | 'vacant'
  | 'suspended'
  | 'rejected'
  | 'alive'
  | 'checked_dead'
  | 'do_not_call'
  | 'lifted';

export interface PhoneCondition {
  readonly state: PhoneState;
  readonly stateAt: number | null;
  readonly vacantHits: number;
  readonly retests: number;
  /** Not before then; of a number that must not be called: until then, null for good. */
  readonly retestAfter: number | null;
}

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** L1: a second 空号 counts only when it comes at least so many hours later, unless the season says otherwise. */
export const VACANT_AGAIN_HOURS = 4;
/** L2: 停机 is tested again once a day for three days. */
export const RETESTS_MAX = 3;
/** L7: after 拒接 the number rests. */
export const COOLING_MS = 4 * HOUR_MS;

/** 勿拨 stands: for good, or until its day. */
export const isBarred = ({ state, retestAfter }: PhoneCondition, now: number): boolean =>
  state === 'do_not_call' && (retestAfter === null || retestAfter > now);

/** State of a number after an effect. A number that must not be called is freed by `lifted` only, or when its day has come. */
export function phoneAfter(
  phone: PhoneCondition,
  effect: PhoneEffect,
  now: number,
  vacantAgainHours: number = VACANT_AGAIN_HOURS,
): PhoneCondition {
  if (isBarred(phone, now) && effect !== 'lifted') return phone;
  const calm = { vacantHits: 0, retests: 0, retestAfter: null };
  if (effect === 'alive' || effect === 'lifted') return { ...calm, state: 'live', stateAt: now };
  if (effect === 'checked_dead') return { ...phone, state: 'dead', stateAt: now, retestAfter: null };
  if (effect === 'do_not_call') return { ...phone, state: 'do_not_call', stateAt: now, retestAfter: null };
  if (effect === 'rejected')
    return { ...phone, state: 'cooling', stateAt: now, retestAfter: now + COOLING_MS };
  return effect === 'vacant'
    ? afterVacant(phone, now, vacantAgainHours * HOUR_MS)
    : afterSuspended(phone, now);
}

function afterVacant(phone: PhoneCondition, now: number, againMs: number): PhoneCondition {
  const first = phone.vacantHits === 0 || phone.stateAt === null;
  if (first) return { ...phone, state: 'suspect', stateAt: now, vacantHits: 1, retestAfter: now + againMs };
  if (now - (phone.stateAt ?? now) < againMs) return phone;
  return { ...phone, state: 'dead', stateAt: now, vacantHits: phone.vacantHits + 1, retestAfter: null };
}

function afterSuspended(phone: PhoneCondition, now: number): PhoneCondition {
  const retests = phone.state === 'suspended' ? phone.retests + 1 : 0;
  const retestAfter = retests >= RETESTS_MAX ? null : now + DAY_MS;
  return { ...phone, state: 'suspended', stateAt: now, retests, retestAfter };
}

/** Fields that 显示 can show one at a time; `phone` names one number. */
export const REVEAL_FIELDS = ['name', 'id_number', 'phone', 'address', 'recipient'] as const;
export type RevealField = (typeof REVEAL_FIELDS)[number];

/** 未成年人网络保护条例 art. 36: under eighteen on the day of the look. `minorUntil` is the eighteenth birthday, YYYY-MM-DD. */
export const isMinor = (minorUntil: string | null, today: string): boolean =>
  minorUntil !== null && today < minorUntil;
