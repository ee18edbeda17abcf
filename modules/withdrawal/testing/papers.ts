import { sql } from 'kysely';
import sharp from 'sharp';
import { afterAll, beforeAll, beforeEach } from 'vitest';
import type { Person, World } from '#platform/testing/app';
import type { PolicyId } from '#season/rules';
import {
  arrangeCaller,
  arrangeCase,
  arrangeLeader,
  arrangeWorld,
  MORNING,
  type Season,
} from '../../follow-up/testing/arrange.ts';
import { checkWithdrawal, executeWithdrawal } from '../decide.service.ts';
import { readWithdrawal } from '../list.service.ts';
import { requestWithdrawal, uploadEvidence } from '../request.service.ts';
import { CHECKS, type Checklist } from '../rules.ts';

/** Withdrawals in tests: who asks, who checks, who carries out, and each step in one call. */

export const everything = Object.fromEntries(CHECKS.map((check) => [check, true])) as Checklist;

type Checked = Partial<Parameters<typeof checkWithdrawal>[2]>;

export interface Desk {
  readonly world: World;
  readonly season: Season;
  readonly caller: Person;
  readonly otherCaller: Person;
  readonly leader: Person;
  readonly clerk: Person;
  readonly supervisor: Person;
  readonly office: Person;
  /** With metadata in it. */
  readonly photo: Buffer;
  newCase(given?: { policyId?: PolicyId; owner?: Person | null; grouped?: boolean }): Promise<string>;
  ask(caseId: string, who?: Person): ReturnType<typeof requestWithdrawal>;
  hand(id: string, content?: Buffer, who?: Person): ReturnType<typeof uploadEvidence>;
  /** Everything ticked on the photo that is there now, but for what is given. */
  check(id: string, who?: Person, given?: Checked): ReturnType<typeof checkWithdrawal>;
  execute(id: string, who?: Person): ReturnType<typeof executeWithdrawal>;
  /** Requests of new cases that have come so far. */
  requested(caseId?: string): Promise<string>;
  checked(caseId?: string): Promise<string>;
  executed(): Promise<string>;
  caseState(caseId: string): Promise<{ state: string; result: string | null } | undefined>;
}

/** A desk for a file of tests, each beginning at ten in the morning. Use its parts inside tests only: they are there once tests run. */
export function arrangeDesk(): Desk {
  const desk = {} as Desk;
  beforeAll(async () => {
    const { world, season } = await arrangeWorld();
    const photo = await sharp({ create: { width: 800, height: 600, channels: 3, background: '#cfd8dc' } })
      .jpeg()
      .withExif({ IFD0: { Artist: 'secret-place' } })
      .toBuffer();
    Object.assign(desk, {
      ...{ world, season, photo },
      caller: await arrangeCaller(world, season),
      otherCaller: await arrangeCaller(world, season),
      leader: await arrangeLeader(world, season),
      clerk: await world.addPerson({ roles: ['file_clerk'] }),
      supervisor: await world.addPerson({ roles: ['supervisor'] }),
      office: await world.addPerson({ roles: ['admissions_office'] }),
      ...steps(desk),
    });
  });
  beforeEach(() => desk.world.setClock(MORNING));
  afterAll(() => desk.world.close());
  return desk;
}

type Steps = Pick<
  Desk,
  'newCase' | 'ask' | 'hand' | 'check' | 'execute' | 'requested' | 'checked' | 'executed' | 'caseState'
>;

function steps(desk: Desk): Steps {
  const newCase: Desk['newCase'] = async (given = {}) =>
    (
      await arrangeCase(desk.world, desk.season, {
        owner: desk.caller,
        policyId: desk.season.withdrawable,
        ...given,
      })
    ).caseId;
  const ask: Desk['ask'] = (caseId, who = desk.caller) =>
    desk.world.as(who, (ctx) =>
      requestWithdrawal(ctx, desk.world.files, { caseId, reasonCode: 'repeat', reasonText: '' }),
    );
  const hand: Desk['hand'] = (id, content = desk.photo, who = desk.caller) =>
    uploadEvidence(
      {
        env: desk.world.env,
        caller: { tenantId: desk.world.tenantId, actor: who.actor },
        files: desk.world.files,
      },
      id,
      content,
    );
  const check: Desk['check'] = async (id, who = desk.leader, given = {}) => {
    const seen = await desk.world.as(desk.clerk, (ctx) => readWithdrawal(ctx, id));
    const uploadedAt = (seen.ok ? seen.value.uploadedAt : null) ?? 0;
    const form = { checklist: everything, uploadedAt, ...given };
    return desk.world.as(who, (ctx) => checkWithdrawal(ctx, id, form));
  };
  const execute: Desk['execute'] = (id, who = desk.clerk) =>
    desk.world.as(who, (ctx) => executeWithdrawal(ctx, id));
  const requested: Desk['requested'] = async (caseId) => {
    const result = await ask(caseId ?? (await newCase()));
    if (!result.ok) throw new Error(result.error.message);
    return result.value.id;
  };
  const checked: Desk['checked'] = async (caseId) => {
    const id = await requested(caseId);
    await hand(id);
    await check(id);
    return id;
  };
  return {
    ...{ newCase, ask, hand, check, execute, requested, checked },
    executed: async () => {
      const id = await checked();
      await execute(id);
      return id;
    },
    caseState: async (caseId) =>
      (
        await desk.world.as('system', ({ tx }) =>
          sql<{ state: string; result: string | null }>`
            select state, result from follow_up_case where id = ${caseId}`.execute(tx),
        )
      ).rows[0],
  };
}
