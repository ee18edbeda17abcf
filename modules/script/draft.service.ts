import { audit } from '#platform/audit/audit';
import type { Ctx } from '#platform/db/tenant';
import { type Refusal, refuse } from '#platform/http/refusal';
import { newId } from '#platform/ids';
import { ok, type Result } from '#platform/result';
import { seasonById } from '#season';
import { checkScript } from './check.rules.ts';
import { placeLabel } from './contract.ts';
import {
  allows,
  flagScript,
  type Place,
  type ScriptBody,
  type ScriptFlag,
  type ScriptId,
  type ScriptVersionId,
} from './rules.ts';
import { readActivePhrases } from './store.ts';
import {
  insertScript,
  lockScript,
  readScripts,
  readVersions,
  type ScriptRow,
  saveVersion,
  type VersionRow,
} from './version.store.ts';

export const notFound = (): { ok: false; error: Refusal<'not_found'> } =>
  refuse('not_found', '没有找到这份话术，可能已被删除，请刷新后重试。');

const wrongState = (message: string): { ok: false; error: Refusal<'wrong_state'> } =>
  refuse('wrong_state', message);

const EMPTY: ScriptBody = {
  steps: [{ id: 'start', title: '表明身份', say: '', ask: '', branches: [] }],
  objections: [],
};

export interface NewScript extends Place {
  readonly seasonId: string;
  readonly name: string;
  readonly copyFrom: string | null;
}

/** A new script with a draft; one call script a spot, and names are unique. */
export async function createTheScript(
  ctx: Ctx,
  { copyFrom, ...draft }: NewScript,
): Promise<Result<{ scriptId: string }, Refusal<'not_found' | 'name_taken' | 'spot_taken'>>> {
  if (!(await seasonById(ctx, draft.seasonId)))
    return refuse('not_found', '没有找到这个招生季，请刷新后重试。');
  const others = await readScripts(ctx, draft.seasonId);
  if (others.some(({ name }) => name === draft.name)) {
    return refuse('name_taken', `已有名为“${draft.name}”的话术，请换一个名称。`);
  }
  const same =
    draft.kind === 'call' || draft.occasion ? others.find((other) => sameSpot(other, draft)) : undefined;
  if (same) {
    return refuse('spot_taken', `“${placeLabel(draft)}”已有话术“${same.name}”，请直接修改它，或先停用它。`);
  }
  const source = copyFrom ? await readVersions(ctx, copyFrom) : [];
  if (copyFrom && source.length === 0) return notFound();
  const script: ScriptRow = { ...draft, id: newId<ScriptId>(), retiredAt: null };
  if (!(await insertScript(ctx, script))) {
    return refuse('spot_taken', '同名或同一情形的话术刚刚被别人建立，请刷新后查看。');
  }
  const from = source.find(({ state }) => state === 'approved') ?? source[0] ?? null;
  const body = from?.body ?? EMPTY;
  await saveVersion(ctx, await freshVersion(ctx, { scriptId: script.id, version: 1, body, from }));
  await audit(ctx, { action: 'script.created', subjectType: 'script', subjectId: script.id, after: script });
  return ok({ scriptId: script.id });
}

const sameSpot = (one: ScriptRow, other: Place): boolean =>
  one.kind === other.kind &&
  one.retiredAt === null &&
  one.withdrawable === other.withdrawable &&
  one.phase === other.phase &&
  one.round === other.round &&
  one.occasion === other.occasion;

interface Fresh {
  readonly scriptId: ScriptId;
  readonly version: number;
  readonly body: ScriptBody;
  /** The version whose words it begins with; null: none. */
  readonly from: VersionRow | null;
}

async function freshVersion(ctx: Ctx, { scriptId, version, body, from }: Fresh): Promise<VersionRow> {
  const me = ctx.actor.userId;
  return {
    id: newId<ScriptVersionId>(),
    scriptId,
    version,
    state: 'draft',
    body,
    flagged: flagScript(body, await readActivePhrases(ctx)),
    authors: [...new Set([...unapprovedAuthors(from), ...(me ? [me] : [])])],
    writtenAt: ctx.now,
    submittedBy: null,
    submittedAt: null,
    decidedBy: null,
    decidedAt: null,
    note: null,
  };
}

/** Words that nobody has approved stay their authors' own in the version that goes on from them: none of these decides on it. */
function unapprovedAuthors(from: VersionRow | null): readonly string[] {
  if (!from) return [];
  const approved = from.state !== 'rejected' && from.decidedAt !== null;
  return approved ? [] : from.authors;
}

export interface DraftChange {
  readonly body: ScriptBody;
  readonly citations: readonly { phraseId: string; where: string; source: string }[];
  readonly seenAt: number;
}

export interface SavedDraft {
  readonly versionId: string;
  readonly writtenAt: number;
  readonly flagged: ScriptFlag[];
}

/** Saves a draft as it is, faults and all: only submitting asks for a clean one. Flags are found again each time. */
export async function saveTheDraft(
  ctx: Ctx,
  scriptId: string,
  change: DraftChange,
): Promise<Result<SavedDraft, Refusal<'not_found' | 'wrong_state' | 'changed_meanwhile'>>> {
  const script = await lockScript(ctx, scriptId);
  if (!script) return notFound();
  if (script.retiredAt !== null) return wrongState('这份话术已停用，不能再修改；需要时请新建一份。');
  const versions = await readVersions(ctx, scriptId);
  const last = versions[0];
  if (last?.state === 'submitted') return wrongState('这一版正在等待审批，请先撤回再修改。');
  if (last && last.writtenAt !== change.seenAt) {
    return refuse('changed_meanwhile', '这份话术刚刚被别人改过，请先复制您写的内容，刷新后再合并。');
  }
  const version = (last?.version ?? 0) + 1;
  const row =
    last?.state === 'draft'
      ? last
      : await freshVersion(ctx, { scriptId: script.id, version, body: change.body, from: last ?? null });
  const flagged = flagScript(change.body, await readActivePhrases(ctx), change.citations);
  const me = ctx.actor.userId;
  const authors = me && !row.authors.includes(me) ? [...row.authors, me] : row.authors;
  await saveVersion(ctx, { ...row, body: change.body, flagged, authors, writtenAt: ctx.now });
  await audit(ctx, {
    action: 'script.written',
    subjectType: 'script',
    subjectId: scriptId,
    after: { version: row.version, flags: flagged.length },
  });
  return ok({ versionId: row.id, writtenAt: ctx.now, flagged });
}

/** The checks that a version must pass to be submitted and, again, to be approved. */
export async function refusalOf(
  ctx: Ctx,
  script: ScriptRow,
  version: VersionRow,
): Promise<{ flagged: ScriptFlag[]; refusal: Refusal<'invalid' | 'source_missing'> | null }> {
  const flagged = flagScript(version.body, await readActivePhrases(ctx), version.flagged);
  const issues = checkScript(script, version.body);
  const [first] = issues;
  if (first) {
    const more = issues.length > 1 ? `另有 ${issues.length - 1} 处问题，请在编辑页查看。` : '';
    return { flagged, refusal: { code: 'invalid', message: `${first.message}${more}`, details: { issues } } };
  }
  const open = flagged.filter(({ source }) => (source ?? '').length < SOURCE_MIN);
  const [flag] = open;
  if (!flag) return { flagged, refusal: null };
  const message = `有 ${open.length} 处敏感用语还没有注明依据文件，第一处是“${flag.where}”里的“${flag.pattern}”。请改写，或写明依据（至少 ${SOURCE_MIN} 个字）。`;
  return { flagged, refusal: { code: 'source_missing', message, details: { open } } };
}

/** As the constraint flags_cite_a_document demands. */
const SOURCE_MIN = 4;

export async function submitTheDraft(
  ctx: Ctx,
  scriptId: string,
): Promise<Result<undefined, Refusal<'not_found' | 'wrong_state' | 'invalid' | 'source_missing'>>> {
  const script = await lockScript(ctx, scriptId);
  if (!script) return notFound();
  const [draft] = await readVersions(ctx, scriptId);
  if (!draft || !allows(draft.state, 'submit')) return wrongState('没有可以提交的草稿，请先修改并保存。');
  const { flagged, refusal } = await refusalOf(ctx, script, draft);
  if (refusal) return { ok: false, error: refusal };
  await saveVersion(ctx, {
    ...draft,
    flagged,
    state: 'submitted',
    submittedBy: ctx.actor.userId,
    submittedAt: ctx.now,
  });
  await audit(ctx, {
    action: 'script.submitted',
    subjectType: 'script',
    subjectId: scriptId,
    after: { version: draft.version, flags: flagged.length },
  });
  return ok(undefined);
}

export async function takeBackTheDraft(
  ctx: Ctx,
  scriptId: string,
): Promise<Result<undefined, Refusal<'not_found' | 'wrong_state'>>> {
  const script = await lockScript(ctx, scriptId);
  if (!script) return notFound();
  const [last] = await readVersions(ctx, scriptId);
  if (!last || !allows(last.state, 'take_back')) {
    return wrongState('没有等待审批的版本，可能已经审批，请刷新后查看。');
  }
  await saveVersion(ctx, { ...last, state: 'draft', submittedBy: null, submittedAt: null });
  await audit(ctx, {
    action: 'script.taken_back',
    subjectType: 'script',
    subjectId: scriptId,
    after: { version: last.version },
  });
  return ok(undefined);
}
