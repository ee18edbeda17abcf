import { type RawBuilder, sql } from 'kysely';
import type { Tx } from '#platform/db/pool';
import type { TenantId } from '#platform/ids';

/**
 * The large demonstration as one formula: candidate n belongs to owner n mod owners, and its calls stand at slots that are the same for every
 * owner. So no step looks anything up in another step's million rows, the steps run side by side, and every time the same season comes out.
 */
export interface LargeSeason {
  readonly tenantId: TenantId;
  readonly seasonId: string;
  readonly batchId: string;
  readonly year: number;
  readonly policies: readonly {
    readonly id: string;
    readonly provinceCode: string;
    readonly withdrawalDeadlineAt: number | null;
  }[];
  readonly owners: readonly { readonly userId: string; readonly groupId: string }[];
  readonly count: number;
  /** Attempts a case has on average; 1 to twice as many minus 1. */
  readonly perCase: number;
  readonly days: number;
  /** Midnight in Beijing of the first day of calling. */
  readonly from: number;
}

export type Sql = RawBuilder<unknown>;
/** What an id is of; stands in its second group. */
type Kind = 'import' | 'candidate' | 'phone' | 'case' | 'lease' | 'attempt' | 'callback' | 'escalation';

const KINDS: readonly Kind[] = [
  ...(['import', 'candidate', 'phone', 'case'] as const),
  ...(['lease', 'attempt', 'callback', 'escalation'] as const),
];
const prefixOf = (kind: Kind): string =>
  `019b${String(KINDS.indexOf(kind)).padStart(4, '0')}`.replace(/^(.{8})/, '$1-0000-7000-8000-');

/** Id of a thing by its number, outside the database … */
export const idOf = (kind: Kind, serial: number): string =>
  `${prefixOf(kind)}${serial.toString(16).padStart(12, '0')}`;

/** … and the same inside it. */
export const uuidOf = (kind: Kind, serial: Sql): Sql =>
  sql`(${sql.lit(prefixOf(kind))} || lpad(to_hex(${serial}), 12, '0'))::uuid`;

/** Nine to nine. */
const DAY_SECONDS = 12 * 3600;

/** Policy of a candidate: every owner has all of them. */
export const policyIndex = (n: number, { owners, policies }: LargeSeason): number =>
  (n + Math.floor(n / owners.length)) % policies.length;

/** The same as a position in an array of the database. */
export const policyPlace = ({ owners, policies }: LargeSeason): Sql =>
  sql`(1 + (n + n / ${sql.lit(owners.length)}) % ${sql.lit(policies.length)})`;

/** Seconds from one call of an owner to the next. */
export function pace({ count, owners, perCase, days }: LargeSeason): { aDay: number; seconds: number } {
  const aDay = Math.ceil((Math.ceil(count / owners.length) * perCase) / days) + 2 * perCase;
  return { aDay, seconds: Math.max(2, Math.floor(DAY_SECONDS / aDay)) };
}

/** Talk of an answered call: the time until the next one, at most five minutes. */
export const talkSeconds = (season: LargeSeason): number => Math.min(300, pace(season).seconds - 1);

/** When the call of a slot starts. */
export function startOf(season: LargeSeason, slot: Sql): Sql {
  const { aDay, seconds } = pace(season);
  const past = sql`((${slot} / ${sql.lit(aDay)}) * 86400 + 32400 + (${slot} % ${sql.lit(aDay)}) * ${sql.lit(seconds)})`;
  return sql`(timestamptz ${sql.lit(new Date(season.from).toISOString())} + ${past} * interval '1 second')`;
}

const drawn = (count: number): Sql => sql`(1 + (hashint4(n * 32 + i) & ${sql.lit(count - 1)}))`;
const MIDDLE = ['L5', 'L5', 'L5', 'L3', 'A5', 'A7', 'R3', 'R3'];
const LAST = [
  ...['R1', 'R1', 'R1', 'R1', 'R1', 'R1', 'R1', 'R3', 'R3', 'R3'],
  ...['A8', 'L5', 'L5', 'L5', 'L7', 'A5'],
];
const list = (values: readonly string[]): Sql =>
  sql`(array[${sql.join(values.map((value) => sql.lit(value)))}])`;

/** What call i of candidate n came to. */
export const outcomeOf = (last: Sql): Sql =>
  sql`case when ${last} then ${list(LAST)}[${drawn(LAST.length)}] else ${list(MIDDLE)}[${drawn(MIDDLE.length)}] end`;

/**
 * Who calls when, as two small temporary tables: demo_slot (call i of an owner's case m at a slot of his, all first calls before all second
 * ones) and demo_owner.
 */
export async function arrangeSlots(tx: Tx, season: LargeSeason): Promise<void> {
  const cases = Math.ceil(season.count / season.owners.length);
  const most = 2 * season.perCase - 1;
  await sql`
    create temp table demo_slot on commit drop as
    select m, i, calls, i = calls as last, (row_number() over (order by i, m) - 1)::int as slot
    from (select m, 1 + (m * 7 + 3) % ${sql.lit(most)} as calls from generate_series(0, ${sql.lit(cases - 1)}) m) k
    cross join lateral generate_series(1, k.calls) i`.execute(tx);
  await sql`
    create temp table demo_owner on commit drop as
    select (o.no - 1)::int as no, o.user_id, o.group_id from unnest(${season.owners.map(({ userId }) => userId)}::uuid[],
      ${season.owners.map(({ groupId }) => groupId)}::uuid[]) with ordinality o (user_id, group_id, no)`.execute(
    tx,
  );
  await sql`analyze demo_slot, demo_owner`.execute(tx);
}
