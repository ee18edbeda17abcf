import { sql } from 'kysely';
import { prepared } from '#platform/db/pool';
import type { Ctx } from '#platform/db/tenant';
import { toDate } from '#platform/ids';
import { maskText } from '#platform/personal-text';
import type { FollowUpSettings } from './rules.ts';

export interface StoredSettings {
  readonly version: number;
  /** As it was stored; `settingsFrom` completes it. */
  readonly body: unknown;
}

/** The newest version, or null while the season still runs on defaults. */
export async function readSettings({ tx, tenantId }: Ctx, seasonId: string): Promise<StoredSettings | null> {
  const { rows } = await sql<StoredSettings>`${prepared}
    select version, body from follow_up_setting where tenant_id = ${tenantId} and season_id = ${seasonId}
    order by version desc limit 1`.execute(tx);
  return rows[0] ?? null;
}

export interface SettingsVersion extends StoredSettings {
  readonly changedBy: string | null;
  readonly changedAt: number;
  readonly reason: string;
}

/** One more than is shown, to say what the oldest shown one changed. */
export const HISTORY_SHOWN = 50;

/** The newest versions, newest first. */
export async function readSettingsHistory(
  { tx, tenantId }: Ctx,
  seasonId: string,
): Promise<SettingsVersion[]> {
  const { rows } = await sql<SettingsVersion>`
    select s.version, s.body, u.name as "changedBy", s.changed_at as "changedAt", s.reason
    from follow_up_setting s
    left join user_account u on u.tenant_id = s.tenant_id and u.id = s.changed_by
    where s.tenant_id = ${tenantId} and s.season_id = ${seasonId}
    order by s.version desc limit ${HISTORY_SHOWN + 1}`.execute(tx);
  return rows;
}

/** Adds a version; false when somebody else has just added the same one. */
export async function insertSettings(
  { tx, tenantId, actor, now }: Ctx,
  given: { seasonId: string; version: number; body: FollowUpSettings; reason: string },
): Promise<boolean> {
  const { numAffectedRows } = await sql`
    insert into follow_up_setting (tenant_id, season_id, version, body, changed_by, changed_at, reason)
    values (${tenantId}, ${given.seasonId}, ${given.version}, ${JSON.stringify(given.body)}::jsonb, ${actor.userId},
      ${toDate(now)}, ${maskText(given.reason)})
    on conflict (tenant_id, season_id, version) do nothing`.execute(tx);
  return numAffectedRows === 1n;
}
