import type { sql } from 'kysely';
import { audit } from '#platform/audit/audit';
import { type Caller, type Ctx, type Env, inTenant } from '#platform/db/tenant';
import type { FileStore, Place } from '#platform/files/store';
import type { Instant } from '#platform/ids';
import { fail, ok } from '#platform/result';
import { tenantSettings } from '#platform/tenant-settings';

/**
 * One purpose that ends, and what happens to its data then (个人信息保护法 art. 19 and 47). Every module brings its own; docs/data-register.md
 * names them column by column.
 */
export interface RetentionRule {
  readonly id: string;
  /** What is deleted or made anonymous, in Chinese. */
  readonly label: string;
  /** From when the days count, in Chinese, e.g. 招生季结束. */
  readonly since: string;
  /** Days kept; a tenant may choose another number, not below `min` (where a law wants it kept). */
  readonly days: { readonly standard: number; readonly min: number };
  /** Does it, for what ended before `before`, and says how many rows. What was done is not found again. */
  readonly run: (ctx: Ctx, at: { before: Instant; files: FileStore }) => Promise<number>;
}

export interface RetentionLine {
  readonly id: string;
  readonly label: string;
  readonly days: number;
  readonly count: number;
}

const DAY = 86_400_000;

/** Days that count for a tenant. */
export const daysOf = (rule: RetentionRule, chosen: Readonly<Record<string, number>>): number =>
  Math.max(rule.days.min, chosen[rule.id] ?? rule.days.standard);

export interface Sweep {
  /** Connected as the owner: some tables are append-only for the application. */
  readonly env: Env;
  readonly caller: Caller;
  readonly files: FileStore;
  readonly rules: readonly RetentionRule[];
  readonly dryRun: boolean;
}

/**
 * Applies every rule, each in a transaction of its own; a dry run does the same and rolls it back, so its figures are exact. Files
 * go after the commit, so that a row never names one that is gone. What was removed stands in the audit log with its figures.
 */
export async function sweepExpired({ env, caller, files, rules, dryRun }: Sweep): Promise<RetentionLine[]> {
  const lines: RetentionLine[] = [];
  for (const rule of rules) {
    const later: Place[] = [];
    const collecting: FileStore = {
      ...files,
      remove: async (place) => void later.push(place),
      ...(dryRun && { removeHalves: async () => 0 }),
    };
    const done = await inTenant(env, caller, async (ctx) => {
      later.length = 0;
      const days = daysOf(rule, (await tenantSettings(ctx)).retention);
      const count = await rule.run(ctx, { before: ctx.now - days * DAY, files: collecting });
      const line = { id: rule.id, label: rule.label, days, count };
      if (dryRun) return fail(line);
      if (count > 0) {
        await audit(ctx, {
          action: 'retention.swept',
          subjectType: 'retention',
          subjectId: rule.id,
          reason: `保存期限已到（${rule.since}后 ${days} 天）`,
          after: { count },
        });
      }
      return ok(line);
    });
    if (done.ok) for (const place of later) await files.remove(place);
    lines.push(done.ok ? done.value : done.error);
  }
  return lines;
}

/** Runs statements one after the other and adds up the rows they changed. */
export async function changedRows(
  ctx: Ctx,
  ...statements: readonly ReturnType<typeof sql>[]
): Promise<number> {
  let total = 0;
  for (const statement of statements) {
    total += Number((await statement.execute(ctx.tx)).numAffectedRows ?? 0n);
  }
  return total;
}
