import type { Role } from '#staff/rules';

/** all: every object of the college · group: those of the groups one leads · own: one's own only. */
export type Sight = 'all' | 'group' | 'own';
export type Access = Partial<Record<Role, Sight>> | 'public' | 'any session' | 'signed in';

const as =
  (sight: Sight) =>
  (...roles: readonly Role[]): Partial<Record<Role, Sight>> =>
    Object.fromEntries(roles.map((role) => [role, sight]));

export const all = as('all');
export const group = as('group');
export const own = as('own');
