import { sql } from 'kysely';
import type { Ctx } from '#platform/db/tenant';
import { toDate } from '#platform/ids';
import type { Left, PhaseDates } from './contract.ts';
import type { Season, Stage } from './rules.ts';

export async function readPhases({ tx, tenantId }: Ctx, seasonId: string): Promise<PhaseDates[]> {
  const { rows } = await sql<PhaseDates>`
    select phase, starts_at as "startsAt", ends_at as "endsAt" from season_phase
    where tenant_id = ${tenantId} and season_id = ${seasonId}
    order by array_position(array['guidance', 'filing', 'admitted', 'arrival'], phase)`.execute(tx);
  return rows;
}

export async function savePhases(
  { tx, tenantId }: Ctx,
  seasonId: string,
  phases: readonly PhaseDates[],
): Promise<void> {
  for (const { phase, startsAt, endsAt } of phases) {
    await sql`
      insert into season_phase (tenant_id, season_id, phase, starts_at, ends_at)
      values (${tenantId}, ${seasonId}, ${phase}, ${startsAt === null ? null : toDate(startsAt)},
        ${endsAt === null ? null : toDate(endsAt)})
      on conflict (tenant_id, season_id, phase) do update
        set starts_at = excluded.starts_at, ends_at = excluded.ends_at`.execute(tx);
  }
}

export async function updateSeason({ tx, tenantId }: Ctx, season: Season): Promise<void> {
  await sql`
    update season set name = ${season.name}, college_name = ${season.collegeName},
      home_area_code = ${season.homeAreaCode}
    where tenant_id = ${tenantId} and id = ${season.id}`.execute(tx);
}

export async function updateStage({ tx, tenantId }: Ctx, seasonId: string, stage: Stage): Promise<void> {
  await sql`
    update season set phase = ${stage.phase}, round = ${stage.round}
    where tenant_id = ${tenantId} and id = ${seasonId}`.execute(tx);
}

/**
 * How many people of the season's phase stand where, from the follow-up's counters (case_tally and its deltas), never
 * by counting cases.
 */
export async function readLeft({ tx, tenantId }: Ctx, { id, phase }: Season): Promise<Left> {
  const { rows } = await sql<Left>`
    with t as (
      select state, disposition, cases from case_tally
      where tenant_id = ${tenantId} and season_id = ${id} and grain = 'policy' and phase = ${phase}
      union all
      select state, disposition, cases from case_tally_delta
      where tenant_id = ${tenantId} and season_id = ${id} and phase = ${phase}
    )
    select coalesce(sum(cases), 0)::bigint as total,
      coalesce(sum(cases) filter (where state = 'final'), 0)::bigint as final,
      coalesce(sum(cases) filter (where state <> 'final' and disposition = 'uncalled'), 0)::bigint as uncalled,
      coalesce(sum(cases) filter (where state <> 'final' and disposition = 'considering'), 0)::bigint as considering,
      coalesce(sum(cases) filter (where state <> 'final' and disposition = 'unreachable'), 0)::bigint as unreachable,
      coalesce(sum(cases) filter (where state <> 'final' and disposition = 'withdrawing'), 0)::bigint as withdrawing,
      coalesce(sum(cases) filter (where state <> 'final' and disposition = 'confirmed'), 0)::bigint as confirmed
    from t`.execute(tx);
  const [left] = rows;
  if (!left) throw new Error('an aggregate without row');
  return left;
}

/** Batches and majors of one season into another; gen_random_uuid is fine, nobody sorts by these ids. */
export async function copyCatalogue(
  { tx, tenantId }: Ctx,
  { from, to }: { from: string; to: string },
): Promise<void> {
  await sql`
    insert into batch (tenant_id, id, season_id, code, name, level, art)
    select tenant_id, gen_random_uuid(), ${to}, code, name, level, art from batch
    where tenant_id = ${tenantId} and season_id = ${from}`.execute(tx);
  await sql`
    insert into major (tenant_id, id, season_id, code, name, level, art, tuition_fen, seats)
    select tenant_id, gen_random_uuid(), ${to}, code, name, level, art, tuition_fen, seats from major
    where tenant_id = ${tenantId} and season_id = ${from}`.execute(tx);
}
