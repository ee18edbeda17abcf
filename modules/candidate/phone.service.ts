import { readPhones as parsePhones } from '#delivery/rules';
import { audit } from '#platform/audit/audit';
import type { Ctx } from '#platform/db/tenant';
import { type Refusal, refuse } from '#platform/http/refusal';
import type { Instant } from '#platform/ids';
import { ok, type Result } from '#platform/result';
import { shanghaiDay } from '#platform/shanghai';
import { lockCandidate } from './file.store.ts';
import type { CandidateId, PhoneId } from './ids.ts';
import {
  areaOfMobile,
  attachPhone,
  type CandidatePhone,
  correctPhone,
  countDial,
  detach,
  ensurePhone,
  lockPhone,
  readPhones,
  releaseForgotten,
  restoreCondition,
  saveCondition,
  uncountDial,
} from './phone.store.ts';
import {
  areaCodeOf,
  isInformantLine,
  maskPhone,
  nationalNumber,
  type PhoneCondition,
  type PhoneEffect,
  phoneAfter,
  type Relation,
} from './rules.ts';

/** Numbers of a candidate in dial order, masked. `detached` adds the ones found wrong. */
export async function phonesOf(
  ctx: Ctx,
  candidateId: CandidateId,
  options: { detached?: boolean } = {},
): Promise<CandidatePhone[]> {
  return (await readPhones(ctx, candidateId, options)).map(({ sealed: _sealed, ...phone }) => phone);
}

export interface ClearPhone extends CandidatePhone {
  /** +86… in clear: for the holder of a lease or a logged reveal, never for a list, a log or an audit body. */
  readonly number: string;
}

/** The same with the numbers in clear. The caller must hold the lease on the case, or log a reveal. 个人信息保护法 art. 51. */
export async function phonesInClear(ctx: Ctx, candidateId: CandidateId): Promise<ClearPhone[]> {
  return (await readPhones(ctx, candidateId)).map(({ sealed, ...phone }) => ({
    ...phone,
    number: ctx.vault.open(sealed),
  }));
}

export interface NewPhone {
  readonly candidateId: CandidateId;
  /** As typed or heard; normalised by the rules of deliveries. */
  readonly number: string;
  readonly relation: Relation;
  /** Who or what gave it: 考生本人, 投档单 LXDH, 114 查号. */
  readonly source: string;
  /** On what ground it may be used (个人信息保护法 art. 13): 考生本人告知, 监护人告知, 履行录取告知. */
  readonly basis: string;
  readonly contactName?: string | undefined;
}

export type PhoneRefusal =
  | 'not_found'
  | 'number_bad'
  | 'several_numbers'
  | 'already_there'
  | 'too_many_phones';

/** Nobody has more; a longer list is a mistake that costs callers time. */
const PHONES_MAX = 20;

/**
 * Adds a number to a candidate, once in the tenant whoever shares it. Refuses what is not one dialable number, and a number that is
 * already there; a detached one comes back with its new source.
 */
export async function addPhone(
  ctx: Ctx,
  given: NewPhone,
): Promise<Result<{ phoneId: PhoneId; masked: string }, Refusal<PhoneRefusal>>> {
  if (!(await lockCandidate(ctx, given.candidateId)))
    return refuse('not_found', '没有找到这名考生，请刷新后重试。');
  const read = readNumber(given.number);
  if (!read.ok) return read;
  const phone = read.value;
  const masked = maskPhone(phone.number);
  const there = await readPhones(ctx, given.candidateId, { detached: true });
  if (there.length >= PHONES_MAX)
    return refuse(
      'too_many_phones',
      `已有 ${there.length} 个号码（上限 ${PHONES_MAX} 个），请先核对现有号码。`,
    );
  const phoneId = await phoneOfTenant(ctx, phone);
  if (there.some((other) => other.phoneId === phoneId && other.detachedAt === null))
    return refuse('already_there', `号码 ${masked} 已在这名考生名下，不用再加。`);
  const { candidateId, relation, source, basis, contactName = null } = given;
  const informant = isInformantLine(relation);
  await attachPhone(ctx, { candidateId, phoneId, relation, source, basis, contactName, informant });
  await audit(ctx, {
    action: 'candidate.phone_added',
    subjectType: 'candidate',
    subjectId: candidateId,
    after: { phone: masked, relation, source, basis },
  });
  return ok({ phoneId, masked });
}

interface ReadNumber {
  /** E.164. */
  readonly number: string;
  readonly kind: 'mobile' | 'landline';
}

/** One dialable number, as somebody typed or heard it. */
function readNumber(text: string): Result<ReadNumber, Refusal<'number_bad' | 'several_numbers'>> {
  const { phones, rejected } = parsePhones([{ text, source: '', relation: null }]);
  const [phone, second] = phones;
  if (second) return refuse('several_numbers', `读到 ${phones.length} 个号码，请一次只填一个。`);
  return phone && rejected.length === 0 ? ok(phone) : refuse('number_bad', badNumber(text));
}

/** The row of a number, which it has once in the tenant. */
async function phoneOfTenant(ctx: Ctx, { number, kind }: ReadNumber): Promise<PhoneId> {
  const areaCode = areaCodeOf(number) ?? (await areaOfMobile(ctx, nationalNumber(number)));
  return ensurePhone(ctx, { number, masked: maskPhone(number), kind, areaCode });
}

/** A typed number as one of the tenant's, made new where nobody has it yet: it may be delivered tomorrow. */
export async function findOrMakePhone(
  ctx: Ctx,
  text: string,
): Promise<Result<{ phoneId: PhoneId; masked: string }, Refusal<'number_bad' | 'several_numbers'>>> {
  const read = readNumber(text);
  if (!read.ok) return read;
  return ok({ phoneId: await phoneOfTenant(ctx, read.value), masked: maskPhone(read.value.number) });
}

const badNumber = (text: string): string => {
  const digits = text.replace(/\D/g, '').length;
  return `读到 ${digits} 位数字，不是可拨打的号码。手机号为 11 位，固定电话请带区号（如 028-00012345）。`;
};

/** Takes a wrong number away from a candidate; kept as evidence, never dialled for them again (A1). */
export async function detachPhone(
  ctx: Ctx,
  at: { candidateId: CandidateId; phoneId: PhoneId },
  reason: string,
): Promise<Result<null, Refusal<'not_found'>>> {
  if (!(await lockCandidate(ctx, at.candidateId)))
    return refuse('not_found', '没有找到这名考生，请刷新后重试。');
  const phone = (await readPhones(ctx, at.candidateId)).find(({ phoneId }) => phoneId === at.phoneId);
  if (!phone) return refuse('not_found', '这个号码已不在该考生名下，请刷新后查看。');
  await detach(ctx, at, reason);
  await audit(ctx, {
    action: 'candidate.phone_detached',
    subjectType: 'candidate',
    subjectId: at.candidateId,
    reason,
    before: { phone: phone.masked, relation: phone.relation },
  });
  return ok(null);
}

/** Applies what an attempt says about the number itself, under the number's row lock. Returns the new condition. */
export async function markPhone(
  ctx: Ctx,
  phoneId: PhoneId,
  effect: PhoneEffect,
  vacantAgainHours?: number,
): Promise<PhoneCondition> {
  const before = await lockPhone(ctx, phoneId);
  if (!before) throw new Error('no such phone');
  const next = phoneAfter(before, effect, ctx.now, vacantAgainHours);
  if (next !== before) await saveCondition(ctx, phoneId, next);
  return next;
}

/** Bars a number for whoever has it, until an instant or for good (null). */
export async function barPhone(ctx: Ctx, phoneId: PhoneId, until: Instant | null): Promise<void> {
  const before = await lockPhone(ctx, phoneId);
  if (!before) throw new Error('no such phone');
  await saveCondition(ctx, phoneId, {
    ...phoneAfter(before, 'do_not_call', ctx.now),
    retestAfter: until,
  });
}

/** Takes the bar off a number; one whose digits are gone meanwhile is only let go, so that it can be delivered anew. */
export async function freePhone(ctx: Ctx, phoneId: PhoneId): Promise<void> {
  if (!(await releaseForgotten(ctx, phoneId))) await markPhone(ctx, phoneId, 'lifted');
}

/** Puts a condition back, when the attempt that changed it is undone. */
export const restorePhone = restoreCondition;

/** Counts a dial of a number against today's cap, or takes the count back. */
export const noteDial = (ctx: Ctx, phoneId: PhoneId): Promise<void> =>
  countDial(ctx, phoneId, shanghaiDay(ctx.now));
export const forgetDial = (ctx: Ctx, phoneId: PhoneId): Promise<void> =>
  uncountDial(ctx, phoneId, shanghaiDay(ctx.now));

/** Corrects relation or contact of a number, or puts it first in the dial order. */
export async function changePhone(
  ctx: Ctx,
  at: { candidateId: CandidateId; phoneId: PhoneId },
  change: {
    relation?: Relation | undefined;
    contactName?: string | null | undefined;
    first?: boolean | undefined;
  },
): Promise<Result<null, Refusal<'not_found'>>> {
  if (!(await lockCandidate(ctx, at.candidateId)))
    return refuse('not_found', '没有找到这名考生，请刷新后重试。');
  const phone = (await readPhones(ctx, at.candidateId)).find(({ phoneId }) => phoneId === at.phoneId);
  if (!phone) return refuse('not_found', '这个号码已不在该考生名下，请刷新后查看。');
  const { relation = phone.relation, contactName = phone.contactName, first = false } = change;
  await correctPhone(ctx, at, { relation, contactName, first, informant: isInformantLine(relation) });
  await audit(ctx, {
    action: 'candidate.phone_changed',
    subjectType: 'candidate',
    subjectId: at.candidateId,
    before: { phone: phone.masked, relation: phone.relation },
    after: { phone: phone.masked, relation, first },
  });
  return ok(null);
}
