import { copyText } from '#platform/db/copy';
import type { PreferenceRecord, ScoreRecord } from './detail.rules.ts';
import { isGrade, scoreValue } from './filing.rules.ts';
import type { Outlet } from './outlet.ts';
import { scoreName } from './part.rules.ts';

/**
 * Preferences and scores: runs of rows of one candidate become one line. `batches` are those of the filings (PCDM): a preference of another
 * one says so.
 */
export function partWriter(fingerprint: (text: string) => string, out: Outlet, batches: ReadonlySet<string>) {
  let no = 0;
  const runs = { staged_preferences: openRun(), staged_scores: openRun() };
  type Kind = keyof typeof runs;
  const close = (kind: Kind): void => {
    const run = runs[kind];
    if (run.fields.length === 0) return;
    no += 1;
    const inner = run.fields.join(',');
    const text = kind === 'staged_preferences' ? `[${inner}]` : `{${inner}}`;
    out.put(kind, `${run.n}\t${no}\t${fingerprint(text)}\t${copyText(text)}\n`);
    run.fields = [];
  };
  const add = (kind: Kind, n: number, field: string): void => {
    const run = runs[kind];
    if (run.n !== n) {
      close(kind);
      run.n = n;
    }
    run.fields.push(field);
  };
  const scored = { n: 0, names: new Set<string>() };
  /** A subject examined a second time has the month of that exam (KSNY) behind its name. */
  const nameOf = (n: number, record: ScoreRecord): string => {
    if (scored.n !== n) [scored.n, scored.names] = [n, new Set()];
    const name = scoreName(record);
    const again = scored.names.has(name) && record.month !== '';
    scored.names.add(name);
    return again ? `${name}${record.month}` : name;
  };
  return {
    preference: (n: number, { rank, unit, major, planNature, batch }: PreferenceRecord): void => {
      const nature = planNature?.code || undefined;
      const other =
        batch && batches.size > 0 && !batches.has(batch.code) ? (batch.name ?? batch.code) : undefined;
      add('staged_preferences', n, JSON.stringify({ rank, unit, major, nature, batch: other }));
    },
    score: (n: number, record: ScoreRecord): void => {
      const name = nameOf(n, record);
      for (const [key, value] of scoreFigures(name, record)) {
        add(
          'staged_scores',
          n,
          `${JSON.stringify(key)}:${value === '' ? 'null' : JSON.stringify(scoreValue(value))}`,
        );
      }
    },
    close: (): void => {
      close('staged_preferences');
      close('staged_scores');
    },
  };
}

/** 等级赋分 (DJFF) counts; what it was made from, points or a grade (DDCJ), stands beside it. */
function scoreFigures(name: string, { value, graded }: ScoreRecord): [string, string][] {
  if (graded === null || graded === value) return [[name, value]];
  return value === ''
    ? [[name, graded]]
    : [
        [name, graded],
        [`${name}${isGrade(value) ? '等第' : '原始分'}`, value],
      ];
}

const openRun = (): { n: number; fields: string[] } => ({ n: 0, fields: [] });
