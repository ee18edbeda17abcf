import { audit } from '#platform/audit/audit';
import type { Ctx } from '#platform/db/tenant';
import { type Refusal, refuse } from '#platform/http/refusal';
import { ok, type Result } from '#platform/result';
import { notFound } from './policy.service.ts';
import {
  type FollowUpSettings,
  type SettingChange,
  settingChanges,
  settingIssues,
  settingsFrom,
} from './rules.ts';
import { HISTORY_SHOWN, insertSettings, readSettings, readSettingsHistory } from './settings.store.ts';
import { readSeason } from './store.ts';

export async function getTheSettings(
  ctx: Ctx,
  seasonId: string,
): Promise<Result<{ version: number; settings: FollowUpSettings }, Refusal<'not_found'>>> {
  if (!(await readSeason(ctx, seasonId))) return notFound();
  const stored = await readSettings(ctx, seasonId);
  return ok({ version: stored?.version ?? 0, settings: settingsFrom(stored?.body) });
}

interface HistoryItem {
  readonly version: number;
  readonly changedBy: string | null;
  readonly changedAt: number;
  readonly reason: string;
  readonly changes: SettingChange[];
}

/** Every version with what it changed against the one before (the first against the defaults). */
export async function historyOfSettings(
  ctx: Ctx,
  seasonId: string,
): Promise<Result<{ items: HistoryItem[] }, Refusal<'not_found'>>> {
  if (!(await readSeason(ctx, seasonId))) return notFound();
  const versions = await readSettingsHistory(ctx, seasonId);
  return ok({
    items: versions.slice(0, HISTORY_SHOWN).map(({ body, ...version }, place) => ({
      ...version,
      changes: settingChanges(settingsFrom(versions[place + 1]?.body), settingsFrom(body)),
    })),
  });
}

export interface SettingsChange {
  readonly settings: FollowUpSettings;
  /** Version that the person saw; 0: the defaults. */
  readonly version: number;
  readonly reason: string;
}

/** Adds the next version. It counts from the next pull, finish or check on; open leases keep their time. */
export async function changeTheSettings(
  ctx: Ctx,
  seasonId: string,
  { settings, version, reason }: SettingsChange,
): Promise<
  Result<{ version: number }, Refusal<'not_found' | 'changed_meanwhile' | 'contradiction' | 'unchanged'>>
> {
  if (!(await readSeason(ctx, seasonId))) return notFound();
  const stored = await readSettings(ctx, seasonId);
  const before = settingsFrom(stored?.body);
  const issues = settingIssues(settings);
  if (issues.length > 0) return refuse('contradiction', issues.join(''), { issues });
  const changes = settingChanges(before, settings);
  if (changes.length === 0) return refuse('unchanged', '没有改动任何一项，不需要保存。');
  const next = version + 1;
  const isNext = version === (stored?.version ?? 0);
  if (!isNext || !(await insertSettings(ctx, { seasonId, version: next, body: settings, reason }))) {
    return refuse('changed_meanwhile', '回访规则刚刚被别人改过，请刷新后在新内容上重新修改。');
  }
  await audit(ctx, {
    action: 'settings.changed',
    subjectType: 'season',
    subjectId: seasonId,
    reason,
    before: Object.fromEntries(changes.map((change) => [change.path.join('.'), change.before])),
    after: Object.fromEntries(changes.map((change) => [change.path.join('.'), change.after])),
  });
  return ok({ version: next });
}
