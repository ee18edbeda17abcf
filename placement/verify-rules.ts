import type { Candidate, Mode, Program } from './model.ts';

/** Plan × ratio by decimal text and big integers: another road than the engine's, to the same number. */
export function seatsOf({ plan, ratio = 1, rounding = 'floor' }: Program): number {
  const [whole = '0', decimals = ''] = decimalText(ratio).split('.');
  const unit = 10n ** BigInt(decimals.length);
  const product = BigInt(plan) * BigInt(whole + decimals);
  const down = product / unit;
  return Number(rounding === 'ceil' && down * unit !== product ? down + 1n : down);
}

/** 1e-6 and the like written out. */
function decimalText(value: number): string {
  return String(value).includes('e') ? value.toFixed(6) : String(value);
}

/** What keeps the candidate out before any comparison with others: the line counts last. */
export function hindrance(
  candidate: Candidate,
  program: Program,
  mode: Mode | undefined,
): 'INELIGIBLE' | 'BELOW_LINE' | null {
  const { subjects = [], marks = {}, bars = [] } = candidate;
  const levelFits = program.level === undefined || program.level === candidate.level;
  const subjectsFit = (program.require ?? []).every((subject) => subjects.some((own) => own === subject));
  const marksFit =
    program.minSubject === undefined ||
    Object.entries(program.minSubject).every(
      ([subject, minimum]) => Object.hasOwn(marks, subject) && Number(marks[subject]) >= minimum,
    );
  const healthy = !bars.some((bar) => program.bar?.some((own) => own === bar));
  const wanted = mode !== 'da' || program.ranking === undefined || placesIn(program).has(candidate.id);
  if (!(levelFits && subjectsFit && marksFit && healthy && wanted)) return 'INELIGIBLE';
  return program.line !== undefined && candidate.score < program.line ? 'BELOW_LINE' : null;
}

const places = new WeakMap<Program, ReadonlyMap<string, number>>();

/** Place in the program's own ranking by candidate id; counted once a program. */
export function placesIn(program: Program): ReadonlyMap<string, number> {
  const known = places.get(program) ?? new Map((program.ranking ?? []).map((id, place) => [id, place]));
  places.set(program, known);
  return known;
}
