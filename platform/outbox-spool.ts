import { appendFile, mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { Config } from '#platform/config';
import type { Ctx } from '#platform/db/tenant';
import type { Instant } from '#platform/ids';
import type { Message, Transport } from '#platform/outbox';
import { shanghaiDay } from '#platform/shanghai';

/** One line of a spool file. Number and text are sealed with the key of the organisation that sends. */
const Line = z.object({
  id: z.string(),
  tenantId: z.string(),
  at: z.string(),
  sealed: z.string(),
});

const SealedMessage = z.object({
  channel: z.string(),
  recipient: z.string(),
  body: z.string(),
  reference: z.string().optional(),
});

const FILE = /^([a-z]+)-(\d{4}-\d{2}-\d{2})\.jsonl$/;

/** Where messages wait, below the data folder. */
export const spoolFolder = ({ dataDir }: Pick<Config, 'dataDir'>): string => join(dataDir, 'outbox');

/**
 * Until a provider is connected, messages are put down in a file a day and channel for the office to send by hand, sealed;
 * `outbox read` of the command line opens them.
 */
export const spool =
  (folder: string): Transport =>
  async ({ id, tenantId, ...message }, { vault, now }) => {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const sealed = vault.seal(JSON.stringify(message)).toString('base64');
    const line = JSON.stringify({ id, tenantId, at: new Date(now).toISOString(), sealed });
    await appendFile(join(folder, `${message.channel}-${shanghaiDay(now)}.jsonl`), `${line}\n`, {
      mode: 0o600,
    });
  };

/** The messages of one organisation in the spool of a day, each once. */
export async function readSpool(
  ctx: Ctx,
  folder: string,
  day: string,
): Promise<(Message & { id: string; at: string })[]> {
  const names = await readdir(folder).catch(() => []);
  const found = new Map<string, Message & { id: string; at: string }>();
  for (const name of names.filter((file) => FILE.exec(file)?.[2] === day)) {
    const lines = (await readFile(join(folder, name), 'utf8')).split('\n').filter((line) => line !== '');
    for (const line of lines.map((text) => Line.parse(JSON.parse(text)))) {
      if (line.tenantId !== ctx.tenantId) continue;
      const { reference, ...message } = SealedMessage.parse(
        JSON.parse(ctx.vault.open(Buffer.from(line.sealed, 'base64'))),
      );
      found.set(line.id, { ...message, ...(reference && { reference }), id: line.id, at: line.at });
    }
  }
  return [...found.values()];
}

/** Deletes spool files of days before; returns how many. */
export async function sweepSpool(folder: string, before: Instant): Promise<number> {
  const names = await readdir(folder).catch(() => []);
  const old = names.filter((name) => (FILE.exec(name)?.[2] ?? '9999') < shanghaiDay(before));
  for (const name of old) await rm(join(folder, name), { force: true });
  return old.length;
}
