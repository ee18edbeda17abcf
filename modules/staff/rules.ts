/** Who may do what. Separation of duties: GB/T 22239-2019 8.1.5 and docs/decisions/separation-of-duties.md. */

/** Roles of a college, in the order shown. The three administrators are separate and never held together. */
export const ROLES = [
  'admissions_office',
  'file_clerk',
  'caller',
  'group_leader',
  'supervisor',
  'escalation_member',
  'recruiter',
  'receptionist',
  'finance',
  'unit_head',
  'personnel',
  'system_admin',
  'security_admin',
  'audit_admin',
] as const;
export type Role = (typeof ROLES)[number];

export const ROLE_LABELS: Readonly<Record<Role, string>> = {
  admissions_office: '招办',
  file_clerk: '录检组',
  caller: '回访员',
  group_leader: '组长',
  supervisor: '督查组',
  escalation_member: '突击组',
  recruiter: '全员招生报备人',
  receptionist: '前台',
  finance: '财务',
  unit_head: '部门负责人',
  personnel: '人事处',
  system_admin: '系统管理员',
  security_admin: '安全管理员',
  audit_admin: '审计管理员',
};

const none: readonly Role[] = [];
const office: readonly Role[] = ['admissions_office'];
const readers: readonly Role[] = ['admissions_office', 'file_clerk', 'supervisor'];
const callers: readonly Role[] = ['caller', 'group_leader', 'escalation_member'];

/**
 * Every permission and the roles that hold it. A route names one of these. Scope (own, own group, all) is decided by
 * `scopeOf`; the supervisor reads everything and changes nothing of what is inspected.
 */
export const GRANTS = {
  'staff.read': [...readers, 'group_leader', 'system_admin', 'security_admin', 'audit_admin'],
  'staff.manage': ['system_admin', 'admissions_office'],
  'staff.grant': ['security_admin', 'admissions_office'],
  'staff.qualify': ['supervisor'],
  'staff.disable': ['security_admin', 'system_admin', 'admissions_office'],
  'staff.remove': office,
  'staff.reset_code': ['system_admin', 'admissions_office'],
  'staff.reset_factor': ['security_admin'],
  'staff.report': ['security_admin', 'system_admin', 'audit_admin', 'supervisor', 'admissions_office'],
  'leave.request': [...callers, 'file_clerk', 'supervisor', 'recruiter', 'receptionist', 'admissions_office'],
  'leave.decide': ['unit_head', 'group_leader', 'personnel', 'admissions_office'],
  'season.read': [...readers, ...callers, 'recruiter'],
  'season.manage': office,
  'policy.manage': office,
  'delivery.read': ['admissions_office', 'file_clerk', 'supervisor'],
  'delivery.import': ['file_clerk', 'admissions_office'],
  'candidate.read': [...readers, ...callers],
  'candidate.reveal': ['admissions_office', 'file_clerk', ...callers, 'supervisor'],
  'candidate.edit': ['admissions_office', 'file_clerk', ...callers],
  'candidate.merge': ['admissions_office', 'file_clerk'],
  'candidate.scores': ['admissions_office', 'file_clerk', 'supervisor', ...callers],
  'lead.read': ['recruiter', ...callers, 'admissions_office', 'file_clerk'],
  'lead.register': ['recruiter', ...callers, 'admissions_office'],
  'lead.manage': ['admissions_office', 'file_clerk'],
  'assignment.preview': ['file_clerk', 'admissions_office'],
  'assignment.release': ['file_clerk'],
  'assignment.change': ['admissions_office', 'file_clerk', 'group_leader'],
  'queue.work': callers,
  'queue.correct': [...callers, 'admissions_office'],
  'do_not_call.read': ['group_leader', 'admissions_office', 'supervisor'],
  'do_not_call.set': ['group_leader', 'admissions_office', 'supervisor'],
  'do_not_call.lift': ['supervisor'],
  'case.reopen': ['supervisor', 'admissions_office'],
  'proof.run': ['admissions_office', 'supervisor'],
  'round.read': [...readers, 'group_leader', 'escalation_member'],
  'round.manage': office,
  'escalation.open': callers,
  'escalation.read': [...callers, 'supervisor', 'admissions_office'],
  'playbook.record': [...callers, 'admissions_office'],
  'escalation.work': ['group_leader', 'escalation_member', 'supervisor', 'admissions_office'],
  'withdrawal.request': callers,
  'withdrawal.check': ['group_leader', 'admissions_office'],
  'withdrawal.execute': ['file_clerk'],
  'withdrawal.read': [...readers, ...callers],
  'withdrawal.report_wrongful': [...readers, ...callers],
  'withdrawal.decide_wrongful': ['supervisor'],
  'decision.read': [...readers, 'escalation_member'],
  'decision.propose': ['file_clerk', 'escalation_member'],
  'decision.confirm': office,
  'ledger.export': ['admissions_office', 'file_clerk'],
  'ledger.shared': ['admissions_office', 'file_clerk', 'supervisor'],
  'script.read': [...readers, ...callers],
  'script.write': office,
  'script.approve': ['admissions_office', 'supervisor'],
  'report.own': callers,
  'report.group': [...readers, 'group_leader'],
  'report.season': readers,
  'summary.write': ['group_leader'],
  'summary.read': readers,
  'audit.read': ['audit_admin', 'supervisor'],
  'audit.export': ['audit_admin', 'supervisor'],
  'incident.read': ['security_admin', 'audit_admin', 'admissions_office', 'supervisor'],
  'incident.manage': ['security_admin', 'admissions_office'],
  'settings.manage': ['system_admin'],
  'security.manage': ['security_admin'],
} as const satisfies Record<string, readonly Role[]>;

export type Permission = keyof typeof GRANTS;
export const PERMISSIONS: ReadonlySet<string> = new Set(Object.keys(GRANTS));

export function permissionsOf(roles: readonly string[]): ReadonlySet<string> {
  return new Set(
    Object.entries(GRANTS)
      .filter(([, holders]) => (holders as readonly string[]).some((holder) => roles.includes(holder)))
      .map(([permission]) => permission),
  );
}

/** GB/T 22239-2019 8.1.4.1 d: whoever administers, approves or executes signs in with a second factor. */
const SECOND_FACTOR: ReadonlySet<string> = new Set<Role>([
  'admissions_office',
  'file_clerk',
  'group_leader',
  'supervisor',
  'escalation_member',
  'finance',
  'unit_head',
  'personnel',
  'system_admin',
  'security_admin',
  'audit_admin',
]);

export const totpRequired = (roles: readonly string[]): boolean =>
  roles.some((role) => SECOND_FACTOR.has(role));

/**
 * Pairs nobody may hold together: administrators are three persons who run no season (GB/T 22239-2019 8.1.5), and no one inspects
 * or executes their own work. docs/decisions/separation-of-duties.md.
 */
const EXCLUSIVE: readonly (readonly [Role, Role])[] = [
  ['system_admin', 'security_admin'],
  ['system_admin', 'audit_admin'],
  ['security_admin', 'audit_admin'],
  ['system_admin', 'admissions_office'],
  ['security_admin', 'admissions_office'],
  ['audit_admin', 'admissions_office'],
  ['audit_admin', 'file_clerk'],
  ['audit_admin', 'supervisor'],
  ['supervisor', 'caller'],
  ['supervisor', 'group_leader'],
  ['supervisor', 'admissions_office'],
  ['file_clerk', 'group_leader'],
];

/** The exclusive pairs inside a set of roles. */
export const conflictsOf = (roles: readonly string[]): readonly (readonly [Role, Role])[] =>
  EXCLUSIVE.filter(([one, other]) => roles.includes(one) && roles.includes(other));

/**
 * Which roles a holder may give and take. Offices staff their own season; the security administrator appoints those who
 * approve, inspect and administer. Security and audit administrators are appointed at the command line only, so that
 * nobody inside can make the persons who watch them (GB/T 22239-2019 8.1.5).
 */
const GRANTABLE: Readonly<Record<Role, readonly Role[]>> = {
  admissions_office: [
    'file_clerk',
    'caller',
    'group_leader',
    'escalation_member',
    'recruiter',
    'receptionist',
  ],
  security_admin: ['admissions_office', 'supervisor', 'finance', 'unit_head', 'personnel', 'system_admin'],
  system_admin: none,
  audit_admin: none,
  file_clerk: none,
  caller: none,
  group_leader: none,
  supervisor: none,
  escalation_member: none,
  recruiter: none,
  receptionist: none,
  finance: none,
  unit_head: none,
  personnel: none,
};

export function grantableBy(mine: readonly string[]): ReadonlySet<string> {
  return new Set(mine.flatMap((role) => GRANTABLE[role as Role] ?? none));
}

/** Who may grant a role: the roles that hold the right, empty when only the command line does. */
export const grantersOf = (role: string): readonly Role[] =>
  ROLES.filter((holder) => GRANTABLE[holder].includes(role as Role));

/** Roles that hold work of their own in the follow-up. Escalation has its own queue. */
export const CALLING_ROLES: readonly Role[] = ['caller', 'group_leader'];

/** What part of the season a person sees. */
export type ScopeKind = 'all' | 'group' | 'own';

const ALL: ReadonlySet<string> = new Set<Role>(['admissions_office', 'file_clerk', 'supervisor']);

export function scopeKindOf(roles: readonly string[]): ScopeKind {
  if (roles.some((role) => ALL.has(role))) return 'all';
  return roles.includes('group_leader') ? 'group' : 'own';
}
