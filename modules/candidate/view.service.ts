import type { Ctx } from '#platform/db/tenant';
import { isStudent } from '#staff';
import { scopeKindOf } from '#staff/rules';
import { type FileRow, readFile } from './file.store.ts';
import type { CandidateId } from './ids.ts';
import { phonesOf } from './phone.service.ts';
import type { CandidatePhone } from './phone.store.ts';
import { chinaDay, isMinor } from './rules.ts';
import { readSignals, readWish, type SignalRow, signalsOf, type Wish } from './signal.store.ts';

/** A candidate file for the call screen: the name in clear, everything that identifies beyond it masked. */
export interface CandidateView
  extends Omit<FileRow, 'sealed' | 'codes' | 'score' | 'filingScore' | 'scores' | 'minorUntil'> {
  readonly minor: boolean;
  /** Null when the viewer is a student caller: scores go to teachers only (issue 2 E). */
  readonly scores: CandidateScores | null;
  readonly phones: readonly CandidatePhone[];
  readonly signals: readonly Pick<SignalRow, 'code' | 'name' | 'help'>[];
  readonly wish: Wish;
}

export interface CandidateScores {
  readonly score: number | null;
  readonly filingScore: number | null;
  readonly subjects: Record<string, number | null>;
}

/** Scores are not for student callers. Offices need no profile to see them. */
export async function seesScores(ctx: Ctx, known?: { readonly kind: string }): Promise<boolean> {
  const { userId, roles, permissions } = ctx.actor;
  if (userId === null) return true;
  if (!permissions.has('candidate.scores')) return false;
  if (scopeKindOf(roles) === 'all') return true;
  return known ? known.kind !== 'student' : !(await isStudent(ctx, userId));
}

/**
 * Everything the call screen shows of a candidate, or null. Who may look is the caller's to decide: the holder of the lease, or
 * whoever has the case in scope.
 */
export async function candidateView(ctx: Ctx, id: CandidateId): Promise<CandidateView | null> {
  const file = await readFile(ctx, id);
  if (!file) return null;
  const { sealed: _sealed, codes: _codes, score, filingScore, scores, minorUntil, ...rest } = file;
  const marked = new Set(await signalsOf(ctx, id));
  const catalogue = await readSignals(ctx);
  return {
    ...rest,
    minor: isMinor(minorUntil, chinaDay(ctx.now)),
    scores: (await seesScores(ctx)) ? { score, filingScore, subjects: scores } : null,
    phones: await phonesOf(ctx, id),
    signals: catalogue
      .filter(({ code }) => marked.has(code))
      .map(({ code, name, help }) => ({ code, name, help })),
    wish: await readWish(ctx, id),
  };
}
