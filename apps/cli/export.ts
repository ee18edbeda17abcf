import { randomBytes } from 'node:crypto';
import type { Readable } from 'node:stream';
import { parseArgs } from 'node:util';
import { makeDecisions, makeLedger } from '#ledger';
import { markOf } from '#ledger/rules';
import { audit } from '#platform/audit/audit';
import { type Ctx, inTenant } from '#platform/db/tenant';
import { type Refusal, refuse } from '#platform/http/refusal';
import { ok, type Result } from '#platform/result';
import { activeSeason, batchByCode } from '#season';
import { findProvince } from '#season/rules';
import { type Command, common, DONE, print, printRefusal, UsageError, withTenantRuntime } from './command.ts';
import { intoFile } from './out-file.ts';

interface Wanted {
  readonly kind: 'decisions' | 'ledger';
  readonly out: string;
  readonly put: (content: Readable | Buffer) => Promise<void>;
  readonly province: string | undefined;
  readonly batch: string | undefined;
  readonly reason: string;
}

/** The decisions for the authority as DBF, or the whole ledger as XLSX, written on this machine and logged. */
export const exportCommand: Command = {
  usage:
    'export decisions|ledger --tenant 代码 --out 文件 --reason 用途 [--province 省份] [--batch 批次] [--json]',
  run: async ([kind, ...args]) => {
    if (kind !== 'decisions' && kind !== 'ledger')
      throw new UsageError('export 之后应是 decisions 或 ledger。');
    const text = { type: 'string' } as const;
    const { values } = parseArgs({
      args,
      options: { ...common, tenant: text, out: text, province: text, batch: text, reason: text },
    });
    const { out, province, batch, reason } = values;
    if (!out) throw new UsageError('缺少 --out 文件名。');
    if (!reason || reason.trim().length < 4) throw new UsageError('--reason 用至少 4 个字写明用途。');
    return withTenantRuntime(values.tenant, async ({ env, caller }) => {
      const done = await intoFile(out, (put) =>
        inTenant(env, caller, (ctx) => write(ctx, { kind, out, put, province, batch, reason })),
      );
      if (!done.ok) return printRefusal(values.json, done.error);
      print(values.json, done.value, [`已写入 ${out}，导出标记 ${done.value.mark}。`]);
      return DONE;
    });
  },
};

async function write(ctx: Ctx, wanted: Wanted): Promise<Result<{ file: string; mark: string }, Refusal>> {
  const season = await activeSeason(ctx);
  if (!season) return refuse('no_season', '还没有进行中的招生季。');
  const place = wanted.province === undefined ? undefined : findProvince(wanted.province);
  if (place === null)
    return refuse('unknown_province', `不认识省份“${wanted.province}”，请用两位代码或名称。`);
  const batch = wanted.batch === undefined ? undefined : await batchByCode(ctx, season.id, wanted.batch);
  if (batch === null) return refuse('unknown_batch', `这个招生季没有批次“${wanted.batch}”。`);
  const scope = {
    seasonId: season.id,
    filter: { ...(place && { provinceCode: place.code }), ...(batch && { batchId: batch.id }) },
  };
  const mark = markOf(randomBytes(12));
  const made =
    wanted.kind === 'decisions'
      ? await makeDecisions(ctx, scope, mark)
      : ok(await makeLedger(ctx, scope, mark, async () => undefined));
  if (!made.ok) return made;
  await wanted.put(made.value);
  await audit(ctx, {
    action: 'export.written',
    subjectType: 'export',
    subjectId: mark,
    reason: wanted.reason,
    after: { kind: wanted.kind, filter: scope.filter },
  });
  return ok({ file: wanted.out, mark });
}
