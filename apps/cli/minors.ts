import { parseArgs } from 'node:util';
import { type MinorLine, minorsOf } from '#candidate';
import { audit } from '#platform/audit/audit';
import { withTenant } from '#platform/db/tenant';
import { ok } from '#platform/result';
import { safeCell } from '#platform/spreadsheet';
import { type Command, common, DONE, print, UsageError, withTenantRuntime } from './command.ts';
import { intoFile } from './out-file.ts';

/** The yearly report on the processing of minors' data, for the annual audit; reading it is audited too. */
export const minorsCommand: Command = {
  usage: 'minors --tenant 代码 --year 年份 [--out 文件.csv] [--json]',
  run: async (args) => {
    const text = { type: 'string' } as const;
    const { values } = parseArgs({ args, options: { ...common, tenant: text, year: text, out: text } });
    const { out, json, year } = values;
    if (!year || !/^20\d{2}$/.test(year)) throw new UsageError('缺少 --year 四位年份。');
    return withTenantRuntime(values.tenant, async ({ env, caller }) => {
      const lines = await withTenant(env, caller, async (ctx) => {
        const found = await minorsOf(ctx, Number(year));
        await audit(ctx, {
          action: 'candidate.minors_reported',
          subjectType: 'tenant',
          subjectId: ctx.tenantId,
          after: { year: Number(year), lines: found.length },
        });
        return found;
      });
      if (out) await intoFile(out, async (write) => ok(await write(Buffer.from(csvOf(lines)))));
      const report = { year: Number(year), ...totals(lines), lines };
      print(json, report, [
        `${year} 年共处理 ${report.minors} 名未成年考生的信息，涉及 ${report.people} 名工作人员：`,
        `通话占用 ${report.leases} 次（其中 ${report.unassigned} 次没有具名批准：既没有指派给本人或本组，招办也没有批准组外取用），有效联系 ${report.contacts} 次，`,
        `打开档案或照片 ${report.opened} 次，显示脱敏信息 ${report.revealed} 次，其他登记和修改 ${report.changed} 次。`,
        ...(out ? [`明细已写入 ${out}。`] : []),
      ]);
      return DONE;
    });
  },
};

const sum = (
  lines: readonly MinorLine[],
  of: 'leases' | 'contacts' | 'opened' | 'revealed' | 'changed' | 'unassigned',
) => lines.reduce((total, line) => total + line[of], 0);

const totals = (lines: readonly MinorLine[]) => ({
  minors: new Set(lines.map(({ candidateId }) => candidateId)).size,
  people: new Set(lines.map(({ person }) => person)).size,
  leases: sum(lines, 'leases'),
  unassigned: sum(lines, 'unassigned'),
  contacts: sum(lines, 'contacts'),
  opened: sum(lines, 'opened'),
  revealed: sum(lines, 'revealed'),
  changed: sum(lines, 'changed'),
});

const HEADINGS = '考生编号,工作人员,通话占用,未经批准,有效联系,打开档案,显示脱敏信息,登记和修改,首次,末次';

/** With the mark that spreadsheet programs look for; a name that would start a formula gets an apostrophe. */
export const csvOf = (lines: readonly MinorLine[]): string =>
  `\uFEFF${[HEADINGS, ...lines.map(rowOf)].join('\r\n')}\r\n`;

const rowOf = (line: MinorLine): string =>
  [
    line.candidateId,
    cell(line.person),
    line.leases,
    line.unassigned,
    line.contacts,
    line.opened,
    line.revealed,
    line.changed,
    new Date(line.firstAt).toISOString(),
    new Date(line.lastAt).toISOString(),
  ].join(',');

const cell = (text: string): string => `"${safeCell(text).replaceAll('"', '""')}"`;
