/**
 * Who follows up whom. Seed 001: who registers a lead follows it up; the others at random and even. Seed 001 2.3.2: shielded
 * phones in withdrawable provinces go to the escalation team, art school-exam candidates excepted. law.md: no score is looked at.
 */
import { type Seed, shuffled } from './shuffle.rules.ts';

/** A candidate waiting for a caller. `kind` groups those who stand for the same callers: province, batch and skill. */
export interface Waiting {
  readonly candidateId: string;
  readonly provinceCode: string;
  readonly batchId: string;
  readonly requiredSkill: string | null;
  /** The recruiter whose registration of this candidate counts. */
  readonly leadOwnerId: string | null;
  readonly withdrawable: boolean;
  readonly phoneShielded: boolean;
  readonly artSchoolExam: boolean;
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

/** Limits of one run; an empty list means no limit. */
export interface RunLimits {
  readonly groups: readonly {
    readonly groupId: string;
    readonly provinceCodes: readonly string[];
    readonly batchIds: readonly string[];
  }[];
  /** Most new cases for one caller in this run; null: only the cap of each. */
  readonly newPerCaller: number | null;
}

export type Cause = 'lead' | 'random' | 'escalation';
export type LeftCause = 'no_caller_for_skill' | 'no_caller_for_limits' | 'no_capacity';

export interface Share {
  readonly candidateId: string;
  readonly userId: string | null;
  readonly cause: Cause;
}

export interface Distribution {
  readonly shares: readonly Share[];
  readonly left: readonly { readonly candidateId: string; readonly cause: LeftCause }[];
}

/** Withdrawable and shielded: never the ordinary queue (follow-up.md, Settled). */
export const goesToEscalation = (
  waiting: Pick<Waiting, 'withdrawable' | 'phoneShielded' | 'artSchoolExam'>,
): boolean => waiting.withdrawable && waiting.phoneShielded && !waiting.artSchoolExam;

/**
 * Distributes candidates over callers: leads to their recruiters, shielded ones to the escalation team, the rest so that open
 * work ends as even as limits and caps allow. The same input and seed give the same shares, whatever the order of the rows.
 */
export function distribute(
  waiting: readonly Waiting[],
  callers: readonly CallerSeat[],
  limits: RunLimits,
  seed: Seed,
): Distribution {
  const byId = new Map(callers.map((caller) => [caller.userId, caller]));
  const load = new Map(callers.map((caller) => [caller.userId, caller.open]));
  const shares: Share[] = [];
  const rest: Waiting[] = [];
  for (const one of waiting) {
    if (goesToEscalation(one))
      shares.push({ candidateId: one.candidateId, userId: null, cause: 'escalation' });
    else if (one.leadOwnerId !== null && byId.has(one.leadOwnerId)) {
      shares.push({ candidateId: one.candidateId, userId: one.leadOwnerId, cause: 'lead' });
      load.set(one.leadOwnerId, (load.get(one.leadOwnerId) ?? 0) + 1);
    } else rest.push(one);
  }
  const dealt = dealRest(rest, { callers, limits, seed, load });
  return { shares: [...shares, ...dealt.shares], left: dealt.left };
}

interface Table {
  readonly callers: readonly CallerSeat[];
  readonly limits: RunLimits;
  readonly seed: Seed;
  readonly load: Map<string, number>;
}

/** The kinds with the fewest callers choose first, so that nobody takes their only callers away. */
function dealRest(rest: readonly Waiting[], table: Table): Distribution {
  const shares: Share[] = [];
  const left: { candidateId: string; cause: LeftCause }[] = [];
  const kinds = [...groupByKind(rest)].map(([key, members]) => ({
    key,
    members,
    seats: seatsFor(members[0] as Waiting, table),
  }));
  kinds.sort((one, other) => one.seats.length - other.seats.length || (one.key < other.key ? -1 : 1));
  const room = new Map(table.callers.map((caller) => [caller.userId, roomOf(caller, table)]));
  for (const { members, seats } of kinds) {
    const order = shuffled(members, (member) => member.candidateId, table.seed);
    const counts = fillEvenly(seats, order.length, { load: table.load, room, seed: table.seed });
    let next = 0;
    for (const [userId, count] of counts) {
      for (const member of order.slice(next, next + count))
        shares.push({ candidateId: member.candidateId, userId, cause: 'random' });
      next += count;
    }
    const cause = seats.length > 0 ? 'no_capacity' : whyNobody(members[0] as Waiting, table);
    for (const member of order.slice(next)) left.push({ candidateId: member.candidateId, cause });
  }
  return { shares, left };
}

function groupByKind(waiting: readonly Waiting[]): Map<string, Waiting[]> {
  const kinds = new Map<string, Waiting[]>();
  for (const one of waiting) {
    const key = `${one.provinceCode}/${one.batchId}/${one.requiredSkill ?? ''}`;
    const members = kinds.get(key);
    if (members) members.push(one);
    else kinds.set(key, [one]);
  }
  return kinds;
}

const hasSkill = (caller: CallerSeat, skill: string | null): boolean =>
  skill === null || caller.skills.includes(skill);

function isAllowed(caller: CallerSeat, one: Waiting, limits: RunLimits): boolean {
  const mine = limits.groups.find(({ groupId }) => groupId === caller.groupId);
  if (!mine) return limits.groups.length === 0;
  const province = mine.provinceCodes.length === 0 || mine.provinceCodes.includes(one.provinceCode);
  return province && (mine.batchIds.length === 0 || mine.batchIds.includes(one.batchId));
}

const seatsFor = (one: Waiting, { callers, limits }: Table): CallerSeat[] =>
  callers.filter((caller) => hasSkill(caller, one.requiredSkill) && isAllowed(caller, one, limits));

const whyNobody = (one: Waiting, { callers }: Table): LeftCause =>
  callers.some((caller) => hasSkill(caller, one.requiredSkill))
    ? 'no_caller_for_limits'
    : 'no_caller_for_skill';

/** Leads count against a caller's cap, and against nothing else: a registered lead is never taken away for being one too many. */
function roomOf(caller: CallerSeat, { limits, load }: Table): number {
  const byCap = caller.cap - (load.get(caller.userId) ?? 0);
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
