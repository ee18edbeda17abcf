import { z } from 'zod';
import { route } from '#platform/http/route';

/** At most so many files in one act of a list. */
export const BATCH_MAX = 200;

export const addSignalToMany = route({
  method: 'POST',
  path: '/candidates/signals',
  permission: 'candidate.edit',
  summary: '给选中的考生加关注点',
  body: z.object({ ids: z.array(z.uuid()).min(1).max(BATCH_MAX), code: z.string().min(1).max(40) }),
  reply: z.object({ count: z.number() }),
  refusals: { signal_unknown: 422, not_found: 404 },
});

export const listSignals = route({
  method: 'GET',
  path: '/signals',
  permission: 'candidate.read',
  summary: '关注点目录',
  reply: z.object({
    items: z.array(
      z.object({
        code: z.string(),
        name: z.string(),
        help: z.string(),
        position: z.number(),
        active: z.boolean(),
      }),
    ),
  }),
});

export const putSignal = route({
  method: 'PUT',
  path: '/signals/:code',
  permission: 'season.manage',
  summary: '新增或修改关注点（措辞中性，写明提供的帮助）',
  params: z.object({ code: z.string().regex(/^[a-z][a-z0-9_]{1,39}$/) }),
  body: z.object({
    name: z.string().trim().min(2).max(12),
    help: z.string().trim().min(6).max(200),
    position: z.int().min(1).max(99),
    active: z.boolean(),
  }),
  refusals: { forbidden_signal: 422 },
});
