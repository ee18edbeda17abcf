import { excludedFault, expiryFault, identityFault } from './account.rules.ts';
import {
  COLUMNS,
  type ColumnKey,
  type ImportFinding,
  parseLine,
  type SheetRow,
  type StaffLine,
} from './import.rules.ts';
import { ROLE_LABELS } from './rules.ts';
import { unitKindOf } from './unit.rules.ts';

/** A person who has the username already. */
export interface KnownPerson {
  readonly id: string;
  readonly name: string;
  readonly kind: StaffLine['kind'];
  readonly staffNo: string | null;
  readonly unitName: string | null;
  readonly groupName: string | null;
  readonly skills: readonly string[];
  readonly experienced: boolean;
  readonly outstandingLastYear: boolean;
  readonly openWorkCap: number;
  readonly expiresOn: string | null;
  readonly leads: boolean;
  readonly roles: readonly string[];
}

/** What is there already, for checking the sheet against. */
export interface Known {
  readonly people: ReadonlyMap<string, KnownPerson>;
  readonly units: ReadonlySet<string>;
  readonly groups: ReadonlyMap<string, { capacity: number; members: number }>;
  /** Code by name and by code. */
  readonly skills: ReadonlyMap<string, string>;
  readonly grantable: ReadonlySet<string>;
  /** Who imports. */
  readonly actor: { readonly id: string | null; readonly roles: readonly string[] };
  readonly today: string;
}

export interface PlannedPerson {
  readonly line: StaffLine;
  /** null: a new account. */
  readonly known: KnownPerson | null;
  readonly changed: boolean;
  /** Skills as codes. */
  readonly skills: readonly string[];
}

/** rows = created + updated + unchanged + rejected. `rejected` rows have at least one finding. */
export interface ImportPlan {
  readonly rows: number;
  readonly created: number;
  readonly updated: number;
  readonly unchanged: number;
  readonly rejected: number;
  readonly newUnits: readonly { name: string; kind: 'school' | 'department' }[];
  readonly people: readonly PlannedPerson[];
  readonly findings: readonly ImportFinding[];
}

/** Decides what a staff sheet would do. Pure: preview and confirmation call it on the same file and must agree. */
export function planImport(rows: readonly SheetRow[], known: Known): ImportPlan {
  const findings: ImportFinding[] = [];
  const seen = new Map<string, number>();
  const people = rows.map((row) => planRow(row, { known, seen, findings }));
  checkCapacity(people, known, findings);
  const bad = new Set(findings.map((finding) => finding.row));
  const good = people.filter(({ line }) => !bad.has(line.row));
  const newUnits = [...new Set(good.flatMap(({ line }) => line.unit ?? []))]
    .filter((name) => !known.units.has(name))
    .map((name) => ({ name, kind: unitKindOf(name) }));
  return {
    rows: rows.length,
    created: good.filter((person) => person.known === null).length,
    updated: good.filter((person) => person.known !== null && person.changed).length,
    unchanged: good.filter((person) => !person.changed).length,
    rejected: people.length - good.length,
    newUnits,
    people: good,
    findings: findings.sort((left, right) => left.row - right.row),
  };
}

interface Planning {
  readonly known: Known;
  /** First row of each username in the sheet. */
  readonly seen: Map<string, number>;
  readonly findings: ImportFinding[];
}

function planRow(row: SheetRow, { known, seen, findings }: Planning): PlannedPerson {
  const note = (column: ColumnKey, sentence: string): void =>
    void findings.push({ row: row.row, column: COLUMNS[column].headings[0], sentence });
  const line = parseLine(row, note);
  const before = known.people.get(line.username) ?? null;
  const first = seen.get(line.username);
  if (line.username !== '' && first !== undefined)
    note('username', `账号“${line.username}”和第 ${first} 行重复，请只留一行。`);
  else seen.set(line.username, row.row);
  if (before && before.name !== line.name)
    note(
      'name',
      `账号“${line.username}”已是 ${before.name} 的，和表中的“${line.name}”不是同一人，请核对账号。`,
    );
  checkRoles(line, before, { grantable: known.grantable, note });
  if (before?.leads && line.group !== before.groupName)
    note('group', `${line.name} 是${before.groupName ?? '小组'}的组长，不能用导入调组，请先另选组长。`);
  if (line.group !== null && !known.groups.has(line.group))
    note('group', `没有名为“${line.group}”的小组，请先在“小组与部门”页建立。`);
  const expiry =
    line.expiresOn === before?.expiresOn
      ? null
      : (lastDayFault(before, known.actor) ?? expiryFault(line.kind, line.expiresOn, known.today));
  if (expiry) note('expiresOn', expiry.message);
  const skills = line.skills.flatMap((name) => {
    const code = known.skills.get(name);
    if (code === undefined) note('skills', `没有“${name}”这项技能，请先在“技能”页建立。`);
    return code ?? [];
  });
  return {
    line,
    known: before,
    changed: !before || differs(line, skills, before),
    skills: [...skills].sort(),
  };
}

/** The last day of somebody who is there already, changed by who may not. */
const lastDayFault = (before: KnownPerson | null, actor: Known['actor']) =>
  before &&
  identityFault({
    actorId: actor.id,
    actorRoles: actor.roles,
    targetId: before.id,
    targetRoles: before.roles,
  });

function checkRoles(
  line: StaffLine,
  before: KnownPerson | null,
  {
    grantable,
    note,
  }: { grantable: ReadonlySet<string>; note: (column: ColumnKey, sentence: string) => void },
): void {
  if (before || line.roles === null) return;
  const beyond = line.roles.filter((role) => !grantable.has(role));
  if (beyond.length > 0)
    note(
      'roles',
      `您不能授予${beyond.map((role) => `「${ROLE_LABELS[role]}」`).join('、')}，请删去，另由有权的管理员授予。`,
    );
  const excluded = excludedFault(line.roles);
  if (excluded) note('roles', excluded.message);
}

function differs(line: StaffLine, skills: readonly string[], before: KnownPerson): boolean {
  return (
    line.kind !== before.kind ||
    line.staffNo !== before.staffNo ||
    line.unit !== before.unitName ||
    line.group !== before.groupName ||
    line.experienced !== before.experienced ||
    line.outstandingLastYear !== before.outstandingLastYear ||
    line.openWorkCap !== before.openWorkCap ||
    line.expiresOn !== before.expiresOn ||
    [...skills].sort().join() !== [...before.skills].sort().join()
  );
}

/** The capacity of a group counts who comes and who surely goes in the same sheet. */
function checkCapacity(people: readonly PlannedPerson[], known: Known, findings: ImportFinding[]): void {
  const bad = new Set(findings.map((finding) => finding.row));
  for (const [name, group] of known.groups) {
    const coming = people.filter(
      ({ line, known: before }) => line.group === name && before?.groupName !== name,
    );
    const going = people.filter(
      ({ line, known: before }) => before?.groupName === name && line.group !== name && !bad.has(line.row),
    );
    const after = group.members + coming.length - going.length;
    for (const { line } of coming.slice(Math.max(0, coming.length - Math.max(0, after - group.capacity)))) {
      findings.push({
        row: line.row,
        column: COLUMNS.group.headings[0],
        sentence: `${name}上限 ${group.capacity} 人，导入后会有 ${after} 人，请改到其他组或调高上限。`,
      });
    }
  }
}
