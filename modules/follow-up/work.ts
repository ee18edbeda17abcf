import { seesScores } from '#candidate';
import { isMinor, nationalNumber } from '#candidate/rules';
import type { Ctx } from '#platform/db/tenant';
import { shanghaiDay } from '#platform/shanghai';
import { scriptVersion } from '#script';
import type { CaseRow } from './case.store.ts';
import { readCase } from './case.store.ts';
import type { KnownNumber } from './facts.ts';
import { type CaseFile, loadFile } from './file.ts';
import { type LeaseRow, readDraft, readOpenLease } from './lease.store.ts';
import type { LedgerRow } from './ledger.store.ts';
import { countIncomplete, incompleteAttempts, type Me } from './me.ts';
import { dialBarred, dialString } from './number.rules.ts';
import type { Outcome } from './outcome.rules.ts';
import { type Presence, readPresence } from './presence.ts';
import type { ContactData, LeaseData, NumberData, WorkView } from './work.contract.ts';
import { readCallbacks, readCandidate, readLastFinish, readToday } from './work.store.ts';

/** The whole call screen of one caller, read after whatever was just done. */

export type Nothing = NonNullable<WorkView['nothing']>;

const ALARM_AHEAD_MS = 15 * 60_000;
const TIMELINE = 5;
const NO_SEASON = '00000000-0000-0000-0000-000000000000';

export interface Known {
  /** Why there is no case. */
  readonly nothing?: Nothing | null;
  /** The case just taken, so that it need not be read again; who takes one owes no result and has no draft of it. */
  readonly held?: Held | null;
  readonly presence?: Presence;
}

export interface Held {
  readonly lease: LeaseRow;
  readonly file: CaseFile;
}

/**
 * The call screen: the case in hand with its numbers in the clear (only its holder gets them), today's counts, call-backs due within
 * a quarter of an hour, calls that still owe a result, and the last finish while it can be undone.
 */
export async function readWork(
  ctx: Ctx,
  me: Me,
  { nothing = null, held = null, presence }: Known = {},
): Promise<WorkView> {
  const lease = held?.lease ?? (await readOpenLease(ctx, me.userId));
  const seasonId = me.season?.id ?? NO_SEASON;
  const groupId = me.profile.groupId;
  const last = await readLastFinish(ctx, me.userId, ctx.now - me.settings.undoSeconds * 1000);
  return {
    serverNow: ctx.now,
    lease: lease && (await leaseView(ctx, me, lease, held?.file ?? null)),
    nothing: lease ? null : nothing,
    today: { ...(await readToday(ctx, me.userId, seasonId)), openWorkCap: me.profile.openWorkCap },
    callbacks: await readCallbacks(ctx, { userId: me.userId, groupId, seasonId }, ctx.now + ALARM_AHEAD_MS),
    incomplete: held ? [] : await incomplete(ctx, me.userId),
    undo: last && {
      attemptId: last.attemptId,
      outcome: last.outcome as Outcome,
      candidateName: last.candidateName,
      consequence: last.consequence,
      until: last.endedAt + me.settings.undoSeconds * 1000,
    },
    presence: presence ?? (await readPresence(ctx, me.userId)),
    settings: me.settings,
  };
}

async function incomplete(ctx: Ctx, userId: string): Promise<WorkView['incomplete']> {
  if ((await countIncomplete(ctx, userId)) === 0) return [];
  return (await incompleteAttempts(ctx, userId)) as WorkView['incomplete'];
}

async function leaseView(ctx: Ctx, me: Me, lease: LeaseRow, known: CaseFile | null): Promise<LeaseData> {
  const file = known ?? (await readFile(ctx, me, lease));
  const row = file.case;
  const candidate = await readCandidate(ctx, row.id);
  const { ownerName, callbackNote, pastLines, minorUntil, score, filingScore, ...shown } = candidate;
  const scores = await seesScores(ctx, me.profile);
  const { policy, facts } = file;
  return {
    id: lease.id,
    how: lease.how,
    openedAt: lease.opened_at,
    expiresAt: lease.expires_at,
    dialStartedAt: lease.dial_started_at,
    phoneId: lease.phone_id,
    draft: known ? null : await readDraft(ctx, lease.id),
    case: { ...caseView(row), ownerName, callbackNote },
    candidate: {
      ...shown,
      minor: isMinor(minorUntil, shanghaiDay(ctx.now)),
      score: scores ? score : null,
      filingScore: scores ? filingScore : null,
    },
    policy: {
      id: policy.id,
      version: policy.version,
      withdrawable: policy.withdrawable ?? false,
      newExam: policy.newExam,
      phoneShielded: policy.phoneShielded ?? false,
      withdrawalDeadlineAt: policy.withdrawalDeadlineAt,
      batchEndsAt: policy.batchEndsAt,
      pastLines: scores ? pastLines : [],
    },
    collegeName: me.season?.collegeName ?? '',
    numbers: file.numbers.map((known) => numberView(known, { ctx, me, lease, file })),
    facts: { ...facts, smsPhones: [...facts.smsPhones], smsAfter: [...facts.smsAfter] } as LeaseData['facts'],
    timeline: file.ledger.slice(0, TIMELINE).map((entry) => contactView(ctx, entry)),
    script: await scriptOf(ctx, me, lease),
  };
}

async function readFile(ctx: Ctx, me: Me, lease: LeaseRow): Promise<CaseFile> {
  const row = await readCase(ctx, lease.case_id);
  if (!row) throw new Error(`lease ${lease.id} has no case`);
  return loadFile(ctx, me, row);
}

const caseView = (row: CaseRow) => ({
  id: row.id,
  phase: row.phase,
  round: row.round,
  disposition: row.disposition,
  priority: row.priority,
  deadlineAt: row.deadline_at,
  ownerId: row.owner_id,
  attempts: row.attempts,
  contacts: row.contacts,
  talkSeconds: row.talk_seconds,
});

/** The version that the call began with: nobody's words change in the middle of a sentence. */
async function scriptOf(ctx: Ctx, me: Me, { script_version_id: id }: LeaseRow): Promise<LeaseData['script']> {
  if (id === null) return null;
  const found = me.scripts.find(({ versionId }) => versionId === id) ?? (await scriptVersion(ctx, id));
  return found && { versionId: found.versionId, name: found.name, version: found.version, body: found.body };
}

/** A promised or inbound call is not held up by caps. */
export const isPromised = ({ how }: Pick<LeaseRow, 'how'>): boolean =>
  how === 'callback' || how === 'takeover';

function numberView(
  known: KnownNumber,
  { ctx, me, lease, file }: { ctx: Ctx; me: Me; lease: LeaseRow; file: CaseFile },
): NumberData {
  const { phone, bestHour, ...facts } = known;
  const home = { kind: phone.kind, areaCode: phone.areaCode, homeAreaCode: me.season?.homeAreaCode ?? '' };
  const { digits, local } = dialString(nationalNumber(phone.number), home);
  return {
    ...facts,
    number: phone.number,
    masked: phone.masked,
    contactName: phone.contactName,
    source: phone.source,
    informant: phone.informant,
    areaCode: phone.areaCode,
    local,
    dialString: digits,
    bestHour,
    barred: dialBarred(known, {
      now: ctx.now,
      window: file.facts.window,
      settings: me.settings,
      dialledToday: file.facts.dialledToday,
      doNotCall: file.facts.doNotCall,
      promised: isPromised(lease),
    }),
  };
}

export const contactView = (ctx: Ctx, entry: LedgerRow): ContactData => ({
  attemptId: entry.id,
  at: entry.startedAt,
  callerName: entry.callerName,
  channel: entry.channel as ContactData['channel'],
  direction: entry.direction,
  masked: entry.masked,
  outcome: entry.outcome,
  talkSeconds: entry.talkSeconds,
  note: entry.note === null ? null : ctx.vault.open(entry.note),
  undone: entry.undone,
  corrected: entry.corrected,
});
