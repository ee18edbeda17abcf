import { z } from 'zod';
import { route } from '#platform/http/route';
import { Id } from './contract.ts';

/** 误退: reported, traced, decided by the supervisor. */

const Touch = z.object({ at: z.number(), who: z.string(), what: z.string() });
const WrongfulState = z.enum(['open', 'confirmed', 'unfounded']);
export const WrongfulView = z.object({
  id: z.uuid(),
  withdrawalId: z.uuid(),
  candidateName: z.string(),
  candidateNo: z.string(),
  state: WrongfulState,
  description: z.string(),
  reportedByName: z.string(),
  reportedAt: z.number(),
  trace: z.array(Touch),
  finding: z.string().nullable(),
  decidedByName: z.string().nullable(),
  decidedAt: z.number().nullable(),
});

export const reportWrongful = route({
  method: 'POST',
  path: '/withdrawals/:id/wrongful',
  permission: 'withdrawal.report_wrongful',
  summary: '报告误退，追溯经手的每个人',
  params: Id,
  body: z.object({ description: z.string().trim().min(10, '请用至少 10 个字写明情况').max(2000) }),
  reply: WrongfulView,
  refusals: { not_found: 404, wrong_state: 409, already_open: 409 },
});

export const listWrongful = route({
  method: 'GET',
  path: '/wrongful-withdrawals',
  permission: 'withdrawal.decide_wrongful',
  summary: '误退报告：待认定的在前，其余按报告时间从新到旧',
  query: z.object({
    state: WrongfulState.optional(),
    cursor: z.string().max(100).optional(),
    limit: z.coerce.number().int().min(1).max(50).default(20),
  }),
  reply: z.object({
    /** Without the trace: only how many entries it has. */
    items: z.array(WrongfulView.omit({ trace: true }).extend({ touches: z.number() })),
    nextCursor: z.string().nullable(),
    total: z.number(),
    /** Reports that wait for a finding, whatever the filter. */
    waiting: z.number(),
  }),
});

export const readWrongful = route({
  method: 'GET',
  path: '/wrongful-withdrawals/:id',
  permission: 'withdrawal.decide_wrongful',
  summary: '一份误退报告和经手经过',
  params: Id,
  reply: WrongfulView,
  refusals: { not_found: 404 },
});

export const decideWrongful = route({
  method: 'POST',
  path: '/wrongful-withdrawals/:id/decide',
  permission: 'withdrawal.decide_wrongful',
  freshAuth: true,
  summary: '督查认定误退是否属实',
  params: Id,
  body: z.object({ confirmed: z.boolean(), finding: z.string().trim().min(10, '请写明认定依据').max(2000) }),
  reply: WrongfulView,
  refusals: { not_found: 404, wrong_state: 409, same_person: 403 },
});
