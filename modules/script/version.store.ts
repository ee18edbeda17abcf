import { sql } from 'kysely';
import type { Ctx } from '#platform/db/tenant';
import { toDate } from '#platform/ids';
import { maskText } from '#platform/personal-text';
import type { ScriptLine } from './contract.ts';
import type { Place, ScriptBody, ScriptFlag, ScriptId, ScriptVersionId, VersionState } from './rules.ts';

export interface ScriptRow extends Place {
  readonly id: ScriptId;
  readonly seasonId: string;
  readonly name: string;
  readonly retiredAt: number | null;
}

export interface VersionRow {
  readonly id: ScriptVersionId;
  readonly scriptId: ScriptId;
  readonly version: number;
  readonly state: VersionState;
  readonly body: ScriptBody;
  readonly flagged: readonly ScriptFlag[];
  readonly authors: readonly string[];
  readonly writtenAt: number;
  readonly submittedBy: string | null;
  readonly submittedAt: number | null;
  readonly decidedBy: string | null;
  readonly decidedAt: number | null;
  readonly note: string | null;
}

const scriptColumns = sql`id, season_id as "seasonId", name, kind, withdrawable, phase, round, occasion, retired_at as "retiredAt"`;

/** The script, locked: versions of one script are changed one after the other. */
export async function lockScript({ tx, tenantId }: Ctx, scriptId: string): Promise<ScriptRow | null> {
  const { rows } = await sql<ScriptRow>`
    select ${scriptColumns} from script where tenant_id = ${tenantId} and id = ${scriptId} for update`.execute(
    tx,
  );
  return rows[0] ?? null;
}

export async function readScript({ tx, tenantId }: Ctx, scriptId: string): Promise<ScriptRow | null> {
  const { rows } = await sql<ScriptRow>`
    select ${scriptColumns} from script where tenant_id = ${tenantId} and id = ${scriptId}`.execute(tx);
  return rows[0] ?? null;
}

export async function readScripts({ tx, tenantId }: Ctx, seasonId: string): Promise<ScriptRow[]> {
  const { rows } = await sql<ScriptRow>`
    select ${scriptColumns} from script where tenant_id = ${tenantId} and season_id = ${seasonId}
    order by kind, name`.execute(tx);
  return rows;
}

/** Scripts with their version in force and the one that is being written, waits or was refused since. */
export async function readScriptLines({ tx, tenantId, actor }: Ctx, seasonId: string): Promise<ScriptLine[]> {
  const { rows } = await sql<ScriptLine>`
    select s.id, s.name, s.kind, s.withdrawable, s.phase, s.round, s.occasion, s.retired_at as "retiredAt",
      (select jsonb_build_object('id', v.id, 'version', v.version, 'state', v.state) from script_version v
        where v.tenant_id = s.tenant_id and v.script_id = s.id and v.state = 'approved') as "inForce",
      (select jsonb_build_object('id', v.id, 'version', v.version, 'state', v.state,
          'flags', jsonb_array_length(v.flagged),
          'mine', coalesce(${actor.userId} = any (v.authors || v.submitted_by), false))
        from script_version v
        where v.tenant_id = s.tenant_id and v.script_id = s.id and v.state in ('draft', 'submitted', 'rejected')
          and v.version = (select max(w.version) from script_version w where w.tenant_id = v.tenant_id and w.script_id = v.script_id)
      ) as "pending"
    from script s
    where s.tenant_id = ${tenantId} and s.season_id = ${seasonId}
    order by s.retired_at is not null, s.kind, array_position(array['guidance', 'filing', 'admitted', 'arrival'], s.phase),
      s.withdrawable desc nulls last, array_position(array['first', 'focus', 'final'], s.round), s.name`.execute(
    tx,
  );
  return rows;
}

/** Adds a script with its first version; false when the name, or the spot of a call or of a message that goes out by itself, is taken. */
export async function insertScript({ tx, tenantId }: Ctx, script: ScriptRow): Promise<boolean> {
  const { numAffectedRows } = await sql`
    insert into script (tenant_id, id, season_id, name, kind, withdrawable, phase, round, occasion)
    values (${tenantId}, ${script.id}, ${script.seasonId}, ${script.name}, ${script.kind}, ${script.withdrawable},
      ${script.phase}, ${script.round}, ${script.occasion})
    on conflict do nothing`.execute(tx);
  return numAffectedRows === 1n;
}

export async function retireScriptRow({ tx, tenantId, now }: Ctx, scriptId: string): Promise<void> {
  await sql`update script set retired_at = ${toDate(now)} where tenant_id = ${tenantId} and id = ${scriptId}`.execute(
    tx,
  );
  await sql`
    update script_version set state = 'retired'
    where tenant_id = ${tenantId} and script_id = ${scriptId} and state in ('draft', 'submitted', 'approved')`.execute(
    tx,
  );
}

const VERSIONS_SHOWN = 30;

/** The newest versions of a script and the one in force, newest first. */
export async function readVersions({ tx, tenantId }: Ctx, scriptId: string): Promise<VersionRow[]> {
  const { rows } = await sql<VersionRow>`
    select id, script_id as "scriptId", version, state, body, flagged, authors, written_at as "writtenAt",
      submitted_by as "submittedBy", submitted_at as "submittedAt", decided_by as "decidedBy",
      decided_at as "decidedAt", decision_note as note
    from script_version where tenant_id = ${tenantId} and script_id = ${scriptId}
      and (state = 'approved' or version > (select max(n.version) from script_version n
        where n.tenant_id = ${tenantId} and n.script_id = ${scriptId}) - ${VERSIONS_SHOWN})
    order by version desc`.execute(tx);
  return rows;
}

/** Names of the people of a few ids. */
export async function readNames(
  { tx, tenantId }: Ctx,
  ids: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const { rows } = await sql<{ id: string; name: string }>`
    select id, name from user_account where tenant_id = ${tenantId} and id = any (${[...ids]}::uuid[])`.execute(
    tx,
  );
  return new Map(rows.map(({ id, name }) => [id, name]));
}

/** Adds a version, or writes its new state. */
export async function saveVersion({ tx, tenantId }: Ctx, row: VersionRow): Promise<void> {
  await sql`
    insert into script_version (tenant_id, id, script_id, version, state, body, flagged, authors, written_at,
      submitted_by, submitted_at, decided_by, decided_at, decision_note)
    values (${tenantId}, ${row.id}, ${row.scriptId}, ${row.version}, ${row.state}, ${JSON.stringify(row.body)}::jsonb,
      ${JSON.stringify(row.flagged)}::jsonb, ${[...row.authors]}::uuid[], ${toDate(row.writtenAt)}, ${row.submittedBy},
      ${at(row.submittedAt)}, ${row.decidedBy}, ${at(row.decidedAt)}, ${maskText(row.note)})
    on conflict (tenant_id, id) do update set state = excluded.state, body = excluded.body, flagged = excluded.flagged,
      authors = excluded.authors, written_at = excluded.written_at, submitted_by = excluded.submitted_by,
      submitted_at = excluded.submitted_at, decided_by = excluded.decided_by, decided_at = excluded.decided_at,
      decision_note = excluded.decision_note`.execute(tx);
}

const at = (instant: number | null): Date | null => (instant === null ? null : toDate(instant));
