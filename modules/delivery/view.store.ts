import { sql } from 'kysely';
import type { Ctx } from '#platform/db/tenant';
import type { FindingView } from './contract.ts';

export async function readFindings(
  { tx, tenantId }: Ctx,
  importId: string,
  {
    code = null,
    severity = null,
    after,
    limit,
  }: { code?: string | null; severity?: string | null; after: number; limit: number },
): Promise<FindingView[]> {
  const { rows } = await sql<FindingView>`
    select no, code, severity, file, row, field, excerpt, message from import_finding
    where tenant_id = ${tenantId} and import_id = ${importId} and no > ${after}
      and (${code}::text is null or code = ${code}) and (${severity}::text is null or severity = ${severity})
    order by no limit ${limit}`.execute(tx);
  return rows;
}

export interface ChangeRow {
  readonly candidateId: string;
  readonly candidateNo: string;
  readonly name: string;
  readonly before: Record<string, unknown>;
  readonly after: Record<string, unknown>;
  readonly beforePrivate: Buffer | null;
  readonly afterPrivate: Buffer | null;
  readonly addedPhones: number;
}

/** In the order of candidate ids. Reads candidate of #candidate. */
export async function readChanges(
  { tx, tenantId }: Ctx,
  importId: string,
  page: { after: string | null; limit: number },
): Promise<ChangeRow[]> {
  const { rows } = await sql<ChangeRow>`
    select x.candidate_id as "candidateId", c.candidate_no as "candidateNo", c.name, x.before, x.after,
      x.before_private as "beforePrivate", x.after_private as "afterPrivate", cardinality(x.added_phones) as "addedPhones"
    from import_change x join candidate c on c.tenant_id = x.tenant_id and c.id = x.candidate_id
    where x.tenant_id = ${tenantId} and x.import_id = ${importId} and (${page.after}::uuid is null or x.candidate_id > ${page.after}::uuid)
    order by x.candidate_id limit ${page.limit}`.execute(tx);
  return rows;
}
