import { openDb } from '#platform/db/pool';
import type { Caller, Env } from '#platform/db/tenant';
import { turn } from './turns.ts';

/**
 * A process of its own that works for some callers until it is killed. What it needs stands in its environment; each key that was
 * acknowledged is a line of its output.
 */
export interface Orders {
  readonly url: string;
  readonly masterKey: string;
  readonly callers: readonly (Omit<Caller, 'actor'> & {
    readonly actor: Omit<Caller['actor'], 'permissions'> & { readonly permissions: readonly string[] };
  })[];
}

export const ORDERS = 'ZHIZHAO_TEST_VICTIM';

const given = process.env[ORDERS];
if (given !== undefined) {
  const { url, masterKey, callers } = JSON.parse(given) as Orders;
  const env: Env = {
    db: openDb(url, { max: callers.length * 2 }),
    masterKey: Buffer.from(masterKey, 'base64'),
  };
  const heard = { acknowledged: (key: string) => process.stdout.write(`${key}\n`), cut: () => {} };
  for (const { tenantId, actor } of callers) {
    const who: Caller = { tenantId, actor: { ...actor, permissions: new Set(actor.permissions) } };
    void (async () => {
      for (;;) await turn(env, who, heard);
    })();
  }
}
