import { z } from 'zod';
import { route } from '#platform/http/route';

const id = z.object({ id: z.uuid() });

export const NoteView = z.object({
  id: z.string(),
  body: z.string(),
  flagged: z.array(z.string()),
  writtenBy: z.string(),
  writtenAt: z.number(),
  voidedAt: z.number().nullable(),
  voidReason: z.string().nullable(),
  mine: z.boolean(),
});

export const listNotes = route({
  method: 'GET',
  path: '/candidates/:id/notes',
  permission: 'candidate.read',
  summary: '考生的备注',
  params: id,
  reply: z.object({ items: z.array(NoteView) }),
  refusals: { not_found: 404 },
});

export const writeNote = route({
  method: 'POST',
  path: '/candidates/:id/notes',
  permission: 'candidate.edit',
  summary: '写备注；承诺、威胁类用语会提示',
  params: id,
  body: z.object({ body: z.string().trim().min(1).max(2000) }),
  reply: z.object({
    id: z.string(),
    flagged: z.array(z.object({ pattern: z.string(), advice: z.string() })),
  }),
  refusals: { not_found: 404 },
});

export const voidNote = route({
  method: 'POST',
  path: '/candidates/:id/notes/:noteId/void',
  permission: 'candidate.edit',
  summary: '作废备注（留痕）',
  params: z.object({ id: z.uuid(), noteId: z.uuid() }),
  body: z.object({ reason: z.string().trim().min(4).max(200) }),
  refusals: { not_found: 404, not_author: 403 },
});
