import { describe, expect, test } from 'vitest';
import { disableFault, expiryFault, grantFault, resetFault } from './account.rules.ts';
import {
  capacityFault,
  type LeaderCheck,
  leaderFault,
  type SupervisorCheck,
  sizeWarning,
  supervisorFault,
} from './group.rules.ts';
import { conflictsOf, GRANTS, grantableBy, grantersOf, permissionsOf, ROLES, totpRequired } from './rules.ts';

const grant = (actorRoles: string[], before: string[], after: string[], actorId = 'me'): string | undefined =>
  grantFault({ actorId, actorRoles, targetId: 'you', before, after })?.code;

describe('granting roles', () => {
  test.each<[rule: string, actor: string[], before: string[], after: string[], fault: string | undefined]>([
    ['the office staffs its season', ['admissions_office'], [], ['caller', 'recruiter'], undefined],
    ['the office makes no supervisor', ['admissions_office'], [], ['supervisor'], 'beyond_own_right'],
    [
      'the office makes no second office',
      ['admissions_office'],
      [],
      ['admissions_office'],
      'beyond_own_right',
    ],
    ['the office takes no supervisor away', ['admissions_office'], ['supervisor'], [], 'beyond_own_right'],
    ['what stays is not granted anew', ['admissions_office'], ['finance'], ['finance', 'caller'], undefined],
    [
      'the security administrator appoints the office',
      ['security_admin'],
      [],
      ['admissions_office'],
      undefined,
    ],
    ['the security administrator appoints no caller', ['security_admin'], [], ['caller'], 'beyond_own_right'],
    [
      'nobody inside appoints a security administrator',
      ['security_admin'],
      [],
      ['security_admin'],
      'beyond_own_right',
    ],
    [
      'nobody inside appoints an audit administrator',
      ['security_admin'],
      [],
      ['audit_admin'],
      'beyond_own_right',
    ],
    ['the system administrator grants nothing', ['system_admin'], [], ['caller'], 'beyond_own_right'],
    ['a leader grants nothing', ['group_leader'], [], ['caller'], 'beyond_own_right'],
    [
      'caller and file clerk may be one person',
      ['admissions_office'],
      ['caller'],
      ['caller', 'file_clerk'],
      undefined,
    ],
    [
      'who checks withdrawals does not execute them',
      ['admissions_office'],
      ['group_leader'],
      ['group_leader', 'file_clerk'],
      'excluded_roles',
    ],
    [
      'no caller inspects callers',
      ['security_admin'],
      ['caller'],
      ['caller', 'supervisor'],
      'excluded_roles',
    ],
    ['an unchanged set is nobody’s business', ['system_admin'], ['caller'], ['caller'], undefined],
  ])('%s', (_rule, actor, ...[before, after, fault]) => {
    expect(grant(actor, before, after)).toBe(fault);
  });
  test('nobody changes their own roles, not even to fewer', () => {
    expect(grant(['admissions_office'], ['caller'], [], 'you')).toBe('self_grant');
    expect(grant(['security_admin'], [], ['admissions_office'], 'you')).toBe('self_grant');
  });
  test('a sentence says who can', () => {
    const said = (after: string[]): string | undefined =>
      grantFault({ actorId: 'a', actorRoles: ['admissions_office'], targetId: 'b', before: [], after })
        ?.message;
    expect(said(['supervisor'])).toBe('您不能授予或收回「督查组」。「督查组」由「安全管理员」办理。');
    expect(said(['audit_admin'])).toContain('服务器命令行');
  });
});

describe('the three administrators', () => {
  const admins = ['system_admin', 'security_admin', 'audit_admin'] as const;
  test('exclude each other and the office', () => {
    for (const one of admins) {
      for (const other of [...admins, 'admissions_office'].filter((role) => role !== one))
        expect(conflictsOf([one, other])).toHaveLength(1);
    }
  });
  test('hold no permission of the season', () => {
    const business =
      /^(candidate|queue|delivery|assignment|withdrawal|decision|ledger|escalation|round|script|lead)\./;
    expect([...permissionsOf([...admins])].filter((permission) => business.test(permission))).toEqual([]);
  });
  test('share no power: creating, granting and reading the log are three permissions of three roles', () => {
    const [system, security, auditor] = admins.map((role) => permissionsOf([role]));
    expect(system?.has('staff.manage') && !system.has('staff.grant') && !system.has('audit.read')).toBe(true);
    expect(security?.has('staff.grant') && !security.has('staff.manage') && !security.has('audit.read')).toBe(
      true,
    );
    expect([...(auditor ?? [])].sort()).toEqual([
      ...['audit.export', 'audit.read', 'incident.read', 'staff.read', 'staff.report'],
    ]);
  });
  test('resetting the password and the second factor takes two persons', () => {
    for (const role of ROLES)
      expect(
        permissionsOf([role]).has('staff.reset_code') && permissionsOf([role]).has('staff.reset_factor'),
      ).toBe(false);
    expect(
      GRANTS['staff.reset_code'].some((role) =>
        (GRANTS['staff.reset_factor'] as readonly string[]).includes(role),
      ),
    ).toBe(false);
  });
  test('every other role has somebody who grants it', () => {
    expect(ROLES.filter((role) => grantersOf(role).length === 0)).toEqual(['security_admin', 'audit_admin']);
  });
  test('nobody can grant a role that holds more grants than their own', () => {
    for (const role of ROLES) {
      const mine = grantableBy([role]);
      expect(mine.has(role)).toBe(false);
    }
  });
  test('everybody who administers, approves or executes has a second factor', () => {
    const deciding =
      /\.(manage|grant|disable|decide|approve|execute|confirm|release|check|lift|decide_wrongful|reset_code|reset_factor|qualify)$/;
    const bare = ROLES.filter((role) => !totpRequired([role]));
    expect(bare).toEqual(['caller', 'recruiter', 'receptionist']);
    for (const role of bare)
      expect([...permissionsOf([role])].filter((name) => deciding.test(name))).toEqual([]);
  });
});

describe('managing accounts', () => {
  const acting = (actorRoles: string[], targetRoles: string[], actorId = 'me') => ({
    actorId,
    actorRoles,
    targetId: 'you',
    targetRoles,
  });
  test.each<[rule: string, actor: string[], target: string[], code: string | undefined]>([
    ['the office resets a caller', ['admissions_office'], ['caller'], undefined],
    ['the office resets no supervisor', ['admissions_office'], ['caller', 'supervisor'], 'beyond_own_right'],
    ['the office resets no office', ['admissions_office'], ['admissions_office'], 'beyond_own_right'],
    ['the system administrator resets anybody', ['system_admin'], ['admissions_office'], undefined],
  ])('%s', (_rule, actor, target, code) => {
    expect(resetFault(acting(actor, target))?.code).toBe(code);
    expect(disableFault(acting(actor, target))?.code).toBe(code);
  });
  test('nobody disables or resets themselves', () => {
    expect(disableFault(acting(['system_admin'], [], 'you'))?.code).toBe('self');
    expect(resetFault(acting(['system_admin'], [], 'you'))?.code).toBe('self');
  });
  test.each<[rule: string, kind: string, expiresOn: string | null, fault: boolean]>([
    ['a student without a last day', 'student', null, true],
    ['a student with one', 'student', '2026-09-30', false],
    ['a teacher needs none', 'teacher', null, false],
    ['today still works', 'teacher', '2026-07-01', false],
    ['yesterday is gone', 'teacher', '2026-06-30', true],
  ])('%s', (_rule, kind, expiresOn, fault) => {
    expect(expiryFault(kind, expiresOn, '2026-07-01') !== null).toBe(fault);
  });
});

describe('groups', () => {
  test.each<[members: number, warns: boolean]>([
    [7, true],
    [8, false],
    [13, false],
    [14, true],
  ])('of %i people', (members, warns) => {
    expect(sizeWarning(members) !== null).toBe(warns);
  });
  test('the capacity is a limit', () => {
    const group = { name: '一组', capacity: 13, members: 12 };
    expect(capacityFault(group, 1)).toBeNull();
    expect(capacityFault(group, 2)?.message).toContain('超出 1 人');
  });
  const good: LeaderCheck = {
    name: '吴组',
    roles: ['group_leader'],
    active: true,
    outstandingLastYear: true,
    experienced: false,
    leads: null,
    exception: null,
  };
  test.each<[rule: string, change: Partial<LeaderCheck>, refused: boolean]>([
    ['an outstanding caller leads', {}, false],
    ['an experienced one too', { outstandingLastYear: false, experienced: true }, false],
    ['a newcomer does not', { outstandingLastYear: false }, true],
    ['a newcomer with a reason does', { outstandingLastYear: false, exception: '外语系唯一人选' }, false],
    ['blank is no reason', { outstandingLastYear: false, exception: ' ' }, true],
    ['without the role not', { roles: ['caller'] }, true],
    ['one person leads one group', { leads: '二组' }, true],
    ['a removed person not', { active: false }, true],
  ])('%s', (_rule, change, refused) => {
    expect(leaderFault({ ...good, ...change }) !== null).toBe(refused);
  });
  test('a supervisor is paired with one group', () => {
    const person: SupervisorCheck = { name: '严督', roles: ['supervisor'], active: true, paired: null };
    expect(supervisorFault(person)).toBeNull();
    expect(supervisorFault({ ...person, paired: '一组' })).not.toBeNull();
    expect(supervisorFault({ ...person, roles: ['caller'] })).not.toBeNull();
    expect(supervisorFault({ ...person, active: false })).not.toBeNull();
  });
});
