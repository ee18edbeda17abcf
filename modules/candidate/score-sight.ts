import type { Ctx } from '#platform/db/tenant';
import { isStudent } from '#staff';
import { scopeKindOf } from '#staff/rules';

/** Scores are not for student callers. Offices need no profile to see them. */
export async function seesScores(ctx: Ctx, known?: { readonly kind: string }): Promise<boolean> {
  const { userId, roles, permissions } = ctx.actor;
  if (userId === null) return true;
  if (!permissions.has('candidate.scores')) return false;
  if (scopeKindOf(roles) === 'all') return true;
  return known ? known.kind !== 'student' : !(await isStudent(ctx, userId));
}
