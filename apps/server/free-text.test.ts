import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Ctx } from '#platform/db/tenant';
import { newId } from '#platform/ids';
import { notify } from '#platform/outbox';
import { makeWorld, type Person, type World } from '#platform/testing/app';
import { findInDump } from '#platform/testing/dump';
import { DEFAULT_SETTINGS } from '#season/rules';
import { insertLeave, saveRejection as rejectLeave } from '../../modules/absence/leave.store.ts';
import { insertAssignments } from '../../modules/assignment/assignment.store.ts';
import { acceptLead, insertLead, voidLeads } from '../../modules/assignment/lead.store.ts';
import { insertMerge } from '../../modules/candidate/merge.store.ts';
import { insertNote, voidNoteRow } from '../../modules/candidate/note.store.ts';
import { attachPhone, detach } from '../../modules/candidate/phone.store.ts';
import { insertReveal } from '../../modules/candidate/reveal.store.ts';
import { saveWish } from '../../modules/candidate/signal.store.ts';
import { insertImport, markUndone } from '../../modules/delivery/import.store.ts';
import { barNumber } from '../../modules/follow-up/barred-number.ts';
import { insertCallback } from '../../modules/follow-up/callback.store.ts';
import { claim } from '../../modules/follow-up/claim.service.ts';
import { liftDoNotCall } from '../../modules/follow-up/do-not-call.ts';
import { endEscalation, escalateCase } from '../../modules/follow-up/escalate.ts';
import { insertCorrection } from '../../modules/follow-up/ledger.store.ts';
import { insertStep } from '../../modules/follow-up/playbook.store.ts';
import { setPresence } from '../../modules/follow-up/presence.ts';
import { skip } from '../../modules/follow-up/release.service.ts';
import {
  arrangeCaller,
  arrangeCase,
  arrangeSeason,
  MORNING,
  type Season,
  worldOptions,
} from '../../modules/follow-up/testing/arrange.ts';
import { insertIncident, insertNotice, saveClosed, saveIncident } from '../../modules/incident/store.ts';
import { insertRow as insertExport, saveDecision } from '../../modules/ledger/store.ts';
import { saveRow, upsertRow } from '../../modules/report/summary.store.ts';
import { saveVersion } from '../../modules/script/version.store.ts';
import { insertSettings } from '../../modules/season/settings.store.ts';
import { saveRemoved } from '../../modules/staff/account.store.ts';
import { saveGroup } from '../../modules/staff/group.store.ts';
import { saveUnit, voidSkill, voidUnit, writeSkill } from '../../modules/staff/unit.store.ts';
import { insertDecision, saveRejection } from '../../modules/withdrawal/decision.store.ts';
import { insertRow, lockCaseFacts, saveEnding } from '../../modules/withdrawal/store.ts';
import { insertReport, saveFinding } from '../../modules/withdrawal/wrongful.store.ts';

/** What people type into a reason must hold no number in clear: every column of free text that is not sealed is written masked. */
const TEXT = '家长来电 15412345699、0851-00012399，证件 110105194912310011';
const SECRETS = ['15412345699', '00012399', '110105194912310011'];
const MASKED = '家长来电 154****5699、0851-****2399，证件 110***********1';

/** Columns whose names sound like free text and that hold codes, words of ours, or what other tests look at. */
const NO_FREE_TEXT: Readonly<Record<string, string>> = {
  'session.end_reason': 'a code',
  'lease.end_reason': 'a code',
  'case_skip.reason': 'a code',
  'withdrawal.reason_code': 'a code',
  'follow_up_case.result_reason': 'the name of the outcome',
  'follow_up_case.blocked_reason': 'a code',
  'candidate.return_reason': 'a code of the authority',
  'area_prefix.source': 'the name of a file',
  'import_mapping.source': 'the heading of a column',
  'import_finding.excerpt': 'masked by the import (modules/delivery/import.test.ts)',
  'export_request.receiver_basis': 'a code',
  'escalation.cause': 'a code',
  'major_code.remark': 'what a province says of a plan',
  'audit_entry.reason': 'masked by audit() (canaries.test.ts)',
};

let world: World;
let season: Season;
let caller: Person;
let caseId: string;
let candidateId: string;
let phoneId: string;

beforeAll(async () => {
  world = await makeWorld(worldOptions);
  world.setClock(MORNING);
  season = await arrangeSeason(world);
  caller = await arrangeCaller(world, season);
  const arranged = await arrangeCase(world, season, { owner: caller });
  ({ caseId, candidateId } = arranged);
  phoneId = arranged.phoneIds[0] ?? '';
  // Each act stands for itself: what it would refer to, and that another person decides, is left out.
  await sql`do $$ declare k record; begin
    for k in select conrelid::regclass as t, conname from pg_constraint where contype in ('f', 'c') and conrelid <> 0 loop
      execute format('alter table %s drop constraint %I', k.t, k.conname);
    end loop; end $$`.execute(world.owner.kysely);
});
afterAll(() => world.close());

const id = () => newId<string>();

async function withdrawals(ctx: Ctx): Promise<void> {
  const facts = await lockCaseFacts(ctx, caseId);
  if (!facts) throw new Error('no case');
  const withdrawalId = id();
  const given = { reasonCode: 'other', reasonText: TEXT, letterFileId: id() } as const;
  await insertRow(ctx, { id: withdrawalId, facts, ...given });
  await saveEnding(ctx, { id: withdrawalId, state: 'rejected', reason: TEXT, removeAfter: ctx.now });
  const report = id();
  await insertReport(ctx, { id: report, withdrawalId, description: TEXT, trace: [] });
  await saveFinding(ctx, report, { confirmed: true, finding: TEXT });
  const decision = id();
  await insertDecision(ctx, { id: decision, caseId, result: 'returned', reason: TEXT });
  await saveRejection(ctx, decision, TEXT);
}

async function calls(ctx: Ctx): Promise<void> {
  const work = await claim(ctx, {});
  const leaseId = work.ok ? (work.value.lease?.id ?? '') : '';
  expect((await skip(ctx, leaseId, { reason: 'other', note: TEXT, next: false })).ok).toBe(true);
  await setPresence(ctx, 'paused', TEXT);
  const by = ctx.actor.userId ?? '';
  await insertCallback(ctx, { caseId, dueAt: ctx.now, scope: 'owner', note: TEXT, createdBy: by });
  await insertCorrection(ctx, {
    ...{ id: id(), attemptId: id(), kind: 'corrected', before: {}, after: {}, reason: TEXT, by },
  });
  const step = { id: id(), caseId, step: 'directory', route: null, outcome: 'found', detail: '' } as const;
  await insertStep(ctx, { ...step, phoneId: null, basis: TEXT } as never);
  const up = { caseId: caseId as never, tier: 'leader', cause: 'by_hand', summary: TEXT } as const;
  const handed = await escalateCase(ctx, up);
  if (!handed.ok) throw new Error(handed.error.message);
  await endEscalation(ctx, handed.value.escalationId, TEXT);
  const barred = id();
  await sql`insert into do_not_call (tenant_id, id, scope, candidate_id, reason, set_by)
    values (${ctx.tenantId}, ${barred}, 'person', ${candidateId}, '勿再来电', ${by})`.execute(ctx.tx);
  await liftDoNotCall(ctx, barred, TEXT);
  await barNumber(ctx, { target: { number: '15400001111' }, reason: TEXT, lastDay: null });
}

async function files(ctx: Ctx): Promise<void> {
  const at = { candidateId: candidateId as never, phoneId: phoneId as never };
  const more = { contactName: TEXT, informant: false, relation: 'mother' } as const;
  await attachPhone(ctx, { ...at, ...more, source: TEXT, basis: TEXT });
  await detach(ctx, at, TEXT);
  await saveWish(ctx, at.candidateId, { pathwayInterest: true, majorWish: TEXT } as never);
  const note = await insertNote(ctx, { candidateId: at.candidateId, body: TEXT, flagged: [] });
  await voidNoteRow(ctx, note, TEXT);
  await insertMerge(ctx, {
    ...{ kept: at.candidateId, merged: id() as never, moved: {} as never, reason: TEXT },
  });
  const userId = caller.userId;
  await insertReveal(ctx, { userId, candidateId: at.candidateId, field: 'id_number', reason: TEXT });
  const delivery = { id: id(), state: 'applied', provinceCode: '52', batchId: season.batchId } as const;
  const file = { fileName: 'T_BMK.DBF', fileId: null, sha256: null, mapping: null };
  await insertImport(ctx, { ...delivery, ...file, seasonId: season.seasonId } as never);
  await markUndone(ctx, delivery.id, TEXT);
}

async function offices(ctx: Ctx): Promise<void> {
  const { seasonId, groupId } = season;
  const summary = { id: id(), seasonId, groupId, weekStartsOn: '2026-07-20', figures: {} };
  await upsertRow(ctx, summary);
  await saveRow(ctx, summary.id, { remarks: TEXT, send: true });
  const moved = {
    runId: null,
    fromUserId: null,
    toUserId: null,
    toGroupId: null,
    kind: 'reassigned',
  } as const;
  await insertAssignments(ctx, [{ caseId: caseId as never, ...moved, reason: TEXT }]);
  const keys = { name: '某生', candidateNo: null, idNumber: null, phone: null };
  const lead = () => ({ id: id(), recruiterId: caller.userId, keys, source: TEXT, registeredAt: ctx.now });
  const [one, other] = [lead(), lead()];
  await insertLead(ctx, seasonId, { ...one, state: 'open' });
  await insertLead(ctx, seasonId, { ...other, state: 'open' });
  await voidLeads(ctx, [one.id], TEXT);
  await acceptLead(ctx, other.id, { candidateId: null, reason: TEXT });
  const asked = {
    id: id(),
    seasonId,
    kind: 'ledger',
    filter: {},
    rows: 1,
    mark: 'mark',
    state: 'waiting',
  } as const;
  await insertExport(ctx, { ...asked, reason: TEXT, receiver: TEXT, receiverBasis: 'duty' });
  await saveDecision(ctx, asked.id, { approve: false, note: TEXT });
  await insertSettings(ctx, { seasonId, version: 1, body: DEFAULT_SETTINGS, reason: TEXT });
  const nobody = { submittedBy: null, submittedAt: null, decidedBy: null, decidedAt: null };
  const draft = { id: id(), scriptId: id(), version: 1, state: 'draft', body: {}, flagged: [], authors: [] };
  await saveVersion(ctx, { ...draft, ...nobody, writtenAt: ctx.now, note: TEXT } as never);
  await saveGroup(ctx, id(), {
    ...{ name: '二组', leaderId: null, leaderException: TEXT, supervisorId: null, capacity: 9 },
  });
  const unit = id();
  await saveUnit(ctx, unit, { name: '某学院', kind: 'school', headId: null });
  await voidUnit(ctx, unit, TEXT);
  await writeSkill(ctx, { code: 'yue', name: '粤语', kind: 'dialect' });
  await voidSkill(ctx, 'yue', TEXT);
  const leave = { id: id(), userId: caller.userId, startsOn: '2026-07-23', endsOn: '2026-07-24' };
  await insertLeave(ctx, { ...leave, reason: TEXT });
  await rejectLeave(ctx, leave.id, TEXT);
  await saveRemoved(ctx, caller.userId, TEXT);
  await notify(ctx, caller.userId, { title: TEXT, body: TEXT });
  const facts = { kind: 'leak', foundAt: ctx.now, happenedAt: null, affected: 1, contact: '招办' } as const;
  const told = { title: TEXT, dataKinds: TEXT, cause: TEXT, harm: TEXT, measures: TEXT, selfHelp: TEXT };
  const incident = { ...facts, ...told, subjectsReason: TEXT, authorityDueAt: ctx.now };
  const [written, changed] = [id(), id()];
  for (const incidentId of [written, changed]) await insertIncident(ctx, incidentId, incident);
  await saveIncident(ctx, changed, incident);
  await saveClosed(ctx, written, TEXT);
  const sent = { receiver: TEXT, channel: TEXT, body: TEXT, sentAt: ctx.now };
  await insertNotice(ctx, written, { audience: 'subjects', ...sent });
}

const SOUNDS_FREE =
  'reason|note$|wish|contact_name|remark|description|finding$|summary|basis|source|exception|excerpt|body|title|receiver|cause$|harm|measures|self_help|data_kinds|conclusion';

test('a number typed into any reason, note or remark is stored masked, in every column of free text there is', async () => {
  for (const act of [calls, files, withdrawals, offices]) await world.as(caller, act);
  const { rows: columns } = await sql<{ table: string; column: string }>`
    select c.table_name as "table", c.column_name as "column" from information_schema.columns c
    join information_schema.tables t on t.table_schema = c.table_schema and t.table_name = c.table_name and t.table_type = 'BASE TABLE'
    where c.table_schema = 'public' and c.data_type = 'text' and c.domain_name is null and c.column_name ~ ${SOUNDS_FREE}
    order by 1, 2`.execute(world.owner.kysely);
  expect(columns.length).toBeGreaterThan(40);
  const without: string[] = [];
  for (const { table, column } of columns.filter((one) => !(`${one.table}.${one.column}` in NO_FREE_TEXT))) {
    const { rows } =
      await sql`select from ${sql.table(table)} where ${sql.ref(column)} like ${`%${MASKED}%`} limit 1`.execute(
        world.owner.kysely,
      );
    if (rows.length === 0) without.push(`${table}.${column}`);
  }
  expect(without).toEqual([]);
  expect(await findInDump(world.ownerUrl, SECRETS)).toEqual([]);
});
