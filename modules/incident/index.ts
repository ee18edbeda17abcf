import { system, withTenant } from '#platform/db/tenant';
import { type Endpoint, handle } from '#platform/http/endpoint';
import type { Module } from '#platform/module';
import * as contract from './contract.ts';
import {
  alarmIncidents,
  changeIncident,
  closeIncident,
  draftIncident,
  listIncidents,
  recordNotice,
  registerIncident,
} from './service.ts';

const endpoints = (): Endpoint[] => [
  handle(contract.listIncidents, (ctx, { query }) => listIncidents(ctx, query.view)),
  handle(contract.registerIncident, (ctx, { body }) => registerIncident(ctx, body)),
  handle(contract.changeIncident, (ctx, { params, body }) => changeIncident(ctx, params.id, body)),
  handle(contract.incidentDraft, (ctx, { params }) => draftIncident(ctx, params.id, params.audience)),
  handle(contract.recordNotice, (ctx, { params, body }) => recordNotice(ctx, params.id, body)),
  handle(contract.closeIncident, (ctx, { params, body }) => closeIncident(ctx, params.id, body.conclusion)),
];

export const incidentModule: Module = {
  endpoints,
  recurring: [
    {
      name: 'incidents to report',
      everyMinutes: 10,
      run: async ({ env, tenantId }) => {
        await withTenant(env, { tenantId, actor: system }, alarmIncidents);
      },
    },
  ],
};
