import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { Uint8ArrayReader, Uint8ArrayWriter, ZipReader } from '@zip.js/zip.js';
import { readXlsx } from 'hucre/xlsx';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openDelivery } from '#delivery';
import { closeCase } from '#follow-up';
import { audit } from '#platform/audit/audit';
import { newId } from '#platform/ids';
import { readJob } from '#platform/jobs/job';
import { makeLog } from '#platform/log';
import type { Person, World } from '#platform/testing/app';
import {
  arrangeCaller,
  arrangeCase,
  arrangeWorld,
  MORNING,
  type Season,
} from '../follow-up/testing/arrange.ts';
import { estimateAuditExport, requestAuditExport } from './audit-export.service.ts';
import { ledgerModule } from './index.ts';
import { makeDecisions, makeLedger } from './make.ts';
import {
  decide,
  decideExport,
  estimateExport,
  exportPassword,
  type Family,
  listExports,
  listShared,
  openExport,
  requestExport,
} from './service.ts';

let world: World;
let season: Season;
let caller: Person;
let clerk: Person;
let office: Person;
let numbers: string[];

beforeAll(async () => {
  ({ world, season } = await arrangeWorld());
  caller = await arrangeCaller(world, season);
  clerk = await world.addPerson({ roles: ['file_clerk'] });
  office = await world.addPerson({ roles: ['admissions_office'] });
  for (const result of ['admitted', 'withdrawn', null] as const) {
    const { caseId } = await arrangeCase(world, season, { owner: caller });
    await addContact(caseId, result === 'withdrawn' ? '=HYPERLINK("http://x")' : '已核对');
    if (result)
      await world.as('system', (ctx) => closeCase(ctx, { caseId, result, reason: 'test', causeId: newId() }));
  }
  await world.as('system', ({ tx }) => sql`update candidate set major_code = '07'`.execute(tx));
  const { rows } = await world.as('system', ({ tx }) =>
    sql<{ no: string }>`select candidate_no as no from candidate order by 1`.execute(tx),
  );
  numbers = rows.map(({ no }) => no);
});
afterAll(() => world.close());

const addContact = (caseId: string, note: string) =>
  world.as('system', async ({ tx, tenantId, vault }) => {
    const leaseId = newId();
    await sql`insert into lease (tenant_id, id, case_id, candidate_id, caller_id, opened_at, heartbeat_at, expires_at, ended_at, end_reason)
      select ${tenantId}, ${leaseId}, id, candidate_id, ${caller.userId}, now(), now(), now(), now(), 'finished' from follow_up_case where id = ${caseId}`.execute(
      tx,
    );
    await sql`insert into attempt (tenant_id, id, case_id, candidate_id, season_id, policy_id, lease_id, caller_id, phase, round, channel, outcome,
        counts_as_contact, policy_version, started_at, ended_at, talk_seconds, note, client_key)
      select ${tenantId}, ${newId()}, id, candidate_id, season_id, policy_id, ${leaseId}, ${caller.userId}, phase, round, 'phone', 'R3', true, 1, now(), now(), 95,
        ${vault.seal(note)}, ${newId()} from follow_up_case where id = ${caseId}`.execute(tx);
  });

const AUTHORITY = { name: '贵州省招生考试院', basis: 'duty' } as const;
const scope = () => ({ seasonId: season.seasonId, filter: {} });

/** Runs the waiting job of an export as the server would. */
async function runJob(jobId: string | null): Promise<void> {
  const job = await world.as('system', (ctx) => readJob(ctx, jobId ?? ''));
  const { rows } = await world.as('system', ({ tx }) =>
    sql<{ payload: never }>`select payload from job where id = ${job?.id}`.execute(tx),
  );
  const kind = ledgerModule.jobs?.[0];
  if (!kind || !rows[0]) throw new Error('no such job');
  const context = {
    env: world.env,
    files: world.files,
    log: makeLog('silent'),
    tenantId: world.tenantId,
    jobId: jobId ?? '',
    createdBy: null,
    progress: async () => undefined,
  };
  const done = await kind.run(context, rows[0].payload);
  if (!done.ok) throw new Error(done.error.message);
}

/** What is in the zip that a person fetched, with the password that the person was shown. */
async function unlock(
  who: Person,
  id: string,
  family: Family,
): Promise<{ name: string; content: Uint8Array }> {
  const file = await world.as(who, (ctx) => openExport(ctx, world.files, id, family));
  const shown = await world.as(who, (ctx) => exportPassword(ctx, id, family));
  if (!file.ok || !shown.ok) throw new Error('no file');
  const bytes = new Uint8ArrayReader(await buffer(file.value.bytes));
  const zip = new ZipReader(bytes, { password: shown.value.password, useWebWorkers: false });
  const [entry] = await zip.getEntries();
  if (!entry || entry.directory) throw new Error('an empty zip');
  return { name: entry.filename, content: await entry.getData(new Uint8ArrayWriter()) };
}

describe('decisions for the authority', () => {
  test('are one row for each candidate with a final state, and the importer reads them back', async () => {
    const made = await world.as('system', (ctx) => makeDecisions(ctx, scope(), 'ABCD-EFGH-JKLM'));
    if (!made.ok) throw new Error(made.error.message);
    const folder = await mkdtemp(join(tmpdir(), 'decisions-'));
    await writeFile(join(folder, 't_tddxx.dbf'), made.value);
    const delivery = await openDelivery(folder);
    if (!delivery.ok) throw new Error(delivery.error.message);
    const read: string[] = [];
    for (const table of delivery.value.tables) {
      for await (const batch of table.batches()) read.push(...batch.rows.map((row) => JSON.stringify(row)));
    }
    await delivery.value.close();
    await rm(folder, { recursive: true });
    expect(read).toHaveLength(2);
    for (const no of numbers.slice(0, 2)) expect(read.some((row) => row.includes(no))).toBe(true);
  });
  test('are refused, naming the candidate, while an admitted one has no major', async () => {
    await world.as('system', ({ tx }) =>
      sql`update candidate set major_code = null where candidate_no = ${numbers[0]}`.execute(tx),
    );
    const made = await world.as('system', (ctx) => makeDecisions(ctx, scope(), 'X'));
    await world.as('system', ({ tx }) => sql`update candidate set major_code = '07'`.execute(tx));
    expect(made).toMatchObject({
      ok: false,
      error: { code: 'no_major', message: expect.stringContaining(numbers[0] ?? '?') },
    });
  });
});

describe('the ledger', () => {
  test('has every contact, marked on each row, names and numbers masked, nothing that runs', async () => {
    const bytes = await world.as('system', async (ctx) =>
      buffer(await makeLedger(ctx, scope(), 'ABCD-EFGH-JKLM', async () => undefined)),
    );
    const sheet = (await readXlsx(bytes)).sheets[0];
    const rows = (sheet?.rows ?? []).slice(1).map((row) => row.map(String));
    expect(rows).toHaveLength(3);
    expect(rows.every((row) => row[0] === 'ABCD-EFGH-JKLM')).toBe(true);
    expect(rows.every((row) => row[3]?.includes('*'))).toBe(true);
    expect(rows.flat().some((cell) => cell.startsWith('='))).toBe(false);
    expect(rows.flat()).toContain('\'=HYPERLINK("http://x")');
  });
});

describe('an export', () => {
  const ask = (who = clerk, kind: 'decisions' | 'ledger' = 'ledger') =>
    world.as(who, (ctx) => requestExport(ctx, { kind, filter: {}, reason: '报送考试院', receiver: null }));
  test('of few rows is made at once and fetched by who asked, until it expires', async () => {
    const asked = await ask();
    if (!asked.ok) throw new Error(asked.error.message);
    expect(asked.value).toMatchObject({ state: 'making', rows: 3 });
    await runJob(asked.value.jobId);
    await runJob(asked.value.jobId);
    expect(await world.as(office, (ctx) => openExport(ctx, world.files, asked.value.id))).toMatchObject({
      ok: false,
      error: { code: 'not_yours' },
    });
    const file = await world.as(clerk, (ctx) => openExport(ctx, world.files, asked.value.id));
    expect(file.ok && file.value.name).toBe(`回访台账-2026-07-22-${asked.value.mark}.zip`);
    const opened = await unlock(clerk, asked.value.id, 'season');
    expect((await readXlsx(opened.content)).sheets[0]?.rows).toHaveLength(4);
    expect(await world.as(office, (ctx) => exportPassword(ctx, asked.value.id, 'season'))).toMatchObject({
      error: { code: 'not_yours' },
    });
    world.setClock(MORNING + 24 * 3_600_000 + 1);
    expect(await world.as(clerk, (ctx) => exportPassword(ctx, asked.value.id, 'season'))).toMatchObject({
      error: { code: 'expired' },
    });
    expect(await world.as(clerk, (ctx) => openExport(ctx, world.files, asked.value.id))).toMatchObject({
      ok: false,
      error: { code: 'expired' },
    });
    world.setClock(MORNING);
  });
  test('above the limit waits for another person, also in the database', async () => {
    await world.as('system', ({ tx, tenantId }) =>
      sql`insert into follow_up_setting (tenant_id, season_id, version, body, reason) values (${tenantId}, ${season.seasonId}, 99, '{"exportApprovalRows": 2}', 'test')`.execute(
        tx,
      ),
    );
    const asked = await ask();
    if (!asked.ok) throw new Error(asked.error.message);
    expect(asked.value).toMatchObject({ state: 'waiting', jobId: null });
    const { id } = asked.value;
    expect(await world.as(clerk, (ctx) => decideExport(ctx, id, { approve: true, note: '' }))).toMatchObject({
      ok: false,
      error: { code: 'same_person' },
    });
    await expect(
      world.as('system', ({ tx }) =>
        sql`update export_request set approved_by = requested_by where id = ${id}`.execute(tx),
      ),
    ).rejects.toThrow('approver_is_another_person');
    const both = await Promise.all(
      [office, office].map((who) =>
        world.as(who, (ctx) => decideExport(ctx, id, { approve: true, note: '' })),
      ),
    );
    expect(both.map(({ ok }) => ok).sort()).toEqual([false, true]);
  });
  test('many small ones are a large one: what a person took out alone in a day counts together, also at once', async () => {
    await world.as('system', ({ tx, tenantId }) =>
      sql`insert into follow_up_setting (tenant_id, season_id, version, body, reason) values (${tenantId}, ${season.seasonId}, 100, '{"exportApprovalRows": 8}', 'test')`.execute(
        tx,
      ),
    );
    const other = await world.addPerson({ roles: ['file_clerk'] });
    const states = (await Promise.all([ask(other), ask(other), ask(other)])).map((asked) =>
      asked.ok ? asked.value.state : asked.error.code,
    );
    expect(states.sort()).toEqual(['making', 'making', 'waiting']);
    expect(await world.as(other, (ctx) => estimateExport(ctx, { kind: 'ledger', filter: {} }))).toMatchObject(
      { value: { rows: 3, takenAlone: 6, needsApproval: true } },
    );
    world.setClock(MORNING + 25 * 3_600_000);
    expect(await ask(other)).toMatchObject({ value: { state: 'making' } });
    world.setClock(MORNING);
  });
  test('of nothing is refused', async () => {
    const result = await world.as(clerk, (ctx) =>
      requestExport(ctx, {
        kind: 'ledger',
        filter: { provinceCode: '99' },
        reason: '报送考试院',
        receiver: null,
      }),
    );
    expect(result).toMatchObject({ ok: false, error: { code: 'nothing' } });
  });
});

describe('before asking', () => {
  const estimate = (filter: object, kind: 'decisions' | 'ledger' = 'ledger') =>
    world.as(office, (ctx) => estimateExport(ctx, { kind, filter }));

  test('rows and people are counted as the export would hold them', async () => {
    expect(await estimate({})).toMatchObject({ ok: true, value: { rows: 3, candidates: 3, tooMany: false } });
    expect(await estimate({}, 'decisions')).toMatchObject({ ok: true, value: { rows: 2, candidates: 2 } });
  });

  test('chosen candidates narrow it, and others of the range do not come along', async () => {
    const { rows } = await world.as('system', ({ tx }) =>
      sql<{ id: string }>`select id from candidate order by candidate_no limit 1`.execute(tx),
    );
    const candidateIds = rows.map(({ id }) => id);
    expect(await estimate({ candidateIds })).toMatchObject({ ok: true, value: { rows: 1, candidates: 1 } });
    expect(await estimate({ candidateIds, provinceCode: '99' })).toMatchObject({
      ok: true,
      value: { rows: 0 },
    });
  });
});

test('a row has what the contact counts as since it was amended, and says so; a message names nobody in clear', async () => {
  const { caseId } = await arrangeCase(world, season, { owner: caller });
  for (const note of ['甲', '乙', '丙']) await addContact(caseId, note);
  const { rows: made } = await world.as('system', ({ tx }) =>
    sql<{ id: string; no: string; name: string }>`
      select a.id, c.candidate_no as no, c.name from attempt a join candidate c on c.id = a.candidate_id where a.case_id = ${caseId} order by a.id`.execute(
      tx,
    ),
  );
  const [corrected, undone] = made;
  const amend = (id: string | undefined, kind: string, after: object) =>
    world.as('system', ({ tx, tenantId }) =>
      sql`insert into attempt_correction (tenant_id, id, attempt_id, kind, before, after, reason, corrected_by)
        values (${tenantId}, ${newId()}, ${id}, ${kind}, '{}', ${JSON.stringify(after)}::jsonb, '按错键', ${caller.userId})`.execute(
        tx,
      ),
    );
  await amend(corrected?.id, 'corrected', { outcome: 'R4', contact: true, talkSeconds: 40 });
  await amend(corrected?.id, 'corrected', { outcome: 'L5', contact: false, talkSeconds: 0 });
  await amend(undone?.id, 'undone', {});
  await world.as('system', ({ tx, vault }) =>
    sql`insert into attempt (tenant_id, id, case_id, candidate_id, season_id, policy_id, lease_id, caller_id, phase, round, channel, outcome,
        counts_as_contact, policy_version, started_at, ended_at, note, client_key)
      select tenant_id, ${newId()}, case_id, candidate_id, season_id, policy_id, lease_id, caller_id, phase, round, 'sms', 'sent', false, 1,
        started_at, ended_at, ${vault.seal(`${made[0]?.name}同学您好，请回电 15400001234`)}, ${newId()} from attempt where id = ${undone?.id}`.execute(
      tx,
    ),
  );
  const bytes = await world.as('system', async (ctx) =>
    buffer(await makeLedger(ctx, scope(), 'ABCD-EFGH-JKLM', async () => undefined)),
  );
  const sheet = (await readXlsx(bytes)).sheets[0];
  const mine = (sheet?.rows ?? []).map((row) => row.map(String)).filter((row) => row[2] === made[0]?.no);
  expect(mine.map((row) => [row[12], row[13], row[14], row[16]])).toEqual([
    ['无人接听', '否', '0', '已更正'],
    ['考虑 / 犹豫', '是', '95', '已撤销，不计'],
    ['考虑 / 犹豫', '是', '95', ''],
    [expect.any(String), '否', '0', ''],
  ]);
  expect(mine.flat().join()).not.toContain('15400001234');
  expect(mine.flat().join()).not.toContain(made[0]?.name);
});

test('an export that comes to nothing says so to who asked, with the reason, instead of being made for ever', async () => {
  await world.as('system', ({ tx }) =>
    sql`update candidate set major_code = null where candidate_no = ${numbers[0]}`.execute(tx),
  );
  const asker = await world.addPerson({ roles: ['file_clerk'] });
  const asked = await world.as(asker, (ctx) =>
    requestExport(ctx, { kind: 'decisions', filter: {}, reason: '报送考试院', receiver: AUTHORITY }),
  );
  if (!asked.ok) throw new Error(asked.error.message);
  await expect(runJob(asked.value.jobId)).rejects.toThrow('没有专业代号');
  await world.as('system', ({ tx }) => sql`update candidate set major_code = '07'`.execute(tx));
  // As the runner notes it.
  await world.as('system', ({ tx }) =>
    sql`update job set state = 'refused', error = '没有专业代号' where id = ${asked.value.jobId}`.execute(tx),
  );
  const listed = await world.as(asker, listExports);
  expect(listed.ok && listed.value.items.find(({ id }) => id === asked.value.id)).toMatchObject({
    state: 'failed',
    decisionNote: '没有专业代号',
  });
  const { rows } = await world.as('system', ({ tx }) =>
    sql<{
      body: string;
    }>`select body from notice where user_id = ${asker.userId} and title = '导出文件没有生成'`.execute(tx),
  );
  expect(rows[0]?.body).toContain(numbers[0]);
});

test('what goes to the authority names its receiver and ground; the record of sharing has what was fetched, in every season', async () => {
  const asker = await world.addPerson({ roles: ['file_clerk'] });
  const asked = { kind: 'decisions' as const, filter: {}, reason: '报送考试院' };
  expect(await world.as(asker, (ctx) => requestExport(ctx, { ...asked, receiver: null }))).toMatchObject({
    error: { code: 'receiver_needed' },
  });
  world.setClock(MORNING + 60 * 3_600_000);
  const made = await world.as(asker, (ctx) => requestExport(ctx, { ...asked, receiver: AUTHORITY }));
  if (!made.ok) throw new Error(made.error.message);
  expect(made.value).toMatchObject({ receiver: AUTHORITY.name, receiverBasis: 'duty' });
  const shared = async () => {
    const list = await world.as(office, listShared);
    return list.ok ? list.value.items.filter(({ id }) => id === made.value.id) : [];
  };
  await runJob(made.value.jobId);
  expect(await shared()).toEqual([]);
  await world.as(asker, (ctx) => openExport(ctx, world.files, made.value.id));
  await world.as('system', ({ tx }) => sql`update season set active = false`.execute(tx));
  expect(await shared()).toMatchObject([
    {
      receiver: AUTHORITY.name,
      receiverBasis: 'duty',
      reason: '报送考试院',
      downloads: 1,
      mark: made.value.mark,
    },
  ]);
  await world.as('system', ({ tx }) => sql`update season set active = true`.execute(tx));
  world.setClock(MORNING);
});

describe('the audit log', () => {
  const RANGE = { from: '2026-07-20', to: '2026-07-22' };
  const at = (text: string) => Date.parse(`${text}+08:00`);
  let auditor: Person;
  let supervisor: Person;
  const lines = async (count: number, when: number) => {
    for (let n = 0; n < count; n += 1)
      await world.as('system', (ctx) =>
        audit(
          { ...ctx, toldAt: when },
          { action: 'candidate.revealed', subjectType: 'candidate', subjectId: newId(), reason: '=1+1 来电' },
        ),
      );
  };
  const ask = (range = RANGE) =>
    world.as(auditor, (ctx) => requestAuditExport(ctx, { ...range, reason: '年度审计留存' }));
  const sheetOf = async (id: string) => {
    const { name, content } = await unlock(auditor, id, 'audit');
    const sheet = (await readXlsx(content)).sheets[0];
    return { name, rows: (sheet?.rows ?? []).slice(1).map((row) => row.map(String)) };
  };
  beforeAll(async () => {
    auditor = await world.addPerson({ roles: ['audit_admin'] });
    supervisor = await world.addPerson({ roles: ['supervisor'] });
    await lines(2, at('2026-07-19T23:59:59'));
    await lines(3, at('2026-07-20T00:00:00'));
    await lines(1, at('2026-07-22T23:59:59'));
    await lines(2, at('2026-07-23T00:00:00'));
  });

  test('is taken out by the auditor: the lines of whole days, marked, nothing that runs, and the ends of the chains', async () => {
    const estimate = await world.as(auditor, (ctx) => estimateAuditExport(ctx, RANGE));
    expect(estimate).toMatchObject({ value: { rows: 4, needsApproval: false } });
    const asked = await ask();
    if (!asked.ok) throw new Error(asked.error.message);
    await runJob(asked.value.jobId);
    const { name, rows } = await sheetOf(asked.value.id);
    expect(name).toBe(`审计日志-2026-07-22-${asked.value.mark}.xlsx`);
    const revealed = rows.filter((row) => row[9] === 'candidate.revealed');
    expect(revealed).toHaveLength(4);
    expect(revealed[0]?.slice(0, 6)).toEqual([
      ...[asked.value.mark, '2026-07-20 00:00:00', '系统'],
      ...[expect.any(String), '考生档案：显示脱敏信息', "'=1+1 来电"],
    ]);
    expect(rows.every((row) => row[0] === asked.value.mark)).toBe(true);
    const heads = await world.as('system', ({ tx }) =>
      sql<{ n: number }>`select count(*) as n from audit_head where seq > 0`.execute(tx),
    );
    expect(rows.filter((row) => row[4] === '链尾')).toHaveLength(heads.rows[0]?.n ?? 0);
    expect(rows.find((row) => row[4] === '全部链尾的校验值')?.[13]).toMatch(/^[0-9a-f]{64}$/);
  });

  test('above the limit waits for another holder of the right; whoever exports a season neither decides nor fetches it', async () => {
    await world.as('system', ({ tx, tenantId }) =>
      sql`insert into follow_up_setting (tenant_id, season_id, version, body, reason) values (${tenantId}, ${season.seasonId}, 101, '{"exportApprovalRows": 4}', 'test')`.execute(
        tx,
      ),
    );
    const asked = await ask();
    if (!asked.ok) throw new Error(asked.error.message);
    expect(asked.value).toMatchObject({ state: 'waiting' });
    const { id } = asked.value;
    const yes = { approve: true, note: '' };
    expect(await world.as(office, (ctx) => decideExport(ctx, id, yes))).toMatchObject({
      error: { code: 'not_found' },
    });
    expect(await world.as(auditor, (ctx) => decide(ctx, id, yes, 'audit'))).toMatchObject({
      error: { code: 'same_person' },
    });
    const approved = await world.as(supervisor, (ctx) => decide(ctx, id, yes, 'audit'));
    if (!approved.ok) throw new Error(approved.error.message);
    await runJob(approved.value.jobId);
    expect(await world.as(auditor, (ctx) => openExport(ctx, world.files, id))).toMatchObject({
      error: { code: 'not_found' },
    });
    expect((await sheetOf(id)).rows.length).toBeGreaterThan(4);
  });

  test.each<[why: string, range: typeof RANGE, code: string]>([
    ['backwards', { from: '2026-07-22', to: '2026-07-20' }, 'range_bad'],
    ['nothing', { from: '2020-01-01', to: '2020-01-02' }, 'nothing'],
  ])('of a span that is %s is refused', async (_why, range, code) => {
    expect(await ask(range)).toMatchObject({ error: { code } });
  });
});
