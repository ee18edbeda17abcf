import type { Role } from '#staff/rules';
import { type Access, all, group, own } from './access-sight.ts';
import { WORK_ACCESS } from './access-work.ts';

const staffReaders = {
  ...all('admissions_office', 'file_clerk', 'supervisor', 'system_admin', 'security_admin', 'audit_admin'),
  ...group('group_leader'),
};
const staffManagers = all('admissions_office', 'system_admin');
const accountKeepers = all('admissions_office', 'system_admin', 'security_admin');
const office = all('admissions_office');
const callers: readonly Role[] = ['caller', 'group_leader', 'escalation_member'];
const seasonReaders = all('admissions_office', 'file_clerk', 'supervisor', 'recruiter', ...callers);
const candidateReaders = {
  ...all('admissions_office', 'file_clerk', 'supervisor'),
  ...group('group_leader'),
  ...own('caller', 'escalation_member'),
};
const scriptReaders = all('admissions_office', 'file_clerk', 'supervisor', ...callers);

/**
 * Who reaches which route, and how far they see: reviewed by hand, one line a route. access-matrix.test.ts compares it with the
 * running server for every role, so that a changed grant, a new route or a forgotten scope fails until somebody has looked.
 */
export const ACCESS: Readonly<Record<string, Access>> = {
  ...WORK_ACCESS,

  // Signing in
  'POST /session': 'public',
  'GET /session/hint': 'public',
  'POST /session/totp': 'any session',
  'POST /session/confirm': 'signed in',
  'POST /session/totp/rebind': 'signed in',
  'POST /session/totp/enrol/start': 'any session',
  'POST /session/totp/enrol': 'any session',
  'POST /session/password': 'any session',
  'POST /session/notice': 'any session',
  'GET /session': 'any session',
  'DELETE /session': 'any session',
  'GET /sessions': 'signed in',
  'DELETE /sessions': 'signed in',

  // Platform: jobs and notices answer for one's own only
  'GET /jobs/:id': 'signed in',
  'GET /notices': 'signed in',
  'POST /notices/:id/read': 'signed in',
  'GET /events': 'signed in',
  'POST /audit/search': all('audit_admin', 'supervisor'),
  'POST /audit/verify': all('audit_admin', 'supervisor'),
  'GET /audit/heads': all('audit_admin', 'supervisor'),
  'GET /audit/exports': all('audit_admin', 'supervisor'),
  'POST /audit/exports/estimate': all('audit_admin', 'supervisor'),
  'POST /audit/exports': all('audit_admin', 'supervisor'),
  'POST /audit/exports/:id/decide': all('audit_admin', 'supervisor'),
  'GET /audit/exports/:id/file': all('audit_admin', 'supervisor'),
  'POST /audit/exports/:id/password': all('audit_admin', 'supervisor'),
  'GET /incidents': all('security_admin', 'audit_admin', 'admissions_office', 'supervisor'),
  'GET /incidents/:id/drafts/:audience': all(
    'security_admin',
    'audit_admin',
    'admissions_office',
    'supervisor',
  ),
  'POST /incidents': all('security_admin', 'admissions_office'),
  'PUT /incidents/:id': all('security_admin', 'admissions_office'),
  'POST /incidents/:id/notices': all('security_admin', 'admissions_office'),
  'POST /incidents/:id/close': all('security_admin', 'admissions_office'),
  'GET /security-settings': all('security_admin'),
  'PUT /security-settings': all('security_admin'),

  // People and accounts
  'POST /staff/people/search': staffReaders,
  'GET /staff/people/:id': staffReaders,
  'POST /staff/people': staffManagers,
  'PUT /staff/people/:id': staffManagers,
  'PUT /staff/people/:id/roles': all('admissions_office', 'security_admin'),
  'POST /staff/people/:id/reset-code': all('admissions_office', 'system_admin'),
  'POST /staff/people/:id/reset-factor': all('security_admin'),
  'POST /staff/people/:id/enable': accountKeepers,
  'POST /staff/people/:id/disable': accountKeepers,
  'POST /staff/people/:id/remove': office,
  'GET /staff/people/:id/open-work': accountKeepers,
  'POST /staff/people/:id/qualify': all('supervisor'),
  'GET /staff/people/:id/sessions': accountKeepers,
  'DELETE /staff/people/:id/sessions': accountKeepers,
  'GET /staff/account-report': all(
    'admissions_office',
    'supervisor',
    'system_admin',
    'security_admin',
    'audit_admin',
  ),
  'GET /staff/groups': staffReaders,
  'POST /staff/groups': staffManagers,
  'PUT /staff/groups/:id': staffManagers,
  'POST /staff/groups/:id/members': staffManagers,
  'POST /staff/groups/:id/dissolve': staffManagers,
  'GET /staff/units': staffReaders,
  'POST /staff/units': staffManagers,
  'PUT /staff/units/:id': staffManagers,
  'POST /staff/units/:id/void': staffManagers,
  'GET /staff/skills': staffReaders,
  'PUT /staff/skills/:code': staffManagers,
  'POST /staff/skills/:code/void': staffManagers,
  'GET /staff/import-template': staffManagers,
  'POST /staff/imports': staffManagers,
  'GET /staff/imports/:id': staffManagers,
  'GET /staff/imports/:id/errors': staffManagers,
  'POST /staff/imports/:id/confirm': staffManagers,

  // Leave
  'POST /absence/leaves/search': {
    ...all('admissions_office', 'personnel'),
    ...group('group_leader', 'unit_head'),
  },
  'GET /absence/leaves/mine': own(
    ...callers,
    'file_clerk',
    'supervisor',
    'recruiter',
    'receptionist',
    'admissions_office',
  ),
  'POST /absence/leaves': own(
    ...callers,
    'file_clerk',
    'supervisor',
    'recruiter',
    'receptionist',
    'admissions_office',
  ),
  'POST /absence/leaves/:id/decide': all('admissions_office', 'personnel', 'group_leader', 'unit_head'),
  'POST /absence/leaves/:id/end': own(
    ...callers,
    'file_clerk',
    'supervisor',
    'recruiter',
    'receptionist',
    'admissions_office',
  ),

  // Season and policy
  'GET /seasons': seasonReaders,
  'GET /seasons/:seasonId': seasonReaders,
  'POST /seasons': office,
  'PUT /seasons/:seasonId': office,
  'POST /seasons/:seasonId/stage': office,
  'GET /seasons/:seasonId/batches': seasonReaders,
  'POST /seasons/:seasonId/batches': office,
  'PUT /seasons/:seasonId/batches/:batchId': office,
  'POST /seasons/:seasonId/batches/:batchId/removal': office,
  'GET /seasons/:seasonId/majors': seasonReaders,
  'POST /seasons/:seasonId/majors': office,
  'PUT /seasons/:seasonId/majors/:majorId': office,
  'POST /seasons/:seasonId/majors/:majorId/removal': office,
  'GET /seasons/:seasonId/major-codes': seasonReaders,
  'PUT /seasons/:seasonId/major-codes': office,
  'POST /seasons/:seasonId/major-codes/removal': office,
  'GET /seasons/:seasonId/past-lines': seasonReaders,
  'PUT /seasons/:seasonId/past-lines': office,
  'POST /seasons/:seasonId/past-lines/removal': office,
  'GET /seasons/:seasonId/policies': seasonReaders,
  'POST /seasons/:seasonId/policies': office,
  'PUT /seasons/:seasonId/policies/:policyId': office,
  'GET /seasons/:seasonId/policies/:policyId/history': seasonReaders,
  'POST /seasons/:seasonId/policies/copy': office,
  'GET /seasons/:seasonId/settings': seasonReaders,
  'GET /seasons/:seasonId/settings/history': seasonReaders,
  'PUT /seasons/:seasonId/settings': office,

  // Candidate files
  'POST /candidates/search': candidateReaders,
  'GET /candidates/options': candidateReaders,
  'POST /search': candidateReaders,

  // Scripts and phrases
  'GET /scripts': scriptReaders,
  'GET /scripts/:scriptId': scriptReaders,
  'POST /scripts': office,
  'PUT /scripts/:scriptId/draft': office,
  'POST /scripts/:scriptId/submission': office,
  'POST /scripts/:scriptId/take-back': office,
  'POST /scripts/:scriptId/decision': all('admissions_office', 'supervisor'),
  'POST /scripts/:scriptId/retirement': office,
  'POST /scripts/pack': office,
  'GET /phrases': scriptReaders,
  'POST /phrases': office,
  'PUT /phrases/:phraseId': office,
};
