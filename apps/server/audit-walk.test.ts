import { writeXlsx } from 'hucre/xlsx';
import { sql } from 'kysely';
import sharp from 'sharp';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { installSignals } from '#candidate';
import { closeCase } from '#follow-up';
import { isRead } from '#platform/http/route';
import { newId } from '#platform/ids';
import type { JobContext } from '#platform/jobs/job';
import { makeLog } from '#platform/log';
import { createAccount } from '#platform/session/accounts';
import { NOTICE_VERSION } from '#platform/session/rules';
import { totpCode } from '#platform/session/totp';
import type { Person } from '#platform/testing/app';
import { DEFAULT_SETTINGS } from '#season/rules';
import { CHECKS } from '#withdrawal/rules';
import { matchLeads } from '../../modules/assignment/match.service.ts';
import { expireLease } from '../../modules/follow-up/release.service.ts';
import {
  arrangeCaller,
  arrangeCase,
  arrangeLeader,
  arrangeSeason,
  HOUR,
  MINUTE,
  MORNING,
  type Season,
} from '../../modules/follow-up/testing/arrange.ts';
import { words } from '../../modules/script/testing/desk.ts';
import { facts, newSeason } from '../../modules/season/testing/desk.ts';
import { modules } from './app.ts';
import { fileForm, openWalk, type Walk } from './testing/walk.ts';
import { serveAll } from './testing/whole-server.ts';

/**
 * 等保 8.1.4.3 (law.md R26): whoever changes something leaves a line in the audit log. Every changing route of the router is driven to a success
 * once; a new one fails until somebody has driven it too, or has said here why it leaves none.
 */
const WITHOUT: Readonly<Record<string, string>> = {
  'POST /session/totp/enrol/start': 'a secret that binds nothing until it is proved; the proof is logged',
  'POST /notices/:id/read': 'a mark on the own notice',
  'PUT /views': 'the own view of a list: filters under a name',
  'PATCH /views/:id': 'the own view of a list',
  'DELETE /views/:id': 'the own view of a list',
  'POST /exports/estimate': 'counts, and changes nothing',
  'POST /audit/exports/estimate': 'counts, and changes nothing',
  'POST /queue/claim': 'the lease and the journal of the case say who took it, and when',
  'POST /queue/leases/:leaseId/finish':
    'the ledger of contacts, which is never changed, and the journal of the case',
  'POST /queue/leases/:leaseId/dial': 'the lease; the result of the call is in the ledger',
  'POST /queue/leases/:leaseId/messages': 'the ledger of contacts and the journal of the case',
  'POST /queue/leases/:leaseId/heartbeat': 'the lease lives on',
  'PUT /queue/leases/:leaseId/draft': 'a note not yet saved, gone with the lease',
  'POST /staff/imports': 'a preview: no account is written until it is confirmed',
  'POST /imports/:id/read-again': 'reads the same file again and changes nothing until it is confirmed',
  'POST /queue/presence': 'a table of its own, row by row with its time',
  'POST /escalations/:id/work': 'the lease and the journal of the case',
};

let walk: Walk;
let season: Season;
let office: Person;
let clerk: Person;
let caller: Person;
let leader: Person;
let supervisor: Person;
let security: Person;
let auditor: Person;
let system: Person;
const REASON = '按规定办理，情况属实';

beforeAll(async () => {
  walk = await openWalk();
  walk.world.setClock(MORNING);
  season = await arrangeSeason(walk.world);
  await walk.world.as('system', installSignals);
  office = await walk.person('admissions_office');
  clerk = await walk.person('file_clerk');
  supervisor = await walk.person('supervisor');
  security = await walk.person('security_admin');
  auditor = await walk.person('audit_admin');
  system = await walk.person('system_admin');
  leader = await arrangeLeader(walk.world, season);
  caller = await arrangeCaller(walk.world, season);
});
afterAll(() => walk.close());
beforeEach(() => walk.world.setClock(MORNING));

const { step, newCase, one, job } = {
  step: ((...given) => walk.step(...given)) as Walk['step'],
  newCase: (given: Parameters<typeof arrangeCase>[2] = {}) =>
    arrangeCase(walk.world, season, { owner: caller, ...given }),
  /** One value of one row. */
  one: async (query: ReturnType<typeof sql>): Promise<string> => {
    const { rows } = await query.execute(walk.world.owner.kysely);
    return String(Object.values(rows[0] ?? { none: '' })[0]);
  },
  job: (kind: string, payload: object) => runJob(walk, kind, payload),
};
/** Runs a job that was asked for, as the runner does. */
async function runJob({ world }: Walk, kind: string, payload: object): Promise<void> {
  const context: JobContext = {
    ...{ env: world.env, files: world.files, log: makeLog('silent'), tenantId: world.tenantId },
    ...{ jobId: newId<string>(), createdBy: null, progress: async () => undefined },
  };
  const known = modules.flatMap(({ jobs = [] }) => jobs).find((each) => each.kind === kind);
  const done = await known?.run(context, payload as never);
  if (!done?.ok) throw new Error(`${kind}: ${done?.error.message ?? 'unknown'}`);
}

/** What was refused since the last look; every route of a test must have come through. */
const noneFailed = () => expect(walk.failed.splice(0).join('\n')).toBe('');

test('signing in, step by step, and out', async () => {
  const password = '五月的雨，落在操场的看台上';
  walk.world.setClock(undefined);
  const made = await walk.world.as('system', (ctx) =>
    createAccount(ctx, { username: 'walker', name: '行者', roles: ['file_clerk'] }),
  );
  if (!made.ok) throw new Error(made.error.message);
  const { initialCode } = made.value;
  const me = () => ({ cookie: walk.cookie() });
  const credentials = { tenantCode: 'test', username: 'walker' };
  await step('POST /session', null, { body: { ...credentials, password: initialCode } });
  await step('POST /session/password', me(), { body: { current: initialCode, next: password } });
  const started = await step('POST /session/totp/enrol/start', me());
  const secret = String(started.secret);
  const enrolled = await step('POST /session/totp/enrol', me(), {
    body: { code: totpCode(secret, Date.now()) },
  });
  await step('POST /session/notice', me(), { body: { version: NOTICE_VERSION } });
  const [first, second] = enrolled.recoveryCodes as string[];
  await step('POST /session', null, { body: { ...credentials, password } });
  await step('POST /session/totp', me(), { body: { recoveryCode: first } });
  await step('POST /session/confirm', me(), { body: { code: totpCode(secret, Date.now() + 30_000) } });
  await step('POST /session/totp/rebind', me(), { body: { password, recoveryCode: second } });
  const plain = await walk.person('recruiter');
  await step('DELETE /session', plain);
  await step('DELETE /sessions', await walk.person('recruiter'));
  walk.world.setClock(MORNING);
  noneFailed();
});

describe('people', () => {
  const someone = async () => {
    const made = await step('POST /staff/people', office, {
      body: { username: `w${newId().slice(-8)}`, name: '新人', kind: 'teacher' },
    });
    return String(made.id);
  };

  test('accounts', async () => {
    const id = await someone();
    const params = { id };
    await step('PUT /staff/people/:id', office, { params, body: { name: '改名', kind: 'teacher' } });
    await step('PUT /staff/people/:id/roles', office, {
      params,
      body: { roles: ['recruiter'], reason: REASON },
    });
    await step('POST /staff/people/:id/reset-code', system, { params, body: { reason: REASON } });
    const enrolled = await walk.person('supervisor');
    await sql`update user_account set totp_enrolled_at = now(), totp_secret = ''::bytea where id = ${enrolled.userId}`.execute(
      walk.world.owner.kysely,
    );
    await step('POST /staff/people/:id/reset-factor', security, {
      ...{ params: { id: enrolled.userId }, body: { reason: REASON } },
    });
    const unfit = await arrangeCaller(walk.world, season, { qualified: false });
    const at = { id: unfit.userId };
    await step('POST /staff/people/:id/qualify', supervisor, {
      params: at,
      body: { passed: true, note: '培训合格' },
    });
    await step('DELETE /staff/people/:id/sessions', system, { params: at });
    await step('POST /staff/people/:id/disable', system, { params: at, body: { reason: REASON } });
    await step('POST /staff/people/:id/enable', system, { params: at, body: { reason: REASON } });
    await step('POST /staff/people/:id/remove', office, { params: at, body: { reason: REASON } });
    noneFailed();
  });

  test('groups, units, skills', async () => {
    const group = String((await step('POST /staff/groups', office, { body: { name: '走查组' } })).id);
    await step('PUT /staff/groups/:id', office, { params: { id: group }, body: { name: '走查二组' } });
    const empty = String((await step('POST /staff/groups', office, { body: { name: '空组' } })).id);
    await step('POST /staff/groups/:id/members', office, {
      params: { id: group },
      body: { userIds: [await someone()] },
    });
    await step('POST /staff/groups/:id/dissolve', office, {
      params: { id: empty },
      body: { reason: REASON },
    });
    const unit = String(
      (await step('POST /staff/units', office, { body: { name: '走查学院', kind: 'school' } })).id,
    );
    await step('PUT /staff/units/:id', office, {
      params: { id: unit },
      body: { name: '走查系', kind: 'school' },
    });
    await step('POST /staff/units/:id/void', office, { params: { id: unit }, body: { reason: REASON } });
    await step('PUT /staff/skills/:code', office, {
      params: { code: 'min' },
      body: { name: '闽语', kind: 'dialect' },
    });
    await step('POST /staff/skills/:code/void', office, {
      params: { code: 'min' },
      body: { reason: REASON },
    });
    noneFailed();
  });

  test('a list of staff', async () => {
    const rows = [
      ['账号', '姓名', '类别', '部门', '小组', '角色', '技能', '有效期至'],
      ['w901', '陈一', '教师', '', '', '', '', ''],
    ];
    const bytes = await writeXlsx({ sheets: [{ name: '人员', rows }] });
    const preview = await step('POST /staff/imports', office, { body: fileForm('人员.xlsx', bytes) });
    await step('POST /staff/imports/:id/confirm', office, { params: { id: String(preview.id) } });
    noneFailed();
  });

  test('leave', async () => {
    const asks = { startsOn: '2026-08-01', endsOn: '2026-08-02', reason: REASON };
    const id = String((await step('POST /absence/leaves', caller, { body: asks })).id);
    await step('POST /absence/leaves/:id/decide', leader, {
      ...{ params: { id }, body: { step: 'unit', approved: false, note: '当天人手不够' } },
    });
    const other = String(
      (await step('POST /absence/leaves', caller, { body: { ...asks, endsOn: '2026-08-01' } })).id,
    );
    await step('POST /absence/leaves/:id/end', caller, { params: { id: other } });
    noneFailed();
  });

  test('the rules of security, the log itself, notices', async () => {
    await step('PUT /security-settings', security, {
      body: { oneSession: false, passwordDays: null, incidentHours: 24, reason: REASON },
    });
    await step('POST /audit/verify', auditor);
    const notice = newId();
    await sql`insert into notice (tenant_id, id, user_id, title, body)
      values (${walk.world.tenantId}, ${notice}, ${caller.userId}, '提醒', '提醒')`.execute(
      walk.world.owner.kysely,
    );
    await step('POST /notices/:id/read', caller, { params: { id: notice } });
    noneFailed();
  });
});

describe('candidate files', () => {
  test('numbers, notes, signals, wishes, a look at what is masked', async () => {
    const { candidateId: id, phoneIds } = await newCase();
    const [phoneId = '', otherId = ''] = phoneIds;
    await step('POST /candidates/:id/phones', office, {
      params: { id },
      body: { number: '15400770001', relation: 'father', source: '考生本人', basis: '考生本人告知' },
    });
    await step('PATCH /candidates/:id/phones/:phoneId', office, {
      params: { id, phoneId },
      body: { relation: 'mother' },
    });
    await step('POST /candidates/:id/phones/:phoneId/detach', office, {
      ...{ params: { id, phoneId: otherId }, body: { reason: REASON } },
    });
    await step('POST /candidates/:id/reveal', office, {
      params: { id },
      body: { field: 'name', reason: REASON },
    });
    const note = await step('POST /candidates/:id/notes', office, {
      params: { id },
      body: { body: '下午再问' },
    });
    await step('POST /candidates/:id/notes/:noteId/void', office, {
      ...{ params: { id, noteId: String(note.id) }, body: { reason: REASON } },
    });
    await step('PUT /candidates/:id/signals', office, { params: { id }, body: { codes: ['distance'] } });
    await step('POST /candidates/signals', office, { body: { ids: [id], code: 'cost_concern' } });
    await step('PUT /candidates/:id/wish', office, { params: { id }, body: { pathwayInterest: true } });
    noneFailed();
  });

  test('doubles', async () => {
    const [kept, merged] = [await newCase(), await newCase()];
    await sql`update candidate set id_blind = 'same'::bytea where id in (${kept.candidateId}, ${merged.candidateId})`.execute(
      walk.world.owner.kysely,
    );
    await walk.world.as('system', (ctx) =>
      closeCase(ctx, { caseId: merged.caseId, result: 'closed', reason: REASON, causeId: newId() }),
    );
    const done = await step('POST /candidates/:id/merge', clerk, {
      ...{ params: { id: kept.candidateId }, body: { otherId: merged.candidateId, reason: REASON } },
    });
    await step('POST /candidates/merges/:id/undo', clerk, {
      params: { id: String(done.id) },
      body: { reason: REASON },
    });
    noneFailed();
  });

  test('catalogues, and views of a list', async () => {
    const signal = { name: '想看校园', help: '约线上看校园的时间', position: 20, active: true };
    await step('PUT /signals/:code', office, { params: { code: 'campus_visit' }, body: signal });
    const prefix = { prefix: '1549' };
    await step('PUT /area-prefixes/:prefix', office, {
      params: prefix,
      body: { areaCode: '028', city: '成都' },
    });
    await step('DELETE /area-prefixes/:prefix', office, { params: prefix });
    await step('POST /area-prefixes/import', office, { body: fileForm('phone.dat', areaFile()) });
    const view = await step('PUT /views', caller, {
      body: { screen: 'candidates', name: '常用', query: { state: 'ready' } },
    });
    const params = { id: String(view.id) };
    await step('PATCH /views/:id', caller, { params, body: { name: '我的' } });
    await step('DELETE /views/:id', caller, { params });
    noneFailed();
  });
});

/** The smallest file of prefixes: one area, one segment (modules/candidate/area-file.ts). */
function areaFile(): Buffer {
  const record = Buffer.from('四川|成都|610000|028\0');
  const head = Buffer.alloc(8);
  head.write('2502', 'latin1');
  head.writeUInt32LE(8 + record.length, 4);
  const row = Buffer.alloc(9);
  row.writeUInt32LE(1_540_000, 0);
  row.writeUInt32LE(8, 4);
  row.writeUInt8(1, 8);
  return Buffer.concat([head, record, row]);
}

describe('the follow-up', () => {
  const finishBody = (lease: { numbers: { phoneId: string }[] }, given: object) => ({
    ...{
      clientKey: newId(),
      phoneId: lease.numbers[0]?.phoneId ?? null,
      line: null,
      answerer: null,
      result: null,
    },
    ...{ startedAt: null, answeredAt: null, next: false, ...given },
  });
  type Work = {
    lease: { id: string; numbers: { phoneId: string }[]; case: { id: string } };
    undo?: { attemptId: string };
  };
  const pull = async (who: Person) => (await step('POST /queue/claim', who, { body: {} })) as unknown as Work;
  const fresh = () => arrangeCaller(walk.world, season, { grouped: false });

  test('under a lease, from the pull to the result', async () => {
    const who = await fresh();
    await newCase({ owner: who, grouped: false });
    const { lease } = await pull(who);
    const params = { leaseId: lease.id };
    const phoneId = lease.numbers[0]?.phoneId ?? '';
    await step('POST /queue/presence', who, { body: { state: 'paused', reason: '喝水' } });
    await step('POST /queue/leases/:leaseId/heartbeat', who, { params });
    await step('PUT /queue/leases/:leaseId/draft', who, { params, body: { text: '父亲接的' } });
    await step('PUT /queue/leases/:leaseId/signals', who, { params, body: { codes: ['distance'] } });
    await step('PUT /queue/leases/:leaseId/wish', who, {
      params,
      body: { pathwayInterest: true, majorWish: null },
    });
    await step('POST /queue/leases/:leaseId/numbers', who, {
      ...{ params, body: { number: '15400880001', relation: 'mother', basis: '考生本人告知' } },
    });
    await step('POST /queue/leases/:leaseId/messages', who, {
      params,
      body: { clientKey: newId(), channel: 'wechat', phoneId, outcome: 'added', text: '您好' },
    });
    await step('POST /queue/leases/:leaseId/dial', who, { params, body: { phoneId } });
    const done = (await step('POST /queue/leases/:leaseId/finish', who, {
      ...{ params, body: finishBody(lease, { result: 'R3' }) },
    })) as unknown as Work;
    const attemptId = done.undo?.attemptId ?? '';
    await step('POST /queue/attempts/:attemptId/undo', who, { params: { attemptId } });
    noneFailed();
  });

  test('a correction, a result told late, a skip, a hand-over in the hand', async () => {
    const who = await fresh();
    await newCase({ owner: who, grouped: false });
    const first = await pull(who);
    const told = (await step('POST /queue/leases/:leaseId/finish', who, {
      ...{ params: { leaseId: first.lease.id }, body: finishBody(first.lease, { result: 'R3' }) },
    })) as unknown as Work;
    const amended = { line: null, answerer: null, result: 'R4', talkSeconds: 30 };
    walk.world.setClock(MORNING + MINUTE);
    await step('POST /queue/attempts/:attemptId/correct', who, {
      ...{ params: { attemptId: told.undo?.attemptId ?? '' }, body: { ...amended, reason: REASON } },
    });
    const late = await fresh();
    const { caseId } = await newCase({ owner: late, grouped: false });
    const held = await pull(late);
    await step('POST /queue/leases/:leaseId/dial', late, {
      ...{ params: { leaseId: held.lease.id }, body: { phoneId: held.lease.numbers[0]?.phoneId } },
    });
    walk.world.setClock(MORNING + HOUR);
    await walk.world.as('system', (ctx) => expireLease(ctx, held.lease.id));
    const attemptId = await one(sql`select last_attempt_id from follow_up_case where id = ${caseId}`);
    await step('POST /queue/attempts/:attemptId/complete', late, {
      params: { attemptId },
      body: { ...amended, result: 'R3' },
    });
    walk.world.setClock(MORNING);
    const skips = await fresh();
    await newCase({ owner: skips, grouped: false });
    const skipped = await pull(skips);
    await step('POST /queue/leases/:leaseId/skip', skips, {
      ...{ params: { leaseId: skipped.lease.id }, body: { reason: 'other', note: '信号不好', next: false } },
    });
    const hands = await fresh();
    await newCase({ owner: hands, grouped: false });
    const up = await pull(hands);
    await step('POST /queue/leases/:leaseId/escalate', hands, {
      ...{
        params: { leaseId: up.lease.id },
        body: { tier: 'leader', summary: '考生要求与组长通话', next: false },
      },
    });
    noneFailed();
  });

  test('somebody calls us; a number is barred; a stopped case opens again', async () => {
    const { caseId } = await newCase();
    const other = await fresh();
    await step('POST /queue/cases/:caseId/inbound-notes', other, {
      params: { caseId },
      body: { reason: '家长来电' },
    });
    await step('POST /queue/cases/:caseId/take-over', other, {
      params: { caseId },
      body: { reason: '家长来电' },
    });
    const barred = await step('POST /follow-up/do-not-call', leader, {
      body: { target: { number: '15400660001' }, reason: REASON },
    });
    await step('POST /follow-up/do-not-call/:id/lift', supervisor, {
      ...{ params: { id: String(barred.id) }, body: { reason: REASON } },
    });
    const who = await fresh();
    const stopped = await newCase({ owner: who, grouped: false });
    const { lease } = await pull(who);
    await step('POST /queue/leases/:leaseId/finish', who, {
      ...{
        params: { leaseId: lease.id },
        body: finishBody(lease, { result: 'R1', checked: { major: true, identity: true } }),
      },
    });
    await step('POST /follow-up/cases/:caseId/reopen', supervisor, {
      ...{ params: { caseId: stopped.caseId }, body: { reason: REASON } },
    });
    noneFailed();
  });

  test('hand-overs, the search for somebody, rounds, the proof', async () => {
    const handed = async () => {
      const { caseId } = await newCase();
      await step('POST /follow-up/cases/:caseId/escalate', caller, {
        ...{ params: { caseId }, body: { tier: 'leader', summary: '考生要求与组长通话' } },
      });
      return { caseId, id: await one(sql`select escalation_id from follow_up_case where id = ${caseId}`) };
    };
    const [first, second] = [await handed(), await handed()];
    await step('POST /escalations/:id/accept', leader, { params: { id: first.id } });
    await step('POST /follow-up/cases/:caseId/playbook', leader, {
      params: { caseId: first.caseId },
      body: { step: 'directory', route: 'police', outcome: 'nothing', detail: '114 没有登记' },
    });
    await step('POST /escalations/:id/work', leader, { params: { id: first.id } });
    await sql`update lease set ended_at = opened_at, end_reason = 'released' where caller_id = ${leader.userId} and ended_at is null`.execute(
      walk.world.owner.kysely,
    );
    await step('POST /escalations/:id/accept', leader, { params: { id: second.id } });
    await step('POST /escalations/:id/return', leader, {
      params: { id: second.id },
      body: { reason: REASON },
    });
    const third = await handed();
    await step('POST /escalations/:id/accept', leader, { params: { id: third.id } });
    await step('POST /escalations/:id/pass-on', leader, {
      ...{ params: { id: third.id }, body: { tier: 'office', summary: '考生信息不符，请招办核对后处理' } },
    });
    await sql`update season set round = 'focus'`.execute(walk.world.owner.kysely);
    await step('POST /rounds/move', office);
    await sql`update season set round = 'first'`.execute(walk.world.owner.kysely);
    await step('POST /follow-up/proof', office);
    noneFailed();
  });
});

describe('ownership', () => {
  test('reassigned, taken back, balanced, returned', async () => {
    const [from, to] = [await arrangeCaller(walk.world, season), await arrangeCaller(walk.world, season)];
    const cases = [
      await newCase({ owner: from }),
      await newCase({ owner: from }),
      await newCase({ owner: from }),
    ];
    const [first = '', second = ''] = cases.map(({ caseId }) => caseId);
    await step('POST /assignments/reassign', office, {
      body: { caseIds: [first], toUserId: to.userId, reason: REASON },
    });
    await step('POST /assignments/take-back', office, {
      body: { caseIds: [second], to: 'group', reason: REASON },
    });
    await step('POST /assignments/balance', office, { body: { groupId: season.groupId, reason: REASON } });
    const leaver = await arrangeCaller(walk.world, season);
    await newCase({ owner: leaver });
    await step('POST /assignments/return-all', office, { body: { userId: leaver.userId, reason: REASON } });
    noneFailed();
  });

  test('leads', async () => {
    const recruiter = await walk.person('recruiter');
    const lead = (given: object) =>
      step('POST /leads', recruiter, { body: { name: '何示例', source: '校园开放日', ...given } });
    const made = await lead({ candidateNo: '26520000099991' });
    await step('POST /leads/:id/void', clerk, {
      params: { id: String(made.id) },
      body: { reason: REASON },
    });
    const { candidateId } = await newCase();
    const no = await one(sql`select candidate_no from candidate where id = ${candidateId}`);
    await lead({ candidateNo: no, name: '别的名字' });
    await walk.world.as('system', (ctx) => matchLeads(ctx));
    const id = await one(sql`select id from lead where state = 'disputed' limit 1`);
    await step('POST /leads/:id/settle', clerk, { params: { id }, body: { accept: true, reason: REASON } });
    const rows = [
      ['姓名', '报备人账号', '电话'],
      ['何示例', recruiter.username, '15400550001'],
    ];
    const bytes = await writeXlsx({ sheets: [{ name: '报备', rows }] });
    await step('POST /leads/import', clerk, { query: '?confirm=yes', body: fileForm('报备.xlsx', bytes) });
    noneFailed();
  });
});

describe('withdrawal and decision', () => {
  const photo = () =>
    sharp({ create: { width: 80, height: 60, channels: 3, background: '#cfd8dc' } })
      .jpeg()
      .toBuffer();
  const asked = async () => {
    const { caseId } = await newCase();
    const made = await step('POST /withdrawals', caller, { body: { caseId, reasonCode: 'repeat' } });
    return String(made.id);
  };
  const handed = async () => {
    const id = await asked();
    await step('POST /withdrawals/:id/evidence', caller, {
      ...{ params: { id }, body: fileForm('照片.jpg', await photo()) },
    });
    return id;
  };
  const checked = async () => {
    const id = await handed();
    const uploadedAt = Number(
      await one(
        sql`select (extract(epoch from uploaded_at) * 1000)::bigint from withdrawal where id = ${id}`,
      ),
    );
    const checklist = Object.fromEntries(CHECKS.map((check) => [check, true]));
    await step('POST /withdrawals/:id/check', leader, { params: { id }, body: { checklist, uploadedAt } });
    return id;
  };

  test('a withdrawal, asked for, checked, carried out, reported as wrongful', async () => {
    await step('POST /withdrawals/:id/cancel', caller, {
      params: { id: await asked() },
      body: { reason: REASON },
    });
    await step('POST /withdrawals/:id/send-back', clerk, {
      params: { id: await checked() },
      body: { reason: REASON },
    });
    const id = await checked();
    await step('POST /withdrawals/:id/execute', clerk, { params: { id } });
    const report = await step('POST /withdrawals/:id/wrongful', caller, {
      ...{ params: { id }, body: { description: '考生说从未申请退档，请核查' } },
    });
    await step('POST /wrongful-withdrawals/:id/decide', supervisor, {
      ...{ params: { id: String(report.id) }, body: { confirmed: true, finding: '签名与报名表逐一比对过' } },
    });
    noneFailed();
  });

  test('a final decision', async () => {
    const member = await arrangeCaller(walk.world, season, { roles: ['escalation_member'] });
    const propose = async () => {
      const { caseId } = await newCase({ owner: member, deadlineAt: MORNING + 6 * HOUR });
      const made = await step('POST /decisions', member, {
        body: { caseId, result: 'admitted', reason: '突击三天，各种办法都没有回应' },
      });
      return { id: String(made.decisionId) };
    };
    await step('POST /decisions/:id/confirm', office, { params: await propose() });
    await step('POST /decisions/:id/reject', office, { params: await propose(), body: { reason: REASON } });
    noneFailed();
  });
});

describe('what leaves the college, what was sent in, what happened', () => {
  test('exports of the season and of the log', async () => {
    const one_ = { kind: 'ledger', filter: {}, reason: REASON };
    await step('POST /exports/estimate', clerk, { body: { kind: 'ledger', filter: {} } });
    const made = await step('POST /exports', clerk, { body: one_ });
    await job('ledger.export', { exportId: made.id });
    await step('POST /exports/:id/password', clerk, { params: { id: String(made.id) } });
    const waiting = { kind: 'ledger', reason: REASON, requested_by: clerk.userId };
    const insert = async (kind: string, seasonId: string | null) => {
      const id = newId<string>();
      await sql`insert into export_request (tenant_id, id, season_id, kind, filter, reason, rows, state, mark, requested_by, requested_at)
        values (${walk.world.tenantId}, ${id}, ${seasonId}, ${kind}, '{"from": "2026-07-01", "to": "2026-07-31"}', ${waiting.reason}, 1, 'waiting',
          ${id}, ${kind === 'audit' ? auditor.userId : clerk.userId}, now())`.execute(
        walk.world.owner.kysely,
      );
      return { id };
    };
    const body = { approve: true };
    await step('POST /exports/:id/decide', office, { params: await insert('ledger', season.seasonId), body });
    const range = { from: '2020-01-01', to: '2030-12-31' };
    await step('POST /audit/exports/estimate', auditor, { body: range });
    const log = await step('POST /audit/exports', auditor, { body: { ...range, reason: REASON } });
    if (log.state === 'waiting')
      await step('POST /audit/exports/:id/decide', supervisor, { params: { id: String(log.id) }, body });
    else
      await step('POST /audit/exports/:id/decide', supervisor, { params: await insert('audit', null), body });
    await job('ledger.export', { exportId: log.id });
    await step('POST /audit/exports/:id/password', auditor, { params: { id: String(log.id) } });
    noneFailed();
  });

  test('the summary of a group', async () => {
    const made = await step('POST /summaries', leader, { body: { groupId: season.groupId } });
    await step('PUT /summaries/:id', leader, {
      params: { id: String(made.id) },
      body: { remarks: '本周考生动态平稳，没有突出困难', send: true },
    });
    noneFailed();
  });

  test('an incident', async () => {
    const incident = {
      ...{ kind: 'leak', title: '文件误发到校外群', foundAt: MORNING - HOUR, dataKinds: '考生号、姓名' },
      ...{ contact: '招办', subjectsReason: '文件加密，密钥未外泄' },
    };
    const params = { id: String((await step('POST /incidents', security, { body: incident })).id) };
    await step('PUT /incidents/:id', security, {
      params,
      body: { ...incident, cause: '误选', reason: REASON },
    });
    await step('POST /incidents/:id/notices', security, {
      params,
      body: {
        audience: 'authority',
        receiver: '网信办',
        channel: '书面',
        body: '现报告如下，详见附件。',
        sentAt: MORNING,
      },
    });
    await step('POST /incidents/:id/close', security, { params, body: { conclusion: '未见扩散' } });
    noneFailed();
  });
});

describe('planning a season', () => {
  let other: Walk;
  beforeAll(async () => {
    other = await openWalk();
    other.world.setClock(MORNING);
  });
  afterAll(() => other.close());

  test('season, batches, majors, lines, policies, settings, scripts, phrases, a delivery, a release', async () => {
    const go: Walk['step'] = (...given) => other.step(...given);
    const [plans, second, files] = [
      await other.person('admissions_office'),
      await other.person('admissions_office'),
      await other.person('file_clerk'),
    ];
    const seasonId = String((await go('POST /seasons', plans, { body: newSeason(2026) })).id);
    const at = { seasonId };
    const { copyFrom: _copy, year: _year, ...named } = newSeason(2026);
    await go('PUT /seasons/:seasonId', plans, {
      params: at,
      body: { ...named, name: '2026 年录取', phases: [] },
    });
    const batch = { code: '1', name: '本科批', level: 'undergraduate', art: false };
    const batchId = String(
      (await go('POST /seasons/:seasonId/batches', plans, { params: at, body: batch })).id,
    );
    const spare = await go('POST /seasons/:seasonId/batches', plans, {
      params: at,
      body: { ...batch, code: '2', name: '专科批' },
    });
    await go('PUT /seasons/:seasonId/batches/:batchId', plans, { params: { ...at, batchId }, body: batch });
    await go('POST /seasons/:seasonId/batches/:batchId/removal', plans, {
      ...{ params: { ...at, batchId: String(spare.id) }, body: { reason: REASON } },
    });
    const major = {
      code: '01',
      name: '护理学',
      level: 'undergraduate',
      art: false,
      tuitionFen: 500_000,
      seats: 60,
    };
    const majorId = String(
      (await go('POST /seasons/:seasonId/majors', plans, { params: at, body: major })).id,
    );
    await go('PUT /seasons/:seasonId/majors/:majorId', plans, { params: { ...at, majorId }, body: major });
    await go('POST /seasons/:seasonId/majors/:majorId/removal', plans, {
      params: { ...at, majorId },
      body: { reason: REASON },
    });
    const code = { provinceCode: '51', batchId, categoryCode: '', planNatureCode: '', code: '07' };
    await go('PUT /seasons/:seasonId/major-codes', plans, {
      ...{ params: at, body: { ...code, name: '护理学', majorId: null, seats: null, tuitionFen: null } },
    });
    const line = { provinceCode: '51', batchId, category: '物理类', year: 2025 };
    await go('PUT /seasons/:seasonId/past-lines', plans, {
      params: at,
      body: { ...line, scoreMin: 500, rankMin: null },
    });
    await go('POST /seasons/:seasonId/past-lines/removal', plans, {
      params: at,
      body: { ...line, reason: REASON },
    });
    await go('POST /seasons/:seasonId/policies', plans, {
      ...{
        params: at,
        body: { places: ['51', '52'].map((provinceCode) => ({ provinceCode, batchId, districtCode: '' })) },
      },
    });
    const listed = await go('GET /seasons/:seasonId/policies', plans, { params: at });
    const [policy] = listed.items as { id: string; version: number }[];
    await go('PUT /seasons/:seasonId/policies/:policyId', plans, {
      ...{
        params: { ...at, policyId: policy?.id ?? '' },
        body: { facts: facts(), version: policy?.version, reason: null },
      },
    });
    await go('POST /seasons/:seasonId/policies/copy', plans, {
      ...{ params: at, body: { source: 'province', fromProvinceCode: '51', toProvinceCodes: ['52'] } },
    });
    await go('PUT /seasons/:seasonId/settings', plans, {
      ...{
        params: at,
        body: { settings: { ...DEFAULT_SETTINGS, leaseMinutes: 25 }, version: 0, reason: REASON },
      },
    });
    await go('POST /seasons/:seasonId/stage', plans, {
      ...{ params: at },
      body: {
        from: { phase: 'guidance', round: 'first' },
        to: { phase: 'filing', round: 'first' },
        reason: REASON,
      },
    });

    await go('POST /scripts/pack', plans, { body: { seasonId } });
    const anywhere = { withdrawable: null, phase: null, round: null, occasion: null, copyFrom: null };
    const made = await go('POST /scripts', plans, {
      body: { seasonId, name: '走查模板', kind: 'sms', ...anywhere },
    });
    const script = { scriptId: String(made.scriptId) };
    const newest = async () => {
      const { versions } = await go('GET /scripts/:scriptId', plans, { params: script });
      return (versions as { id: string; writtenAt: number }[])[0] ?? { id: '', writtenAt: 0 };
    };
    const draft = async () => ({ body: words('您好'), citations: [], seenAt: (await newest()).writtenAt });
    await go('PUT /scripts/:scriptId/draft', plans, { params: script, body: await draft() });
    await go('POST /scripts/:scriptId/submission', plans, { params: script });
    await go('POST /scripts/:scriptId/take-back', plans, { params: script });
    await go('POST /scripts/:scriptId/submission', plans, { params: script });
    await go('POST /scripts/:scriptId/decision', second, {
      ...{ params: script, body: { versionId: (await newest()).id, decision: 'approve', note: '' } },
    });
    await go('POST /scripts/:scriptId/retirement', plans, { params: script, body: { reason: REASON } });
    const phrase = {
      pattern: '必过线',
      kind: 'promise',
      advice: '请按章程说明',
      rule: '十项禁令第六条',
      active: true,
    };
    const noted = await go('POST /phrases', plans, { body: phrase });
    await go('PUT /phrases/:phraseId', plans, {
      ...{ params: { phraseId: String(noted.id) }, body: { ...phrase, reason: REASON } },
    });

    const job = (kind: string, payload: object) => runJob(other, kind, payload);
    const csv = (no: string) => Buffer.from(`考生号,姓名,联系手机\n${no},林晓,15400440001\n`);
    const upload = async (no: string) => {
      const sent = await go('POST /imports', files, {
        ...{ query: `?province=51&batchId=${batchId}&files=1`, body: fileForm('名单.csv', csv(no)) },
      });
      const params = { id: String(sent.id) };
      await job('delivery.read', { importId: sent.id });
      return params;
    };
    const first = await upload('26510000000001');
    await go('POST /imports/:id/mapping', files, { params: first, body: { mapping: {} } });
    await job('delivery.read', { importId: first.id });
    await go('POST /imports/:id/read-again', files, { params: first });
    await job('delivery.read', { importId: first.id });
    await go('POST /imports/:id/confirm', files, { params: first });
    await job('delivery.apply', { importId: first.id });
    await sql`update candidate set major_code = '07', major_name = null where tenant_id = ${other.world.tenantId}`.execute(
      other.world.owner.kysely,
    );
    await go('POST /candidates/unnamed-majors/naming', plans, { body: { provinceCode: '51', batchId } });
    await go('POST /seasons/:seasonId/major-codes/removal', plans, {
      params: at,
      body: { ...code, reason: REASON },
    });
    await go('POST /imports/:id/discard', files, { params: await upload('26510000000002') });
    const callerHere = await arrangeCaller(other.world, { groupId: null } as never, { grouped: false });
    const run = {
      filter: { provinceCodes: [], batchIds: [], importId: null },
      limits: { groups: [], skills: [], newPerCaller: null, openWorkCap: null },
    };
    const dropped = await go('POST /assignment-runs', files, { body: run });
    await go('POST /assignment-runs/:id/discard', files, { params: { id: String(dropped.id) } });
    const third = await upload('26510000000003');
    await go('POST /imports/:id/confirm', files, { params: third });
    await job('delivery.apply', { importId: third.id });
    await go('POST /imports/:id/undo', files, { params: third, body: { reason: REASON } });
    const released = await go('POST /assignment-runs', files, { body: run });
    await go('POST /assignment-runs/:id/release', files, { params: { id: String(released.id) } });
    expect(callerHere.userId).not.toBe('');
    expect(other.failed.splice(0).join('\n')).toBe('');
  });
});

describe('every changing route', () => {
  test('was driven to a success, or is said to leave no line', async () => {
    const { endpoints, close } = await serveAll(walk.world);
    const changing = endpoints
      .filter(({ route }) => !isRead(route))
      .map(({ route }) => `${route.method} ${route.path}`);
    await close();
    expect(changing.filter((key) => !walk.left.has(key)).join('\n')).toBe('');
    expect(Object.keys(WITHOUT).filter((key) => !changing.includes(key))).toEqual([]);
  });

  test('leaves a line in the audit log, or is on the list of those that do not', () => {
    const silent = [...walk.left]
      .filter(([key, lines]) => !key.startsWith('GET') && lines === 0)
      .map(([key]) => key);
    expect(silent.filter((key) => !(key in WITHOUT)).join('\n')).toBe('');
    expect(Object.keys(WITHOUT).filter((key) => (walk.left.get(key) ?? 0) > 0)).toEqual([]);
  });
});
