import { join } from 'node:path';
import { sql } from 'kysely';
import type { Config } from '#platform/config';
import { isRotating, rotateKeys } from '#platform/crypto/rotate';
import type { Db } from '#platform/db/pool';
import { system, withTenant } from '#platform/db/tenant';
import type { Recurring } from '#platform/jobs/job';
import { flushOutbox, spool } from '#platform/outbox';
import type { Runtime } from '#platform/runtime';

const KEEP_IDEMPOTENCY_KEYS = '2 days';

/** Chores of the platform itself: sending the outbox, ending a key rotation that was interrupted, forgetting old idempotency keys. */
export const platformRecurring = (config: Config, { owner }: Pick<Runtime, 'owner'>): Recurring[] => {
  let ownerDb: Db | undefined;
  const toFile = spool(join(config.dataDir, 'outbox'));
  const transports = new Map([
    ['sms', toFile],
    ['mail', toFile],
  ]);
  return [
    {
      name: 'outbox',
      everyMinutes: 1,
      run: async ({ env, tenantId }) => {
        await flushOutbox(env, tenantId, transports);
      },
    },
    {
      name: 'key rotation',
      everyMinutes: 5,
      run: async ({ env, files, tenantId }) => {
        if (!(await isRotating(env, tenantId))) return;
        ownerDb ??= owner();
        await rotateKeys({ ...env, db: ownerDb }, tenantId, { files });
      },
    },
    {
      name: 'idempotency keys',
      everyMinutes: 60,
      run: ({ env, tenantId }) =>
        withTenant(env, { tenantId, actor: system }, async (ctx) => {
          await sql`delete from idempotency_key where tenant_id = ${tenantId}
            and created_at < ${new Date(ctx.now)}::timestamptz - ${KEEP_IDEMPOTENCY_KEYS}::interval`.execute(
            ctx.tx,
          );
        }),
    },
  ];
};
