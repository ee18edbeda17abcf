import type { Instance, Outcome, RuleSet } from './model.ts';
import { byText } from './order.ts';

/** Raised with every change that may change an outcome; a certificate names the version that made it. */
export const ENGINE_VERSION = '1.0.0';
const MANIFEST_VERSION = 1;

/** What a round was, in hashes: published with the outcome and checked again by `place verify`. */
export interface Manifest {
  readonly manifest: number;
  readonly engine: string;
  readonly rules: DeclaredRules;
  /** SHA-256 by part: `rules`, `input` or each input column, `outcome` or each result column. */
  readonly sha256: Readonly<Record<string, string>>;
  readonly counts: Readonly<Record<string, number>>;
  readonly verified: true;
}

/** The rules a round declares: everything that decides besides candidates and programs. */
export interface DeclaredRules extends Partial<RuleSet> {
  readonly mode: string;
  readonly tiePolicy: string;
  readonly ladder: readonly string[];
  readonly windows?: readonly (readonly number[])[];
  readonly gaps?: readonly number[];
}

export function declaredRules(round: Partial<Instance>): DeclaredRules {
  const {
    mode = 'parallel',
    tiePolicy = 'strict',
    ladder = ['score', 'tie'],
    windows,
    gaps,
    rules = {},
  } = round;
  return { ...rules, mode, tiePolicy, ladder, ...(windows ? { windows } : {}), ...(gaps ? { gaps } : {}) };
}

interface Certified {
  readonly rules: DeclaredRules;
  readonly sha256: Readonly<Record<string, string>>;
  readonly counts: Readonly<Record<string, number>>;
}

/** Only a verified run gets one: call it after the verifier found nothing. No clock, so the same run, the same bytes. */
export function certify({ rules, sha256, counts }: Certified): Manifest {
  return { manifest: MANIFEST_VERSION, engine: ENGINE_VERSION, rules, sha256, counts, verified: true };
}

/**
 * The instance as text that does not depend on the order of rows or of fields: JSON with both in order, handed out row by
 * row, as a large round is larger than one string should be.
 */
export function* canonicalText(instance: Instance): Generator<string> {
  const sorted = {
    ...instance,
    candidates: instance.candidates.toSorted((a, b) => byText(a.id, b.id)),
    programs: instance.programs.toSorted((a, b) => byText(a.code, b.code)),
    ...(instance.groups ? { groups: instance.groups.toSorted((a, b) => byText(a.code, b.code)) } : {}),
  };
  const fields = Object.entries(sorted)
    .filter(([, value]) => value !== undefined)
    .sort(([a], [b]) => byText(a, b));
  const shapes: Shapes = new Map();
  for (const [index, [name, value]] of fields.entries()) {
    yield `${index === 0 ? '{' : ','}${JSON.stringify(name)}:`;
    if (Array.isArray(value)) yield* canonicalRows(value, shapes);
    else yield canonicalValue(value, shapes);
  }
  yield '}';
}

/** So many rows make a piece: to hash them one by one would cost more than the hashing. */
const ROWS_PER_PIECE = 256;

function* canonicalRows(rows: readonly unknown[], shapes: Shapes): Generator<string> {
  yield '[';
  for (let from = 0; from < rows.length; from += ROWS_PER_PIECE) {
    const piece = rows.slice(from, from + ROWS_PER_PIECE).map((row) => canonicalValue(row, shapes));
    yield `${from === 0 ? '' : ','}${piece.join(',')}`;
  }
  yield ']';
}

/** By the names of a row's fields: the names in canonical order, found once for all rows with the same fields. */
type Shapes = Map<string, readonly string[]>;

function canonicalValue(value: unknown, shapes: Shapes): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  if (Array.isArray(value)) {
    const isFlat = !value.some((each) => typeof each === 'object');
    return isFlat
      ? JSON.stringify(value)
      : `[${value.map((each) => canonicalValue(each, shapes)).join(',')}]`;
  }
  const row = value as Readonly<Record<string, unknown>>;
  const fields: string[] = [];
  for (const name of namesInOrder(row, shapes)) {
    const field = row[name];
    if (field !== undefined) fields.push(`${JSON.stringify(name)}:${canonicalValue(field, shapes)}`);
  }
  return `{${fields.join(',')}}`;
}

/** By text, but names that are whole numbers first and by size: the order every JavaScript object has. */
function namesInOrder(row: Readonly<Record<string, unknown>>, shapes: Shapes): readonly string[] {
  const names = Object.keys(row);
  const shape = names.join('\n');
  const known = shapes.get(shape);
  if (known) return known;
  const ordered = Object.keys(Object.fromEntries(names.sort(byText).map((name) => [name, null])));
  shapes.set(shape, ordered);
  return ordered;
}

/** An outcome as it is written: one line a row, so that two outcomes can be compared line by line. */
export function outcomeText({ assign, programs }: Outcome): string {
  const lines = (rows: readonly unknown[]): string => rows.map((row) => JSON.stringify(row)).join(',\n');
  return `{"assign":[\n${lines(assign)}\n],"programs":[\n${lines(programs)}\n]}\n`;
}

export function countReasons({ assign }: Outcome): Record<string, number> {
  const counts: Record<string, number> = { candidates: assign.length, PLACED: 0 };
  for (const { reason } of assign) counts[reason] = (counts[reason] ?? 0) + 1;
  return counts;
}
