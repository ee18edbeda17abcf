import type { FastifyInstance } from 'fastify';
import { sql } from 'kysely';
import { formatBearer } from '#platform/http/request-session';
import { newId } from '#platform/ids';
import { makeWorld, type Person, type World } from '#platform/testing/app';
import { permissionsOf, type Role } from '#staff/rules';
import { serveAll } from './whole-server.ts';

/** Routes driven one after the other, and how many lines of the audit log each of them left. */

export interface Step {
  readonly params?: Readonly<Record<string, string>>;
  readonly query?: string;
  readonly body?: object;
}
type Body = Record<string, unknown> & { readonly id?: string };

export interface Walk {
  readonly world: World;
  readonly app: FastifyInstance;
  /** Sends one request; `key` is the route as the router knows it. What was refused stands in `failed`. */
  step(key: string, who: Person | { readonly cookie: string } | null, step?: Step): Promise<Body>;
  person(...roles: Role[]): Promise<Person>;
  /** By route: lines left by its last success. */
  readonly left: ReadonlyMap<string, number>;
  readonly failed: string[];
  /** The cookie of the last reply that set one. */
  cookie(): string;
  close(): Promise<void>;
}

const left = new Map<string, number>();
let requests = 0;

export async function openWalk(): Promise<Walk> {
  const world = await makeWorld({ permissionsOf });
  const { app, close } = await serveAll(world, { fileBytes: 50 * 1024 * 1024 });
  const failed: string[] = [];
  let cookie = '';
  const lines = async (): Promise<number> => {
    const { rows } = await sql<{ n: number }>`
      select count(*)::int as n from audit_entry where tenant_id = ${world.tenantId}`.execute(
      world.owner.kysely,
    );
    return rows[0]?.n ?? 0;
  };
  const step: Walk['step'] = async (key, who, given = {}) => {
    const before = await lines();
    const response = await send(app, key, who, given);
    const set = response.headers['set-cookie'];
    if (set) cookie = String(Array.isArray(set) ? set[0] : set).split(';')[0] ?? '';
    if (response.statusCode >= 300)
      failed.push(`${key}: ${response.statusCode} ${response.body.slice(0, 300)}`);
    else left.set(key, (await lines()) - before);
    return response.body.startsWith('{') ? (response.json() as Body) : {};
  };
  return {
    ...{ world, app, step, left, failed },
    person: (...roles) => world.addPerson({ roles }),
    cookie: () => cookie,
    close: async () => {
      await close();
      await world.close();
    },
  };
}

async function send(
  app: FastifyInstance,
  key: string,
  who: Person | { readonly cookie: string } | null,
  { params = {}, query = '', body }: Step,
) {
  requests += 1;
  const [method, path = ''] = key.split(' ');
  const url = `/api${path.replace(/:(\w+)/g, (_all, name: string) => params[name] ?? `no-${name}`)}${query}`;
  const cookie = who === null ? null : 'cookie' in who ? who.cookie : `zhizhao_session=${formatBearer(who)}`;
  return app.inject({
    method: method as 'POST',
    url,
    remoteAddress: `10.9.${(requests >> 8) & 255}.${requests & 255}`,
    headers: {
      'x-requested-with': 'zhizhao',
      'idempotency-key': newId<string>(),
      ...(cookie !== null && { cookie }),
    },
    ...(body !== undefined && { payload: body }),
  });
}

/** A form with one file, as a browser sends it. */
export function fileForm(name: string, bytes: Uint8Array): FormData {
  const form = new FormData();
  form.append('file', new File([new Uint8Array(bytes)], name));
  return form;
}
