import { audit } from '#platform/audit/audit';
import type { Ctx } from '#platform/db/tenant';
import { newId } from '#platform/ids';
import { insertPolicy, type PolicyKey, readPolicyFor } from './policy.store.ts';
import {
  type Batch,
  type BatchId,
  defaultCallingHours,
  type Level,
  type Policy,
  type PolicyId,
  type Season,
  type SeasonId,
} from './rules.ts';
import { insertSeason, readBatches, readSeasonOfYear, saveBatch } from './store.ts';

export interface NewSeason {
  readonly year: number;
  readonly collegeName: string;
  /** Default 028. */
  readonly homeAreaCode?: string;
  readonly name?: string;
  /** Default filing: imports come when candidates are filed. */
  readonly phase?: Season['phase'];
}

const DEFAULT_AREA = '028';

/** The season of a year; made and set active when there is none. For the command line and the demonstration. */
export async function ensureSeason(ctx: Ctx, given: NewSeason): Promise<Season> {
  const found = await readSeasonOfYear(ctx, given.year);
  if (found) return found;
  const season: Season = {
    id: newId<SeasonId>(),
    name: given.name ?? `${given.year}年招生季`,
    year: given.year,
    collegeName: given.collegeName,
    homeAreaCode: given.homeAreaCode ?? DEFAULT_AREA,
    active: true,
    phase: given.phase ?? 'filing',
    round: 'first',
  };
  await insertSeason(ctx, season);
  await audit(ctx, { action: 'season.created', subjectType: 'season', subjectId: season.id, after: season });
  return season;
}

export interface NewBatch {
  readonly seasonId: string;
  /** Code or name of the batch as the operator writes it. */
  readonly code: string;
  readonly name?: string;
  readonly level?: Level;
  readonly art?: boolean;
}

/** The level that the words of a batch tell: 专升本, 专科 or 高职, else 本科. */
export function levelOfName(name: string): Level {
  if (name.includes('专升本')) return 'upgrade';
  return /专科|高职/.test(name) && !name.includes('本科') ? 'junior' : 'undergraduate';
}

/** The batch with this code or name; made when there is none, its level and art read from its name unless given. */
export async function ensureBatch(ctx: Ctx, given: NewBatch): Promise<Batch> {
  const batches = await readBatches(ctx, given.seasonId);
  const found =
    batches.find(({ code }) => code === given.code) ?? batches.find(({ name }) => name === given.code);
  if (found) return found;
  const name = given.name ?? given.code;
  const batch: Batch = {
    id: newId<BatchId>(),
    seasonId: given.seasonId as SeasonId,
    code: given.code,
    name,
    level: given.level ?? levelOfName(name),
    art: given.art ?? name.includes('艺术'),
  };
  await saveBatch(ctx, batch);
  await audit(ctx, { action: 'batch.created', subjectType: 'batch', subjectId: batch.id, after: batch });
  return batch;
}

/** A policy with nothing entered yet. */
export function blankPolicy(key: PolicyKey): Omit<Policy, 'version' | 'updatedAt'> {
  const hours = defaultCallingHours(key.provinceCode);
  return {
    id: newId<PolicyId>(),
    seasonId: key.seasonId as SeasonId,
    provinceCode: key.provinceCode,
    batchId: key.batchId as BatchId,
    districtCode: key.districtCode,
    withdrawable: null,
    phoneShielded: null,
    newExam: null,
    artSchoolExam: false,
    seats: null,
    batchStartsAt: null,
    batchEndsAt: null,
    withdrawalDeadlineAt: null,
    callingFrom: hours.from,
    callingUntil: hours.until,
  };
}

/** The policy that applies to a district, made empty (which blocks its release) when the province has none. */
export async function ensurePolicy(ctx: Ctx, key: PolicyKey): Promise<Policy> {
  const found = await readPolicyFor(ctx, key);
  if (found) return found;
  const blank = blankPolicy({ ...key, districtCode: '' });
  const added = await insertPolicy(ctx, blank);
  const policy = await readPolicyFor(ctx, key);
  if (!policy) throw new Error('a policy just added is not there');
  if (added) {
    await audit(ctx, { action: 'policy.created', subjectType: 'policy', subjectId: policy.id, after: blank });
  }
  return policy;
}
