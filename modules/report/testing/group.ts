import { sql } from 'kysely';
import { afterAll, beforeAll } from 'vitest';
import { closeCase } from '#follow-up';
import { newId } from '#platform/ids';
import type { Person, World } from '#platform/testing/app';
import {
  arrangeCaller,
  arrangeCase,
  arrangeLeader,
  arrangeWorld,
  type Season,
} from '../../follow-up/testing/arrange.ts';

/** A group at work: six cases of two callers, one of them closed, and three days' contacts; its leader, and the office. */

export interface Group {
  readonly world: World;
  readonly season: Season;
  readonly callers: readonly Person[];
  readonly leader: Person;
  readonly office: Person;
}

/** A Wednesday. */
export const TODAY = '2026-07-22';

/** The hooks of a file: arranges once, fills the file's variables. */
export function arrangeGroup(fill: (group: Group) => void): void {
  let group: Group;
  beforeAll(async () => {
    const { world, season } = await arrangeWorld();
    const callers = [await arrangeCaller(world, season), await arrangeCaller(world, season)];
    const leader = await arrangeLeader(world, season);
    group = {
      world,
      season,
      callers,
      leader,
      office: await world.addPerson({ roles: ['admissions_office'] }),
    };
    await arrangeCases(group);
    await contacts(group, 0, { day: TODAY, hour: 19, attempts: 10, contacts: 6 });
    await contacts(group, 1, { day: TODAY, hour: 10, attempts: 10, contacts: 9 });
    await contacts(group, 1, { day: '2026-07-15', hour: 10, attempts: 3, contacts: 1 });
    fill(group);
  });
  afterAll(() => group.world.close());
}

async function arrangeCases({ world, season, callers }: Group): Promise<void> {
  const cases: string[] = [];
  for (let n = 0; n < 6; n += 1) {
    const owner = callers[n % 2] ?? null;
    const policyId = n < 4 ? season.withdrawable : season.binding;
    cases.push((await arrangeCase(world, season, { owner, policyId })).caseId);
  }
  await world.as('system', (ctx) =>
    closeCase(ctx, { caseId: cases[0] ?? '', result: 'admitted', reason: 'x', causeId: newId() }),
  );
}

/** Contacts of one of the callers as the call screen counts them: each answered one but the last confirms, in two minutes. */
export const contacts = (
  { world, season, callers }: Group,
  caller: 0 | 1,
  given: { day: string; hour: number; attempts: number; contacts: number },
) =>
  world.as('system', ({ tx, tenantId }) =>
    sql`insert into contact_tally_delta (tenant_id, id, season_id, caller_id, group_id, policy_id, phase, day, weekday, hour, attempts, dials,
        contacts, refusals, unreached, unknown_eligibility, confirmed, considering, withdrawing, talk_seconds)
      values (${tenantId}, ${newId()}, ${season.seasonId}, ${callers[caller]?.userId}, ${season.groupId}, ${season.withdrawable}, 'filing', ${given.day}::date,
        extract(dow from ${given.day}::date), ${given.hour}, ${given.attempts}, ${given.attempts}, ${given.contacts}, 1, ${given.attempts - given.contacts}, 0,
        ${given.contacts - 1}, 1, 0, ${given.contacts * 120})`.execute(tx),
  );
