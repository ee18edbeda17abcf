import { pipeline } from 'node:stream/promises';
import { audit } from '#platform/audit/audit';
import { inTenant } from '#platform/db/tenant';
import { findFile, readFile } from '#platform/files/files';
import type { FileStore } from '#platform/files/store';
import type { StreamIo } from '#platform/http/endpoint';
import { type Refusal, refuse } from '#platform/http/refusal';
import { ok, type Result } from '#platform/result';
import { openFile } from './access.service.ts';
import type { CandidateId } from './ids.ts';

type PhotoRefusal = Refusal<'not_found' | 'no_photo'>;

/** The photo of a candidate in scope: logged, never cached. Row-level security keeps it inside the tenant. */
export async function sendPhoto(
  io: StreamIo,
  files: FileStore,
  id: CandidateId,
): Promise<Result<undefined, PhotoRefusal>> {
  const found = await inTenant(io.env, io.caller, async (ctx) => {
    const file = await openFile(ctx, id);
    if (!file.ok) return file;
    const stored = file.value.photoFileId === null ? null : await findFile(ctx, file.value.photoFileId);
    if (!stored || stored.removedAt !== null) return refuse('no_photo', '这名考生没有照片。');
    await audit(ctx, { action: 'candidate.photo_viewed', subjectType: 'candidate', subjectId: id });
    return ok({ type: stored.mediaType, bytes: await readFile(ctx, files, stored.id) });
  });
  if (!found.ok) return found;
  const { type, bytes } = found.value;
  io.reply.hijack();
  io.reply.raw.writeHead(200, {
    'content-type': type,
    'cache-control': 'no-store',
    'content-disposition': 'inline',
    'x-content-type-options': 'nosniff',
  });
  await pipeline(bytes, io.reply.raw);
  return ok(undefined);
}
