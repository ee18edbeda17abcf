import { createHash } from 'node:crypto';
import { sql } from 'kysely';
import type { Ctx } from '#platform/db/tenant';
import { fail, ok, type Result } from '#platform/result';
import type { Refusal } from './refusal.ts';

const keyShape = /^[A-Za-z0-9_-]{8,100}$/;

/**
 * Runs a command at most once per key: the key is written first, so a second request with it waits for the first one's
 * transaction and then gets its answer. A refusal rolls the key back too, and may be tried again.
 */
export async function once<T, C extends string>(
  ctx: Ctx,
  command: { key: string | undefined; request: string },
  run: () => Promise<Result<T, Refusal<C>>>,
): Promise<Result<T, Refusal<C | 'idempotency_key'>>> {
  const { key } = command;
  if (key === undefined || ctx.actor.userId === null) return run();
  if (!keyShape.test(key))
    return fail({ code: 'idempotency_key', message: '请求标识格式不正确，请刷新页面后重试。' });
  const hash = createHash('sha256').update(command.request).digest();
  const { numAffectedRows } = await sql`
    insert into idempotency_key (tenant_id, user_id, key, request_hash)
    values (${ctx.tenantId}, ${ctx.actor.userId}, ${key}, ${hash}) on conflict do nothing`.execute(ctx.tx);
  if (numAffectedRows === 0n) return earlierAnswer<T, C>(ctx, key, hash);
  const result = await run();
  if (result.ok) {
    await sql`update idempotency_key set reply = ${ctx.vault.seal(JSON.stringify(result.value ?? null))}
      where tenant_id = ${ctx.tenantId} and user_id = ${ctx.actor.userId} and key = ${key}`.execute(ctx.tx);
  }
  return result;
}

async function earlierAnswer<T, C extends string>(
  ctx: Ctx,
  key: string,
  hash: Buffer,
): Promise<Result<T, Refusal<C | 'idempotency_key'>>> {
  const { rows } = await sql<{ request_hash: Buffer; reply: Buffer | null }>`
    select request_hash, reply from idempotency_key
    where tenant_id = ${ctx.tenantId} and user_id = ${ctx.actor.userId} and key = ${key}`.execute(ctx.tx);
  const row = rows[0];
  if (!row?.reply || !row.request_hash.equals(hash)) {
    return fail({ code: 'idempotency_key', message: '同一请求标识被用于不同的操作，请刷新页面后重试。' });
  }
  return ok(JSON.parse(ctx.vault.open(row.reply)) as T);
}
