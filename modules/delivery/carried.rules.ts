import { type FieldRule, filingFields, PREFERENCE_SLOT, personFields } from './field.rules.ts';

/**
 * Which of our fields a table has a column for, as bits. A decided view or a list of somebody's own carries a few: of the others it
 * says nothing, and the candidate keeps them.
 */
type PersonField = keyof typeof personFields;
/** `raw`: columns of a filing that go to no field of ours. */
type FilingField = keyof typeof filingFields | 'raw';

const bitsOf = <Field extends string>(fields: readonly Field[]): Readonly<Record<Field, number>> =>
  Object.fromEntries(fields.map((field, place) => [field, 1 << place])) as Record<Field, number>;

export const personBits = bitsOf(Object.keys(personFields) as PersonField[]);
export const filingBits = bitsOf([...(Object.keys(filingFields) as FilingField[]), 'raw']);

const bitsIn = <Field extends string>(
  fields: Readonly<Record<string, FieldRule>>,
  bits: Readonly<Record<Field, number>>,
  columns: readonly string[],
): number =>
  Object.entries(fields).reduce(
    (sum, [field, rule]) =>
      rule.columns.some((column) => columns.includes(column)) ? sum | bits[field as Field] : sum,
    0,
  );

export const carriedOfPerson = (columns: readonly string[]): number =>
  bitsIn(personFields, personBits, columns);

/** The first preference of the wide form stands in for a missing filed major. */
export const carriedOfFiling = (columns: readonly string[], hasRaw: boolean): number =>
  bitsIn(filingFields, filingBits, columns) |
  (columns.some((column) => PREFERENCE_SLOT.test(column)) ? filingBits.filedMajor : 0) |
  (hasRaw ? filingBits.raw : 0);

/** The bit of the field that fills a column of candidate; none for columns that every delivery decides. */
export const personColumnBits = byColumn(personBits, {
  name: ['name', 'name_key', 'name_initials', 'name_lost'],
  sex: ['sex'],
  birthDate: ['birth_date', 'minor_until'],
  idNumber: ['id_blind', 'id_masked', 'id_bad'],
  schoolCode: ['school_code'],
  schoolName: ['school_name'],
  districtCode: ['district_code'],
});
export const filingColumnBits = byColumn(filingBits, {
  subjectGroup: ['category_code', 'category'],
  planNature: ['plan_nature_code'],
  filedMajor: ['major_code'],
  score: ['score'],
  filingScore: ['filing_score'],
  preferenceRank: ['preference_rank'],
  adjust: ['obeys_adjustment'],
  state: ['exam_state'],
  admittedMajor: ['decided_major_code'],
  returnReason: ['return_reason'],
  raw: ['raw'],
});

/** The same for the keys of candidate.codes. */
export const personCodeBits = byColumn(personBits, {
  category: ['candidateKind'],
  graduateKind: ['graduateKind'],
});
export const filingCodeBits = byColumn(filingBits, {
  batch: ['batch'],
  subjectGroup: ['subjectGroup'],
  planNature: ['planNature'],
  planKind: ['planKind'],
  filingType: ['filingType'],
  returnReason: ['returnReason'],
  unit: ['unit'],
  qualifyingScore: ['qualifyingScore'],
});

function byColumn<Field extends string>(
  bits: Readonly<Record<Field, number>>,
  columns: Readonly<Partial<Record<Field, readonly string[]>>>,
): ReadonlyMap<string, number> {
  return new Map(
    (Object.keys(columns) as Field[]).flatMap((field) =>
      (columns[field] ?? []).map((column) => [column, bits[field]] as const),
    ),
  );
}

const SEALED: readonly PersonField[] = [
  ...(['idNumber', 'address', 'postcode', 'recipient', 'examineeNo', 'nation', 'political'] as const),
];

/** All fields of candidate.private: a table that carries them all replaces it. */
export const SEALED_BITS = SEALED.reduce((sum, field) => sum | personBits[field], 0);

type SealedPerson = Readonly<Record<string, unknown>>;

/** candidate.private after a delivery that carries some of its fields: the others stay, unknown columns too. */
export function sealedAfter(known: SealedPerson, given: SealedPerson, carried: number): SealedPerson {
  const kept = SEALED.filter((field) => (carried & personBits[field]) === 0 && field in known);
  const raw = { ...(known.raw as object | undefined), ...(given.raw as object | undefined) };
  return {
    ...given,
    ...Object.fromEntries(kept.map((field) => [field, known[field]])),
    ...(Object.keys(raw).length > 0 && { raw }),
  };
}
