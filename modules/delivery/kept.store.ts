import { sql } from 'kysely';
import type { Ctx } from '#platform/db/tenant';
import type { Target } from './classify.store.ts';
import type { Codes } from './code.rules.ts';
import type { PlanRecord } from './detail.rules.ts';

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

/** T_JHK into the list of 专业代号: name, seats and tuition as the province published them. Links entered by the office stay. */
export async function savePlans(
  { tx, tenantId }: Ctx,
  target: Target,
  plans: readonly PlanRecord[],
): Promise<void> {
  const rows = new Map<string, object>();
  for (const plan of plans) {
    if (plan.major === '') continue;
    const category = plan.subjectGroup?.code ?? '';
    const nature = plan.planNature?.code ?? '';
    const key = `${category}|${nature}|${plan.major}`;
    if (rows.has(key)) continue;
    rows.set(key, {
      ...{ category, nature, code: plan.major, name: plan.majorName || plan.major, seats: plan.planned },
      tuition: tuitionFen(plan.tuition),
    });
  }
  if (rows.size === 0) return;
  await sql`
    insert into major_code (tenant_id, season_id, province_code, batch_id, category_code, plan_nature_code, code, name,
      seats, tuition_fen)
    select ${tenantId}, ${target.seasonId}, ${target.provinceCode}, ${target.batchId}, e.category, e.nature, e.code, e.name,
      e.seats, e.tuition
    from jsonb_to_recordset(${JSON.stringify([...rows.values()])}::jsonb) as
      e(category text, nature text, code text, name text, seats int, tuition bigint)
    on conflict (tenant_id, season_id, province_code, batch_id, category_code, plan_nature_code, code) do update
      set name = excluded.name, seats = coalesce(excluded.seats, major_code.seats),
        tuition_fen = coalesce(excluded.tuition_fen, major_code.tuition_fen)`.execute(tx);
}

const TUITION_YUAN_MAX = 1_000_000;

/** SFBZ: yuan a year. */
function tuitionFen(text: string): number | null {
  const yuan = /^\d{1,7}(?:\.\d{1,2})?$/.test(text) ? Number(text) : 0;
  return yuan > 0 && yuan <= TUITION_YUAN_MAX ? Math.round(yuan * 100) : null;
}

/** Rows kept as they came, for the candidates that are new or changed. */
export async function saveDetails({ tx, tenantId }: Ctx, target: Target): Promise<void> {
  await sql`
    insert into delivered_detail (tenant_id, import_id, candidate_id, kind, no, fields)
    select ${tenantId}, ${target.importId}, k.candidate_id, d.kind, d.no, d.fields
    from staged_detail d join staged_class k on k.n = d.n and k.kind in ('created', 'updated')`.execute(tx);
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
