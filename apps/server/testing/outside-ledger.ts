import { appendFileSync, fsyncSync, openSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Sends commands to a server that may die at any moment, and keeps a book of its own outside: a key is on disk before it is sent,
 * an acknowledgement when it has come. What was not acknowledged is sent again under the same key.
 */
export interface OutsideLedger {
  readonly acknowledged: ReadonlySet<string>;
  readonly sent: ReadonlySet<string>;
  /** Clients send until `stop`; the address may change while they run. */
  run(clients: number): { stop: () => Promise<void> };
}

export interface Sender {
  readonly url: () => string;
  readonly cookie: string;
  /** Keys begin with it. */
  readonly name: string;
}

class Refusal extends Error {}

/** One try; false: not answered, or to be tried again. Throws when it is refused. */
async function once({ url, cookie }: Sender, key: string): Promise<boolean> {
  const response = await fetch(`${url()}/api/staff/units`, {
    method: 'POST',
    signal: AbortSignal.timeout(5_000),
    headers: {
      'content-type': 'application/json',
      'x-requested-with': 'zhizhao',
      'idempotency-key': key,
      cookie,
    },
    body: JSON.stringify({ name: `部门 ${key}`, kind: 'school' }),
  });
  await response.arrayBuffer();
  if (response.status !== 200 && response.status < 500 && response.status !== 429)
    throw new Refusal(`refused with ${response.status}`);
  return response.status === 200;
}

export function openLedger(file: string, sender: Sender): OutsideLedger {
  const acknowledged = new Set<string>();
  const sent = new Set<string>();
  const book = openSync(file, 'a');
  const note = (line: string): void => {
    appendFileSync(book, `${line}\n`);
    fsyncSync(book);
  };
  let count = 0;
  const nextKey = (): string => {
    count += 1;
    return `${sender.name}-${String(count).padStart(6, '0')}`;
  };

  async function deliver(key: string, isStopped: () => boolean): Promise<void> {
    while (!isStopped()) {
      const done = await once(sender, key).catch((error: unknown) => {
        if (error instanceof Refusal) throw error;
        return false;
      });
      if (!done) {
        await sleep(50);
        continue;
      }
      note(`ack ${key}`);
      acknowledged.add(key);
      return;
    }
  }

  const run = (clients: number) => {
    let stopped = false;
    const isStopped = (): boolean => stopped;
    const open = [...sent].filter((key) => !acknowledged.has(key));
    const work = Array.from({ length: clients }, async () => {
      while (!stopped) {
        const key = open.pop() ?? nextKey();
        if (!sent.has(key)) note(`send ${key}`);
        sent.add(key);
        await deliver(key, isStopped);
        await sleep(100);
      }
    });
    return {
      stop: async () => {
        stopped = true;
        await Promise.all(work);
      },
    };
  };
  return { acknowledged, sent, run };
}
