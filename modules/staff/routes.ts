import { audit } from '#platform/audit/audit';
import { type Ctx, inTenant } from '#platform/db/tenant';
import { type Endpoint, handle, handleStream } from '#platform/http/endpoint';
import { refuse } from '#platform/http/refusal';
import { sendSheet, takeSheet } from '#platform/http/sheet';
import type { UserId } from '#platform/ids';
import type { Parts } from '#platform/module';
import { ok } from '#platform/result';
import { endSessionsOf } from '#platform/session/store';
import * as account from './account.service.ts';
import { readPerson } from './account.store.ts';
import * as contract from './contract.ts';
import * as sheet from './import.contract.ts';
import * as imports from './import.service.ts';
import { accountReport } from './report.service.ts';
import { readSessions } from './session.store.ts';
import { staffTemplate } from './sheet.ts';
import * as teamContract from './team.contract.ts';
import * as team from './team.service.ts';
import { readSkills } from './unit.store.ts';

/** People, accounts, roles, groups, units, skills, import. */
export const staffEndpoints = (parts: Parts): Endpoint[] => [
  ...peopleEndpoints,
  ...sessionEndpoints,
  ...teamEndpoints,
  ...importEndpoints(parts),
];

const user = (id: string): UserId => id as UserId;

const peopleEndpoints: readonly Endpoint[] = [
  handle(contract.listPeople, (ctx, { body }) => account.listPeople(ctx, body)),
  handle(contract.readPerson, (ctx, { params }) => account.readPerson(ctx, user(params.id))),
  handle(contract.createPerson, (ctx, { body }) => account.createPerson(ctx, body)),
  handle(contract.changePerson, (ctx, { params, body }) => account.changePerson(ctx, user(params.id), body)),
  handle(contract.changeRoles, (ctx, { params, body }) => account.changeRoles(ctx, user(params.id), body)),
  handle(contract.resetCode, (ctx, { params, body }) => account.resetCode(ctx, user(params.id), body.reason)),
  handle(contract.resetFactor, (ctx, { params, body }) =>
    account.resetFactor(ctx, user(params.id), body.reason),
  ),
  handle(contract.enablePerson, (ctx, { params, body }) =>
    account.enablePerson(ctx, user(params.id), body.reason),
  ),
  handle(contract.qualifyPerson, (ctx, { params, body }) =>
    account.qualifyPerson(ctx, user(params.id), body),
  ),
  handle(contract.accountReport, async (ctx) => ok(await accountReport(ctx))),
];

const gone = () => refuse('not_found', '没有找到这个人，请刷新列表。');
const exists = async (ctx: Ctx, id: string): Promise<boolean> => (await readPerson(ctx, user(id))) !== null;

const sessionEndpoints: readonly Endpoint[] = [
  handle(contract.personSessions, async (ctx, { params }) =>
    (await exists(ctx, params.id)) ? ok({ items: await readSessions(ctx, user(params.id)) }) : gone(),
  ),
  handle(contract.endPersonSessions, async (ctx, { params }) => {
    if (!(await exists(ctx, params.id))) return gone();
    const ended = await endSessionsOf(ctx, user(params.id), { reason: 'ended_by_administrator' });
    await audit(ctx, {
      action: 'session.all_ended',
      subjectType: 'user',
      subjectId: params.id,
      after: { ended },
    });
    return ok({ ended });
  }),
];

const teamEndpoints: readonly Endpoint[] = [
  handle(teamContract.listGroups, async (ctx) => ok({ items: await team.listGroups(ctx) })),
  handle(teamContract.createGroup, (ctx, { body }) => team.saveGroup(ctx, null, body)),
  handle(teamContract.changeGroup, async (ctx, { params, body }) => {
    const saved = await team.saveGroup(ctx, params.id, body);
    return saved.ok ? ok(undefined) : saved;
  }),
  handle(teamContract.addMembers, (ctx, { params, body }) => team.addMembers(ctx, params.id, body.userIds)),
  handle(teamContract.dissolveGroup, (ctx, { params, body }) =>
    team.dissolveGroup(ctx, params.id, body.reason),
  ),
  handle(teamContract.listUnits, async (ctx) => ok({ items: await team.listUnits(ctx) })),
  handle(teamContract.createUnit, (ctx, { body }) => team.saveUnit(ctx, null, body)),
  handle(teamContract.changeUnit, async (ctx, { params, body }) => {
    const saved = await team.saveUnit(ctx, params.id, body);
    return saved.ok ? ok(undefined) : saved;
  }),
  handle(teamContract.removeUnit, (ctx, { params, body }) => team.removeUnit(ctx, params.id, body.reason)),
  handle(teamContract.listSkills, async (ctx) => ok({ items: await readSkills(ctx) })),
  handle(teamContract.saveSkill, (ctx, { params, body }) =>
    team.saveSkill(ctx, { ...body, code: params.code }),
  ),
  handle(teamContract.removeSkill, (ctx, { params, body }) =>
    team.removeSkill(ctx, params.code, body.reason),
  ),
];

const importEndpoints = ({ files }: Parts): Endpoint[] => [
  handleStream(sheet.importTemplate, async ({ reply }) => {
    sendSheet(reply, '人员导入模板.xlsx', await staffTemplate());
    return ok(undefined);
  }),
  handleStream(sheet.uploadStaff, async (io) => {
    const limits = { bytesMax: sheet.IMPORT_BYTES_MAX, kinds: 'XLSX', of: '人员' } as const;
    const given = await takeSheet(io.request, limits);
    if (!given.ok) return given;
    return inTenant(io.env, io.caller, (ctx) => imports.previewUpload(ctx, files, given.value));
  }),
  handle(sheet.previewStaff, (ctx, { params }) => imports.previewAgain(ctx, files, params.id)),
  handleStream(sheet.staffErrors, async (io, { params }) => {
    const made = await inTenant(io.env, io.caller, (ctx) => imports.errorFile(ctx, files, params.id));
    if (!made.ok) return made;
    sendSheet(io.reply, '有问题的行.xlsx', made.value);
    return ok(undefined);
  }),
  handle(sheet.confirmStaff, (ctx, { params }) => imports.confirmImport(ctx, files, params.id)),
];
