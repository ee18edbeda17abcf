import { sql } from 'kysely';
import type { Ctx } from '#platform/db/tenant';
import { SEALED_BITS, sealedAfter } from './carried.rules.ts';

interface PartlyCarried {
  readonly n: number;
  readonly carried: number;
  readonly known: Buffer;
  readonly given: Buffer;
}

const PAGE_ROWS = 2000;

/**
 * Fills up what is sealed of the people whose table lacks some of it, before the change is kept. SQL cannot look into it. `most` bounds a
 * preview, as in saveChanges.
 */
export async function keepPrivate(ctx: Ctx, most: number | null): Promise<void> {
  let after = 0;
  for (;;) {
    const rows = await readPartlyCarried(ctx, { after, most });
    await savePrivate(
      ctx,
      rows.flatMap(({ n, carried, known, given }) => {
        const before = JSON.parse(ctx.vault.open(given)) as Record<string, unknown>;
        const next = sealedAfter(JSON.parse(ctx.vault.open(known)), before, carried);
        const same = JSON.stringify(next) === JSON.stringify(before);
        return same ? [] : [{ n, sealed: ctx.vault.seal(JSON.stringify(next)) }];
      }),
    );
    const last = rows.at(-1);
    if (!last || rows.length < PAGE_ROWS) return;
    after = last.n;
  }
}

async function readPartlyCarried(
  { tx, tenantId }: Ctx,
  { after, most }: { after: number; most: number | null },
): Promise<PartlyCarried[]> {
  const { rows } = await sql<PartlyCarried>`
    select a.n, a.person_has as carried, c.private as known, a.private as given
    from staged_after a join candidate c on c.tenant_id = ${tenantId} and c.id = a.id
    where a.n > ${after} and a.n <= (select max(n) from (select n from staged_after order by n limit ${most}) shown)
      and a.private_changed and a.person_has & ${sql.lit(SEALED_BITS)} <> ${sql.lit(SEALED_BITS)} and c.private is not null
    order by a.n limit ${PAGE_ROWS}`.execute(tx);
  return rows;
}

async function savePrivate({ tx }: Ctx, rows: readonly { n: number; sealed: Buffer }[]): Promise<void> {
  if (rows.length === 0) return;
  await sql`
    update staged_after a set private = u.private
    from unnest(${rows.map(({ n }) => n)}::int[], ${rows.map(({ sealed }) => sealed)}::bytea[]) as u(n, private)
    where a.n = u.n`.execute(tx);
}
