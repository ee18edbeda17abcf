import { audit } from '#platform/audit/audit';
import type { Ctx } from '#platform/db/tenant';
import { type Refusal, refuse } from '#platform/http/refusal';
import { ok, type Result } from '#platform/result';
import type { CandidateFile } from './contract.ts';
import { privateFields } from './file.rules.ts';
import { candidateFile } from './file.service.ts';
import { findByNo, readFile } from './file.store.ts';
import { phonesInClear } from './phone.service.ts';
import { nationalNumber } from './rules.ts';

export interface ClearFields {
  readonly name: string;
  readonly idNumber: string | null;
  readonly address: string | null;
  readonly recipient: string | null;
  readonly phones: { readonly relation: string; readonly number: string }[];
}

/**
 * `candidate NO` of the command line: one file by its candidate number, masked; with a reason also in clear, audited. Takes the newest
 * season that has the number.
 */
export async function lookUpCandidate(
  ctx: Ctx,
  candidateNo: string,
  revealReason?: string,
): Promise<Result<{ file: CandidateFile; clear: ClearFields | null }, Refusal<'not_found'>>> {
  const id = await findByNo(ctx, candidateNo);
  const file = id === null ? null : await candidateFile(ctx, id);
  if (id === null || !file?.ok)
    return refuse('not_found', `没有考生号为 ${candidateNo} 的考生，请核对 14 位考生号。`);
  if (revealReason === undefined) return ok({ file: file.value, clear: null });
  const stored = await readFile(ctx, id);
  if (!stored) return refuse('not_found', `没有考生号为 ${candidateNo} 的考生，请核对 14 位考生号。`);
  const {
    idNumber = null,
    address = null,
    recipient = null,
  } = privateFields(stored.sealed === null ? null : ctx.vault.open(stored.sealed));
  const phones = (await phonesInClear(ctx, id)).map(({ relation, number }) => ({
    relation,
    number: nationalNumber(number),
  }));
  await audit(ctx, {
    action: 'candidate.revealed',
    subjectType: 'candidate',
    subjectId: id,
    reason: revealReason,
    after: { field: 'all', phones: phones.length },
  });
  return ok({ file: file.value, clear: { name: stored.name, idNumber, address, recipient, phones } });
}
