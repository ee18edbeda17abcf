import { audit } from '#platform/audit/audit';
import type { Ctx } from '#platform/db/tenant';
import type { Refusal } from '#platform/http/refusal';
import { ok, type Result } from '#platform/result';
import { shanghaiDay } from '#platform/shanghai';
import { settingsOf } from '#season';
import { openFile } from './access.service.ts';
import type { CandidateFile } from './contract.ts';
import { deliveredFacts, FACT_TABLES } from './delivered.rules.ts';
import { namedMajor, personColumns, preferenceList, privateFields, subjectScores } from './file.rules.ts';
import { type FileRow, readCodeNames } from './file.store.ts';
import type { CandidateId } from './ids.ts';
import { readCases } from './ledger.store.ts';
import type { Missing } from './list.rules.ts';
import { namesOfMajors } from './major.store.ts';
import { openMergeOf } from './merge.store.ts';
import { approvalOf } from './minors.store.ts';
import { phonesOf } from './phone.service.ts';
import { revealsToday } from './reveal.store.ts';
import { isMinor, maskAddress, maskName } from './rules.ts';
import { seesScores } from './score-sight.ts';
import { readWish, signalsOf } from './signal.store.ts';

/** The drawer: a file with everything masked. Opening the file of a minor is logged (未成年人网络保护条例 art. 36). */
export async function candidateFile(
  ctx: Ctx,
  id: CandidateId,
): Promise<Result<CandidateFile, Refusal<'not_found'>>> {
  const opened = await openFile(ctx, id);
  if (!opened.ok) return opened;
  const file = opened.value;
  const minor = isMinor(file.minorUntil, shanghaiDay(ctx.now));
  if (minor) await audit(ctx, { action: 'candidate.minor_opened', subjectType: 'candidate', subjectId: id });
  const sealed = file.sealed === null ? null : ctx.vault.open(file.sealed);
  const shown = shownOf(file, sealed);
  const scores = await seesScores(ctx);
  const codeNames = await readCodeNames(ctx, file, FACT_TABLES);
  const unit = String(file.codes.unit ?? '');
  const namesOf = await namesOfMajors(ctx, file);
  return ok({
    ...shown,
    preferences: shown.preferences.map(({ majors, nature, ...preference }) => {
      const own = { unit, names: namesOf(nature ?? file.planNatureCode ?? '') };
      const named = (code: string): string =>
        preference.batch ? code : namedMajor(code, preference.college, own);
      return { ...preference, majors: majors.map(named) };
    }),
    minor,
    approval: minor ? await approvalOf(ctx, id) : null,
    merge: await openMergeOf(ctx, id),
    phones: await phonesOf(ctx, id, { detached: true }),
    signals: await signalsOf(ctx, id),
    wish: await readWish(ctx, id),
    cases: await readCases(ctx, id),
    scores: scores ? scoresOf(file) : null,
    delivered: deliveredFacts(file, personColumns(sealed), {
      namesOf: (table, code) => codeNames.get(`${table} ${code}`),
      scores,
    }),
    revealsLeft: await revealsLeft(ctx, file.seasonId),
  });
}

const scoresOf = ({ score, filingScore, scores }: FileRow) => ({
  score,
  filingScore,
  subjects: subjectScores(scores),
});

async function revealsLeft(ctx: Ctx, seasonId: string): Promise<number> {
  const { userId } = ctx.actor;
  const { revealsPerDay } = await settingsOf(ctx, seasonId);
  return userId === null ? 0 : Math.max(0, revealsPerDay - (await revealsToday(ctx, userId)));
}

/** The stored fields as they may be shown: name, birth, address and recipient masked. */
function shownOf(file: FileRow, opened: string | null) {
  const { address, recipient } = privateFields(opened);
  const {
    sealed: _sealed,
    scores: _scores,
    codes: _codes,
    raw: _raw,
    decidedMajorCode: _decided,
    ...plain
  } = file;
  const { minorUntil: _until, birthDate, ...rest } = plain;
  return {
    ...rest,
    name: maskName(file.name),
    birth: birthDate === null ? null : birthDate.slice(0, 7),
    address: address ? maskAddress(address) : null,
    recipient: recipient ? maskName(recipient) : null,
    missing: missingOf(file),
    hasPhoto: file.photoFileId !== null,
    preferences: preferenceList(file.preferences, file.preferenceRank),
  };
}

function missingOf({ noPhone, nameLost, idBad }: FileRow): Missing[] {
  const flags: readonly (readonly [Missing, boolean])[] = [
    ['phone', noPhone],
    ['name', nameLost],
    ['id', idBad],
  ];
  return flags.filter(([, is]) => is).map(([flag]) => flag);
}
