import { sql } from 'kysely';
import { type ClearPhone, phonesInClear } from '#candidate';
import { prepared } from '#platform/db/pool';
import type { Ctx } from '#platform/db/tenant';
import { shanghaiDay } from '#platform/shanghai';
import type { ScriptInForce } from '#script';
import { mostSpecific, OCCASIONS, type Occasion } from '#script/rules';
import type { Policy } from '#season/rules';
import type { CaseRow } from './case.store.ts';
import { factsOf, type KnownNumber, knownNumbers } from './facts.ts';
import { type LedgerRow, readLedger } from './ledger.store.ts';
import type { Me } from './me.ts';
import { inDialOrder } from './number.rules.ts';
import { filesOfPerson, frozenPhones } from './person.ts';
import type { CaseFacts } from './retry.rules.ts';

/** A case with everything that decides about it. */
export interface CaseFile {
  readonly case: CaseRow;
  readonly policy: Policy;
  readonly facts: CaseFacts;
  /** In dial order. */
  readonly numbers: readonly KnownNumber[];
  readonly ledger: readonly LedgerRow[];
  /** Approved texts that the platform sends by itself. */
  readonly sms: ReadonlyMap<Occasion, ScriptInForce>;
}

/** Loads the file of a case. The numbers are in clear: call it only for the holder of the lease, or to decide. */
export async function loadFile(ctx: Ctx, me: Me, row: CaseRow): Promise<CaseFile> {
  const policy = me.policies.find(({ id }) => id === row.policy_id);
  if (!policy) throw new Error(`case ${row.id} has a policy of another season`);
  const phones = await phonesInClear(ctx, row.candidate_id);
  const ledger = await readLedger(ctx, row.id);
  const { frozen, ...person } = await readPerson(ctx, row);
  const sms = smsOf(me, { case: row, policy });
  const smsPhones = reachableBySms(
    phones.filter(({ phoneId }) => !frozen.includes(phoneId)),
    ledger,
    me.settings.smsPerNumberPerDay,
    ctx.now,
  );
  return {
    case: row,
    policy,
    ledger,
    numbers: inDialOrder(knownNumbers(phones, { ledger, frozen }, ctx.now)),
    facts: factsOf({
      case: row,
      policy,
      ledger,
      ...person,
      smsPhones,
      smsAfter: [...sms.keys()],
      now: ctx.now,
    }),
    sms,
  };
}

type Situation = Pick<CaseFile, 'case' | 'policy'>;
const spotOf = ({ case: { phase, round }, policy: { withdrawable } }: Situation) => ({
  phase,
  round,
  withdrawable,
});

/** The approved script of the call: the most specific one. */
export const callScriptOf = (me: Me, situation: Situation): ScriptInForce | null =>
  mostSpecific(me.scripts, { ...spotOf(situation), kind: 'call' })[0] ?? null;

function smsOf(me: Me, situation: Situation): Map<Occasion, ScriptInForce> {
  if (!me.settings.automaticSms) return new Map();
  const texts = OCCASIONS.map((occasion) => {
    const spot = { ...spotOf(situation), kind: 'sms', occasion } as const;
    return [occasion, mostSpecific(me.scripts, spot)[0]] as const;
  });
  return new Map(texts.flatMap(([occasion, text]) => (text ? [[occasion, text] as const] : [])));
}

interface PersonFacts {
  readonly dialledToday: number;
  readonly doNotCall: boolean;
  readonly frozen: readonly string[];
}

/** Of the person over all files, phases and groups of the tenant: parents complain of ten calls a day, and 勿再来电 is said once for all. */
async function readPerson(ctx: Ctx, row: CaseRow): Promise<PersonFacts> {
  const { rows } = await sql<PersonFacts>`${prepared}
    with person as materialized (select ${filesOfPerson(ctx, row.candidate_id)} as files)
    select (select coalesce(sum(f.dialled_today), 0)::int from follow_up_case f
        where f.tenant_id = ${ctx.tenantId} and f.candidate_id = any(person.files)
          and f.dialled_on = ${shanghaiDay(ctx.now)}::date) as "dialledToday",
      exists (select from do_not_call n
        where n.tenant_id = ${ctx.tenantId} and n.candidate_id = any(person.files) and n.scope = 'person' and n.lifted_at is null) as "doNotCall",
      ${frozenPhones(ctx, row.candidate_id)} as frozen
    from person`.execute(ctx.tx);
  return rows[0] ?? { dialledToday: 0, doNotCall: false, frozen: [] };
}

function reachableBySms(
  phones: readonly ClearPhone[],
  ledger: readonly LedgerRow[],
  perDay: number,
  now: number,
): string[] {
  const today = shanghaiDay(now);
  const sent = (id: string): number =>
    ledger.filter(
      ({ phoneId, channel, startedAt, undone }) =>
        phoneId === id && channel === 'sms' && !undone && shanghaiDay(startedAt) === today,
    ).length;
  return phones
    .filter(
      ({ kind, state, phoneId }) => kind === 'mobile' && state !== 'do_not_call' && sent(phoneId) < perDay,
    )
    .map(({ phoneId }) => phoneId);
}
