/** Changing owners: who may move what, and how open work is made even. A leader moves inside the own group, the office everywhere. */

export interface CaseFacts {
  readonly state: string;
  readonly groupId: string | null;
  readonly requiredSkill: string | null;
  readonly notCallerId: string | null;
  readonly ownerId: string | null;
}

/** Whom a case is to go to; null: a pool. */
export interface Target {
  readonly userId: string;
  readonly skills: readonly string[];
}

/** Groups a leader answers for; null: the whole season. */
export type Reach = readonly string[] | null;

/** Why a case stays where it is, as the end of a sentence; null when it may move. */
export function whyStays(one: CaseFacts, target: Target | null, reach: Reach): string | null {
  if (reach !== null && (one.groupId === null || !reach.includes(one.groupId))) return '不是本组的考生';
  if (one.state === 'final') return '本阶段已办结';
  if (one.state === 'leased') return '正在通话中，请等登记结果后再调整';
  if (target === null) return null;
  if (one.ownerId === target.userId) return '已经归此人';
  if (one.notCallerId === target.userId) return '上次通话要求换人，不能再给同一位回访员';
  if (one.requiredSkill !== null && !target.skills.includes(one.requiredSkill)) return '此人没有所需技能';
  return null;
}

export interface Load {
  readonly userId: string;
  readonly open: number;
  /** How many of them may be moved. */
  readonly movable: number;
  readonly cap: number;
}

/**
 * Moves work from the fullest to the emptiest until they are at most one apart, or nothing movable or no room is left. Returns how
 * much each gives (negative) or takes (positive).
 */
export function evenOut(loads: readonly Load[]): Map<string, number> {
  const standing = loads
    .toSorted((one, other) => (one.userId < other.userId ? -1 : 1))
    .map((load) => ({ ...load, moved: 0 }));
  const level = (load: (typeof standing)[number]): number => load.open + load.moved;
  for (;;) {
    const givers = standing.filter(({ movable, moved }) => movable + moved > 0);
    const takers = standing.filter((load) => level(load) < load.cap);
    const fullest = givers.reduce<(typeof standing)[number] | null>(
      (best, load) => (best === null || level(load) > level(best) ? load : best),
      null,
    );
    const emptiest = takers.reduce<(typeof standing)[number] | null>(
      (best, load) => (best === null || level(load) < level(best) ? load : best),
      null,
    );
    if (!fullest || !emptiest || level(fullest) - level(emptiest) <= 1) break;
    fullest.moved -= 1;
    emptiest.moved += 1;
  }
  return new Map(standing.flatMap(({ userId, moved }) => (moved === 0 ? [] : [[userId, moved]])));
}
