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
  for (const [index, [name, value]] of fields.entries()) {
    yield `${index === 0 ? '{' : ','}${JSON.stringify(name)}:`;
    if (Array.isArray(value)) yield* canonicalRows(value);
    else yield JSON.stringify(withFieldsInOrder(value));
  }
  yield '}';
}

function* canonicalRows(rows: readonly unknown[]): Generator<string> {
  yield '[';
  for (const [index, row] of rows.entries()) {
    yield `${index === 0 ? '' : ','}${JSON.stringify(withFieldsInOrder(row))}`;
  }
  yield ']';
}

function withFieldsInOrder(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (!Array.isArray(value)) {
    const fields = Object.entries(value).sort(([a], [b]) => byText(a, b));
    return Object.fromEntries(fields.map(([name, field]) => [name, withFieldsInOrder(field)]));
  }
  return value.some((each) => typeof each === 'object') ? value.map(withFieldsInOrder) : value;
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
