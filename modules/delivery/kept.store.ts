import { sql } from 'kysely';
import type { Ctx } from '#platform/db/tenant';
import type { Target } from './classify.store.ts';
import type { CodeRow, Codes } from './code.rules.ts';
import { type Finding, severityOf } from './rules.ts';

/** Code tables as they came and as we read them; the newest delivery wins. */
export async function saveCodes({ tx, tenantId }: Ctx, target: Target, codes: Codes): Promise<void> {
  const rows = codes.rows().map(({ table, code, name }) => ({
    ...{ table, code, name },
    normalised: codes.read(table, code).coded?.name ?? name,
  }));
  if (rows.length === 0) return;
  await sql`
    insert into code_entry (tenant_id, season_id, province_code, code_table, code, name, normalised, import_id)
    select ${tenantId}, ${target.seasonId}, ${target.provinceCode}, e."table", e.code, e.name, e.normalised, ${target.importId}
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as e("table" text, code text, name text, normalised text)
    on conflict (tenant_id, season_id, province_code, code_table, code) do update
      set name = excluded.name, normalised = excluded.normalised, import_id = excluded.import_id
      where code_entry.name <> excluded.name or code_entry.normalised is distinct from excluded.normalised`.execute(
    tx,
  );
}

/** Code tables that earlier deliveries of the season and province brought. */
export async function readCodes({ tx, tenantId }: Ctx, target: Target): Promise<CodeRow[]> {
  const { rows } = await sql<CodeRow>`
    select code_table as "table", code, name from code_entry
    where tenant_id = ${tenantId} and season_id = ${target.seasonId} and province_code = ${target.provinceCode}
    order by code_table, code`.execute(tx);
  return rows;
}

/** Rows kept as they came, for the candidates that are new or changed. */
export async function saveDetails({ tx, tenantId }: Ctx, target: Target): Promise<void> {
  await sql`
    insert into delivered_detail (tenant_id, import_id, candidate_id, kind, no, fields)
    select ${tenantId}, ${target.importId}, k.candidate_id, d.kind, d.no, d.fields
    from staged_detail d join staged_class k on k.n = d.n and k.kind in ('created', 'updated')`.execute(tx);
}

/** Findings of the delivery as a whole, behind those of its rows. */
export async function addFindings({ tx }: Pick<Ctx, 'tx'>, findings: readonly Finding[]): Promise<void> {
  if (findings.length === 0) return;
  const rows = findings.map((finding) => ({ ...finding, severity: severityOf(finding.code) }));
  await sql`
    insert into staged_finding (no, code, severity, file, row_no, field, excerpt, message)
    select (select coalesce(max(no), 0) from staged_finding) + e.place, e.code, e.severity, e.file, e."row", e."column", e.excerpt, e.message
    from rows from (jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as (code text, severity text, file text, "row" int, "column" text,
      excerpt text, message text)) with ordinality as e(code, severity, file, "row", "column", excerpt, message, place)`.execute(
    tx,
  );
}

/** The findings of this reading take the place of those of an earlier one. */
export async function saveFindings({ tx, tenantId }: Ctx, target: Target): Promise<void> {
  await sql`delete from import_finding where tenant_id = ${tenantId} and import_id = ${target.importId}`.execute(
    tx,
  );
  await sql`
    insert into import_finding (tenant_id, import_id, no, code, severity, file, row, field, excerpt, message)
    select ${tenantId}, ${target.importId}, row_number() over (order by no, code), code, severity, file, nullif(row_no, 0), field,
      excerpt, message
    from staged_finding`.execute(tx);
}
