import type { ClearPhone } from '#candidate';
import { shanghaiDay } from '#platform/shanghai';
import type { Occasion } from '#script/rules';
import type { Policy } from '#season/rules';
import type { CaseRow } from './case.store.ts';
import { type DayPart, dayPartOf, windowOf } from './day-part.rules.ts';
import type { LedgerRow } from './ledger.store.ts';
import type { NumberFacts } from './number.rules.ts';
import { OUTCOMES, type Outcome, ruleOf } from './outcome.rules.ts';
import type { CaseFacts } from './retry.rules.ts';

/** A number with what the ledger says about it. */
export interface KnownNumber extends NumberFacts {
  readonly phone: ClearPhone;
  /** Hour of the day at which somebody answered here before. */
  readonly bestHour: number | null;
}

export interface FactsInput {
  readonly case: CaseRow;
  readonly policy: Policy;
  readonly ledger: readonly LedgerRow[];
  /** Dials of the candidate today over all phases. */
  readonly dialledToday: number;
  readonly doNotCall: boolean;
  /** Numbers to which a text message may go now. */
  readonly smsPhones: readonly string[];
  readonly smsAfter: readonly Occasion[];
  readonly now: number;
}

/** A dial that counts: ours, and not spoilt by the line or the hours (L9 to L11 of the catalogue). One without a result yet was made. */
const isDial = ({ channel, direction, outcome }: LedgerRow): boolean =>
  channel === 'phone' &&
  direction === 'out' &&
  (!(outcome in OUTCOMES) || ruleOf(outcome as Outcome).attempt);

/** What the rules want to know of a case, from its row, its policy and its ledger. */
export function factsOf({
  case: row,
  policy,
  ledger,
  dialledToday,
  doNotCall,
  now,
  ...sms
}: FactsInput): CaseFacts {
  const counted = ledger.filter(({ undone }) => !undone);
  const codes = counted.filter(({ outcome }) => outcome in OUTCOMES);
  const today = shanghaiDay(now);
  const todays = codes.filter(({ startedAt }) => shanghaiDay(startedAt) === today);
  const unanswered = codes.filter(({ contact, channel }) => !contact && channel === 'phone');
  const off = codes.filter(({ outcome }) => outcome === 'L3').map(({ startedAt }) => shanghaiDay(startedAt));
  return {
    disposition: row.disposition,
    withdrawable: policy.withdrawable ?? false,
    withdrawalDeadlineAt: policy.withdrawalDeadlineAt,
    deadlineAt: row.deadline_at,
    window: windowOf(policy.callingFrom, policy.callingUntil),
    dialledToday,
    tried: countBy(codes, ({ outcome }) => outcome),
    triedToday: countBy(todays, ({ outcome }) => outcome),
    switchedOffDays: new Set(off.filter((day) => day !== today)).size,
    dayParts: countBy(counted.filter(isDial), ({ startedAt }): DayPart => dayPartOf(startedAt)),
    lastUnansweredAt: unanswered[0]?.startedAt ?? null,
    messages: {
      sms: counted.filter(({ channel }) => channel === 'sms').length,
      wechat: counted.filter(({ channel }) => channel === 'wechat').length,
    },
    contacts: counted.filter(({ contact }) => contact).length,
    smsPhones: doNotCall ? [] : sms.smsPhones,
    smsAfter: sms.smsAfter,
    underEscalation: row.escalation_id !== null,
    doNotCall,
    hasOwner: row.owner_id !== null,
    hasGroup: row.group_id !== null,
  };
}

function countBy<T, K extends string>(rows: readonly T[], key: (row: T) => K): Partial<Record<K, number>> {
  const counts: Partial<Record<K, number>> = {};
  for (const row of rows) counts[key(row)] = (counts[key(row)] ?? 0) + 1;
  return counts;
}

/** The numbers of a candidate with what this case's ledger says of each; dials of the day count over all its cases. */
export function knownNumbers(
  phones: readonly ClearPhone[],
  { ledger, frozen }: { ledger: readonly LedgerRow[]; frozen: readonly string[] },
  now: number,
): KnownNumber[] {
  const today = shanghaiDay(now);
  return phones.map((phone) => {
    const calls = ledger.filter(
      ({ phoneId, channel, undone }) => phoneId === phone.phoneId && channel === 'phone' && !undone,
    );
    return {
      phone,
      phoneId: phone.phoneId,
      kind: phone.kind,
      relation: phone.relation,
      state: phone.state,
      stateAt: phone.stateAt,
      vacantHits: phone.vacantHits,
      retests: phone.retests,
      retestAfter: phone.retestAfter,
      dialledToday: phone.dialledOn === today ? phone.dialledToday : 0,
      lastDialledAt: phone.lastDialledAt,
      lastOutcome: calls[0]?.outcome ?? null,
      dialsOfCase: calls.filter(isDial).length,
      frozen: frozen.includes(phone.phoneId),
      bestHour: bestHour(calls),
    };
  });
}

const HOUR_MS = 3_600_000;

/** The hour in which most calls were answered; the latest one among equals. */
function bestHour(calls: readonly LedgerRow[]): number | null {
  const hours = calls
    .filter(({ contact }) => contact)
    .map(({ startedAt }) => Math.floor(startedAt / HOUR_MS + 8) % 24);
  const counts = countBy(hours, String);
  const best = hours.toSorted((one, other) => (counts[`${other}`] ?? 0) - (counts[`${one}`] ?? 0))[0];
  return best ?? null;
}
