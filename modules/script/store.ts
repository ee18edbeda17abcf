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

/** Nobody changes the words of an approved version: whoever pulls a case need not read those of every script again. */
const bodies = new Map<string, ScriptBody>();
const BODIES_MAX = 2000;

/** Approved versions of scripts that are not retired. */
export async function readInForce(ctx: Ctx, seasonId: string): Promise<ScriptInForce[]> {
  const { rows } = await sql<Omit<ScriptInForce, 'body'>>`${prepared}
    select s.id as "scriptId", v.id as "versionId", s.name, s.kind, s.withdrawable, s.phase, s.round, s.occasion, v.version
    from script s
    join script_version v on v.tenant_id = s.tenant_id and v.script_id = s.id and v.state = 'approved'
    where s.tenant_id = ${ctx.tenantId} and s.season_id = ${seasonId} and s.retired_at is null
    order by s.name`.execute(ctx.tx);
  if (bodies.size > BODIES_MAX) bodies.clear();
  const known = new Map(rows.map(({ versionId }) => [versionId, bodies.get(`${ctx.tenantId}/${versionId}`)]));
  const read = await readBodies(
    ctx,
    rows.flatMap(({ versionId }) => (known.get(versionId) ? [] : [versionId])),
  );
  return rows.map((row) => {
    const body = known.get(row.versionId) ?? read.get(row.versionId);
    if (!body) throw new Error(`script version ${row.versionId} has no body`);
    return { ...row, body };
  });
}

async function readBodies({ tx, tenantId }: Ctx, ids: readonly string[]): Promise<Map<string, ScriptBody>> {
  if (ids.length === 0) return new Map();
  const { rows } = await sql<{ id: string; body: ScriptBody }>`
    select id, body from script_version where tenant_id = ${tenantId} and id = any(${[...ids]}::uuid[])`.execute(
    tx,
  );
  for (const { id, body } of rows) bodies.set(`${tenantId}/${id}`, body);
  return new Map(rows.map(({ id, body }) => [id, body]));
}

/** One version, also an old one: what was spoken in an earlier contact. */
export async function readVersionBody(
  { tx, tenantId }: Ctx,
  versionId: string,
): Promise<ScriptInForce | null> {
  const { rows } = await sql<ScriptInForce>`
    select s.id as "scriptId", v.id as "versionId", s.name, s.kind, s.withdrawable, s.phase, s.round, s.occasion, v.version, v.body
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
