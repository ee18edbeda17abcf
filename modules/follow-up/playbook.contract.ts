import { z } from 'zod';
import { RELATIONS } from '#candidate/rules';
import { route } from '#platform/http/route';
import { PLAYBOOK_OUTCOMES, PLAYBOOK_STEPS, ROUTES } from './playbook.rules.ts';
import { CaseState, DispositionCode } from './work.contract.ts';

/** Routes of the playbook for candidates nobody reaches. */

const params = z.object({ caseId: z.uuid() });
const Step = z.enum(PLAYBOOK_STEPS);
const Route = z.enum(ROUTES);
const Outcome = z.enum(PLAYBOOK_OUTCOMES);

const Entry = z.object({
  id: z.string(),
  step: Step,
  route: Route.nullable(),
  outcome: Outcome,
  detail: z.string(),
  phoneMasked: z.string().nullable(),
  basis: z.string().nullable(),
  byName: z.string(),
  at: z.number(),
});

const SameSchool = z.object({
  schoolName: z.string().nullable(),
  /** Those the reader may see anyway, masked. */
  visible: z.array(
    z.object({
      caseId: z.string(),
      candidateName: z.string(),
      candidateNo: z.string(),
      ownerName: z.string().nullable(),
      disposition: DispositionCode,
      state: CaseState,
    }),
  ),
  /** Others of the same school, only their number. */
  others: z.number(),
});

export const PlaybookView = z.object({
  caseId: z.string(),
  /** The province shields numbers: nobody outside is asked. */
  shielded: z.boolean(),
  steps: z.array(
    z.object({ step: Step, state: z.enum(['done', 'waiting', 'not_applicable', 'next', 'open']) }),
  ),
  entries: z.array(Entry),
  sameSchool: SameSchool,
});
export type PlaybookData = z.output<typeof PlaybookView>;

export const readPlaybook = route({
  method: 'GET',
  path: '/follow-up/cases/:caseId/playbook',
  permission: 'escalation.read',
  summary: '联系不上时的办法：已做、下一步、同校考生',
  params,
  reply: PlaybookView,
  refusals: { not_found: 404 },
});

export const recordPlaybook = route({
  method: 'POST',
  path: '/follow-up/cases/:caseId/playbook',
  permission: 'playbook.record',
  summary: '登记一步查找；找到的号码带来源和依据加到考生名下',
  params,
  body: z.object({
    step: Step,
    route: Route.nullable().default(null),
    outcome: Outcome,
    detail: z.string().trim().max(500).default(''),
    number: z
      .object({
        number: z.string().trim().min(7).max(30),
        relation: z.enum(RELATIONS),
        contactName: z.string().trim().max(40).default(''),
        basis: z.string().trim().min(2, '请写明为什么可以用这个号码').max(200),
      })
      .nullable()
      .default(null),
  }),
  reply: PlaybookView,
  refusals: {
    not_found: 404,
    case_closed: 409,
    incomplete: 422,
    bad_number: 422,
    duplicate_number: 409,
    number_busy: 409,
  },
});
