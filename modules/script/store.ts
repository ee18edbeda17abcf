import { sql } from 'kysely';
import { prepared } from '#platform/db/pool';
import type { Ctx } from '#platform/db/tenant';
import type { Phrase, Place, ScriptBody, ScriptId, ScriptVersionId } from './rules.ts';

/** The one version of a script that is spoken now. */
export interface ScriptInForce extends Place {
  readonly scriptId: ScriptId;
  readonly versionId: ScriptVersionId;
  readonly name: string;
  readonly version: number;
  readonly body: ScriptBody;
}

/** Approved versions of scripts that are not retired. */
export async function readInForce({ tx, tenantId }: Ctx, seasonId: string): Promise<ScriptInForce[]> {
  const { rows } = await sql<ScriptInForce>`${prepared}
    select s.id as "scriptId", v.id as "versionId", s.name, s.kind, s.withdrawable, s.phase, s.round, v.version, v.body
    from script s
    join script_version v on v.tenant_id = s.tenant_id and v.script_id = s.id and v.state = 'approved'
    where s.tenant_id = ${tenantId} and s.season_id = ${seasonId} and s.retired_at is null
    order by s.name`.execute(tx);
  return rows;
}

/** One version, also an old one: what was spoken in an earlier contact. */
export async function readVersionBody(
  { tx, tenantId }: Ctx,
  versionId: string,
): Promise<ScriptInForce | null> {
  const { rows } = await sql<ScriptInForce>`
    select s.id as "scriptId", v.id as "versionId", s.name, s.kind, s.withdrawable, s.phase, s.round, v.version, v.body
    from script_version v
    join script s on s.tenant_id = v.tenant_id and s.id = v.script_id
    where v.tenant_id = ${tenantId} and v.id = ${versionId}`.execute(tx);
  return rows[0] ?? null;
}

/** The phrases that are looked for. */
export async function readActivePhrases({ tx, tenantId }: Ctx): Promise<Phrase[]> {
  const { rows } = await sql<Phrase>`
    select id, pattern, kind, advice, rule from phrase where tenant_id = ${tenantId} and active
    order by kind, pattern`.execute(tx);
  return rows;
}
