import type { Readable } from 'node:stream';
import { noteWithdrawal } from '#follow-up';
import { audit } from '#platform/audit/audit';
import { type Caller, type Ctx, type Env, inTenant } from '#platform/db/tenant';
import { cleanPicture, expireFiles, findFile, readFile, storeFile } from '#platform/files/files';
import type { FileStore } from '#platform/files/store';
import { type Refusal, refuse } from '#platform/http/refusal';
import { newId } from '#platform/ids';
import { ok, type Result } from '#platform/result';
import { provinceOf } from '#season/rules';
import { scopeOf } from '#staff';
import { type LetterData, previewLetter, renderLetter } from './letter.ts';
import { barrierOf, isChecker, type ReasonCode } from './rules.ts';
import {
  type CaseFacts,
  insertRow,
  lockCaseFacts,
  lockRow,
  readCaseFacts,
  readRow,
  saveEvidence,
  type WithdrawalRow,
} from './store.ts';
import { notFound, policyOfRow, refuseBarrier, viewOf, wrongState } from './view.ts';
import { stampPicture } from './watermark.ts';

type View = ReturnType<typeof viewOf>;
type Barriers = 'policy_missing' | 'binding_province' | 'past_deadline';
type RequestCodes = Barriers | 'not_found' | 'wrong_state' | 'already_open' | 'not_yours' | 'text_needed';

export interface NewRequest {
  readonly caseId: string;
  readonly reasonCode: ReasonCode;
  readonly reasonText: string;
}

/** Registers the candidate's wish and makes the letter. The wish itself is not a withdrawal: nothing happens without the signed paper. */
export async function requestWithdrawal(
  ctx: Ctx,
  files: FileStore,
  given: NewRequest,
): Promise<Result<View, Refusal<RequestCodes>>> {
  const allowed = await allowedFacts(ctx, await lockCaseFacts(ctx, given.caseId));
  if (!allowed.ok) return allowed;
  const facts = allowed.value;
  if (given.reasonCode === 'other' && given.reasonText === '')
    return refuse('text_needed', '原因选了“其他”，请用一句话写明考生的说法。');
  const id = newId();
  if (!(await insertRow(ctx, { id, facts, ...given, letterFileId: await makeLetter(ctx, files, facts) }))) {
    return refuse('already_open', '这名考生已有一份办理中的退档申请，请在“退档申请”里继续办理。');
  }
  await noteWithdrawal(ctx, { caseId: facts.caseId, withdrawalId: id, step: 'requested' });
  await audit(ctx, {
    action: 'withdrawal.requested',
    subjectType: 'withdrawal',
    subjectId: id,
    after: { caseId: facts.caseId, reasonCode: given.reasonCode },
  });
  return shown(ctx, id);
}

/** The case, if this person may register a withdrawal for it now. */
async function allowedFacts(
  ctx: Ctx,
  facts: CaseFacts | null,
): Promise<Result<CaseFacts, Refusal<Barriers | 'not_found' | 'not_yours' | 'wrong_state'>>> {
  if (!facts) return refuse('not_found', '没有找到这名考生的回访任务，请刷新后再试。');
  if (!(await hasInHand(ctx, facts)))
    return refuse('not_yours', '这名考生不在您名下，请由负责的回访员登记退档申请。');
  if (facts.final) return refuse('wrong_state', '这名考生的状态已经最终认定，不能再登记退档申请。');
  const barrier = barrierOf(facts, ctx.now);
  return barrier ? refuseBarrier(barrier, facts) : ok(facts);
}

/** The letter as it would be made now; nothing is kept. It shows name and number in clear, so a look is logged. */
export async function lookAtLetter(
  ctx: Ctx,
  caseId: string,
): Promise<Result<Buffer, Refusal<Barriers | 'not_found' | 'not_yours' | 'wrong_state'>>> {
  const allowed = await allowedFacts(ctx, await readCaseFacts(ctx, caseId));
  if (!allowed.ok) return allowed;
  await audit(ctx, {
    action: 'withdrawal.letter_previewed',
    subjectType: 'candidate',
    subjectId: allowed.value.candidateId,
  });
  return ok(await previewLetter(letterOf(allowed.value)));
}

type Holding = Pick<CaseFacts, 'ownerId' | 'inChargeId' | 'heldBy' | 'groupId'>;

/**
 * A case is in the hand of its owner, of whoever has accepted it as a hand-over or is on the phone with the candidate, of the leaders of its
 * group, and of those who see everything.
 */
export async function hasInHand(
  ctx: Ctx,
  { ownerId, inChargeId, heldBy, groupId }: Holding,
): Promise<boolean> {
  const scope = await scopeOf(ctx);
  const theirs = [ownerId, inChargeId, heldBy].some((one) => one !== null && one === scope.userId);
  return theirs || scope.kind === 'all' || scope.groupIds.some((led) => led === groupId);
}

const letterOf = (facts: CaseFacts): LetterData => ({
  college: facts.college,
  province: provinceOf(facts.provinceCode)?.name ?? facts.provinceCode,
  year: facts.year,
  name: facts.name,
  candidateNo: facts.candidateNo,
  batch: facts.batchName,
});

async function makeLetter(ctx: Ctx, files: FileStore, facts: CaseFacts): Promise<string> {
  const pdf = await renderLetter(letterOf(facts));
  const stored = await storeFile(
    ctx,
    files,
    {
      purpose: 'withdrawal_letter',
      name: `退档申请书-${facts.candidateNo}.pdf`,
      mediaType: 'application/pdf',
    },
    pdf,
  );
  return stored.id;
}

async function shown(ctx: Ctx, id: string): Promise<Result<View, Refusal<'not_found'>>> {
  const row = await readRow(ctx, await scopeOf(ctx), id);
  return row ? ok(viewOf(ctx, row)) : notFound();
}

type EvidenceCodes =
  | Barriers
  | 'not_found'
  | 'wrong_state'
  | 'not_yours'
  | 'not_a_picture'
  | 'picture_too_large';

/** Takes in the one photo: re-encoded, encrypted, replacing an earlier one until the leader has checked. */
export async function uploadEvidence(
  at: { env: Env; caller: Caller; files: FileStore },
  id: string,
  content: Readable | Buffer,
): Promise<Result<View, Refusal<EvidenceCodes>>> {
  const picture = await cleanPicture(content);
  if (!picture.ok) return picture;
  return inTenant(at.env, at.caller, async (ctx): Promise<Result<View, Refusal<EvidenceCodes>>> => {
    const row = await lockRow(ctx, await scopeOf(ctx), id);
    if (!row) return notFound();
    if (!(await hasInHand(ctx, row)) && row.requestedBy !== ctx.actor.userId)
      return refuse('not_yours', '这份申请不在您名下，请由负责的回访员上传材料。');
    if (row.state !== 'letter_sent' && row.state !== 'evidence_in') return wrongState(row, '上传材料');
    const barrier = barrierOf(policyOfRow(row), ctx.now);
    if (barrier) return refuseBarrier(barrier, row);
    const name = `退档材料-${row.candidateNo}.jpg`;
    const file = await storeFile(
      ctx,
      at.files,
      { purpose: 'withdrawal_evidence', name, mediaType: 'image/jpeg' },
      picture.value,
    );
    await saveEvidence(ctx, id, file.id);
    // The photo before shows an ID card, and nobody will look at it any more (个人信息保护法 art. 19).
    if (row.evidenceFileId !== null) await expireFiles(ctx, [row.evidenceFileId]);
    await noteWithdrawal(ctx, { caseId: row.caseId, withdrawalId: id, step: 'evidence_in' });
    await audit(ctx, {
      action: 'withdrawal.evidence_uploaded',
      subjectType: 'withdrawal',
      subjectId: id,
      after: { replaced: row.evidenceFileId !== null },
    });
    return shown(ctx, id);
  });
}

export interface Document {
  readonly name: string;
  readonly bytes: Buffer;
}

/** The letter to print or send on. */
export async function openLetter(
  ctx: Ctx,
  files: FileStore,
  id: string,
): Promise<Result<Document, Refusal<'not_found'>>> {
  const row = await readRow(ctx, await scopeOf(ctx), id);
  if (!row?.letterFileId) return notFound();
  await audit(ctx, { action: 'withdrawal.letter_opened', subjectType: 'withdrawal', subjectId: id });
  return ok({
    name: `退档申请书-${row.candidateNo}.pdf`,
    bytes: await bytesOf(ctx, files, row.letterFileId),
  });
}

async function bytesOf(ctx: Ctx, files: FileStore, fileId: string): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of await readFile(ctx, files, fileId)) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

/** Who handles the papers; a caller sees a photo only of their own request. An ID card is sensitive personal information (个人信息保护法 art. 28). */
const seesPapers = (ctx: Ctx, row: WithdrawalRow): boolean =>
  isChecker(row, ctx.actor) ||
  ['withdrawal.execute', 'withdrawal.decide_wrongful'].some((permission) =>
    ctx.actor.permissions.has(permission),
  ) ||
  row.uploadedBy === ctx.actor.userId ||
  row.requestedBy === ctx.actor.userId;

/** The photo with the viewer's name and the time across it; each look is logged. */
export async function openEvidence(
  ctx: Ctx,
  files: FileStore,
  id: string,
): Promise<Result<Document, Refusal<'not_found' | 'not_yours' | 'removed'>>> {
  const row = await readRow(ctx, await scopeOf(ctx), id);
  if (!row?.evidenceFileId) return notFound();
  if (!seesPapers(ctx, row)) return refuse('not_yours', '材料照片只供核对和办理的人查看。');
  const file = await findFile(ctx, row.evidenceFileId);
  if (!file || file.removedAt !== null) return refuse('removed', '材料照片已到保存期限，按规定删除了。');
  await audit(ctx, { action: 'withdrawal.evidence_viewed', subjectType: 'withdrawal', subjectId: id });
  const bytes = await stampPicture(await bytesOf(ctx, files, row.evidenceFileId), {
    name: ctx.actor.name,
    at: ctx.now,
  });
  return ok({ name: file.name, bytes });
}
