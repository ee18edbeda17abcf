import { sql } from 'kysely';
import type { Ctx } from '#platform/db/tenant';

/**
 * Temporary tables of the transaction that reads a delivery: filled by COPY, joined and applied by set-based SQL, gone at
 * its end. Nothing is left by a crash; a job that starts again reads the stored file again.
 */
const person = [
  ...['person_hash text', 'name text', 'name_key text', 'name_initials text', 'sex text', 'birth_date text'],
  ...['minor_until date', 'id_blind bytea', 'id_masked text', 'private bytea', 'school_code text'],
  ...['school_name text', 'district_code text', 'person_codes jsonb', 'name_lost boolean', 'id_bad boolean'],
  ...['has_phone boolean', 'person_has integer'],
];
const filing = [
  ...[
    'filing_hash text',
    'category_code text',
    'category text',
    'plan_nature_code text',
    'major_code text',
    'score numeric',
  ],
  ...['filing_score numeric', 'preference_rank smallint', 'obeys_adjustment boolean', 'exam_state text'],
  ...['decided_major_code text', 'return_reason text', 'filing_codes jsonb', 'raw jsonb', 'scores jsonb'],
  ...['preferences jsonb', 'filing_has integer'],
];
/** Those that go to the candidate: neither the hash, nor what tells which columns the table has (carried.rules.ts). */
export const filingColumns = filing.slice(1, -1).map((column) => column.split(' ')[0] ?? '');
export const personColumns = person.slice(1, -2).map((column) => column.split(' ')[0] ?? '');

const part = ['n integer', 'run integer', 'hash text', 'fields jsonb'];

/** Columns of each staging table, in the order in which they are copied. `n` is the candidate: its place in staged_row. */
export const stagingTables = {
  staged_row: ['n integer', 'candidate_no text', ...person, ...filing],
  staged_filing: ['n integer', ...filing],
  staged_preferences: part,
  staged_scores: part,
  staged_detail: ['no integer', 'kind text', 'n integer', 'fields bytea'],
  staged_photo: ['n integer', 'place integer', 'photo_hash text', 'file_id uuid'],
  staged_phone: [
    ...['n integer', 'number_blind bytea', 'number bytea', 'masked text', 'kind text', 'area_code text'],
    ...['relation text', 'source text', 'position smallint', 'extra boolean'],
  ],
  staged_finding: [
    ...['no integer', 'code text', 'severity text', 'file text', 'row_no integer', 'field text'],
    ...['excerpt text', 'message text'],
  ],
} as const;

export type StagingTable = keyof typeof stagingTables;

export const stagingColumns = (table: StagingTable): string[] =>
  stagingTables[table].map((column) => column.split(' ')[0] ?? '');

export async function createStaging({ tx }: Ctx): Promise<void> {
  await sql`set local work_mem = '96MB'`.execute(tx);
  // Refused once a connection has used temporary tables: then it goes on with what it has.
  await sql`do $$ begin set local temp_buffers = '128MB'; exception when others then null; end $$`.execute(
    tx,
  );
  await sql`set local maintenance_work_mem = '256MB'`.execute(tx);
  for (const [table, columns] of Object.entries(stagingTables)) {
    await sql
      .raw(
        `create temp table ${table} (${columns.join(', ').replaceAll(' text', ' text collate "C"')}) on commit drop`,
      )
      .execute(tx);
  }
}

/** Own mobile prefixes of the tenant (table of #candidate). */
export async function readAreaPrefixes({ tx, tenantId }: Ctx): Promise<Map<string, string>> {
  const { rows } = await sql<{ prefix: string; area: string }>`
    select prefix, area_code as area from area_prefix where tenant_id = ${tenantId}`.execute(tx);
  return new Map(rows.map(({ prefix, area }) => [prefix, area]));
}
