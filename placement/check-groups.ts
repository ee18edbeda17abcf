import { fieldFindings, isList, isRecord, isText, rule } from './fields.ts';
import type { Finding } from './model.ts';

const groupFields = [
  rule('code', 'BAD_CODE', isText, '分组代码应为非空文字'),
  rule('cap', 'BAD_CAP', isCap, '分组上限应为不小于 0 的整数'),
  rule('members', 'BAD_MEMBERS', isCodes, '分组成员应为专业代码的列表'),
];

function isCap(value: unknown): boolean {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}
function isCodes(value: unknown): boolean {
  return isList(value) && value.every((code) => typeof code === 'string');
}

interface Named {
  readonly code: string;
  readonly members: ReadonlySet<string>;
}

/** Caps must form a tree over the programs: with crossing caps one pass would not be exact any more. */
export function checkGroups(
  input: Readonly<Record<string, unknown>>,
  programs: readonly unknown[],
): Finding[] {
  const { groups, mode } = input;
  if (groups === undefined || groups === null) return [];
  if (!isList(groups)) return [{ code: 'BAD_GROUPS', path: 'groups', message: '分组应为列表。' }];
  const findings = groups.flatMap((row, i) => fieldFindings(row, `groups[${i}]`, groupFields));
  if (mode === 'da' && groups.length > 0) {
    const message = '各专业自行排名（da）时没有共同的次序，分组上限无从执行，请去掉分组。';
    findings.push({ code: 'GROUPS_IN_DA', path: 'groups', message });
  }
  const named = groups.flatMap(asNamed);
  return [...findings, ...sameCode(named), ...unknownMembers(named, programs), ...crossings(named)];
}

function asNamed(row: unknown): Named[] {
  if (!isRecord(row) || typeof row.code !== 'string' || !isList(row.members)) return [];
  return [{ code: row.code, members: new Set(row.members.filter((code) => typeof code === 'string')) }];
}

function sameCode(groups: readonly Named[]): Finding[] {
  const codes = groups.map(({ code }) => code);
  const twice = new Set(codes.filter((code, index) => codes.indexOf(code) !== index));
  return [...twice].map((code) => ({
    code: 'DUPLICATE_GROUP',
    path: code,
    message: `分组代码 ${code} 重复。`,
  }));
}

function unknownMembers(groups: readonly Named[], programs: readonly unknown[]): Finding[] {
  const known = new Set(programs.map((row) => (isRecord(row) ? row.code : undefined)));
  return groups.flatMap(({ code, members }) =>
    [...members]
      .filter((member) => !known.has(member))
      .map((member) => ({
        code: 'UNKNOWN_MEMBER',
        path: code,
        message: `分组 ${code} 的成员 ${member} 不是本轮的专业。`,
      })),
  );
}

/** Larger first: all members of a group must so far stand inside the same smallest group. */
function crossings(groups: readonly Named[]): Finding[] {
  const around = new Map<string, string>();
  return groups
    .toSorted((a, b) => b.members.size - a.members.size)
    .flatMap(({ code, members }) => {
      const parents = new Set([...members].map((member) => around.get(member)));
      for (const member of members) around.set(member, code);
      if (parents.size <= 1) return [];
      const names = [...parents].filter((name) => name !== undefined).join('、');
      const message = `分组 ${code} 与 ${names} 相交而不相含；分组只能逐层包含。`;
      return [{ code: 'GROUPS_NOT_TREE', path: code, message }];
    });
}
