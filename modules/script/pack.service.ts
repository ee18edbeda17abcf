import { audit } from '#platform/audit/audit';
import type { Ctx } from '#platform/db/tenant';
import { type Refusal, refuse } from '#platform/http/refusal';
import { newId } from '#platform/ids';
import { ok, type Result } from '#platform/result';
import { seasonById } from '#season';
import { DEFAULT_PACK } from './pack.rules.ts';
import { DEFAULT_PHRASES } from './pack-phrases.rules.ts';
import { insertPhrase } from './phrase.store.ts';
import { flagScript, type ScriptId, type ScriptVersionId } from './rules.ts';
import { readActivePhrases } from './store.ts';
import { insertScript, saveVersion } from './version.store.ts';

export interface PackCounts {
  readonly scripts: number;
  readonly phrases: number;
}

/**
 * Adds the default phrases and scripts that are not there yet. They are submitted without an author, so that any one
 * person with the permission may approve them, after reading; nothing of them is spoken before.
 */
export async function installDefaultPack(ctx: Ctx, seasonId: string): Promise<PackCounts> {
  let phrases = 0;
  for (const phrase of DEFAULT_PHRASES) {
    if (await insertPhrase(ctx, { ...phrase, id: newId(), active: true })) phrases += 1;
  }
  const active = await readActivePhrases(ctx);
  let scripts = 0;
  for (const { body, ...place } of DEFAULT_PACK) {
    const scriptId = newId<ScriptId>();
    if (!(await insertScript(ctx, { ...place, id: scriptId, seasonId, retiredAt: null }))) continue;
    scripts += 1;
    await saveVersion(ctx, {
      id: newId<ScriptVersionId>(),
      scriptId,
      version: 1,
      state: 'submitted',
      body,
      flagged: flagScript(body, active),
      authors: [],
      writtenAt: ctx.now,
      submittedBy: null,
      submittedAt: ctx.now,
      decidedBy: null,
      decidedAt: null,
      note: null,
    });
  }
  await audit(ctx, {
    action: 'script.pack_installed',
    subjectType: 'season',
    subjectId: seasonId,
    after: { scripts, phrases },
  });
  return { scripts, phrases };
}

export async function installThePack(
  ctx: Ctx,
  seasonId: string,
): Promise<Result<PackCounts, Refusal<'not_found'>>> {
  if (!(await seasonById(ctx, seasonId))) return refuse('not_found', '没有找到这个招生季，请刷新后重试。');
  return ok(await installDefaultPack(ctx, seasonId));
}
