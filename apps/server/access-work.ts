import { type Access, all, group, own } from './access-sight.ts';

const office = all('admissions_office');
const fileClerk = all('file_clerk');
const supervisor = all('supervisor');
const leader = group('group_leader');
const clerks = all('admissions_office', 'file_clerk');
const overseers = all('admissions_office', 'file_clerk', 'supervisor');
const callers = { ...own('caller', 'escalation_member'), ...leader };
const editors = { ...clerks, ...callers };
const readers = { ...overseers, ...callers };
const movers = { ...clerks, ...leader };
const handlers = { ...own('escalation_member'), ...leader, ...supervisor, ...office };
const boards = { ...overseers, ...leader };
const correctors = { ...office, ...callers };

/** Access of the modules in which the season's work is done; joined to the table of access-matrix.ts. */
export const WORK_ACCESS: Readonly<Record<string, Access>> = {
  // Candidate files
  'POST /candidates/signals': editors,
  'GET /views': 'signed in',
  'PUT /views': 'signed in',
  'PATCH /views/:id': 'signed in',
  'DELETE /views/:id': 'signed in',
  'GET /candidates/:id': readers,
  'GET /candidates/:id/contacts': readers,
  'GET /candidates/:id/materials': readers,
  'GET /candidates/:id/history': readers,
  'GET /candidates/:id/photo': readers,
  'POST /candidates/:id/reveal': readers,
  'GET /candidates/:id/notes': readers,
  'POST /candidates/:id/notes': editors,
  'POST /candidates/:id/notes/:noteId/void': editors,
  'POST /candidates/:id/phones': editors,
  'PATCH /candidates/:id/phones/:phoneId': editors,
  'POST /candidates/:id/phones/:phoneId/detach': editors,
  'PUT /candidates/:id/signals': editors,
  'PUT /candidates/:id/wish': editors,
  'GET /candidates/:id/doubles': clerks,
  'POST /candidates/:id/merge': clerks,
  'POST /candidates/merges/:id/undo': clerks,
  'GET /candidates/unnamed-majors': all('admissions_office', 'file_clerk', 'supervisor'),
  'POST /candidates/unnamed-majors/naming': office,
  'GET /signals': readers,
  'PUT /signals/:code': office,
  'GET /area-prefixes': readers,
  'PUT /area-prefixes/:prefix': office,
  'DELETE /area-prefixes/:prefix': office,
  'POST /area-prefixes/import': office,

  // Who follows up whom
  'GET /assignment-runs/options': clerks,
  'GET /release-checks': clerks,
  'POST /assignment-runs': clerks,
  'GET /assignment-runs': clerks,
  'GET /assignment-runs/:id': clerks,
  'POST /assignment-runs/:id/release': fileClerk,
  'POST /assignment-runs/:id/discard': clerks,
  'GET /assignments/callers': movers,
  'GET /assignments/cases': movers,
  'GET /assignments/history/:caseId': movers,
  'POST /assignments/reassign': movers,
  'POST /assignments/take-back': movers,
  'POST /assignments/balance': movers,
  'POST /assignments/return-all': movers,

  // The follow-up: a caller works at what the lease, not the group, allows
  'GET /queue': callers,
  'GET /queue/dialects': callers,
  'POST /queue/claim': callers,
  'POST /queue/leases/:leaseId/finish': callers,
  'POST /queue/leases/:leaseId/skip': callers,
  'POST /queue/attempts/:attemptId/undo': callers,
  'POST /queue/attempts/:attemptId/complete': callers,
  'POST /queue/attempts/:attemptId/correct': correctors,
  'POST /queue/presence': callers,
  'GET /queue/aids': callers,
  'POST /queue/inbound': callers,
  'POST /queue/cases/:caseId/inbound-notes': callers,
  'POST /queue/cases/:caseId/take-over': callers,
  'POST /queue/leases/:leaseId/heartbeat': callers,
  'PUT /queue/leases/:leaseId/draft': callers,
  'POST /queue/leases/:leaseId/dial': callers,
  'POST /queue/leases/:leaseId/numbers': callers,
  'POST /queue/leases/:leaseId/messages': callers,
  'PUT /queue/leases/:leaseId/signals': callers,
  'PUT /queue/leases/:leaseId/wish': callers,
  'POST /queue/leases/:leaseId/escalate': callers,
  'GET /queue/leases/:leaseId/shared': callers,
  'GET /follow-up/candidates/:candidateId/contacts': readers,
  'GET /follow-up/cases/:caseId/events': readers,
  'GET /follow-up/proof': overseers,
  'POST /follow-up/proof': all('supervisor', 'admissions_office'),
  'GET /follow-up/do-not-call': { ...all('supervisor', 'admissions_office'), ...group('group_leader') },
  'POST /follow-up/do-not-call': all('supervisor', 'admissions_office', 'group_leader'),
  'POST /follow-up/do-not-call/:id/lift': supervisor,
  'POST /follow-up/cases/:caseId/reopen': all('supervisor', 'admissions_office'),

  // Hand-overs: a caller their own, a leader the groups', members of the escalation team what is handed to the team or theirs
  'GET /escalations': { ...callers, ...office, ...supervisor },
  'GET /escalations/:id': { ...callers, ...office, ...supervisor },
  'POST /follow-up/cases/:caseId/escalate': callers,
  'POST /escalations/:id/accept': handlers,
  'POST /escalations/:id/return': handlers,
  'POST /escalations/:id/pass-on': handlers,
  'POST /escalations/:id/work': callers,
  'GET /follow-up/cases/:caseId/playbook': { ...callers, ...office, ...supervisor },
  'POST /follow-up/cases/:caseId/playbook': { ...callers, ...office },
  'GET /rounds': { ...boards, ...own('escalation_member') },
  'GET /rounds/cases': { ...boards, ...own('escalation_member') },
  'POST /rounds/move': office,

  // Withdrawal
  'POST /withdrawals/search': readers,
  'GET /withdrawals/:id': readers,
  'GET /withdrawals/cases/:caseId': callers,
  'GET /withdrawals/cases/:caseId/letter': callers,
  'POST /withdrawals': callers,
  'GET /withdrawals/:id/letter': readers,
  'POST /withdrawals/:id/evidence': callers,
  'GET /withdrawals/:id/evidence': readers,
  // The office stands in where a group has no leader, and for a leader's own candidates.
  'POST /withdrawals/:id/check': { ...leader, ...office },
  'POST /withdrawals/:id/send-back': fileClerk,
  'POST /withdrawals/:id/execute': fileClerk,
  'POST /withdrawals/:id/cancel': callers,
  'POST /withdrawals/:id/wrongful': readers,
  'GET /wrongful-withdrawals': supervisor,
  'GET /wrongful-withdrawals/:id': supervisor,
  'POST /wrongful-withdrawals/:id/decide': supervisor,

  // Final decisions: a member of the escalation team proposes what they answer for
  'GET /decisions': { ...overseers, ...own('escalation_member') },
  'POST /decisions': { ...fileClerk, ...own('escalation_member') },
  'POST /decisions/:id/confirm': office,
  'POST /decisions/:id/reject': office,

  // Deliveries: read by who oversees, changed by the clerks
  'POST /imports': clerks,
  'GET /imports': overseers,
  'GET /imports/:id': overseers,
  'GET /imports/:id/findings': overseers,
  'GET /imports/:id/changes': overseers,
  'GET /imports/:id/findings.xlsx': overseers,
  'GET /imports/:id/findings.csv': overseers,
  'POST /imports/:id/mapping': clerks,
  'POST /imports/:id/read-again': clerks,
  'POST /imports/:id/confirm': clerks,
  'POST /imports/:id/discard': clerks,
  'POST /imports/:id/undo': clerks,

  // Leads: one's own registrations; the clerks all
  'POST /leads/search': { ...clerks, ...own('recruiter', 'caller', 'group_leader', 'escalation_member') },
  'POST /leads': { ...office, ...own('recruiter', 'caller', 'group_leader', 'escalation_member') },
  'POST /leads/:id/void': clerks,
  'POST /leads/:id/settle': clerks,
  'GET /leads/import-template': clerks,
  'POST /leads/import': clerks,

  // Exports: the file only for who asked, the decision only by another person
  'GET /exports': clerks,
  'POST /exports/estimate': clerks,
  'POST /exports': clerks,
  'POST /exports/:id/decide': clerks,
  'GET /exports/:id/file': clerks,
  'POST /exports/:id/password': clerks,
  'GET /exports/shared': all('admissions_office', 'file_clerk', 'supervisor'),

  // Figures and weekly summaries
  'GET /reports/wallboard': overseers,
  'GET /reports/wallboard/stream': overseers,
  'GET /reports/group': boards,
  'GET /reports/stuck': boards,
  'GET /reports/leaderboard': overseers,
  'GET /reports/hours': boards,
  'GET /reports/days': overseers,
  'GET /summaries': boards,
  'POST /summaries': leader,
  'PUT /summaries/:id': leader,
};
