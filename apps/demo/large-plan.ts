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
const PREFIXES = Object.fromEntries(
  KINDS.map((kind, place) => [kind, `019b${String(place).padStart(4, '0')}-0000-7000-8000-`]),
) as Readonly<Record<Kind, string>>;

/** Id of a thing by its number, outside the database … */
export const idOf = (kind: Kind, serial: number): string =>
  `${PREFIXES[kind]}${serial.toString(16).padStart(12, '0')}`;

/** … and the same inside it. The smallest bigint is 8000 and twelve zeros in hex: no padding, which would cost more than the rest. */
export const uuidOf = (kind: Kind, serial: Sql): Sql =>
  sql`(${sql.lit(PREFIXES[kind].slice(0, 18).replaceAll('-', ''))} || to_hex(-9223372036854775808 + ${serial}))::uuid`;

/** Nine to nine. */
const DAY_SECONDS = 12 * 3600;

/** Policy of a candidate: every owner has all of them. */
export const policyIndex = (n: number, { owners, policies }: LargeSeason): number =>
  (n + Math.floor(n / owners.length)) % policies.length;

/** Seconds from one call of an owner to the next. */
export function pace({ count, owners, perCase, days }: LargeSeason): { aDay: number; seconds: number } {
  const aDay = Math.ceil((Math.ceil(count / owners.length) * perCase) / days) + 2 * perCase;
  return { aDay, seconds: Math.max(2, Math.floor(DAY_SECONDS / aDay)) };
}

/** Talk of an answered call: the time until the next one, at most five minutes. */
export const talkSeconds = (season: LargeSeason): number => Math.min(300, pace(season).seconds - 1);

/** When the call of a slot starts. */
function startOf(season: LargeSeason, slot: Sql): Sql {
  const { aDay, seconds } = pace(season);
  const past = sql`((${slot} / ${sql.lit(aDay)}) * 86400 + 32400 + (${slot} % ${sql.lit(aDay)}) * ${sql.lit(seconds)})`;
  return sql`(timestamptz ${sql.lit(new Date(season.from).toISOString())} + ${past} * interval '1 second')`;
}

const MIDDLE = ['L5', 'L5', 'L5', 'L3', 'A5', 'A7', 'R3', 'R3'];
const LAST = [
  ...['R1', 'R1', 'R1', 'R1', 'R1', 'R1', 'R1', 'R3', 'R3', 'R3'],
  ...['A8', 'L5', 'L5', 'L5', 'L7', 'A5'],
];
const list = (values: readonly string[]): Sql =>
  sql`(array[${sql.join(values.map((value) => sql.lit(value)))}])`;
const drawn = (values: readonly string[]): Sql =>
  sql`${list(values)}[1 + ((hashint4(m * 32 + i) + kind) & ${sql.lit(values.length - 1)})]`;

/**
 * Who calls when and what comes of it, as four small temporary tables. demo_slot: call i of an owner's case m at a slot of his, all first calls
 * before all second ones. demo_owner and demo_policy. demo_call: the outcome of a slot's call for each of sixteen kinds of owners. demo_sum: what the
 * calls of a case m come to for each kind.
 */
export async function arrangeSlots(tx: Tx, season: LargeSeason): Promise<void> {
  const cases = Math.ceil(season.count / season.owners.length);
  const most = 2 * season.perCase - 1;
  await sql`
    create temp table demo_slot on commit drop as
    select s.*, ${startOf(season, sql`slot`)} as at, ${startOf(season, sql`slot`)} + ${sql.lit(pace(season).seconds - 1)} * interval '1 second' as ended_at
    from (
      select m, i, calls, i = calls as last, (row_number() over (order by i, m) - 1)::int as slot
      from (select m, 1 + (m * 7 + 3) % ${sql.lit(most)} as calls from generate_series(0, ${sql.lit(cases - 1)}) m) k
      cross join lateral generate_series(1, k.calls) i
    ) s`.execute(tx);
  await sql`
    create temp table demo_call on commit drop as
    select s.slot, kind, case when last then ${drawn(LAST)} else ${drawn(MIDDLE)} end as outcome
    from demo_slot s cross join generate_series(0, ${sql.lit(KINDS_OF_OWNERS - 1)}) kind`.execute(tx);
  await sql`
    create temp table demo_sum on commit drop as
    select m, kind, calls as attempts, count(*) filter (where outcome not like 'L%')::int as contacts,
      count(*) filter (where outcome like 'L%')::int as unanswered, count(*) filter (where outcome = 'R3')::int as considered,
      max(slot) as slot, max(at) as last_at, max(outcome) filter (where last) as outcome
    from demo_slot join demo_call using (slot) group by m, kind, calls`.execute(tx);
  await arrangeOwners(tx, season);
  await sql`analyze demo_slot, demo_call, demo_sum, demo_owner, demo_policy`.execute(tx);
}

const KINDS_OF_OWNERS = 16;

async function arrangeOwners(tx: Tx, { owners, policies }: LargeSeason): Promise<void> {
  await sql`
    create temp table demo_owner on commit drop as
    select (o.no - 1)::int as no, ((o.no - 1) % ${sql.lit(KINDS_OF_OWNERS)})::int as kind, o.user_id, o.group_id
    from unnest(${owners.map(({ userId }) => userId)}::uuid[], ${owners.map(({ groupId }) => groupId)}::uuid[])
      with ordinality o (user_id, group_id, no)`.execute(tx);
  const deadlines = policies.map(({ withdrawalDeadlineAt: at }) =>
    at === null ? null : new Date(at).toISOString(),
  );
  await sql`
    create temp table demo_policy on commit drop as
    select (p.place - 1)::int as place, p.id, p.deadline_at
    from unnest(${policies.map(({ id }) => id)}::uuid[], ${deadlines}::timestamptz[]) with ordinality p (id, deadline_at, place)`.execute(
    tx,
  );
}
