import type { FastifyInstance } from 'fastify';
import { makeAbsenceModule } from '#absence';
import { assignmentModule, returnAllOf } from '#assignment';
import { candidateModule } from '#candidate';
import { deliveryModule } from '#delivery';
import { followUpModule } from '#follow-up';
import { incidentModule } from '#incident';
import { ledgerModule } from '#ledger';
import type { Env } from '#platform/db/tenant';
import { type AppOptions, makeApp } from '#platform/http/app';
import type { Endpoint } from '#platform/http/endpoint';
import { serve } from '#platform/http/serve';
import type { Module, Parts } from '#platform/module';
import type { RetentionRule } from '#platform/retention';
import { platformRetention } from '#platform/retention-rules';
import { sessionEndpoints } from '#platform/session/routes';
import { reportModule } from '#report';
import { scriptModule } from '#script';
import { seasonModule } from '#season';
import { staffModule } from '#staff';
import { PERMISSIONS, permissionsOf, totpRequired } from '#staff/rules';
import { withdrawalModule } from '#withdrawal';
import { platformEndpoints } from './platform-endpoints.ts';

/** The one list of modules. */
export const modules: readonly Module[] = [
  staffModule,
  makeAbsenceModule(returnAllOf),
  seasonModule,
  scriptModule,
  candidateModule,
  deliveryModule,
  assignmentModule,
  followUpModule,
  withdrawalModule,
  ledgerModule,
  incidentModule,
  reportModule,
];

/** What ends when, of the platform and every module. */
export const retentionRules: readonly RetentionRule[] = [
  ...platformRetention,
  ...modules.flatMap((module) => module.retention ?? []),
];

export interface ServerOptions extends AppOptions, Parts {
  readonly env: Env;
  readonly idleMinutes: number;
  readonly absoluteHours: number;
}

export const cookieNameFor = (secure: boolean): string => (secure ? '__Host-zhizhao' : 'zhizhao_session');

/** Every endpoint of the system; the access matrix test is generated from it. */
export function allEndpoints(
  options: Pick<ServerOptions, 'files' | 'events' | 'secure' | 'absoluteHours'>,
): Endpoint[] {
  const cookieName = cookieNameFor(options.secure);
  return [
    ...sessionEndpoints({
      cookieName,
      secure: options.secure,
      absoluteHours: options.absoluteHours,
      totpRequired,
    }),
    ...platformEndpoints(options),
    ...modules.flatMap((module) => module.endpoints?.(options) ?? []),
  ];
}

/** The complete web server, not yet listening. */
export async function buildServer(options: ServerOptions): Promise<FastifyInstance> {
  const cookieName = cookieNameFor(options.secure);
  const app = await makeApp({ ...options, cookieName });
  serve(app, allEndpoints(options), {
    env: options.env,
    session: { idleMinutes: options.idleMinutes, permissionsOf },
    cookieName,
    permissions: PERMISSIONS,
  });
  return app;
}
