import { sql } from 'kysely';
import { type Ctx, type Env, system, withTenant } from '#platform/db/tenant';
import { type Instant, newId, type TenantId, type UserId } from '#platform/ids';
import { maskText } from '#platform/personal-text';

export interface Message {
  readonly channel: string;
  readonly recipient: string;
  readonly body: string;
  /** What caused it, for the ledger, e.g. an attempt id. */
  readonly reference?: string;
}

/** Sends one message or throws; must tolerate being asked twice for the same id. */
export type Transport = (
  message: Message & { id: string; tenantId: TenantId },
  ctx: Pick<Ctx, 'vault' | 'now'>,
) => Promise<void>;

const BATCH = 50;
const ATTEMPTS_MAX = 8;

/** Writes a message that leaves after this transaction commits, and not before `notBefore`: until then it can be recalled. */
export async function sendLater(ctx: Ctx, message: Message, notBefore: Instant = ctx.now): Promise<string> {
  const id = newId();
  await sql`insert into outbox_message (tenant_id, id, channel, recipient, body, reference, next_at)
    values (${ctx.tenantId}, ${id}, ${message.channel}, ${ctx.vault.seal(message.recipient)}, ${ctx.vault.seal(message.body)},
      ${message.reference ?? null}, ${new Date(notBefore)})`.execute(ctx.tx);
  return id;
}

/**
 * Takes back what a cause had queued and what has not left yet; waits for a sender that has it in hand. Returns whether a message was
 * stopped: false means that it has left, or that there never was one.
 */
export async function recall(ctx: Ctx, reference: string): Promise<boolean> {
  const { rows } = await sql`update outbox_message set state = 'recalled'
    where tenant_id = ${ctx.tenantId} and reference = ${reference} and state = 'waiting' returning id`.execute(
    ctx.tx,
  );
  return rows.length > 0;
}

interface Row {
  id: string;
  channel: string;
  recipient: Buffer;
  body: Buffer;
  reference: string | null;
  attempts: number;
}

/** Sends what is due for one tenant. A failure waits longer each time and is given up after eight tries. Returns how many left. */
export async function flushOutbox(
  env: Env,
  tenantId: TenantId,
  transports: ReadonlyMap<string, Transport>,
): Promise<number> {
  return withTenant(env, { tenantId, actor: system }, async (ctx) => {
    const { rows } = await sql<Row>`
      select id, channel, recipient, body, reference, attempts from outbox_message
      where tenant_id = ${tenantId} and state = 'waiting' and next_at <= ${new Date(ctx.now)}
      order by next_at limit ${BATCH} for update skip locked`.execute(ctx.tx);
    let sent = 0;
    for (const row of rows) sent += Number(await sendOne(ctx, row, transports));
    return sent;
  });
}

async function sendOne(ctx: Ctx, row: Row, transports: ReadonlyMap<string, Transport>): Promise<boolean> {
  const error = await trySend(ctx, row, transports);
  const attempts = row.attempts + 1;
  const state = error === null ? 'sent' : attempts >= ATTEMPTS_MAX ? 'failed' : 'waiting';
  await sql`update outbox_message set state = ${state}, attempts = ${attempts}, last_error = ${error},
      next_at = ${new Date(ctx.now + 30_000 * 2 ** attempts)}, sent_at = ${error === null ? new Date(ctx.now) : null}
    where tenant_id = ${ctx.tenantId} and id = ${row.id}`.execute(ctx.tx);
  return error === null;
}

async function trySend(
  ctx: Ctx,
  row: Row,
  transports: ReadonlyMap<string, Transport>,
): Promise<string | null> {
  const transport = transports.get(row.channel);
  if (!transport) return `no transport for ${row.channel}`;
  const message = {
    id: row.id,
    tenantId: ctx.tenantId,
    channel: row.channel,
    recipient: ctx.vault.open(row.recipient),
    body: ctx.vault.open(row.body),
  };
  return transport(row.reference === null ? message : { ...message, reference: row.reference }, ctx).then(
    () => null,
    (error: unknown) => maskText(error instanceof Error ? error.message : String(error)).slice(0, 300),
  );
}

/** Tells a person something inside the workbench, in the same transaction as its cause. */
export async function notify(
  ctx: Ctx,
  userId: UserId,
  text: { title: string; body: string; link?: string },
): Promise<void> {
  await sql`insert into notice (tenant_id, id, user_id, title, body, link, created_at)
    values (${ctx.tenantId}, ${newId()}, ${userId}, ${maskText(text.title)}, ${maskText(text.body)}, ${text.link ?? null}, ${new Date(ctx.now)})`.execute(
    ctx.tx,
  );
}
