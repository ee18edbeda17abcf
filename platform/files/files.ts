import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { sql } from 'kysely';
import type { Ctx } from '#platform/db/tenant';
import { type Refusal, refuse } from '#platform/http/refusal';
import { type Instant, newId } from '#platform/ids';
import { ok, type Result } from '#platform/result';
import type { FileStore } from './store.ts';

export interface StoredFile {
  readonly id: string;
  readonly purpose: string;
  readonly name: string;
  readonly mediaType: string;
  readonly sizeBytes: number;
  readonly sha256: Buffer;
  readonly createdAt: Instant;
  readonly removedAt: Instant | null;
}

export interface NewFile {
  /** What it is for, e.g. `delivery`, `withdrawal_evidence`, `photo`: who may read it is decided by purpose. */
  readonly purpose: string;
  readonly name: string;
  readonly mediaType: string;
  readonly removeAfter?: Instant;
}

const NAME_MAX = 200;
/** Controls and marks that turn the direction of writing: `fdp.exe` would read as `exe.pdf`. */
const UNSEEN = /[\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]/;

/** Stores content and its row. The object is written first: a row never points to nothing, an orphan is swept later. */
export async function storeFile(
  ctx: Ctx,
  files: FileStore,
  file: NewFile,
  content: Readable | Buffer,
): Promise<StoredFile> {
  const id = newId();
  const stream = Buffer.isBuffer(content) ? Readable.from([content]) : content;
  const key = ctx.vault.currentKey();
  const { sizeBytes, sha256 } = await files.put({ tenantId: ctx.tenantId, fileId: id }, key, stream);
  const name = safeName(file.name);
  await sql`insert into stored_file (tenant_id, id, purpose, name, media_type, size_bytes, sha256, created_by, created_at, remove_after, key_no)
    values (${ctx.tenantId}, ${id}, ${file.purpose}, ${name}, ${file.mediaType}, ${sizeBytes}, ${sha256}, ${ctx.actor.userId},
      ${new Date(ctx.now)}, ${file.removeAfter === undefined ? null : new Date(file.removeAfter)}, ${key.keyNo})`.execute(
    ctx.tx,
  );
  return {
    id,
    purpose: file.purpose,
    name,
    mediaType: file.mediaType,
    sizeBytes,
    sha256,
    createdAt: ctx.now,
    removedAt: null,
  };
}

/** A name to show and to offer for saving: no path, no control characters, no quotes, at most 200 characters. */
export function safeName(name: string): string {
  const last = name.split(/[\\/]/).at(-1) ?? '';
  const clean = [...last]
    .filter((char) => char >= ' ' && !UNSEEN.test(char) && !'"<>|?*:'.includes(char))
    .slice(0, NAME_MAX)
    .join('')
    .trim();
  return clean === '' || /^\.+$/.test(clean) ? '未命名' : clean;
}

export async function findFile(ctx: Ctx, id: string): Promise<StoredFile | null> {
  const { rows } = await sql<StoredFile>`
    select id, purpose, name, media_type as "mediaType", size_bytes as "sizeBytes", sha256, created_at as "createdAt", removed_at as "removedAt"
    from stored_file where tenant_id = ${ctx.tenantId} and id = ${id}`.execute(ctx.tx);
  return rows[0] ?? null;
}

export const readFile = (ctx: Ctx, files: FileStore, id: string): Promise<Readable> =>
  files.get({ tenantId: ctx.tenantId, fileId: id }, ctx.vault.dataKey);

/** Writes an object anew under the current key, when it has another one. Nobody who reads meanwhile notices. */
export async function resealFile(ctx: Ctx, files: FileStore, id: string): Promise<void> {
  const place = { tenantId: ctx.tenantId, fileId: id };
  const key = ctx.vault.currentKey();
  let keyNo = 0;
  const content = await files.get(place, (no) => {
    keyNo = no;
    return ctx.vault.dataKey(no);
  });
  if (keyNo === key.keyNo) content.destroy();
  else await files.put(place, key, content);
  await sql`update stored_file set key_no = ${key.keyNo} where tenant_id = ${ctx.tenantId} and id = ${id}`.execute(
    ctx.tx,
  );
}

export async function removeFile(ctx: Ctx, files: FileStore, id: string): Promise<void> {
  await sql`update stored_file set removed_at = ${new Date(ctx.now)} where tenant_id = ${ctx.tenantId} and id = ${id}`.execute(
    ctx.tx,
  );
  await files.remove({ tenantId: ctx.tenantId, fileId: id });
}

/** Lets files go that nothing points to any more; the daily clean-up takes them away, so a rolled-back transaction loses nothing. */
export async function expireFiles({ tx, tenantId, now }: Ctx, ids: readonly string[]): Promise<void> {
  await sql`update stored_file set remove_after = ${new Date(now)}
    where tenant_id = ${tenantId} and id = any(${[...ids]}::uuid[]) and removed_at is null`.execute(tx);
}

/** What the first bytes say it is; null when they say nothing (text, DBF). The name's extension is never believed. */
export async function sniff(head: Uint8Array): Promise<string | null> {
  const { fileTypeFromBuffer } = await import('file-type');
  return (await fileTypeFromBuffer(head))?.mime ?? null;
}

const PIXELS_MAX = 40_000_000;
const SIDE_MAX = 3000;
const photoTypes: ReadonlySet<string> = new Set(['image/jpeg', 'image/png', 'image/webp', 'image/heic']);

/**
 * Takes in a picture: type by its bytes, at most 40 million pixels, re-encoded as JPEG without any metadata, at most 3000 a side.
 * Refuses `not_a_picture` and `picture_too_large`.
 */
export async function cleanPicture(
  content: Readable | Buffer,
): Promise<Result<Buffer, Refusal<'not_a_picture' | 'picture_too_large'>>> {
  const bytes = Buffer.isBuffer(content) ? content : await buffer(content);
  const type = await sniff(bytes);
  if (type === null || !photoTypes.has(type))
    return refuse('not_a_picture', '这不是照片。请上传 JPG 或 PNG 格式的照片。');
  const { default: sharp } = await import('sharp');
  try {
    const picture = sharp(bytes, { limitInputPixels: PIXELS_MAX, failOn: 'error' });
    const { width, height } = await picture.metadata();
    if ((width ?? 0) * (height ?? 0) > PIXELS_MAX) return refuse('picture_too_large', tooLarge);
    const clean = await picture
      .rotate()
      .resize(SIDE_MAX, SIDE_MAX, { fit: 'inside', withoutEnlargement: true })
      .jpeg({ quality: 88 })
      .toBuffer();
    return ok(clean);
  } catch (error) {
    if (error instanceof Error && error.message.includes('pixel limit'))
      return refuse('picture_too_large', tooLarge);
    return refuse('not_a_picture', '照片文件已损坏，无法读取。请重新拍照或另存后再上传。');
  }
}

const tooLarge = `照片的像素太多（上限 ${PIXELS_MAX / 10_000} 万像素），请缩小后再上传。`;
