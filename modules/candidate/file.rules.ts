/** How delivered JSON of a file is read: tolerant, since provinces differ and old imports stay. */

export interface PrivateFields {
  readonly idNumber?: string | null;
  readonly address?: string | null;
  readonly postcode?: string | null;
  readonly recipient?: string | null;
}

/** Columns of the person that were kept as they came. */
export function personColumns(text: string | null): Readonly<Record<string, unknown>> {
  const { raw } = text === null ? {} : (JSON.parse(text) as { raw?: unknown });
  return typeof raw === 'object' && raw !== null ? (raw as Record<string, unknown>) : {};
}

/** The sealed part of a file; what is not text is left out. */
export function privateFields(text: string | null): PrivateFields {
  const given = text === null ? {} : (JSON.parse(text) as Record<string, unknown>);
  const texts = Object.entries(given).filter(([, value]) => typeof value === 'string' && value !== '');
  return Object.fromEntries(texts) as PrivateFields;
}

export interface SubjectScore {
  readonly name: string;
  /** Points, or a grade such as A or 合格. */
  readonly score: number | string | null;
}

/** `{ 语文: 101, 技术: 'A' }` or `[{ name, value }]`. */
export function subjectScores(given: unknown): SubjectScore[] {
  if (Array.isArray(given))
    return given.map((entry: Record<string, unknown>) => ({
      name: textOf(entry.name ?? entry.code),
      score: scoreOf(entry.value ?? entry.score),
    }));
  if (given === null || typeof given !== 'object') return [];
  return Object.entries(given).map(([name, value]) => ({ name, score: scoreOf(value) }));
}

export interface FilePreference {
  readonly rank: number | null;
  readonly college: string;
  readonly majors: string[];
  /** JHXZDM, where the row carries it: the codes are of this 计划性质. */
  readonly nature?: string;
  /** Named where it is another batch than that of the filing: the codes mean nothing in ours. */
  readonly batch?: string;
  /** The one by which the candidate was filed to us. */
  readonly filed: boolean;
}

/** Which college a code of ours belongs to, and what the codes mean; others' codes mean nothing to us. */
export interface OwnMajors {
  readonly unit: string;
  readonly names: ReadonlyMap<string, string>;
}

/** `汉语言文学（01）` where the code is ours and named, else the code. */
export const namedMajor = (code: string, college: string, own: OwnMajors): string => {
  const name = college === own.unit ? own.names.get(code) : undefined;
  return name ? `${name}（${code}）` : code;
};

/** `[{ rank, unit, major, nature?, batch? }]`; rows of one rank, unit, 计划性质 and batch are one preference with several majors. */
export function preferenceList(given: unknown, filedRank: number | null): FilePreference[] {
  if (!Array.isArray(given)) return [];
  const byRank = new Map<string, FilePreference>();
  for (const entry of given as Record<string, unknown>[]) {
    const rank = numberOf(entry.rank ?? entry.no);
    const college = textOf(entry.unitName ?? entry.unit ?? entry.college);
    const majors = [entry.major, ...(Array.isArray(entry.majors) ? entry.majors : [])]
      .map(textOf)
      .filter(Boolean);
    const nature = textOf(entry.nature);
    const batch = textOf(entry.batch);
    const key = `${rank} ${college} ${nature} ${batch}`;
    const known = byRank.get(key);
    if (known) known.majors.push(...majors);
    else {
      const filed = rank !== null && rank === filedRank && batch === '';
      byRank.set(key, { rank, college, majors, filed, ...(nature && { nature }), ...(batch && { batch }) });
    }
  }
  return [...byRank.values()].sort((one, other) => (one.rank ?? 99) - (other.rank ?? 99));
}

const textOf = (value: unknown): string =>
  typeof value === 'string' || typeof value === 'number' ? String(value) : '';

const scoreOf = (value: unknown): number | string | null =>
  numberOf(value) ?? (typeof value === 'string' && value !== '' ? value : null);

function numberOf(value: unknown): number | null {
  const number = typeof value === 'string' && value !== '' ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : null;
}
