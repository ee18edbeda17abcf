import type { FastifyReply, FastifyRequest } from 'fastify';
import { disposition } from '#platform/http/content-disposition';
import { type Refusal, refuse } from '#platform/http/refusal';
import { ok, type Result } from '#platform/result';

/** Sends a workbook under its name, to be saved and never cached. */
export function sendSheet(reply: FastifyReply, name: string, bytes: Uint8Array): void {
  reply
    .type('application/vnd.openxmlformats-officedocument.spreadsheetml.sheet')
    .header('cache-control', 'no-store')
    .header('content-disposition', disposition('attachment', name))
    .send(Buffer.from(bytes));
}

/** What a route takes: at most so many bytes, kinds as people name them, and what the sheet is of, for the sentence. */
export interface SheetLimits {
  readonly bytesMax: number;
  readonly kinds: 'XLSX' | 'XLSX 或 CSV';
  readonly of: string;
}

/** The one file of a request, whole in memory: a sheet of a few megabytes, read at once. Refuses none and one that is larger. */
export async function takeSheet(
  request: FastifyRequest,
  { bytesMax, kinds, of }: SheetLimits,
): Promise<Result<{ name: string; bytes: Buffer }, Refusal<'no_file' | 'too_large'>>> {
  const part = await request.file({
    limits: { fileSize: bytesMax, files: 1 },
    throwFileSizeLimit: false,
  });
  if (!part) return refuse('no_file', `没有收到文件，请选择一个 ${kinds} 文件再上传。`);
  const bytes = await part.toBuffer();
  if (part.file.truncated)
    return refuse('too_large', `文件超过 ${bytesMax >> 20} MB，请只保留${of}那一张表再上传。`);
  return ok({ name: part.filename, bytes });
}
