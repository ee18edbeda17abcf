/** 每组不少于 8 人、不多于 13 人 (seed 001 part 4.2): in principle, so a warning; the capacity of a group is hard. */
export const GROUP_MIN = 8;
export const GROUP_MAX = 13;

/** What to say about the size of a group, or null when it is as it should be. */
export function sizeWarning(members: number): string | null {
  if (members < GROUP_MIN)
    return `本组 ${members} 人，原则上不少于 ${GROUP_MIN} 人，还差 ${GROUP_MIN - members} 人。`;
  if (members > GROUP_MAX)
    return `本组 ${members} 人，原则上不多于 ${GROUP_MAX} 人，多出 ${members - GROUP_MAX} 人。`;
  return null;
}

export interface LeaderCheck {
  readonly name: string;
  readonly roles: readonly string[];
  readonly active: boolean;
  readonly outstandingLastYear: boolean;
  readonly experienced: boolean;
  /** Groups this person leads already, by name. */
  readonly leads: string | null;
  readonly exception: string | null;
}

export interface GroupFault {
  readonly code: 'leader' | 'supervisor' | 'capacity';
  readonly message: string;
}

/** 组长: outstanding at least once or experienced, else an exception with its reason (seed 001 part 4.1). */
export function leaderFault(person: LeaderCheck): GroupFault | null {
  if (!person.active) return fault('leader', `${person.name} 的账号已停用或已退出回访，请另选组长。`);
  if (!person.roles.includes('group_leader'))
    return fault('leader', `${person.name} 还没有「组长」角色，请先在“账号与角色”里授予。`);
  if (person.leads !== null)
    return fault(
      'leader',
      `${person.name} 已是${person.leads}的组长，一人只能带一个组，请先更换那一组的组长。`,
    );
  if (!person.outstandingLastYear && !person.experienced && !person.exception?.trim())
    return fault('leader', `${person.name} 没有获评优秀或参加回访的记录。确需任命的，请写明破格理由。`);
  return null;
}

export interface SupervisorCheck {
  readonly name: string;
  readonly roles: readonly string[];
  readonly active: boolean;
  /** The group this person is paired with already. */
  readonly paired: string | null;
}

/** 督查组 pairs one-to-one with groups (seed 001, part on supervision). */
export function supervisorFault(person: SupervisorCheck): GroupFault | null {
  if (!person.active) return fault('supervisor', `${person.name} 的账号已停用，请另选督查员。`);
  if (!person.roles.includes('supervisor'))
    return fault('supervisor', `${person.name} 没有「督查组」角色，请先由安全管理员授予。`);
  if (person.paired !== null)
    return fault('supervisor', `${person.name} 已督查${person.paired}，督查员与小组一对一，请先解除那一组。`);
  return null;
}

/** The hard limit: `joining` more people into a group of `members`. */
export function capacityFault(
  group: { name: string; capacity: number; members: number },
  joining: number,
): GroupFault | null {
  const after = group.members + joining;
  if (after <= group.capacity) return null;
  return fault(
    'capacity',
    `${group.name}上限 ${group.capacity} 人，现有 ${group.members} 人，再加 ${joining} 人会超出 ${after - group.capacity} 人。请减少人数或调高上限。`,
  );
}

const fault = (code: GroupFault['code'], message: string): GroupFault => ({ code, message });
