/** Front door of the season: what other modules may ask. Types and pure rules come from `#season/rules`. */
import type { Ctx } from '#platform/db/tenant';
import type { Module } from '#platform/module';
import { type PolicyKey, readCurrent, readPolicies, readPolicy, readPolicyFor } from './policy.store.ts';
import { seasonEndpoints } from './routes.ts';
import { type Batch, type FollowUpSettings, type Policy, type Season, settingsFrom } from './rules.ts';
import { readSettings } from './settings.store.ts';
import {
  type MajorCodeKey,
  readActiveSeason,
  readBatches,
  readMajorCode,
  readMajors,
  readSeason,
} from './store.ts';

export { ensureBatch, ensurePolicy, ensureSeason } from './ensure.service.ts';
export type { PolicyKey } from './policy.store.ts';
export type { MajorCodeKey } from './store.ts';

export const seasonModule: Module = { endpoints: seasonEndpoints };

/** The season that runs now, or null before the office has made one. */
export const activeSeason = (ctx: Ctx): Promise<Season | null> => readActiveSeason(ctx);

export const seasonById = (ctx: Ctx, seasonId: string): Promise<Season | null> => readSeason(ctx, seasonId);

export { seasonsEndedBefore } from './ended.store.ts';

/** The batches of a season, undergraduate first. */
export const batches = (ctx: Ctx, seasonId: string): Promise<Batch[]> => readBatches(ctx, seasonId);

/** A batch by the code or the name that a file or a person gives it. */
export async function batchByCode(ctx: Ctx, seasonId: string, code: string): Promise<Batch | null> {
  const all = await readBatches(ctx, seasonId);
  return all.find((batch) => batch.code === code) ?? all.find((batch) => batch.name === code) ?? null;
}

export interface MajorName {
  readonly name: string;
  /** Tuition a year as the province published it, else the college's own figure. */
  readonly tuitionFen: number | null;
}

/** What a 专业代号 means: its name in this province, batch, 科类 and 计划性质, else the college's major of that code, else null. */
export async function majorNameOf(ctx: Ctx, key: MajorCodeKey): Promise<MajorName | null> {
  const entry = await readMajorCode(ctx, key);
  const all = await readMajors(ctx, key.seasonId);
  const major = all.find(({ id, code }) => (entry?.majorId ? id === entry.majorId : code === key.code));
  const name = entry?.name || major?.name;
  if (entry && name) return { name, tuitionFen: entry.tuitionFen ?? major?.tuitionFen ?? null };
  return major ? { name: major.name, tuitionFen: major.tuitionFen } : null;
}

/** All policies of a season. */
export const policies = (ctx: Ctx, seasonId: string): Promise<Policy[]> => readPolicies(ctx, seasonId);

export const policyOf = (ctx: Ctx, policyId: string): Promise<Policy | null> => readPolicy(ctx, policyId);

/** The policy of the district, else of its province; null when nobody has entered one. */
export const policyFor = (ctx: Ctx, key: PolicyKey): Promise<Policy | null> => readPolicyFor(ctx, key);

/** The settings in force: the newest version, else the defaults. */
export async function settingsOf(ctx: Ctx, seasonId: string): Promise<FollowUpSettings> {
  const stored = await readSettings(ctx, seasonId);
  return settingsFrom(stored?.body);
}

export interface CurrentSeason {
  readonly season: Season | null;
  readonly settings: FollowUpSettings;
  readonly policies: readonly Policy[];
}

/** Season, settings and policies at once, for work that needs all three many times a second. */
export async function currentSeason(ctx: Ctx): Promise<CurrentSeason> {
  const current = await readCurrent(ctx);
  const settings = settingsFrom(current?.body ?? undefined);
  return { season: current?.season ?? null, settings, policies: current?.policies ?? [] };
}
