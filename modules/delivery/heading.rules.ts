import {
  type FieldRule,
  filingFields,
  keptFields,
  PREFERENCE_SLOT,
  personFields,
  phoneFields,
  SCORE_SLOT,
} from './field.rules.ts';
import { halfWidth } from './phone.rules.ts';

/**
 * Headings of CSV and XLSX. A sheet is read as if it were a DBF: each heading is given the DBF field it stands for,
 * so everything after is the same. The proposal can be changed by the user and remembered per source.
 */
export interface HeadingMatch {
  heading: string;
  /** DBF field name, or null when nothing fits: kept raw under its own heading. */
  column: string | null;
  certainty: 'exact' | 'similar' | 'given' | 'none';
}

/** Heading -> DBF field, or null to leave a column raw. */
export type HeadingMapping = Readonly<Record<string, string | null>>;

const rules: readonly (readonly [string, readonly string[]])[] = [
  ...[...Object.values<FieldRule>(personFields), ...Object.values<FieldRule>(filingFields)].map(
    (rule) => [rule.columns[0] ?? '', rule.headings ?? []] as const,
  ),
  ...Object.entries(phoneFields).map(([column, field]) => [column, field.headings] as const),
];

const byHeading = new Map(
  rules.flatMap(([column, headings]) => headings.map((heading) => [heading, column])),
);

/** Every DBF field a heading may be mapped to, with the words for it. */
export const mappableFields = (): { column: string; label: string }[] => [
  ...[...Object.values<FieldRule>(personFields), ...Object.values<FieldRule>(filingFields)].flatMap(
    ({ columns, headings }) => columns.map((column) => ({ column, label: headings?.[0] ?? column })),
  ),
  ...Object.entries(phoneFields).map(([column, { headings }]) => ({ column, label: headings[0] })),
];

/** Whether a heading may be mapped to this: a field of ours, a column kept as it came, or a slot of the wide form. */
export const isMappable = (column: string): boolean =>
  mappableFields().some((field) => field.column === column) ||
  keptFields.has(column) ||
  SCORE_SLOT.test(column) ||
  PREFERENCE_SLOT.test(column);

const plainHeading = (heading: string): string =>
  halfWidth(heading)
    .replace(/[([{【《][^)\]}】》]{0,100}[)\]}】》]/g, '')
    .replace(/[\s*:：_-]/g, '');

/** Proposes a field for each heading; each field is given once, to the first heading that fits best. */
export function matchHeadings(headings: readonly string[], mapping: HeadingMapping = {}): HeadingMatch[] {
  const taken = new Set(Object.values(mapping).filter((column) => column !== null));
  const matches = headings.map((heading): HeadingMatch => {
    const given = mapping[heading];
    return given === undefined
      ? { heading, column: null, certainty: 'none' }
      : { heading, column: given, certainty: 'given' };
  });
  for (const certainty of ['exact', 'similar'] as const) {
    for (const match of matches) {
      if (match.certainty !== 'none') continue;
      const column = certainty === 'exact' ? exactColumn(match.heading) : similarColumn(match.heading);
      if (column === null || taken.has(column)) continue;
      taken.add(column);
      match.column = column;
      match.certainty = certainty;
    }
  }
  return matches;
}

function exactColumn(heading: string): string | null {
  const trimmed = heading.trim();
  const upper = trimmed.toUpperCase();
  if (/^[A-Z][A-Z0-9_]*$/.test(upper)) return upper;
  return byHeading.get(trimmed) ?? null;
}

const similarColumn = (heading: string): string | null => byHeading.get(plainHeading(heading)) ?? null;

/** Which of the first lines is the header: the one in which most headings are known. -1 when none names a candidate number. */
export function headerLine(lines: readonly (readonly string[])[], mapping: HeadingMapping = {}): number {
  let best = -1;
  let bestCount = 0;
  lines.forEach((line, index) => {
    const matches = matchHeadings(line, mapping);
    if (!matches.some((match) => match.column === 'KSH')) return;
    const known = matches.filter((match) => match.column !== null).length;
    if (known > bestCount) {
      best = index;
      bestCount = known;
    }
  });
  return best;
}

/** Columns in file order: the DBF field, or the heading itself. */
export const columnsOf = (matches: readonly HeadingMatch[]): string[] =>
  matches.map((match, index) => match.column ?? (match.heading.trim() || `第${index + 1}列`));

/** What a source is known by: the set of its headings, whatever their order. */
export const sourceOf = (matches: readonly HeadingMatch[]): string =>
  [...new Set(matches.map(({ heading }) => heading.trim()))].sort().join('|').slice(0, 2000);
