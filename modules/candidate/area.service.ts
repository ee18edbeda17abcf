import { buffer } from 'node:stream/consumers';
import { audit } from '#platform/audit/audit';
import { type Ctx, inTenant } from '#platform/db/tenant';
import type { StreamIo } from '#platform/http/endpoint';
import { type Refusal, refuse } from '#platform/http/refusal';
import { ok, type Result } from '#platform/result';
import type { AreaPrefix } from './area.contract.ts';
import {
  BY_HAND,
  countPrefixes,
  deletePrefix,
  readPrefixes,
  replaceImported,
  savePrefix,
} from './area.store.ts';
import { compactAreas, readAreaFile } from './area-file.ts';

export async function prefixesOf(
  ctx: Ctx,
  query: { prefix?: string | undefined; cursor?: string | undefined; limit: number },
): Promise<Result<{ items: AreaPrefix[]; nextCursor: string | null; total: number }, never>> {
  const rows = await readPrefixes(ctx, { ...query, limit: query.limit + 1 });
  const items = rows.slice(0, query.limit);
  const nextCursor = rows.length > query.limit ? (items.at(-1)?.prefix ?? null) : null;
  return ok({ items, nextCursor, total: await countPrefixes(ctx, query.prefix) });
}

export async function changePrefix(
  ctx: Ctx,
  given: Omit<AreaPrefix, 'source'>,
): Promise<Result<undefined, never>> {
  await savePrefix(ctx, { ...given, source: BY_HAND });
  await audit(ctx, {
    action: 'area_prefix.changed',
    subjectType: 'area_prefix',
    subjectId: given.prefix,
    after: given,
  });
  return ok(undefined);
}

export async function removePrefix(
  ctx: Ctx,
  prefix: string,
): Promise<Result<undefined, Refusal<'not_found'>>> {
  if (!(await deletePrefix(ctx, prefix))) return refuse('not_found', `没有号段 ${prefix}，请刷新后查看。`);
  await audit(ctx, { action: 'area_prefix.removed', subjectType: 'area_prefix', subjectId: prefix });
  return ok(undefined);
}

type ImportRefusal = Refusal<'no_file' | 'bad_file'>;

/** Takes a prefix file into the table, whole or not at all. */
export async function importAreaFile(
  io: StreamIo,
): Promise<Result<{ version: string; prefixes: number }, ImportRefusal>> {
  const part = await io.request.file();
  if (!part) return refuse('no_file', '没有收到文件，请选择号段数据文件（phone.dat）后再导入。');
  const bytes = await buffer(part.file);
  const read = readAreaFile(bytes);
  if (!read.ok) return refuse('bad_file', read.error);
  const { version, entries } = read.value;
  const compact = compactAreas(entries);
  return inTenant(io.env, io.caller, async (ctx) => {
    await replaceImported(ctx, compact, `号段文件 ${version}`);
    const after = { version, prefixes: entries.length, rows: compact.length };
    await audit(ctx, { action: 'area_prefix.imported', subjectType: 'area_prefix', subjectId: null, after });
    return ok({ version, prefixes: entries.length });
  });
}
