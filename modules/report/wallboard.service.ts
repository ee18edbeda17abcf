import type { z } from 'zod';
import { NO_TALLY, type Tally } from '#follow-up/rules';
import type { Ctx } from '#platform/db/tenant';
import { type Refusal, refuse } from '#platform/http/refusal';
import { ok, type Result } from '#platform/result';
import { shanghaiDay } from '#platform/shanghai';
import { activeSeason, settingsOf } from '#season';
import { type FollowUpSettings, provinceName, type Season } from '#season/rules';
import type { Wallboard } from './contract.ts';
import {
  candidatesImported,
  candidatesReleased,
  groupNames,
  liveFigures,
  type NamedPolicy,
  namedPolicies,
} from './live.store.ts';
import { againstTarget, conservationGap, ratesOf } from './rules.ts';
import { addUp, byKey, type Standing, standingOf } from './standing.rules.ts';
import {
  type CaseSumsByPolicy,
  caseSumsByOwner,
  caseSumsByPolicy,
  sumsByCaller,
  sumsByPolicy,
} from './sums.store.ts';

type Board = z.output<typeof Wallboard>;

export const noSeason = (): { ok: false; error: Refusal<'no_season'> } =>
  refuse('no_season', '还没有进行中的招生季，请招办先到“设置 > 招生季”建立。');

/** The season on one wall: the conservation line first. Counters only, so its cost does not grow with the season. */
export async function readWallboard(ctx: Ctx): Promise<Result<Board, Refusal<'no_season'>>> {
  const season = await activeSeason(ctx);
  if (!season) return noSeason();
  const today = shanghaiDay(ctx.now);
  const cases = await caseSumsByPolicy(ctx, season.id);
  const policies = await namedPolicies(ctx, season.id);
  const contacts = await sumsByPolicy(ctx, season.id, null);
  const contactsToday = await sumsByPolicy(ctx, season.id, today);
  const { dueNow, overdue, laterToday, waiting, late, inWork, ...working } = await liveFigures(ctx);
  const sums = addUp(contacts, NO_TALLY);
  const here = cases.filter(({ phase }) => phase === season.phase);
  const people = {
    imported: await candidatesImported(ctx, season.id),
    released: await candidatesReleased(ctx, season.id, season.phase),
  };
  const standing = standingOf(here);
  return ok({
    season: { id: season.id, name: season.name, phase: season.phase, round: season.round },
    asOf: ctx.now,
    conservation: conservationOf(here, people),
    today: addUp(contactsToday, NO_TALLY),
    season_sums: sums,
    rates: ratesOf(sums, standing.cases),
    callbacks: { dueNow, overdue, laterToday },
    escalations: { waiting, late, inWork },
    working,
    funnel: funnelOf(standing),
    targets: targetsOf(await settingsOf(ctx, season.id), sums, standing),
    groups: await groupsOf(ctx, season, today),
    provinces: policies.map((policy) => provinceRow(policy, here, contactsToday)),
  });
}

/**
 * Three ledgers that know nothing of each other: what the imports brought, what the releases gave out, where the cases stand. A case that
 * vanished, or one that no release opened, leaves a gap.
 */
function conservationOf(
  cases: readonly CaseSumsByPolicy[],
  people: { readonly imported: number; readonly released: number },
): Board['conservation'] {
  const inState = (state: string): number =>
    cases.filter((one) => one.state === state).reduce((sum, one) => sum + one.cases, 0);
  const line = {
    candidates: people.imported,
    unreleased: Math.max(0, people.imported - people.released),
    ...{ ready: inState('ready'), leased: inState('leased'), scheduled: inState('scheduled') },
    ...{ blocked: inState('blocked'), escalated: inState('escalated'), final: inState('final') },
  };
  return { ...line, gap: conservationGap(line) };
}

/** Each step is part of the one before: released, under way (no longer merely tried), said what they want, confirmed or admitted. */
function funnelOf(standing: Standing): Board['funnel'] {
  const confirmed = standing.confirmed + standing.admitted;
  const decided = confirmed + standing.considering + standing.withdrawing + standing.withdrawn;
  return [
    { label: '已放出', cases: standing.cases },
    { label: '已有进展', cases: standing.cases - standing.uncalled },
    { label: '已表明意向', cases: decided },
    { label: '确认录取', cases: confirmed },
  ];
}

function targetsOf({ targets }: FollowUpSettings, sums: Tally, { cases }: Standing): Board['targets'] {
  const contacts = { part: sums.contacts, whole: cases };
  const talk = { part: sums.talkSeconds, whole: cases * 60 };
  return [
    {
      code: 'contacts',
      label: '人均有效联系',
      rate: contacts,
      bound: targets.contacts,
      unit: '次',
      state: reaches(contacts, targets.contacts),
    },
    {
      code: 'talk',
      label: '人均通话',
      rate: talk,
      bound: targets.talkMinutes,
      unit: '分钟',
      state: reaches(talk, targets.talkMinutes),
    },
  ];
}

/** An average against a bound, without division: basic and target are the same bound here. */
export const reaches = (rate: { part: number; whole: number }, bound: number) =>
  againstTarget(rate, { basicPerMille: bound * 1000, targetPerMille: bound * 1000 });

async function groupsOf(ctx: Ctx, season: Season, today: string): Promise<Board['groups']> {
  const cases = byKey(await caseSumsByOwner(ctx, season.id), ({ groupId }) => groupId);
  const todays = byKey(await sumsByCaller(ctx, season.id, today), ({ groupId }) => groupId);
  const all = byKey(await sumsByCaller(ctx, season.id, null), ({ groupId }) => groupId);
  return [...(await groupNames(ctx))].map(([groupId, name]) => {
    const standing = standingOf(cases.get(groupId) ?? []);
    const sums = addUp<Tally>(all.get(groupId) ?? [], NO_TALLY);
    return {
      groupId,
      name,
      standing,
      today: addUp<Tally>(todays.get(groupId) ?? [], NO_TALLY),
      rates: ratesOf(sums, standing.cases),
    };
  });
}

function provinceRow(
  policy: NamedPolicy,
  cases: readonly CaseSumsByPolicy[],
  today: readonly (Tally & { policyId: string })[],
): Board['provinces'][number] {
  const { level: _level, ...shown } = policy;
  const mine = <T extends { policyId: string }>(rows: readonly T[]): T[] =>
    rows.filter(({ policyId }) => policyId === policy.policyId);
  return {
    ...shown,
    provinceName: provinceName(policy.provinceCode),
    standing: standingOf(mine(cases)),
    today: addUp<Tally>(mine(today), NO_TALLY),
  };
}
