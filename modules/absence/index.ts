import type { Module } from '#platform/module';
import type { ReturnAll } from './departure.ts';
import { absenceRecurring } from './jobs.ts';
import { absenceRetention } from './retention.ts';
import { absenceEndpoints } from './routes.ts';

/** Leave and departure, with the way open work goes back. */
export const makeAbsenceModule = (returnAllOf: ReturnAll): Module => ({
  endpoints: () => absenceEndpoints(returnAllOf),
  recurring: [absenceRecurring(returnAllOf)],
  retention: absenceRetention,
});
