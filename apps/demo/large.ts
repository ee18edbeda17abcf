import { sql } from 'kysely';
import type { Vault } from '#platform/crypto/vault';
import type { Tx } from '#platform/db/pool';
import type { Runtime } from '#platform/runtime';
import { loadAttempts, loadLeases } from './large-calls.ts';
import { loadCases } from './large-cases.ts';
import { countCases, countContacts } from './large-counters.ts';
import { loadFiles } from './large-files.ts';
import { idOf, type LargeSeason } from './large-plan.ts';

/**
 * A season of a million candidates and ten million contacts in minutes: files by COPY, the rest made inside the database, table by table side
 * by side. Every attempt has its lease, a caller has one lease at a time, every case a signed journal, and the counters are counted: the proof
 * obligations hold as after real calls. Only for an empty demonstration: the tables are closed to everybody else meanwhile.
 */
export async function loadLarge(
  runtime: Runtime,
  given: { season: LargeSeason; vault: Vault; say: (line: string) => void },
): Promise<void> {
  const { season, vault, say } = given;
  const owner = runtime.owner();
  const told = async (label: string, work: () => Promise<unknown>): Promise<void> => {
    const started = performance.now();
    await work();
    say(`  ${label}：${((performance.now() - started) / 1000).toFixed(1)} 秒`);
  };
  const step = (label: string, work: (tx: Tx, season: LargeSeason) => Promise<void>): Promise<void> =>
    told(label, () =>
      owner.kysely.transaction().execute(async (tx) => {
        await sql`select set_config('app.tenant_id', ${season.tenantId}, true), set_config('work_mem', '128MB', true)`.execute(
          tx,
        );
        await work(tx, season);
      }),
    );
  await step('交付和放出记录', async (tx) => {
    await noteImport(tx, season);
    await noteRelease(tx, season);
  });
  const looked = (tables: string): Promise<unknown> => sql.raw(`analyze ${tables}`).execute(owner.kysely);
  await Promise.all([
    // Counted before the end of its transaction: afterwards the first reader marks every row as seen, and writes all of them again.
    step('联系记录和计数', async (tx) => {
      await loadAttempts(tx, season);
      await countContacts(tx, season);
    }).then(() => looked('attempt, contact_tally')),
    told('考生和号码', () => loadFiles(runtime.ownerUrl, { season, vault }))
      .then(() => step('占用', loadLeases))
      .then(() => looked('candidate, phone, candidate_phone, lease')),
    step('任务和日志', loadCases)
      .then(() => step('任务计数', countCases))
      .then(() => looked('follow_up_case, case_event, callback, escalation, case_tally')),
  ]);
  // Not before: while another load is under way, no row can be marked as seen by everybody. The long ledgers are left to the database.
  await sql`vacuum follow_up_case, callback, escalation, case_tally, contact_tally`.execute(owner.kysely);
}

/** The delivery that the candidates came with: boards count candidates by it. */
async function noteImport(tx: Tx, season: LargeSeason): Promise<void> {
  const counts = { rows: season.count, created: season.count, candidates: season.count };
  await sql`
    insert into delivery_import (tenant_id, id, season_id, province_code, batch_id, state, file_name, counts, applied_at)
    values (${season.tenantId}, ${idOf('import', 0)}, ${season.seasonId}, ${season.policies[0]?.provinceCode ?? ''}, ${season.batchId},
      'applied', '演示数据', ${JSON.stringify(counts)}, now())`.execute(tx);
}

/** The release that gave them out: the wallboard holds the cases against it. */
async function noteRelease(tx: Tx, season: LargeSeason): Promise<void> {
  const nobody = { lead: 0, escalation: 0, left: 0, blocked: 0, noPhone: 0, leadOfOthers: 0 };
  const preview = {
    figures: { ...nobody, total: season.count, random: season.count },
    places: [],
    callers: [],
    marks: {},
    stage: { phase: 'filing', round: 'first' },
  };
  const [clerk] = season.owners;
  await sql`
    insert into assignment_run (tenant_id, id, season_id, seed, filter, limits, preview, state, candidates, input_hash, created_by, released_by,
      released_at)
    values (${season.tenantId}, ${idOf('import', 1)}, ${season.seasonId}, '演示数据', ${JSON.stringify(ANYWHERE)}::jsonb, ${JSON.stringify(UNLIMITED)}::jsonb,
      ${JSON.stringify(preview)}::jsonb, 'released', ${season.count}, '\\x00', ${clerk?.userId}, ${clerk?.userId}, now())`.execute(
    tx,
  );
}

const ANYWHERE = { provinceCodes: [], batchIds: [], importId: null };
const UNLIMITED = { groups: [], skills: [], newPerCaller: null, openWorkCap: null };
