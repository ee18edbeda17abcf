import type { z } from 'zod';
import { type HistoryLine as AuditLine, historyOf } from '#platform/audit/audit';
import type { Ctx } from '#platform/db/tenant';
import type { Refusal } from '#platform/http/refusal';
import { ok, type Result } from '#platform/result';
import { openFile } from './access.service.ts';
import { type HistoryLine, REVEAL_LABELS } from './contract.ts';
import type { CandidateId } from './ids.ts';
import { readContacts, readWithdrawals } from './ledger.store.ts';
import type { RevealField } from './rules.ts';

type Line = z.infer<typeof HistoryLine>;
type NotFound = Refusal<'not_found'>;

/** Every act on a file and every look at a masked field, newest first. */
export async function historyOfFile(ctx: Ctx, id: CandidateId): Promise<Result<{ items: Line[] }, NotFound>> {
  const file = await openFile(ctx, id);
  if (!file.ok) return file;
  const lines = await historyOf(ctx, 'candidate', id);
  return ok({
    items: lines.map(({ at, actorName, action, reason, body }) => ({
      at,
      actorName,
      action,
      reason,
      detail: detailOf(body),
    })),
  });
}

/** The few values of an entry worth a line: masked when they were written. */
function detailOf({ after, before }: AuditLine['body']): string {
  const values = (after ?? before ?? {}) as Record<string, unknown>;
  const parts = [
    textOf(values.phone),
    typeof values.field === 'string' ? REVEAL_LABELS[values.field as RevealField] : '',
    textOf(values.source),
    Array.isArray(values.signals) ? `${values.signals.length} 个关注点` : '',
    textOf(values.merged),
  ];
  return parts.filter((part) => part !== '' && part !== undefined).join(' · ');
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

export async function contactsOf(ctx: Ctx, id: CandidateId) {
  const file = await openFile(ctx, id);
  return file.ok ? ok({ items: await readContacts(ctx, id) }) : file;
}

export async function materialsOf(ctx: Ctx, id: CandidateId) {
  const file = await openFile(ctx, id);
  if (!file.ok) return file;
  return ok({ hasPhoto: file.value.photoFileId !== null, withdrawals: await readWithdrawals(ctx, id) });
}
