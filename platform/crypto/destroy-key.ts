import { sql } from 'kysely';
import { audit } from '#platform/audit/audit';
import { type Actor, type Env, inTenant } from '#platform/db/tenant';
import { type Refusal, refuse } from '#platform/http/refusal';
import type { TenantId } from '#platform/ids';
import { ok, type Result } from '#platform/result';
import { keyUse } from './rotate.ts';
import { forgetVaults } from './vault.ts';

const DAY_MS = 86_400_000;
/** Spooled messages lie for 30 days outside of the database, sealed with the key of their day (apps/server/recurring.ts). */
export const RETIRED_DAYS = 31;

type DestroyRefusal = 'no_key' | 'in_force' | 'in_use' | 'too_early';

/**
 * Deletes a retired data key for good, once nothing is sealed with it. What old backups hold stays readable: they bring their keys
 * along. `env.db` is the owner's connection. Refuses a key in force, one that seals a value or a file, and one retired lately.
 */
export async function destroyKey(
  env: Env,
  tenantId: TenantId,
  { keyNo, actor }: { readonly keyNo: number; readonly actor: Actor },
): Promise<Result<{ keyNo: number }, Refusal<DestroyRefusal>>> {
  const key = (await keyUse(env, tenantId)).find((one) => one.keyNo === keyNo);
  if (!key) return refuse('no_key', `没有第 ${keyNo} 号密钥，可能已经销毁；用 keys status 查看现有的密钥。`);
  if (key.retiredAt === null)
    return refuse('in_force', `第 ${keyNo} 号密钥还在使用，不能销毁；请先用 keys rotate 换成新的密钥。`);
  const { values, files, retiredAt } = key;
  if (values + files > 0)
    return refuse(
      'in_use',
      `还有 ${values} 个字段、${files} 个文件是用第 ${keyNo} 号密钥密封的，销毁后将无法读出；请先再执行一次 keys rotate。`,
      { values, files },
    );
  const done = await inTenant(
    env,
    { tenantId, actor },
    async (ctx): Promise<Result<{ keyNo: number }, Refusal<'too_early'>>> => {
      const daysLeft = Math.ceil((retiredAt + RETIRED_DAYS * DAY_MS - ctx.now) / DAY_MS);
      if (daysLeft > 0)
        return refuse(
          'too_early',
          `第 ${keyNo} 号密钥停用不满 ${RETIRED_DAYS} 天，待发文件夹里可能还有用它密封的短信；请 ${daysLeft} 天后再销毁。`,
          { daysLeft },
        );
      await sql`delete from tenant_key where tenant_id = ${tenantId} and purpose = 'data' and key_no = ${keyNo}
        and retired_at is not null`.execute(ctx.tx);
      await audit(ctx, { action: 'keys.destroyed', subjectType: 'keys', subjectId: String(keyNo) });
      return ok({ keyNo });
    },
  );
  forgetVaults();
  return done;
}
