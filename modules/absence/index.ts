import type { Module } from '#platform/module';
import { type ReturnAll, refuseWithWork } from './departure.ts';
import { absenceRecurring } from './jobs.ts';
import { absenceEndpoints } from './routes.ts';

export { type ReturnAll, refuseWithWork } from './departure.ts';

/** Leave and departure, with the way open work goes back. */
export const makeAbsenceModule = (returnAllOf: ReturnAll): Module => ({
  endpoints: () => absenceEndpoints(returnAllOf),
  recurring: [absenceRecurring(returnAllOf)],
});

export const absenceModule: Module = makeAbsenceModule(refuseWithWork);
