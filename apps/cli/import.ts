import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import {
  type DirectImport,
  type DirectOutcome,
  type ImportFigures,
  importPath,
  isMappable,
  mappableFields,
} from '#delivery';
import type { Refusal } from '#platform/http/refusal';
import { type Command, common, DONE, print, printRefusal, UsageError, withTenantRuntime } from './command.ts';

const Mapping = z.record(z.string(), z.string().nullable());

/** Imports a provincial delivery from this machine: whole or not at all. */
export const importCommand: Command = {
  usage:
    'import 路径 --tenant 代码 --year 年份 --province 省份 --batch 批次 [--mapping 列对应.json] [--json]（路径可以是文件夹、ZIP、DBF、XLSX、CSV）',
  run: async (args) => {
    const { given, tenant, json } = await readArguments(args);
    return withTenantRuntime(tenant, async (runtime) => {
      const started = performance.now();
      const place = { env: runtime.env, files: runtime.files, caller: runtime.caller };
      const result = await importPath(place, { ...given, collegeName: runtime.tenant.name });
      if (!result.ok) return printRefusal(json, withHowToMap(result.error));
      const seconds = (performance.now() - started) / 1000;
      const { figures, importId, columns } = result.value;
      const rowsPerSecond = Math.round(figures.rows / seconds);
      print(json, { ...inOrder(figures), importId, rowsPerSecond, ...(columns && { columns }) }, [
        ...lines(figures, seconds),
        ...(columns ? columnLines(columns) : []),
      ]);
      return DONE;
    });
  },
};

interface Arguments {
  given: Omit<DirectImport, 'collegeName'>;
  tenant: string | undefined;
  json: boolean;
}

async function readArguments(args: string[]): Promise<Arguments> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      ...common,
      tenant: { type: 'string' },
      year: { type: 'string' },
      province: { type: 'string' },
      batch: { type: 'string' },
      mapping: { type: 'string' },
    },
  });
  const { year, province, batch, mapping } = values;
  const [path, more] = positionals;
  if (!path) throw new UsageError('缺少要导入的文件或文件夹。');
  if (more) throw new UsageError(`一次只导入一份，多出“${more}”。`);
  if (!year || !/^20\d{2}$/.test(year)) throw new UsageError('--year 应为四位年份，例如 2026。');
  if (!province) throw new UsageError('缺少 --province 省份（两位代码或名称，例如 51 或 四川）。');
  if (!batch || batch.length > 40) throw new UsageError('缺少 --batch 批次（代码或名称，例如 本科批）。');
  const given = { path: resolve(path), year: Number(year), province, batch };
  return {
    given: mapping ? { ...given, mapping: await readMapping(mapping) } : given,
    tenant: values.tenant,
    json: values.json,
  };
}

async function readMapping(path: string): Promise<Record<string, string | null>> {
  const text = await readFile(path, 'utf8').catch(() => {
    throw new UsageError(`读不到列对应文件 ${path}，请检查路径。`);
  });
  const given = parsed(text);
  const wrong = Object.values(given).find((column) => column !== null && !isMappable(column));
  if (wrong) {
    const known = mappableFields().map(({ column, label }) => `${column} ${label}`);
    throw new UsageError(
      `列对应文件中的字段代码“${wrong}”不认识。可以写：${known.join('、')}；不用的列写 null。`,
    );
  }
  return given;
}

function parsed(text: string): Record<string, string | null> {
  try {
    return Mapping.parse(JSON.parse(text));
  } catch {
    throw new UsageError('列对应文件应是 JSON：{"表头": "字段代码或 null"}。');
  }
}

const HOW_TO_MAP =
  '写一个 JSON 文件（如 列对应.json），再加 --mapping 列对应.json 导入，以后同样表头的表自动照此读取';

/** A sheet without a column of candidate numbers: which of its headings is it? */
function withHowToMap<C extends string>(refusal: Refusal<C>): Refusal<C> {
  if (refusal.code !== 'no_candidate_no') return refusal;
  const [first = '表头'] = (refusal.details?.headings as string[] | undefined) ?? [];
  return { ...refusal, message: `${refusal.message}命令行请${HOW_TO_MAP}，例如 {"${first}": "KSH"}。` };
}

type Columns = NonNullable<DirectOutcome['columns']>;

const MAPPED_BY = {
  given: '按 --mapping 指定的列对应读取，已记住，以后同样表头的表自动照此读取。',
  remembered: '按上次为同样表头指定的列对应读取。',
  proposed: '按表头自动识别各列。',
} as const satisfies Record<Columns['mapping'], string>;

function columnLines({ mapping, unread }: Columns): string[] {
  if (unread.length === 0) return [MAPPED_BY[mapping]];
  const example = JSON.stringify({ [unread[0] ?? '']: 'LXDH' });
  return [
    MAPPED_BY[mapping],
    `有 ${unread.length} 列没有认出，值已原样保留：${unread.join('、')}。要用上这些列，请${HOW_TO_MAP}，例如 ${example}。`,
  ];
}

function inOrder(figures: ImportFigures): ImportFigures {
  const { rows, deletedRows, candidates, created, updated, unchanged, merged, conflicts } = figures;
  const { rejected, locked, noPhone, namesLost, badId, findings } = figures;
  return {
    ...{ rows, deletedRows, candidates, created, updated, unchanged, merged, conflicts },
    ...{ rejected, locked, noPhone, namesLost, badId, findings },
  };
}

const lines = (figures: ImportFigures, seconds: number): string[] => [
  `共 ${figures.rows} 行 = 新增 ${figures.created} + 更新 ${figures.updated} + 无变化 ${figures.unchanged} + 合并 ${figures.merged} + 拒收 ${figures.rejected} + 锁定 ${figures.locked} + 已删除 ${figures.deletedRows}。`,
  `考生 ${figures.candidates} 人；内容冲突 ${figures.conflicts} 行；无号码 ${figures.noPhone} 人；姓名缺字 ${figures.namesLost} 人；身份证号有误 ${figures.badId} 人。`,
  `用时 ${seconds.toFixed(1)} 秒。`,
];
