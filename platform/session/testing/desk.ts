import type { FastifyInstance } from 'fastify';
import { sql } from 'kysely';
import { expect } from 'vitest';
import type { UserId } from '#platform/ids';
import { makeWorld, type World } from '#platform/testing/app';
import { serveEndpoints } from '#platform/testing/module-server';
import { createAccount } from '../accounts.ts';
import { hashPassword } from '../password.ts';
import { sessionEndpoints } from '../routes.ts';
import { NOTICE_VERSION } from '../rules.ts';
import { totpCode } from '../totp.ts';

/** A server that signs people in, accounts, and browsers to sign in with. The role `chief` needs a second factor. */

export const PASSWORD = '四月的雨，落在操场上了';
/** A code of the second factor lives this long. */
export const STEP = 30_000;

const permissionsOf = (roles: readonly string[]): ReadonlySet<string> =>
  new Set(roles.map((role) => `${role}.act`));
const options = {
  cookieName: 'zhizhao_session',
  secure: false,
  absoluteHours: 10,
  totpRequired: (roles: readonly string[]): boolean => roles.includes('chief'),
};

export interface Answer {
  readonly status: number;
  readonly body: Record<string, string> & { recoveryCodes?: string[] };
  readonly cookie: string;
  readonly setCookie: string;
}

export interface Browser {
  /** The session cookie; may be planted. */
  readonly state: { cookie: string };
  send(
    method: 'GET' | 'POST' | 'DELETE',
    url: string,
    body?: object,
    headers?: Record<string, string>,
  ): Promise<Answer>;
  signIn(username: string, password: string): Promise<Answer>;
}

export interface Account {
  readonly userId: UserId;
  readonly username: string;
}

export interface Enrolled extends Account {
  readonly secret: string;
  readonly recoveryCodes: readonly string[];
  /** When the factor was bound; the clock of the world stands there. */
  readonly at: number;
}

export interface Desk {
  readonly world: World;
  /** A new browser: keeps its cookie, comes from its own address. */
  browser(): Browser;
  /** A new account past its first change and the notice. */
  account(roles?: string[]): Promise<Account>;
  /** A new account that has bound its second factor. */
  enrolled(): Promise<Enrolled>;
  close(): Promise<void>;
}

export async function openDesk(): Promise<Desk> {
  const world = await makeWorld({ permissionsOf });
  const { app, close } = await serveEndpoints(world, () => sessionEndpoints(options), {
    permissions: new Set(),
    permissionsOf,
  });
  return {
    world,
    browser: () => newBrowser(app),
    account: (roles = []) => newAccount(world, roles),
    enrolled: async () => {
      const person = await newAccount(world, ['chief']);
      const at = Date.now();
      world.setClock(at);
      const here = newBrowser(app);
      expect((await here.signIn(person.username, PASSWORD)).body).toEqual({ stage: 'enrol_totp' });
      return { ...person, ...(await bindFactor(here, at)), at };
    },
    close: async () => {
      await close();
      await world.close();
    },
  };
}

/** Binds a second factor in a browser that is signed in so far. */
export async function bindFactor(
  here: Browser,
  at: number,
): Promise<{ secret: string; recoveryCodes: string[] }> {
  const { secret = '' } = (await here.send('POST', '/session/totp/enrol/start')).body;
  const done = await here.send('POST', '/session/totp/enrol', { code: totpCode(secret, at) });
  expect(done.body.stage).toBe('signed_in');
  return { secret, recoveryCodes: done.body.recoveryCodes ?? [] };
}

let address = 0;

function newBrowser(app: FastifyInstance): Browser {
  address += 1;
  const remoteAddress = `10.9.${address >> 8}.${address & 255}`;
  const state = { cookie: '' };
  const send: Browser['send'] = async (method, url, body, headers = {}) => {
    const response = await app.inject({
      method,
      url: `/api${url}`,
      remoteAddress,
      headers: {
        'x-requested-with': 'zhizhao',
        ...(state.cookie && { cookie: `zhizhao_session=${state.cookie}` }),
        ...headers,
      },
      ...(body && { payload: body }),
    });
    const setCookie = String(response.headers['set-cookie'] ?? '');
    const match = /zhizhao_session=([^;]*)/.exec(setCookie);
    if (match) state.cookie = decodeURIComponent(match[1] ?? '');
    return {
      status: response.statusCode,
      body: response.body ? response.json() : {},
      cookie: state.cookie,
      setCookie,
    };
  };
  const signIn: Browser['signIn'] = (username, password) =>
    send('POST', '/session', { tenantCode: 'test', username, password });
  return { state, send, signIn };
}

let serial = 0;

async function newAccount(world: World, roles: string[]): Promise<Account> {
  serial += 1;
  const username = `u${serial}`;
  const made = await world.as('system', (ctx) =>
    createAccount(ctx, { username, name: `测试${serial}`, roles }),
  );
  if (!made.ok) throw new Error(made.error.message);
  const { userId } = made.value;
  await world.as('system', async ({ tx, now }) =>
    sql`update user_account set password_hash = ${await hashPassword(PASSWORD)}, must_change_password = false,
      initial_code_expires_at = null, notice_version = ${NOTICE_VERSION}, password_changed_at = ${new Date(now)}
      where id = ${userId}`.execute(tx),
  );
  return { userId, username };
}
