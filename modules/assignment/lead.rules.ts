/** 报备: who registers follows up, and the first valid registration counts. Seed 001 part 五 (二) 1; domain.md §4. */

/** Most registrations of one person: against claims by the list. */
export const LEADS_PER_DAY = 100;
export const LEADS_PER_SEASON = 500;

export const LEAD_STATES = ['open', 'matched', 'disputed', 'void'] as const;
export type LeadState = (typeof LEAD_STATES)[number];

export const DISPUTES = ['later', 'ambiguous', 'name_differs', 'after_delivery'] as const;
export type Dispute = (typeof DISPUTES)[number];

/** By which fact a lead found a candidate, the surest first. */
export const LEAD_FACTS = ['number', 'id', 'phone'] as const;
type LeadFact = (typeof LEAD_FACTS)[number];

/** One candidate that fits an open lead. */
export interface Found {
  readonly leadId: string;
  readonly recruiterId: string;
  readonly registeredAt: number;
  readonly candidateId: string;
  readonly by: LeadFact;
  readonly sameName: boolean;
  /** Registered by the recruiter when the candidate's file was here already. */
  readonly afterDelivery: boolean;
}

export interface Verdict {
  readonly leadId: string;
  readonly state: 'matched' | 'disputed' | 'void';
  readonly candidateId: string | null;
  readonly dispute: Dispute | null;
  readonly voidReason: string | null;
}

const OWN_DOUBLE = '本人已更早报备过同一名考生';

/**
 * Decides open leads against the candidates they fit. `taken` tells whose lead a candidate is already. What is not plain goes
 * to the office; nobody loses a registration silently.
 */
export function judge(found: readonly Found[], taken: ReadonlyMap<string, string>): Verdict[] {
  const owners = new Map(taken);
  const leads = [...Map.groupBy(found, ({ leadId }) => leadId).values()].toSorted(
    ([one], [other]) =>
      (one?.registeredAt ?? 0) - (other?.registeredAt ?? 0) ||
      ((one?.leadId ?? '') < (other?.leadId ?? '') ? -1 : 1),
  );
  return leads.flatMap((fits) => {
    const lead = fits[0];
    if (!lead) return [];
    const best = aimOf(fits);
    const verdict = best === 'ambiguous' ? disputed(lead, null, best) : decide(best, owners);
    if (verdict.state === 'matched' && verdict.candidateId !== null)
      owners.set(verdict.candidateId, lead.recruiterId);
    return verdict;
  });
}

/** The one candidate meant: by the surest fact, and among several by the name. */
function aimOf(fits: readonly Found[]): Found | 'ambiguous' {
  const surest = LEAD_FACTS.find((fact) => fits.some(({ by }) => by === fact));
  const candidates = fits.filter(({ by }) => by === surest);
  const named = candidates.filter(({ sameName }) => sameName);
  const [only, ...more] = named.length > 0 ? named : candidates;
  return only && more.length === 0 ? only : 'ambiguous';
}

function decide(fit: Found, owners: ReadonlyMap<string, string>): Verdict {
  const owner = owners.get(fit.candidateId);
  if (owner === fit.recruiterId)
    return { ...verdictOf(fit.leadId, fit.candidateId), state: 'void', voidReason: OWN_DOUBLE };
  if (owner !== undefined) return disputed(fit, fit.candidateId, 'later');
  if (!fit.sameName) return disputed(fit, fit.candidateId, 'name_differs');
  if (fit.afterDelivery) return disputed(fit, fit.candidateId, 'after_delivery');
  return { ...verdictOf(fit.leadId, fit.candidateId), state: 'matched' };
}

const verdictOf = (leadId: string, candidateId: string | null) => ({
  leadId,
  candidateId,
  dispute: null,
  voidReason: null,
});

const disputed = ({ leadId }: Found, candidateId: string | null, dispute: Dispute): Verdict => ({
  ...verdictOf(leadId, candidateId),
  state: 'disputed',
  dispute,
});
