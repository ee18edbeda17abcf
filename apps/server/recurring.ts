import type { Config } from '#platform/config';
import { isRotating, rotateKeys } from '#platform/crypto/rotate';
import type { Db } from '#platform/db/pool';
import { system } from '#platform/db/tenant';
import type { Recurring } from '#platform/jobs/job';
import { flushOutbox } from '#platform/outbox';
import { spool, spoolFolder, sweepSpool } from '#platform/outbox-spool';
import { sweepExpired } from '#platform/retention';
import type { Runtime } from '#platform/runtime';
import { retentionRules } from './app.ts';

/** Messages wait here for a provider; afterwards they are of no use to anybody. */
const SPOOL_DAYS = 30;
const DAY = 86_400_000;

/** Chores of the platform itself: sending the outbox, ending an interrupted key rotation, deleting what has expired. */
export const platformRecurring = (config: Config, { owner }: Pick<Runtime, 'owner'>): Recurring[] => {
  let opened: Db | undefined;
  const ownerDb = (): Db => {
    opened ??= owner();
    return opened;
  };
  const toFile = spool(spoolFolder(config));
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
        if (await isRotating(env, tenantId)) await rotateKeys({ ...env, db: ownerDb() }, tenantId, { files });
      },
    },
    {
      name: 'retention',
      everyMinutes: 60,
      run: async ({ env, files, tenantId }) => {
        const caller = { tenantId, actor: system };
        await sweepExpired({
          env: { ...env, db: ownerDb() },
          caller,
          files,
          rules: retentionRules,
          dryRun: false,
        });
        await sweepSpool(spoolFolder(config), Date.now() - SPOOL_DAYS * DAY);
      },
    },
  ];
};
