import type { Module } from '#platform/module';
import type { Result } from '#platform/result';
import { deliveryJobs } from './jobs.ts';
import { DeliveryFault } from './read/fault.ts';
import { type Delivery, type OpenOptions, openPath } from './read/open.ts';
import { deliveryRetention } from './retention.ts';
import { deliveryEndpoints } from './routes.ts';
import type { DeliveryError } from './rules.ts';

export type { ImportFigures } from './figures.rules.ts';
export { isMappable, mappableFields } from './heading.rules.ts';
export { type DirectImport, type DirectOutcome, importPath, type Place } from './import.service.ts';
export type { Delivery, DeliveryTable, OpenOptions } from './read/open.ts';
export { type DeliverySurvey, surveyDelivery } from './survey.ts';
export type { SurveySink } from './survey-sink.ts';

/**
 * Opens a folder, zip, DBF, CSV or XLSX: recognises tables, encodings and codes. Nothing is held in memory but code
 * tables; rows stream from `table.batches()`, which may throw DeliveryFault (see `catchFault`). Close it when done.
 */
export const openDelivery = (
  path: string,
  options: OpenOptions = {},
): Promise<Result<Delivery, DeliveryError>> => catchFault(() => openPath(path, options));

/** Turns a fault of reading into its value; everything else stays thrown. */
export async function catchFault<T>(read: () => Promise<T>): Promise<Result<T, DeliveryError>> {
  try {
    return { ok: true, value: await read() };
  } catch (error) {
    if (error instanceof DeliveryFault) return { ok: false, error: error.error };
    throw error;
  }
}
export { type DecisionRow, writeDecisions } from './decisions.ts';

/** Invented deliveries for the demonstration and the benchmarks. */
export { generateDelivery } from './testing/generate.ts';

export const deliveryModule: Module = {
  endpoints: deliveryEndpoints,
  jobs: deliveryJobs,
  retention: deliveryRetention,
};
