import { sql } from 'kysely';
import type { Ctx } from '#platform/db/tenant';
import type { AreaPrefix } from './area.contract.ts';
import type { AreaEntry } from './area-file.ts';

/** Rows that a person entered; an imported file never changes them. */
export const BY_HAND = '手工录入';

const columns = sql`prefix, area_code as "areaCode", province, city, source`;

export async function readPrefixes(
  ctx: Ctx,
  {
    prefix = '',
    cursor = '',
    limit,
  }: { prefix?: string | undefined; cursor?: string | undefined; limit: number },
): Promise<AreaPrefix[]> {
  const { rows } = await sql<AreaPrefix>`
    select ${columns} from area_prefix
    where tenant_id = ${ctx.tenantId} and prefix > ${cursor} and starts_with(prefix, ${prefix}) order by prefix limit ${limit}`.execute(
    ctx.tx,
  );
  return rows;
}

export async function countPrefixes(ctx: Ctx, prefix = ''): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*)::int as count from area_prefix where tenant_id = ${ctx.tenantId} and starts_with(prefix, ${prefix})`.execute(
    ctx.tx,
  );
  return rows[0]?.count ?? 0;
}

export async function savePrefix(ctx: Ctx, given: AreaPrefix): Promise<void> {
  await sql`insert into area_prefix (tenant_id, prefix, area_code, province, city, source)
    values (${ctx.tenantId}, ${given.prefix}, ${given.areaCode}, ${given.province}, ${given.city}, ${given.source})
    on conflict (tenant_id, prefix) do update set area_code = excluded.area_code, province = excluded.province, city = excluded.city,
      source = excluded.source`.execute(ctx.tx);
}

export async function deletePrefix(ctx: Ctx, prefix: string): Promise<boolean> {
  const { numAffectedRows } =
    await sql`delete from area_prefix where tenant_id = ${ctx.tenantId} and prefix = ${prefix}`.execute(
      ctx.tx,
    );
  return (numAffectedRows ?? 0n) > 0n;
}

const PIECE = 20_000;

/** Replaces what earlier files brought; rows entered by hand stay and win. */
export async function replaceImported(
  ctx: Ctx,
  entries: readonly AreaEntry[],
  source: string,
): Promise<void> {
  await sql`delete from area_prefix where tenant_id = ${ctx.tenantId} and source <> ${BY_HAND}`.execute(
    ctx.tx,
  );
  for (let from = 0; from < entries.length; from += PIECE) {
    const piece = entries.slice(from, from + PIECE);
    await sql`insert into area_prefix (tenant_id, prefix, area_code, province, city, source)
      select ${ctx.tenantId}, e.*, ${source} from unnest(${piece.map(({ prefix }) => prefix)}::text[],
        ${piece.map(({ areaCode }) => areaCode)}::text[], ${piece.map(({ province }) => province)}::text[],
        ${piece.map(({ city }) => city)}::text[]) e on conflict do nothing`.execute(ctx.tx);
  }
}
