import { sql } from 'kysely';
import type { Ctx } from '#platform/db/tenant';
import { notify } from '#platform/outbox';
import { shanghaiDay, startOfDay } from '#platform/shanghai';
import { holdersOf, leaderOf } from '#staff';
import { wasTold } from './alarm.store.ts';
import { TIER_ROLES } from './escalation.rules.ts';
import type { Me } from './me.ts';
import type { Outcome } from './outcome.rules.ts';

/** What is wrong with our own line is not the candidate's affair: whoever can mend it is told, once a day. */

const FAULTS = 3;

/** L9: the operator blocks our number, the office is told. L11: the third fault of a caller in a day, leader and office are told. */
export async function tellLine(ctx: Ctx, me: Me, outcome: Outcome): Promise<void> {
  const office = await holdersOf(ctx, TIER_ROLES.office);
  const midnight = startOfDay(shanghaiDay(ctx.now));
  const tell = async (people: readonly (typeof office)[number][], title: string, body: string) => {
    for (const userId of new Set(people)) {
      if (!(await wasTold(ctx, userId, title, midnight)))
        await notify(ctx, userId, { title, body, link: '/team/board' });
    }
  };
  const { name, groupId } = me.profile;
  if (outcome === 'L9')
    return tell(
      office,
      '外呼号码被运营商拦截',
      `${name}登记了“运营商拦截 / 限制呼入”。请联系运营商核实，先换一个外呼号码；这一次不算考生的联系次数。`,
    );
  if ((await faultsToday(ctx, me.userId, midnight)) < FAULTS) return;
  const leader = groupId === null ? null : await leaderOf(ctx, groupId as never);
  const people = leader === null ? office : [leader, ...office];
  await tell(
    people,
    `${name}的线路今天故障 ${FAULTS} 次`,
    '请检查话机或线路，或先换一部电话；故障不算考生的联系次数。',
  );
}

async function faultsToday(ctx: Ctx, callerId: string, midnight: number): Promise<number> {
  const { rows } = await sql<{ faults: number }>`
    select count(*)::int as faults from attempt
    where tenant_id = ${ctx.tenantId} and caller_id = ${callerId} and started_at >= ${new Date(midnight)} and outcome = 'L11'`.execute(
    ctx.tx,
  );
  return rows[0]?.faults ?? 0;
}
