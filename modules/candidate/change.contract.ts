import { z } from 'zod';
import { route } from '#platform/http/route';
import { RELATIONS } from './rules.ts';

/** Changes of one candidate file: numbers, signals, wishes. */

const id = z.object({ id: z.uuid() });
const Reason = z.string().trim().min(4).max(200);

export const newPhone = route({
  method: 'POST',
  path: '/candidates/:id/phones',
  permission: 'candidate.edit',
  summary: '添加号码（关系、来源、依据）',
  params: id,
  body: z.object({
    number: z.string().trim().min(5).max(40),
    relation: z.enum(RELATIONS),
    source: z.string().trim().min(2).max(60),
    basis: z.string().trim().min(2).max(100),
    contactName: z.string().trim().max(30).optional(),
  }),
  reply: z.object({ phoneId: z.string(), masked: z.string() }),
  refusals: {
    not_found: 404,
    number_bad: 422,
    several_numbers: 422,
    already_there: 409,
    too_many_phones: 409,
  },
});

const phoneParams = z.object({ id: z.uuid(), phoneId: z.uuid() });

export const changePhone = route({
  method: 'PATCH',
  path: '/candidates/:id/phones/:phoneId',
  permission: 'candidate.edit',
  summary: '更正号码的关系、联系人或设为首选',
  params: phoneParams,
  body: z.object({
    relation: z.enum(RELATIONS).optional(),
    contactName: z.string().trim().max(30).nullable().optional(),
    first: z.boolean().optional(),
  }),
  refusals: { not_found: 404 },
});

export const wrongPhone = route({
  method: 'POST',
  path: '/candidates/:id/phones/:phoneId/detach',
  permission: 'candidate.edit',
  summary: '错号：从该考生移除并留作依据',
  params: phoneParams,
  body: z.object({ reason: Reason }),
  refusals: { not_found: 404 },
});

export const putSignals = route({
  method: 'PUT',
  path: '/candidates/:id/signals',
  permission: 'candidate.edit',
  summary: '设置关注点',
  params: id,
  body: z.object({ codes: z.array(z.string().min(1).max(40)).max(20) }),
  refusals: { not_found: 404, signal_unknown: 422 },
});

export const putWish = route({
  method: 'PUT',
  path: '/candidates/:id/wish',
  permission: 'candidate.edit',
  summary: '本专硕意向、专业意愿（只记录，不承诺）',
  params: id,
  body: z.object({
    pathwayInterest: z.boolean().optional(),
    majorWish: z.string().trim().max(60).nullable().optional(),
  }),
  refusals: { not_found: 404 },
});
