import { audit } from '#platform/audit/audit';
import type { Ctx } from '#platform/db/tenant';
import { type Refusal, refuse } from '#platform/http/refusal';
import { ok, type Result } from '#platform/result';
import type { ScriptLine, VersionView } from './contract.ts';
import { notFound, refusalOf } from './draft.service.ts';
import { allows, type Place } from './rules.ts';
import {
  lockScript,
  readNames,
  readScript,
  readScriptLines,
  readVersions,
  retireScriptRow,
  saveVersion,
  type VersionRow,
} from './version.store.ts';

export const listTheScripts = async (
  ctx: Ctx,
  seasonId: string,
): Promise<Result<{ items: ScriptLine[] }, never>> => ok({ items: await readScriptLines(ctx, seasonId) });

export interface ScriptView extends Place {
  readonly id: string;
  readonly seasonId: string;
  readonly name: string;
  readonly retiredAt: number | null;
  readonly versions: VersionView[];
}

/** A script with its versions, newest first; `mine` marks those that the reader may not decide on. */
export async function getTheScript(
  ctx: Ctx,
  scriptId: string,
): Promise<Result<ScriptView, Refusal<'not_found'>>> {
  const script = await readScript(ctx, scriptId);
  if (!script) return notFound();
  const rows = await readVersions(ctx, scriptId);
  const ids = rows.flatMap(({ authors, decidedBy }) => [...authors, ...(decidedBy ? [decidedBy] : [])]);
  const names = await readNames(ctx, [...new Set(ids)]);
  return ok({ ...script, versions: rows.map((row) => viewOf(ctx, row, names)) });
}

const viewOf = (ctx: Ctx, row: VersionRow, names: ReadonlyMap<string, string>): VersionView => ({
  id: row.id,
  version: row.version,
  state: row.state,
  body: row.body as VersionView['body'],
  flagged: [...row.flagged],
  authors: row.authors.length > 0 ? row.authors.map((id) => names.get(id) ?? '已离职人员') : ['默认话术'],
  writtenAt: row.writtenAt,
  submittedAt: row.submittedAt,
  decidedBy: row.decidedBy ? (names.get(row.decidedBy) ?? '已离职人员') : null,
  decidedAt: row.decidedAt,
  note: row.note,
  mine: isOwnWork(ctx, row),
});

/** Whoever wrote or submitted a version has no say in it: maker and checker are two people. */
const isOwnWork = ({ actor }: Ctx, { authors, submittedBy }: VersionRow): boolean =>
  actor.userId !== null && (authors.includes(actor.userId) || submittedBy === actor.userId);

export interface Decision {
  readonly versionId: string;
  readonly decision: 'approve' | 'reject';
  readonly note: string;
}

type DecisionRefusal = Refusal<
  'not_found' | 'wrong_state' | 'own_work' | 'source_missing' | 'invalid' | 'note_missing'
>;

/**
 * A second person approves or refuses. The script row is locked, so of two who decide at once the later one is told
 * that it is done. Approving retires the version that was spoken before.
 */
export async function decideTheVersion(
  ctx: Ctx,
  scriptId: string,
  decision: Decision,
): Promise<Result<undefined, DecisionRefusal>> {
  const script = await lockScript(ctx, scriptId);
  if (!script) return notFound();
  const versions = await readVersions(ctx, scriptId);
  const version = versions.find(({ id }) => id === decision.versionId);
  if (!version) return notFound();
  if (!allows(version.state, decision.decision)) {
    return refuse('wrong_state', '这一版已不在等待审批，可能刚刚被别人审批或撤回，请刷新后查看。');
  }
  if (isOwnWork(ctx, version)) {
    return refuse('own_work', '您参与编写或提交了这一版，须由另一位有审批权限的同事审批。');
  }
  if (decision.decision === 'reject') return rejectVersion(ctx, version, decision.note);
  const { flagged, refusal } = await refusalOf(ctx, script, version);
  if (refusal) return { ok: false, error: refusal };
  const before = versions.find(({ state }) => state === 'approved');
  if (before) await saveVersion(ctx, { ...before, state: 'retired' });
  await saveVersion(ctx, { ...decided(ctx, version, decision.note), flagged, state: 'approved' });
  await audit(ctx, {
    action: 'script.approved',
    subjectType: 'script',
    subjectId: scriptId,
    ...(decision.note ? { reason: decision.note } : {}),
    before: { version: before?.version ?? null },
    after: { version: version.version, flags: flagged.length },
  });
  return ok(undefined);
}

async function rejectVersion(
  ctx: Ctx,
  version: VersionRow,
  note: string,
): Promise<Result<undefined, Refusal<'note_missing'>>> {
  if (note.length < 4) return refuse('note_missing', '驳回要写明哪里需要修改（至少 4 个字），编写人会看到。');
  await saveVersion(ctx, { ...decided(ctx, version, note), state: 'rejected' });
  await audit(ctx, {
    action: 'script.rejected',
    subjectType: 'script',
    subjectId: version.scriptId,
    reason: note,
    after: { version: version.version },
  });
  return ok(undefined);
}

const decided = (ctx: Ctx, version: VersionRow, note: string): VersionRow => ({
  ...version,
  decidedBy: ctx.actor.userId,
  decidedAt: ctx.now,
  note: note || null,
});

/** Approves everything of a season that waits and that the actor did not write. For the demonstration and the command line. */
export async function approveSubmitted(ctx: Ctx, seasonId: string): Promise<number> {
  let approved = 0;
  for (const { id, pending } of await readScriptLines(ctx, seasonId)) {
    if (pending?.state !== 'submitted' || pending.mine) continue;
    const result = await decideTheVersion(ctx, id, { versionId: pending.id, decision: 'approve', note: '' });
    if (!result.ok) throw new Error(`script ${id}: ${result.error.message}`);
    approved += 1;
  }
  return approved;
}

/** From now on nobody speaks it; contacts made with it keep showing it. */
export async function retireTheScript(
  ctx: Ctx,
  scriptId: string,
  reason: string,
): Promise<Result<undefined, Refusal<'not_found' | 'wrong_state'>>> {
  const script = await lockScript(ctx, scriptId);
  if (!script) return notFound();
  if (script.retiredAt !== null) return refuse('wrong_state', '这份话术已经停用。');
  await retireScriptRow(ctx, scriptId);
  await audit(ctx, { action: 'script.retired', subjectType: 'script', subjectId: scriptId, reason });
  return ok(undefined);
}
