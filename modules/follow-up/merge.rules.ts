import type { MergeKey } from '#script/rules';
import { provinceName } from '#season/rules';
import { sayTime } from './day-part.rules.ts';

/** What the fields of a text are filled from. */
export interface MergeFacts {
  readonly callerName: string;
  readonly collegeName: string;
  readonly year: number;
  readonly candidate: {
    readonly name: string;
    readonly provinceCode: string;
    readonly batchName: string;
    readonly majorName: string | null;
    readonly majorTuitionFen: number | null;
    readonly preferenceRank: number | null;
  };
  readonly withdrawalDeadlineAt: number | null;
  readonly now: number;
}

const twoPlaces = { minimumFractionDigits: 2, maximumFractionDigits: 2 } as const;

/** What the fields of a script or message say for a candidate: the same on the screen and in what the platform sends. */
export function mergeValues({
  candidate,
  ...given
}: MergeFacts): Readonly<Partial<Record<MergeKey, string>>> {
  const { majorTuitionFen: fen, preferenceRank: rank } = candidate;
  const deadline = given.withdrawalDeadlineAt;
  return {
    caller: given.callerName,
    college: given.collegeName,
    candidate: candidate.name,
    year: String(given.year),
    province: provinceName(candidate.provinceCode),
    batch: candidate.batchName,
    ...(candidate.majorName !== null && { major: candidate.majorName }),
    ...(rank !== null && { preference: String(rank) }),
    ...(fen !== null && { tuition: `${(fen / 100).toLocaleString('zh-CN', twoPlaces)} 元/年` }),
    ...(deadline !== null && { deadline: sayTime(deadline, given.now) }),
  };
}
