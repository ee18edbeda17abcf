import type { Codes } from './code.rules.ts';
import type { PlanRecord } from './detail.rules.ts';
import { type Finding, findingText } from './rules.ts';

/** A plan of T_JHK as it is kept: a 专业代号 means something only within province, batch, 科类 and 计划性质 (files.md, 专业). */
export interface PlanRow {
  readonly category: string;
  readonly nature: string;
  readonly code: string;
  /** Empty where the table has no names. */
  readonly name: string;
  /** JHRS, JHZXS, YTCES. */
  readonly seats: number | null;
  readonly executed: number | null;
  readonly margin: number | null;
  /** YXXH: a lower one takes candidates on adjustment first. */
  readonly adjustRank: number | null;
  readonly tuition: number | null;
  readonly remark: string;
}

export interface Plans {
  readonly rows: readonly PlanRow[];
  readonly findings: readonly Finding[];
}

/**
 * The plans of one batch: of each key the first row. Rows of batches (PCDM) that no filing of the delivery has are left out;
 * `batches` empty: no filing says its batch, all are taken.
 */
export function plansOf(records: readonly PlanRecord[], batches: ReadonlySet<string>): Plans {
  const rows = new Map<string, PlanRow>();
  const findings: Finding[] = [];
  const others = new Map<string, { first: PlanRecord; count: number }>();
  for (const record of records) {
    if (record.major === '') continue;
    const batch = record.batch?.code ?? '';
    if (batch !== '' && batches.size > 0 && !batches.has(batch)) {
      const other = others.get(`${record.file} ${batch}`);
      others.set(`${record.file} ${batch}`, {
        first: other?.first ?? record,
        count: (other?.count ?? 0) + 1,
      });
      continue;
    }
    const row = planRow(record);
    const key = `${row.category}|${row.nature}|${row.code}`;
    const known = rows.get(key);
    if (!known) rows.set(key, row);
    else if (known.name !== row.name) findings.push(finding('plan_conflict', record, 'ZYDH', row.code));
  }
  for (const { first, count } of others.values()) {
    const name = first.batch?.name ?? first.batch?.code ?? '';
    findings.push(finding('plan_other_batch', first, 'PCDM', `${name}，${count} 条`));
  }
  return { rows: [...rows.values()], findings };
}

const finding = (
  code: 'plan_conflict' | 'plan_other_batch',
  { file, row }: PlanRecord,
  column: string,
  excerpt: string,
): Finding => ({ code, file, row, column, excerpt, message: findingText[code] });

const planRow = (plan: PlanRecord): PlanRow => ({
  category: plan.subjectGroup?.code ?? '',
  nature: plan.planNature?.code ?? '',
  code: plan.major,
  name: plan.majorName,
  seats: plan.planned,
  executed: plan.executed,
  margin: plan.margin,
  adjustRank: plan.adjustRank,
  tuition: tuitionFen(plan.tuition),
  remark: plan.remark,
});

const TUITION_YUAN_MAX = 1_000_000;

/** SFBZ: yuan a year. */
function tuitionFen(text: string): number | null {
  const yuan = /^\d{1,7}(?:\.\d{1,2})?$/.test(text) ? Number(text) : 0;
  return yuan > 0 && yuan <= TUITION_YUAN_MAX ? Math.round(yuan * 100) : null;
}

/** Filings that do not say their 计划性质, by 科类 and 专业代号, where plans of that code are told apart by it. */
export interface UndecidedMajor {
  readonly category: string;
  readonly code: string;
  readonly people: number;
  /** Plans that fit; 1: this one is meant. */
  readonly plans: number;
  readonly nature: string;
  readonly name: string;
}

/** Filings without 计划性质: whose plan was taken by its 专业代号, and who waits for a name, one finding a code with the number of people. */
export function majorFindings(
  undecided: readonly UndecidedMajor[],
  delivery: { readonly tables: readonly { kind: string; file: string }[]; readonly codes: Codes },
): Finding[] {
  const { tables, codes } = delivery;
  const file = (tables.find(({ kind }) => kind === 'filing') ?? tables.find(({ kind }) => kind === 'wide'))
    ?.file;
  const named = (table: string, code: string): string => codes.read(table, code).coded?.name ?? code;
  return undecided.map(({ category, code: major, people, plans, nature, name }) => {
    const code = plans === 1 ? 'major_by_code' : 'major_undecided';
    const group = category === '' ? '' : `${named('KLDM', category)} `;
    const meant = plans === 1 ? `${name || '（无名称）'}（${named('JHXZDM', nature)}）` : `${plans} 条计划`;
    return {
      ...{ code, file: file ?? '', row: 0, column: 'JHXZDM' },
      ...{ excerpt: `${group}${major} ${meant}，${people} 人`, message: findingText[code] },
    } satisfies Finding;
  });
}
