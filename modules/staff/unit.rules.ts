/** 各二级学院选派 5 名教职员工（3 名参加过），各职能部门 2 名（1 名参加过）: seed 001 part 4.2. */
const UNIT_QUOTA = {
  school: { people: 5, experienced: 3 },
  department: { people: 2, experienced: 1 },
} as const;

/** What a unit still owes, as a sentence, or null when it sent enough. */
export function unitQuota(unit: {
  kind: keyof typeof UNIT_QUOTA;
  people: number;
  experienced: number;
}): string | null {
  const quota = UNIT_QUOTA[unit.kind];
  const people = Math.max(0, quota.people - unit.people);
  const experienced = Math.max(0, quota.experienced - unit.experienced);
  if (people === 0 && experienced === 0) return null;
  const parts = [
    ...(people > 0 ? [`应选派 ${quota.people} 人，还差 ${people} 人`] : []),
    ...(experienced > 0 ? [`应有 ${quota.experienced} 人参加过回访，还差 ${experienced} 人`] : []),
  ];
  return `${parts.join('；')}。`;
}

/** 二级学院 end in 学院 or 系; everything else is a 职能部门. For units that an import names for the first time. */
export const unitKindOf = (name: string): keyof typeof UNIT_QUOTA =>
  /(学院|系|书院)$/.test(name) ? 'school' : 'department';
