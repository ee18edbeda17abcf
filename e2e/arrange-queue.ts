import { sql } from 'kysely';
import { installSignals } from '#candidate';
import { loadConfig } from '#platform/config';
import { type Ctx, system, withTenant } from '#platform/db/tenant';
import type { UserId } from '#platform/ids';
import { makeLog } from '#platform/log';
import { openRuntime } from '#platform/runtime';
import { createAccount } from '#platform/session/accounts';
import { createTenant } from '#platform/tenant';
import type { Person, World } from '#platform/testing/app';
import { approveSubmitted, installDefaultPack } from '#script';
import { arrangeCase, arrangeSeason, type Season } from '../modules/follow-up/testing/arrange.ts';
import type { Login } from './browser.ts';
import type { RunningServer } from './server.ts';

export interface QueueCaller extends Login {
  readonly userId: UserId;
}

export interface ArrangedQueue {
  /** Asks the database of the running server. */
  ask<T>(work: (ctx: Ctx) => Promise<T>): Promise<T>;
  readonly caller: QueueCaller;
  readonly colleague: QueueCaller;
  close(): Promise<void>;
}

const TENANT = 'xuyuan';
const NAMES = ['林晓', '欧阳文静', '周宁远', '何苗', '吴承安', '陈一鸣', '买买提江·阿卜杜热合曼', '李可'];

/**
 * A college in its filing phase beside a running server: two callers in one group, candidates with two numbers each, all due, the
 * default scripts approved. Calling hours are the whole day, so that the test may run at night.
 */
export async function arrangeQueue(server: RunningServer, candidates: number): Promise<ArrangedQueue> {
  const config = loadConfig({ ...process.env, DATA_DIR: server.dataDir });
  const runtime = await openRuntime(config, makeLog('silent'));
  const tenant = await createTenant(runtime.owner(), runtime.env.masterKey, {
    code: TENANT,
    name: '须园学院',
    kind: 'institution',
  });
  if (tenant === 'taken') throw new Error(`tenant ${TENANT} exists`);
  const ask = <T>(work: (ctx: Ctx) => Promise<T>): Promise<T> =>
    withTenant(runtime.env, { tenantId: tenant.id, actor: system }, work);
  const world = {
    as: (_who: unknown, work: (ctx: Ctx) => Promise<unknown>) => ask(work),
  } as unknown as World;
  const season = await arrangeSeason(world);
  await ask((ctx) => openHours(ctx, season));
  const caller = await addCaller(ask, season, { username: 'zhouning', name: '周宁' });
  const colleague = await addCaller(ask, season, { username: 'like', name: '李可' });
  for (let index = 0; index < candidates; index += 1) {
    const { candidateId } = await arrangeCase(world, season, {
      owner: { userId: caller.userId } as Person,
      phones: index % 3 === 0 ? 1 : 2,
      deadlineAt: Date.now() + 5 * 86_400_000,
    });
    await ask(({ tx, tenantId }) =>
      sql`update candidate set name = ${NAMES[index % NAMES.length]} where tenant_id = ${tenantId} and id = ${candidateId}`.execute(
        tx,
      ),
    );
  }
  return { ask, caller, colleague, close: () => runtime.close() };
}

async function openHours(ctx: Ctx, { seasonId }: Season): Promise<void> {
  const { tx, tenantId } = ctx;
  await sql`update province_policy set calling_from = '00:00', calling_until = '24:00',
      withdrawal_deadline_at = case when withdrawable then now() + interval '4 days' end
    where tenant_id = ${tenantId} and season_id = ${seasonId}`.execute(tx);
  await installSignals(ctx);
  await installDefaultPack(ctx, seasonId);
  const office = await createAccount(ctx, {
    username: 'zhoubin',
    name: '周斌',
    roles: ['admissions_office'],
  });
  if (!office.ok) throw new Error(office.error.message);
  await approveSubmitted({ ...ctx, actor: { ...system, userId: office.value.userId } }, seasonId);
}

/** A qualified caller of the group, with the one-time code of a new account. */
async function addCaller(
  ask: ArrangedQueue['ask'],
  season: Season,
  { username, name }: { username: string; name: string },
): Promise<QueueCaller> {
  return ask(async (ctx) => {
    const made = await createAccount(ctx, { username, name, roles: ['caller'] });
    if (!made.ok) throw new Error(made.error.message);
    const { userId, initialCode } = made.value;
    await sql`insert into staff_profile (tenant_id, user_id, kind, group_id, qualified_at, open_work_cap)
      values (${ctx.tenantId}, ${userId}, 'teacher', ${season.groupId}, now() - interval '1 day', 200)`.execute(
      ctx.tx,
    );
    return { tenant: TENANT, username, password: initialCode, userId };
  });
}
