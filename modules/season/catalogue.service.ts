import { audit } from '#platform/audit/audit';
import type { Ctx } from '#platform/db/tenant';
import { type Refusal, refuse } from '#platform/http/refusal';
import { newId } from '#platform/ids';
import { ok, type Result } from '#platform/result';
import type { LineView, MajorCodeKey, MajorCodeView } from './catalogue.contract.ts';
import {
  countCodesOfMajor,
  deleteLine,
  deleteMajor,
  deleteMajorCode,
  saveLineRow,
  saveMajorCodeRow,
} from './catalogue.store.ts';
import { notFound } from './policy.service.ts';
import type { Major, MajorId } from './rules.ts';
import { readBatch, readMajor, readMajors, readSeason, saveMajor } from './store.ts';

export type MajorDraft = Omit<Major, 'id' | 'seasonId'>;

export const listTheMajors = async (ctx: Ctx, seasonId: string): Promise<Result<{ items: Major[] }, never>> =>
  ok({ items: await readMajors(ctx, seasonId) });

export async function addTheMajor(
  ctx: Ctx,
  seasonId: string,
  draft: MajorDraft,
): Promise<Result<Major, Refusal<'not_found' | 'code_taken'>>> {
  const season = await readSeason(ctx, seasonId);
  if (!season) return notFound();
  const major: Major = { ...draft, id: newId<MajorId>(), seasonId: season.id };
  const taken = await codeTaken(ctx, major);
  if (taken) return taken;
  await saveMajor(ctx, major);
  await audit(ctx, { action: 'major.created', subjectType: 'major', subjectId: major.id, after: major });
  return ok(major);
}

export interface MajorKey {
  readonly seasonId: string;
  readonly majorId: string;
}

export async function changeTheMajor(
  ctx: Ctx,
  key: MajorKey,
  draft: MajorDraft,
): Promise<Result<undefined, Refusal<'not_found' | 'code_taken'>>> {
  const before = await readMajor(ctx, key.majorId);
  if (before?.seasonId !== key.seasonId) return notFound();
  const after = { ...before, ...draft };
  const taken = await codeTaken(ctx, after);
  if (taken) return taken;
  await saveMajor(ctx, after);
  await audit(ctx, { action: 'major.changed', subjectType: 'major', subjectId: before.id, before, after });
  return ok(undefined);
}

/** Only a major that no 专业代号 refers to can go. */
export async function removeTheMajor(
  ctx: Ctx,
  key: MajorKey,
  reason: string,
): Promise<Result<undefined, Refusal<'not_found' | 'in_use'>>> {
  const before = await readMajor(ctx, key.majorId);
  if (before?.seasonId !== key.seasonId) return notFound();
  const count = await countCodesOfMajor(ctx, key.majorId);
  if (count > 0) {
    return refuse('in_use', `还有 ${count} 个省份专业代号指向“${before.name}”，请先修改这些代号再删除。`, {
      count,
    });
  }
  await deleteMajor(ctx, key.majorId);
  await audit(ctx, { action: 'major.removed', subjectType: 'major', subjectId: before.id, reason, before });
  return ok(undefined);
}

/** The same code may stand once in each level. */
async function codeTaken(
  ctx: Ctx,
  { id, seasonId, level, code }: Major,
): Promise<{ ok: false; error: Refusal<'code_taken'> } | null> {
  const all = await readMajors(ctx, seasonId);
  const other = all.find((major) => major.code === code && major.level === level && major.id !== id);
  return other ? refuse('code_taken', `同一层次的代码 ${code} 已用于“${other.name}”，请换一个代码。`) : null;
}

/** Adds or changes a 专业代号 of a province, batch, 科类 and 计划性质. */
export async function saveTheMajorCode(
  ctx: Ctx,
  seasonId: string,
  entry: MajorCodeView,
): Promise<Result<undefined, Refusal<'not_found'>>> {
  if (!(await batchOf(ctx, seasonId, entry.batchId))) return notFound();
  const major = entry.majorId ? await readMajor(ctx, entry.majorId) : null;
  if (entry.majorId && major?.seasonId !== seasonId) return notFound();
  await saveMajorCodeRow(ctx, seasonId, entry);
  await audit(ctx, {
    action: 'major_code.saved',
    subjectType: 'season',
    subjectId: seasonId,
    after: entry,
  });
  return ok(undefined);
}

export async function removeTheMajorCode(
  ctx: Ctx,
  seasonId: string,
  { reason, ...key }: MajorCodeKey & { reason: string },
): Promise<Result<undefined, Refusal<'not_found'>>> {
  if (!(await deleteMajorCode(ctx, seasonId, key))) return notFound();
  await audit(ctx, {
    action: 'major_code.removed',
    subjectType: 'season',
    subjectId: seasonId,
    reason,
    before: key,
  });
  return ok(undefined);
}

/** Adds or changes a past line; it must lie before the year of the season. */
export async function saveTheLine(
  ctx: Ctx,
  seasonId: string,
  line: LineView,
): Promise<Result<undefined, Refusal<'not_found' | 'future_year'>>> {
  const season = await readSeason(ctx, seasonId);
  if (!season || !(await batchOf(ctx, seasonId, line.batchId))) return notFound();
  if (line.year >= season.year) {
    return refuse('future_year', `往年分数线应早于 ${season.year} 年，现在填的是 ${line.year} 年。`);
  }
  await saveLineRow(ctx, { id: newId(), seasonId, line });
  await audit(ctx, { action: 'past_line.saved', subjectType: 'season', subjectId: seasonId, after: line });
  return ok(undefined);
}

export async function removeTheLine(
  ctx: Ctx,
  seasonId: string,
  { reason, ...key }: Pick<LineView, 'provinceCode' | 'batchId' | 'category' | 'year'> & { reason: string },
): Promise<Result<undefined, Refusal<'not_found'>>> {
  if (!(await deleteLine(ctx, seasonId, key))) return notFound();
  await audit(ctx, {
    action: 'past_line.removed',
    subjectType: 'season',
    subjectId: seasonId,
    reason,
    before: key,
  });
  return ok(undefined);
}

async function batchOf(ctx: Ctx, seasonId: string, batchId: string): Promise<boolean> {
  return (await readBatch(ctx, batchId))?.seasonId === seasonId;
}
