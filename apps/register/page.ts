import type { RetentionRule } from '#platform/retention';
import { REGISTER } from './register.ts';
import { BASIS, CLASSES, KEPT } from './words.ts';

const NOTE = [
  '# 个人信息登记表',
  '',
  '本表列出数据库的每一张表、每一个字段：用来做什么、依据什么、属于哪一类、保留多久。由程序从登记数据生成，自动检查保证与数据库一致：',
  '少登记一个字段，或登记了不存在的字段，检查就不通过。机器可读的版本：`npm run -s zhizhao -- register --json`。',
  '',
  '“密封”指以本单位密钥 AES-256-GCM 加密存放，“密钥散列”指只能核对、不能还原。保留天数可用 `retention set` 调整，`retention --dry-run` 查看将清理的数量。',
];

/** How long something is kept, in words: by a rule, or by what the tables say. */
export function keptWords(kept: string, rules: readonly RetentionRule[]): string {
  const rule = rules.find(({ id }) => id === kept);
  if (rule) return `${rule.since}后 ${rule.days.standard} 天（规则 ${rule.id}）`;
  return (KEPT as Readonly<Record<string, string>>)[kept] ?? `?${kept}`;
}

/** The register as a page for data protection officers. */
export function registerPage(rules: readonly RetentionRule[]): string {
  return [...NOTE, '', ...basisLines(), '', ...ruleLines(rules), '', ...tableLines(rules), ''].join('\n');
}

const basisLines = (): string[] => [
  '## 依据和类别',
  '',
  ...Object.values(BASIS).map((text) => `- ${text}`),
  ...Object.values(CLASSES).map((text) => `- ${text}`),
];

const ruleLines = (rules: readonly RetentionRule[]): string[] => [
  '## 到期清理规则',
  '',
  '| 规则 | 做什么 | 从何时起 | 默认天数 | 最少天数 |',
  '|---|---|---|---|---|',
  ...rules.map(
    ({ id, label, since, days }) => `| ${id} | ${label} | ${since} | ${days.standard} | ${days.min} |`,
  ),
];

const tableLines = (rules: readonly RetentionRule[]): string[] =>
  Object.entries(REGISTER).flatMap(([table, entry]) => [
    `## ${table}`,
    '',
    `${entry.purpose}。依据：${BASIS[entry.basis]}。`,
    '',
    '| 字段 | 类别 | 内容 | 保留 |',
    '|---|---|---|---|',
    ...Object.entries(entry.personal ?? {}).map(
      ([column, { class: kind, what, kept, basis }]) =>
        `| ${column} | ${CLASSES[kind]} | ${what}${basis ? `；依据：${BASIS[basis]}` : ''} | ${keptWords(kept ?? entry.kept, rules)} |`,
    ),
    `| ${entry.columns.replaceAll(' ', '、')} | ${CLASSES[entry.class]} | | ${keptWords(entry.kept, rules)} |`,
    '',
  ]);
