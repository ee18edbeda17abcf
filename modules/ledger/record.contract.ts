import { z } from 'zod';
import { RECEIVER_BASES } from './rules.ts';

/** What every export tells, whatever it takes out. */
export const ExportRecord = z.object({
  id: z.uuid(),
  receiver: z.string().nullable(),
  receiverBasis: z.enum(RECEIVER_BASES).nullable(),
  reason: z.string(),
  rows: z.number(),
  state: z.enum(['waiting', 'making', 'ready', 'rejected', 'failed']),
  mark: z.string(),
  requestedBy: z.string(),
  requestedByName: z.string(),
  requestedAt: z.number(),
  approvedByName: z.string().nullable(),
  decisionNote: z.string().nullable(),
  jobId: z.string().nullable(),
  expiresAt: z.number().nullable(),
  downloads: z.number(),
});
