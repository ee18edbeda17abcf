import { sql } from 'kysely';
import { audit } from '#platform/audit/audit';
import { browseAudit } from '#platform/audit/browse';
import { readHeads } from '#platform/audit/heads';
import { verifyAudit } from '#platform/audit/verify';
import { type Endpoint, handle, handleStream, type StreamIo } from '#platform/http/endpoint';
import { openEventStream } from '#platform/http/event-stream';
import type { EventHub } from '#platform/http/events';
import { refuse } from '#platform/http/refusal';
import { readJob } from '#platform/jobs/job';
import { ok } from '#platform/result';
import { SESSION_ENDED } from '#platform/session/store';
import { changeTenantSettings, tenantSettings } from '#platform/tenant-settings';
import * as contract from './contract.ts';

const KEEP_ALIVE_MS = 20_000;
/** After this a stream ends and the browser asks again: a session that ran out does not listen for ever. */
const LIFE_MS = 30 * 60_000;
const NOTICES = 50;

interface NoticeRow {
  id: string;
  title: string;
  body: string;
  link: string | null;
  createdAt: number;
  readAt: number | null;
}

/** Jobs, notices, the audit log and the event stream: what every module shares. */
export const platformEndpoints = ({ events }: { events: EventHub }): Endpoint[] => [
  handle(contract.jobStatus, async (ctx, { params }) => {
    const job = await readJob(ctx, params.id);
    const mine = job?.createdBy === null || job?.createdBy === ctx.actor.userId;
    if (!job || (!mine && !ctx.actor.permissions.has('season.manage')))
      return refuse('not_found', '没有找到这项任务。');
    return ok(job);
  }),
  handle(contract.myNotices, async (ctx, { query }) => {
    const { rows } = await sql<NoticeRow>`
      select id, title, body, link, created_at as "createdAt", read_at as "readAt" from notice
      where tenant_id = ${ctx.tenantId} and user_id = ${ctx.actor.userId} ${query.unread ? sql`and read_at is null` : sql``}
      order by created_at desc limit ${NOTICES}`.execute(ctx.tx);
    return ok({ items: rows });
  }),
  handle(contract.readNotice, async (ctx, { params }) => {
    await sql`update notice set read_at = ${new Date(ctx.now)}
      where tenant_id = ${ctx.tenantId} and user_id = ${ctx.actor.userId} and id = ${params.id} and read_at is null`.execute(
      ctx.tx,
    );
    return ok(undefined);
  }),
  handle(contract.listAudit, async (ctx, { body }) => ok(await browseAudit(ctx, body))),
  handle(contract.verifyAuditLog, async (ctx) => {
    const result = await verifyAudit(ctx);
    const after = { entries: result.entries, faults: result.faults.length };
    await audit(ctx, { action: 'audit.verified', subjectType: 'audit', subjectId: null, after });
    return ok(result);
  }),
  handle(contract.auditHeads, async (ctx) => {
    const { heads, ...rest } = await readHeads(ctx);
    return ok({ ...rest, heads: [...heads] });
  }),
  handle(contract.securitySettings, async (ctx) => ok(await tenantSettings(ctx))),
  handle(contract.changeSecuritySettings, async (ctx, { body: { reason, incidentHours, ...rules } }) => {
    const change = { ...rules, ...(incidentHours !== undefined && { incidentHours }) };
    return ok(await changeTenantSettings(ctx, change, reason));
  }),
  handleStream(contract.eventStream, async (io) => {
    streamEvents(io, events);
    return ok(undefined);
  }),
];

/**
 * Server-sent events of the tenant: hints without personal data, so one permission is enough. When a session of the person ends, the stream
 * does too; a browser whose session lives on has asked again two seconds later.
 */
function streamEvents(io: StreamIo, events: EventHub): void {
  const { tenantId, actor } = io.caller;
  const stream = openEventStream(io, () => leave());
  const stop = events.subscribe((event) => {
    if (event.tenantId !== tenantId) return;
    if (event.userId !== undefined && event.userId !== actor.userId) return;
    if (event.topic === SESSION_ENDED) return end();
    stream.write(
      `event: ${event.topic}\ndata: ${JSON.stringify({ subjectId: event.subjectId ?? null })}\n\n`,
    );
  });
  const keepAlive = setInterval(() => stream.write(': \n\n'), KEEP_ALIVE_MS);
  const life = setTimeout(() => end(), LIFE_MS);
  const leave = (): void => {
    clearInterval(keepAlive);
    clearTimeout(life);
    stop();
  };
  const end = (): void => {
    leave();
    stream.end();
  };
}
