import { audit } from '#platform/audit/audit';
import type { Ctx } from '#platform/db/tenant';
import { type Refusal, refuse } from '#platform/http/refusal';
import { ok, type Result } from '#platform/result';
import { settingsOf } from '#season';
import { openFile } from './access.service.ts';
import { privateFields } from './file.rules.ts';
import type { FileRow } from './file.store.ts';
import type { CandidateId } from './ids.ts';
import { phonesInClear } from './phone.service.ts';
import { insertReveal, revealsToday } from './reveal.store.ts';
import { nationalNumber, type RevealField } from './rules.ts';

export interface RevealRequest {
  readonly field: RevealField;
  readonly phoneId?: string | undefined;
  readonly reason: string;
}

type RevealRefusal = Refusal<'not_found' | 'nothing_there' | 'limit_reached'>;

/** Shows one masked field to one person, with a reason, logged, and so often a day as the season allows. 个人信息保护法 art. 51. */
export async function reveal(
  ctx: Ctx,
  id: CandidateId,
  { field, phoneId, reason }: RevealRequest,
): Promise<Result<{ value: string; left: number }, RevealRefusal>> {
  const file = await openFile(ctx, id);
  if (!file.ok) return file;
  const value = await clearValueOf(ctx, file.value, { field, phoneId });
  if (value === null) return refuse('nothing_there', '档案里没有这一项，请刷新后查看。');
  const left = await takeOne(ctx, file.value.seasonId);
  if (!left.ok) return left;
  const { userId } = ctx.actor;
  if (userId !== null) await insertReveal(ctx, { userId, candidateId: id, field, reason });
  await audit(ctx, {
    action: 'candidate.revealed',
    subjectType: 'candidate',
    subjectId: id,
    reason,
    after: { field, ...(phoneId && { phoneId }) },
  });
  return ok({ value, left: left.value });
}

/** Counts this reveal against the day's limit; the platform itself (command line) has none. */
async function takeOne(ctx: Ctx, seasonId: string): Promise<Result<number, Refusal<'limit_reached'>>> {
  const { userId } = ctx.actor;
  if (userId === null) return ok(0);
  const { revealsPerDay: limit } = await settingsOf(ctx, seasonId);
  const used = await revealsToday(ctx, userId, { hold: true });
  if (used < limit) return ok(limit - used - 1);
  return refuse(
    'limit_reached',
    `您今天已显示 ${used} 次脱敏信息，达到每日 ${limit} 次的上限，明天 0 点后恢复；确有需要请联系招办调整。`,
    { used, limit },
  );
}

async function clearValueOf(
  ctx: Ctx,
  file: FileRow,
  { field, phoneId }: Pick<RevealRequest, 'field' | 'phoneId'>,
): Promise<string | null> {
  if (field === 'name') return file.name;
  if (field === 'phone') {
    const phone = (await phonesInClear(ctx, file.id)).find((other) => other.phoneId === phoneId);
    return phone ? nationalNumber(phone.number) : null;
  }
  const fields = privateFields(file.sealed === null ? null : ctx.vault.open(file.sealed));
  const values = { id_number: fields.idNumber, address: fields.address, recipient: fields.recipient };
  return values[field] ?? null;
}
