import { sql } from 'kysely';
import type { Ctx } from '#platform/db/tenant';
import type { PhraseView } from './contract.ts';

const columns = sql`id, pattern, kind, advice, rule, active`;

export async function readPhrases({ tx, tenantId }: Ctx): Promise<PhraseView[]> {
  const { rows } = await sql<PhraseView>`
    select ${columns} from phrase where tenant_id = ${tenantId} order by active desc, kind, pattern`.execute(
    tx,
  );
  return rows;
}

export async function readPhrase({ tx, tenantId }: Ctx, phraseId: string): Promise<PhraseView | null> {
  const { rows } = await sql<PhraseView>`
    select ${columns} from phrase where tenant_id = ${tenantId} and id = ${phraseId} for update`.execute(tx);
  return rows[0] ?? null;
}

/** False when the pattern is already in the list. */
export async function insertPhrase({ tx, tenantId }: Ctx, phrase: PhraseView): Promise<boolean> {
  const { numAffectedRows } = await sql`
    insert into phrase (tenant_id, id, pattern, kind, advice, rule, active)
    values (${tenantId}, ${phrase.id}, ${phrase.pattern}, ${phrase.kind}, ${phrase.advice}, ${phrase.rule}, ${phrase.active})
    on conflict (tenant_id, pattern) do nothing`.execute(tx);
  return numAffectedRows === 1n;
}

export async function updatePhrase({ tx, tenantId }: Ctx, phrase: PhraseView): Promise<void> {
  await sql`
    update phrase set pattern = ${phrase.pattern}, kind = ${phrase.kind}, advice = ${phrase.advice},
      rule = ${phrase.rule}, active = ${phrase.active}
    where tenant_id = ${tenantId} and id = ${phrase.id}`.execute(tx);
}
