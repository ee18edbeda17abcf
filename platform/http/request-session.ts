import { createHash, randomBytes } from 'node:crypto';
import { sql } from 'kysely';
import type { Tx } from '#platform/db/pool';
import type { Actor, Ctx } from '#platform/db/tenant';
import type { Instant, TenantId, UserId } from '#platform/ids';

/** Cookie value: tenant id and a 256-bit token. The tenant in it only says where to look; the token proves. */
const shape = /^([0-9a-f-]{36})\.([A-Za-z0-9_-]{43})$/;

export interface Bearer {
  readonly tenantId: TenantId;
  readonly token: string;
}

export const parseBearer = (cookie: string | undefined): Bearer | null => {
  const match = shape.exec(cookie ?? '');
  return match?.[1] && match[2] ? { tenantId: match[1] as TenantId, token: match[2] } : null;
};

export const formatBearer = ({ tenantId, token }: Bearer): string => `${tenantId}.${token}`;

export const newToken = (): string => randomBytes(32).toString('base64url');

/** What is stored of a token: a hash is enough for 256 random bits. */
export const hashToken = (token: string): Buffer => createHash('sha256').update(token).digest();

export type Stage = 'signed_in' | 'totp' | 'enrol_totp' | 'change_password' | 'notice';

export interface LiveSession {
  readonly sessionId: string;
  readonly stage: Stage;
  readonly freshUntil: Instant | null;
  readonly now: Instant;
  readonly actor: Actor;
}

export interface SessionRules {
  readonly idleMinutes: number;
  readonly permissionsOf: (roles: readonly string[]) => ReadonlySet<string>;
}

/** Sets the tenant of the transaction and finds the session, in one round trip. Null: not signed in any more. `used`: somebody sits before the page. */
export async function openSession(
  tx: Tx,
  bearer: Bearer,
  rules: SessionRules,
  { ip, used }: { ip: string | null; used: boolean },
): Promise<LiveSession | null> {
  const { rows } = await sql<{
    session_id: string;
    user_id: UserId;
    user_name: string;
    stage: Stage;
    fresh_until: Instant | null;
    roles: string[];
    at: Instant;
  }>`select * from open_session(${bearer.tenantId}, ${hashToken(bearer.token)}, ${`${rules.idleMinutes} minutes`}::interval, ${used})`.execute(
    tx,
  );
  const row = rows[0];
  if (!row) return null;
  const actor: Actor = {
    userId: row.user_id,
    name: row.user_name,
    roles: row.roles,
    permissions: rules.permissionsOf(row.roles),
    sessionId: row.session_id,
    ip,
  };
  return { sessionId: row.session_id, stage: row.stage, freshUntil: row.fresh_until, now: row.at, actor };
}

/** Whether a session found before still stands, and its account has the same roles. Leaves no trace of use. */
export async function sessionStands(
  { tx, tenantId }: Pick<Ctx, 'tx' | 'tenantId'>,
  { sessionId, roles }: Pick<Actor, 'sessionId' | 'roles'>,
  { idleMinutes }: SessionRules,
): Promise<boolean> {
  const { rows } = await sql<{ roles: string[] }>`
    select array(select r.role from user_role r where r.tenant_id = u.tenant_id and r.user_id = u.id order by 1) as roles
    from session s join user_account u on u.tenant_id = s.tenant_id and u.id = s.user_id
    where s.tenant_id = ${tenantId} and s.id = ${sessionId} and s.ended_at is null and s.expires_at > now()
      and s.last_seen_at > now() - ${`${idleMinutes} minutes`}::interval
      and u.disabled_at is null and (u.expires_on is null or u.expires_on >= (now() at time zone 'Asia/Shanghai')::date)`.execute(
    tx,
  );
  return rows[0]?.roles.join() === roles.join();
}
