import { z } from 'zod';
import { route } from '#platform/http/route';
import { CandidateRow } from './list.contract.ts';

const Reason = z.string().trim().min(4).max(200);
const id = z.object({ id: z.uuid() });

export const listDoubles = route({
  method: 'GET',
  path: '/candidates/:id/doubles',
  permission: 'candidate.merge',
  summary: '疑似同一人的其他档案',
  params: id,
  reply: z.object({ items: z.array(CandidateRow) }),
  refusals: { not_found: 404 },
});

export const mergeCandidates = route({
  method: 'POST',
  path: '/candidates/:id/merge',
  permission: 'candidate.merge',
  summary: '把另一份档案并入本档案（可撤销）',
  params: id,
  body: z.object({ otherId: z.uuid(), reason: Reason }),
  reply: z.object({ id: z.string(), phones: z.number() }),
  refusals: {
    not_found: 404,
    not_same_person: 409,
    same_file: 409,
    other_season: 409,
    already_merged: 409,
    both_contacted: 409,
    case_open: 409,
  },
});

export const undoMergeRoute = route({
  method: 'POST',
  path: '/candidates/merges/:id/undo',
  permission: 'candidate.merge',
  summary: '撤销合并',
  params: id,
  body: z.object({ reason: Reason }),
  refusals: { not_found: 404 },
});
