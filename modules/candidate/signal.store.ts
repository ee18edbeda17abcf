import { sql } from 'kysely';
import type { Ctx } from '#platform/db/tenant';
import { toDate } from '#platform/ids';
import { maskText } from '#platform/personal-text';
import type { CandidateId } from './ids.ts';
import type { Signal } from './signal.rules.ts';

/** Puts signals that are not there yet into the catalogue; the office's own wording is kept. */
export async function insertSignals(ctx: Ctx, signals: readonly Signal[]): Promise<void> {
  const position = signals.map((_signal, index) => index + 1);
  await sql`
    insert into signal (tenant_id, code, name, help, position)
    select ${ctx.tenantId}, s.* from unnest(${signals.map(({ code }) => code)}::text[], ${signals.map(({ name }) => name)}::text[],
      ${signals.map(({ help }) => help)}::text[], ${position}::smallint[]) s
    on conflict (tenant_id, code) do nothing`.execute(ctx.tx);
}

export interface SignalRow extends Signal {
  readonly position: number;
  readonly active: boolean;
}

export async function readSignals(ctx: Ctx): Promise<SignalRow[]> {
  const { rows } = await sql<SignalRow>`
    select code, name, help, position, active from signal where tenant_id = ${ctx.tenantId} order by position, code`.execute(
    ctx.tx,
  );
  return rows;
}

export async function saveSignal(ctx: Ctx, signal: SignalRow): Promise<void> {
  await sql`
    insert into signal (tenant_id, code, name, help, position, active)
    values (${ctx.tenantId}, ${signal.code}, ${signal.name}, ${signal.help}, ${signal.position}, ${signal.active})
    on conflict (tenant_id, code) do update set name = excluded.name, help = excluded.help, position = excluded.position,
      active = excluded.active`.execute(ctx.tx);
}

export async function signalsOf(ctx: Ctx, candidateId: CandidateId): Promise<string[]> {
  const { rows } = await sql<{ code: string }>`
    select cs.code from candidate_signal cs join signal s on s.tenant_id = cs.tenant_id and s.code = cs.code
    where cs.tenant_id = ${ctx.tenantId} and cs.candidate_id = ${candidateId} order by s.position`.execute(
    ctx.tx,
  );
  return rows.map(({ code }) => code);
}

export async function markSignals(
  ctx: Ctx,
  candidateIds: readonly CandidateId[],
  codes: readonly string[],
): Promise<void> {
  await sql`
    insert into candidate_signal (tenant_id, season_id, candidate_id, code, marked_by, marked_at)
    select c.tenant_id, c.season_id, c.id, s, ${ctx.actor.userId}, ${toDate(ctx.now)}
    from candidate c, unnest(${[...codes]}::text[]) s
    where c.tenant_id = ${ctx.tenantId} and c.id = any(${[...candidateIds]}::uuid[])
    on conflict do nothing`.execute(ctx.tx);
}

export async function unmarkSignals(
  ctx: Ctx,
  candidateId: CandidateId,
  keep: readonly string[],
): Promise<void> {
  await sql`delete from candidate_signal
    where tenant_id = ${ctx.tenantId} and candidate_id = ${candidateId} and code <> all(${[...keep]}::text[])`.execute(
    ctx.tx,
  );
}

export interface Wish {
  /** 本专硕意向. */
  readonly pathwayInterest: boolean;
  /** Another major the candidate would like: noted for later, never promised. */
  readonly majorWish: string | null;
}

export async function readWish(ctx: Ctx, candidateId: CandidateId): Promise<Wish> {
  const { rows } = await sql<Wish>`
    select pathway_interest as "pathwayInterest", major_wish as "majorWish" from candidate_wish
    where tenant_id = ${ctx.tenantId} and candidate_id = ${candidateId}`.execute(ctx.tx);
  return rows[0] ?? { pathwayInterest: false, majorWish: null };
}

/** The interest stands in the file as well: lists filter by it. */
export async function saveWish(ctx: Ctx, candidateId: CandidateId, wish: Wish): Promise<void> {
  await sql`update candidate set pathway = ${wish.pathwayInterest}
    where tenant_id = ${ctx.tenantId} and id = ${candidateId} and pathway <> ${wish.pathwayInterest}`.execute(
    ctx.tx,
  );
  await sql`
    insert into candidate_wish (tenant_id, candidate_id, pathway_interest, major_wish, noted_by, noted_at)
    values (${ctx.tenantId}, ${candidateId}, ${wish.pathwayInterest}, ${maskText(wish.majorWish)}, ${ctx.actor.userId}, ${toDate(ctx.now)})
    on conflict (tenant_id, candidate_id) do update set pathway_interest = excluded.pathway_interest,
      major_wish = excluded.major_wish, noted_by = excluded.noted_by, noted_at = excluded.noted_at`.execute(
    ctx.tx,
  );
}
