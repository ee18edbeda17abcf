import { parseArgs } from 'node:util';
import { sql } from 'kysely';
import { loadConfig } from '#platform/config';
import { system, withTenant } from '#platform/db/tenant';
import { makeLog } from '#platform/log';
import { openRuntime } from '#platform/runtime';
import { tenantByCode } from '#platform/tenant';
import { readWallboard } from '#report';
import { DEMO_CODE } from '../apps/demo/build.ts';

const percentile = (sorted: readonly number[], share: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;

/**
 * Answers the wallboard over and over on the demonstration of DATA_DIR (any size), and in the same run the bare statement that adds up its
 * largest counter: the figure, the raw limit and their ratio.
 */
export async function benchWallboard(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: { runs: { type: 'string', default: '200' }, json: { type: 'boolean', default: false } },
  });
  const runtime = await openRuntime(loadConfig(process.env), makeLog('error'));
  try {
    const tenant = await tenantByCode(runtime.env.db, DEMO_CODE);
    if (!tenant)
      throw new Error(
        'no demonstration in this DATA_DIR: run `npm run -s zhizhao -- demo --size college` first',
      );
    const caller = { tenantId: tenant.id, actor: system };
    const board: number[] = [];
    const raw: number[] = [];
    for (let run = 0; run < Number(values.runs); run += 1) {
      board.push(await timed(() => withTenant(runtime.env, caller, readWallboard)));
      raw.push(
        await timed(() =>
          withTenant(runtime.env, caller, (ctx) =>
            sql`select policy_id, state, sum(cases) from case_tally where tenant_id = ${ctx.tenantId} and grain = 'owner' group by 1, 2`.execute(
              ctx.tx,
            ),
          ),
        ),
      );
    }
    const attempts = await withTenant(
      runtime.env,
      caller,
      async (ctx) =>
        (await sql<{ n: number }>`select count(*) as n from attempt`.execute(ctx.tx)).rows[0]?.n ?? 0,
    );
    report(
      {
        attempts,
        board: board.sort((one, other) => one - other),
        raw: raw.sort((one, other) => one - other),
      },
      values.json === true,
    );
  } finally {
    await runtime.close();
  }
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}

function report(
  { attempts, board, raw }: { attempts: number; board: number[]; raw: number[] },
  json: boolean,
): void {
  const figures = {
    contacts: attempts,
    p50Ms: percentile(board, 0.5),
    p95Ms: percentile(board, 0.95),
    rawP95Ms: percentile(raw, 0.95),
    ratio: percentile(board, 0.95) / percentile(raw, 0.95),
    targetMs: 100,
  };
  console.log(
    json
      ? JSON.stringify(figures)
      : `wallboard over ${attempts} contacts: p50 ${figures.p50Ms.toFixed(1)} ms, p95 ${figures.p95Ms.toFixed(1)} ms (target 100); one bare counter p95 ${figures.rawP95Ms.toFixed(1)} ms; ratio ${figures.ratio.toFixed(1)}`,
  );
}
