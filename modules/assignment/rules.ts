/**
 * Who follows up whom. Seed 001: who registers a lead follows it up; the others at random and even. Seed 001 2.3.2: shielded
 * phones in withdrawable provinces go to the escalation team, art school-exam candidates excepted. No score is looked at (个人信息保护法 art. 24).
 */
import { type Seed, shuffled } from './shuffle.rules.ts';

/** A number of waiting candidates for whom the same callers come into question: same province, batch and needed skill. */
export interface Crowd {
  readonly provinceCode: string;
  readonly batchId: string;
  readonly requiredSkill: string | null;
  readonly count: number;
}

export interface CallerSeat {
  readonly userId: string;
  readonly groupId: string | null;
  readonly skills: readonly string[];
  /** Open cases now. */
  readonly open: number;
  /** Most open cases this person takes. */
  readonly cap: number;
}

/** Provinces and batches; an empty list means all of them. */
export interface Places {
  readonly provinceCodes: readonly string[];
  readonly batchIds: readonly string[];
}

/** Limits of one run; an empty list means no limit. */
export interface RunLimits {
  /** Groups that take part, each with the places it takes. */
  readonly groups: readonly (Places & { readonly groupId: string })[];
  /** Candidates of these places need a caller with the skill; the first that fits counts. */
  readonly skills: readonly (Places & { readonly skillCode: string })[];
  /** Most new cases for one caller in this run; null: only the cap of each. */
  readonly newPerCaller: number | null;
  /** Most open cases of anyone after this run; null: only the cap of each. */
  readonly openWorkCap: number | null;
}

export type Lane = 'lead' | 'random' | 'escalation';
export type LeftCause = 'no_caller_for_skill' | 'no_caller_for_limits' | 'no_capacity';

/** What becomes of one crowd: how many go to whom, in this order, and how many are left and why. */
export interface Dealt {
  readonly crowd: Crowd;
  readonly shares: readonly (readonly [userId: string, count: number])[];
  readonly left: number;
  readonly cause: LeftCause | null;
}

export const crowdKey = ({ provinceCode, batchId, requiredSkill }: Omit<Crowd, 'count'>): string =>
  `${provinceCode}/${batchId}/${requiredSkill ?? ''}`;

/** Who waits: crowds for the draw, and how many registered leads each recruiter gets before it. */
export interface Waiting {
  readonly crowds: readonly Crowd[];
  readonly leads: ReadonlyMap<string, number>;
}

interface Table {
  readonly callers: readonly CallerSeat[];
  readonly limits: RunLimits;
  readonly seed: Seed;
  readonly load: Map<string, number>;
}

/**
 * Shares crowds out so that open work ends as even as limits and caps allow; leads count as open work first. The crowds with
 * the fewest callers choose first, so that nobody takes their only callers away. The same input and seed give the same shares.
 */
export function deal(
  { crowds, leads }: Waiting,
  callers: readonly CallerSeat[],
  limits: RunLimits,
  seed: Seed,
): Dealt[] {
  const load = new Map(callers.map(({ userId, open }) => [userId, open + (leads.get(userId) ?? 0)]));
  const table: Table = { callers, limits, seed, load };
  const room = new Map(callers.map((caller) => [caller.userId, roomOf(caller, table)]));
  return crowds
    .map((crowd) => ({ crowd, key: crowdKey(crowd), seats: seatsFor(crowd, table) }))
    .toSorted((one, other) => one.seats.length - other.seats.length || (one.key < other.key ? -1 : 1))
    .map(({ crowd, seats }) => {
      const shares = fillEvenly(seats, crowd.count, { load, room, seed });
      const left = crowd.count - shares.reduce((sum, [, count]) => sum + count, 0);
      return { crowd, shares, left, cause: left === 0 ? null : whyLeft(crowd, seats.length, table) };
    });
}

const hasSkill = (caller: CallerSeat, skill: string | null): boolean =>
  skill === null || caller.skills.includes(skill);

/** Whether a place list takes in a province and batch. */
export const takesIn = (
  { provinceCodes, batchIds }: Places,
  place: { readonly provinceCode: string; readonly batchId: string },
): boolean =>
  (provinceCodes.length === 0 || provinceCodes.includes(place.provinceCode)) &&
  (batchIds.length === 0 || batchIds.includes(place.batchId));

function isAllowed(caller: CallerSeat, crowd: Crowd, { groups }: RunLimits): boolean {
  const mine = groups.find(({ groupId }) => groupId === caller.groupId);
  return mine ? takesIn(mine, crowd) : groups.length === 0;
}

const seatsFor = (crowd: Crowd, { callers, limits }: Table): CallerSeat[] =>
  callers.filter((caller) => hasSkill(caller, crowd.requiredSkill) && isAllowed(caller, crowd, limits));

function whyLeft(crowd: Crowd, seats: number, { callers }: Table): LeftCause {
  if (seats > 0) return 'no_capacity';
  return callers.some((caller) => hasSkill(caller, crowd.requiredSkill))
    ? 'no_caller_for_limits'
    : 'no_caller_for_skill';
}

/** Leads count against a caller's cap, and against nothing else: a registered lead is never taken away for being one too many. */
function roomOf(caller: CallerSeat, { limits, load }: Table): number {
  const cap = Math.min(caller.cap, limits.openWorkCap ?? caller.cap);
  const byCap = cap - (load.get(caller.userId) ?? 0);
  return Math.max(0, Math.min(byCap, limits.newPerCaller ?? byCap));
}

interface Filling {
  readonly load: Map<string, number>;
  readonly room: Map<string, number>;
  readonly seed: Seed;
}

/**
 * Gives `amount` cases to the seats like water to connected vessels: always to the lowest that still has room. Equal levels take
 * turns in an order drawn from the seed. Returns counts in that order and raises load and lowers room.
 */
export function fillEvenly(
  seats: readonly CallerSeat[],
  amount: number,
  { load, room, seed }: Filling,
): [userId: string, count: number][] {
  const order = shuffled(seats, (seat) => seat.userId, seed);
  const target = waterLevel(
    order.map((seat) => ({ level: load.get(seat.userId) ?? 0, room: room.get(seat.userId) ?? 0 })),
    amount,
  );
  let left = amount;
  const counts = order.map((seat): [string, number] => {
    const level = load.get(seat.userId) ?? 0;
    const count = Math.min(Math.max(0, target - level), room.get(seat.userId) ?? 0, left);
    left -= count;
    return [seat.userId, count];
  });
  for (const entry of counts) {
    const [userId, count] = entry;
    const atLevel = (load.get(userId) ?? 0) + count === target;
    const oneMore = left > 0 && atLevel && count < (room.get(userId) ?? 0) ? 1 : 0;
    left -= oneMore;
    entry[1] = count + oneMore;
    load.set(userId, (load.get(userId) ?? 0) + entry[1]);
    room.set(userId, (room.get(userId) ?? 0) - entry[1]);
  }
  return counts.filter(([, count]) => count > 0);
}

/** The highest whole level to which all vessels can be filled with at most `amount`. */
function waterLevel(vessels: readonly { level: number; room: number }[], amount: number): number {
  let low = 0;
  let high = Math.max(0, ...vessels.map(({ level, room }) => level + room));
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    const needed = vessels.reduce(
      (sum, { level, room }) => sum + Math.min(Math.max(0, middle - level), room),
      0,
    );
    if (needed <= amount) low = middle;
    else high = middle - 1;
  }
  return low;
}
