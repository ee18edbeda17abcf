import { z } from 'zod';
import { route } from '#platform/http/route';
import { CHECK_CODES } from './check.rules.ts';

/** 放出检查: one line a province and batch, with everything that still stands in the way. */

export const PlaceCheck = z.object({
  provinceCode: z.string(),
  batchId: z.string(),
  batchName: z.string(),
  /** Null while nobody has entered a policy. */
  policyId: z.string().nullable(),
  withdrawable: z.boolean().nullable(),
  candidates: z.number(),
  waiting: z.number(),
  released: z.number(),
  checks: z.array(z.object({ code: z.enum(CHECK_CODES), blocks: z.boolean(), text: z.string() })),
});
export type PlaceCheck = z.output<typeof PlaceCheck>;

export const releaseChecks = route({
  method: 'GET',
  path: '/release-checks',
  permission: 'assignment.preview',
  summary: '放出检查：每个省份批次还缺什么、谁来补',
  reply: z.object({
    stage: z.object({ phase: z.string(), round: z.string() }).nullable(),
    items: z.array(PlaceCheck),
    /** Qualified, on duty, with room: without them nobody can be dealt to. */
    callers: z.number(),
    room: z.number(),
  }),
});
