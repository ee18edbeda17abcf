import { sql } from 'kysely';
import type { Ctx } from '#platform/db/tenant';

/** Rows from which the planner is told at once; what is less does not change its plans. */
const MANY = 100;

/** At the end of a load: the planner looks at the filled tables, so that the first list after it is as fast as later ones. */
export async function refreshStatistics({ tx }: Pick<Ctx, 'tx'>, rows: number): Promise<void> {
  if (rows >= MANY) await sql`select refresh_statistics()`.execute(tx);
}
