import type { z } from 'zod';
import { NO_TALLY, type Tally } from '#follow-up/rules';
import type { Ctx } from '#platform/db/tenant';
import { type Refusal, refuse } from '#platform/http/refusal';
import { ok, type Result } from '#platform/result';
import { shanghaiDay } from '#platform/shanghai';
import { activeSeason, settingsOf } from '#season';
import { type FollowUpSettings, PHASES, type Phase, provinceName, type Season } from '#season/rules';
import type { Wallboard } from './contract.ts';
import {
  candidatesImported,
  candidatesMerged,
  candidatesReleased,
  liveFigures,
  type NamedPolicy,
  namedGroups,
  namedPolicies,
} from './live.store.ts';
import { againstTarget, conservationGap, type FileCounts, filesOf, ratesOf } from './rules.ts';
import { addUp, byKey, inPhase, peopleOf, type Standing, standingOf } from './standing.rules.ts';
import {
  type CaseSumsByPolicy,
  caseSumsByOwner,
  caseSumsByPolicy,
  sumsByCaller,
  sumsByPolicy,
} from './sums.store.ts';

type Board = z.output<typeof Wallboard>;

export const noSeason = (): { ok: false; error: Refusal<'no_season'> } =>
  refuse('no_season', '还没有招生季，请招办先到“设置 > 招生季”新建。');

/** The season on one wall: the conservation line first. Counters only, so its cost does not grow with the season. */
export async function readWallboard(ctx: Ctx): Promise<Result<Board, Refusal<'no_season'>>> {
  const season = await activeSeason(ctx);
  if (!season) return noSeason();
  const today = shanghaiDay(ctx.now);
  const cases = await caseSumsByPolicy(ctx, season.id);
  const policies = await namedPolicies(ctx, season.id);
  const contacts = await sumsByPolicy(ctx, season.id, null);
  const contactsToday = await sumsByPolicy(ctx, season.id, today);
  const { dueNow, overdue, laterToday, waiting, late, inWork, ...working } = await liveFigures(
    ctx,
    season.id,
  );
  const sums = addUp(contacts, NO_TALLY);
  const here = inPhase(cases, season.phase);
  const people = peopleOf(cases);
  const files: FileCounts = {
    imported: await candidatesImported(ctx, season.id),
    merged: await candidatesMerged(ctx, season.id, season.phase),
    left: leftBefore(cases, season.phase),
    released: await candidatesReleased(ctx, season.id, season.phase),
  };
  const standing = standingOf(here);
  return ok({
    season: { id: season.id, name: season.name, phase: season.phase, round: season.round },
    asOf: ctx.now,
    conservation: conservationOf(here, files),
    today: addUp(contactsToday, NO_TALLY),
    season_sums: sums,
    rates: ratesOf(sums, people),
    callbacks: { dueNow, overdue, laterToday },
    escalations: { waiting, late, inWork },
    working,
    funnel: funnelOf(standing),
    targets: targetsOf(await settingsOf(ctx, season.id), sums, people),
    groups: await groupsOf(ctx, season, today),
    provinces: policies.map((policy) => provinceRow(policy, here, contactsToday)),
  });
}

/** Who was finally lost to the season before this phase, from the counters. */
function leftBefore(cases: readonly CaseSumsByPolicy[], phase: Phase): number {
  const earlier: readonly string[] = PHASES.slice(0, PHASES.indexOf(phase));
  return cases
    .filter((one) => earlier.includes(one.phase) && (one.result === 'withdrawn' || one.result === 'returned'))
    .reduce((sum, one) => sum + one.cases, 0);
}

/**
 * Three ledgers that know nothing of each other: what the imports brought, what the releases gave out, where the cases stand. A case that
 * vanished, or one that no release opened, leaves a gap. A file that vanished before its release does not: it stays among the unreleased,
 * and the nightly proof, which counts files, finds it.
 */
function conservationOf(cases: readonly CaseSumsByPolicy[], files: FileCounts): Board['conservation'] {
  const inState = (state: string): number =>
    cases.filter((one) => one.state === state).reduce((sum, one) => sum + one.cases, 0);
  const line = {
    ...filesOf(files),
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

function targetsOf({ targets }: FollowUpSettings, sums: Tally, people: number): Board['targets'] {
  const contacts = { part: sums.contacts, whole: people };
  const talk = { part: sums.talkSeconds, whole: people * 60 };
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

/** The sums of whoever has no group. */
const NIL = '00000000-0000-0000-0000-000000000000';

/** Groups at work, and what stands outside them: so the table adds up to the board. */
async function groupsOf(ctx: Ctx, season: Season, today: string): Promise<Board['groups']> {
  const cases = byKey(await caseSumsByOwner(ctx, season.id), ({ groupId }) => groupId);
  const todays = byKey(await sumsByCaller(ctx, season.id, today), ({ groupId }) => groupId);
  const all = byKey(await sumsByCaller(ctx, season.id, null), ({ groupId }) => groupId);
  const named = await namedGroups(ctx);
  const shown = [...named, { id: NIL, name: '未编组', dissolved: true }].filter(
    ({ id, dissolved }) => !dissolved || cases.has(id) || todays.has(id),
  );
  return shown.map(({ id: groupId, name, dissolved }) => {
    const mine = cases.get(groupId) ?? [];
    const sums = addUp<Tally>(all.get(groupId) ?? [], NO_TALLY);
    return {
      groupId,
      name: dissolved && groupId !== NIL && !name.includes('（已解散') ? `${name}（已解散）` : name,
      standing: standingOf(inPhase(mine, season.phase)),
      today: addUp<Tally>(todays.get(groupId) ?? [], NO_TALLY),
      rates: ratesOf(sums, peopleOf(mine)),
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
