/** When two files of one person may become one. */

export interface MergeSide {
  readonly candidateNo: string;
  readonly seasonId: string;
  readonly mergedInto: string | null;
  /** KSZT: 5 finished, 3 returned. */
  readonly examState: string | null;
  readonly contacts: number;
  /** Cases that are not final. */
  readonly openCases: number;
}

export type MergeFault = 'same_file' | 'other_season' | 'already_merged' | 'both_contacted' | 'case_open';

export interface Evidence {
  readonly sameId: boolean;
  readonly sameName: boolean;
  readonly samePhone: boolean;
}

/** Enough to believe that two files are one person: the ID number, or the name together with a number. Never the name alone. */
export const isSamePerson = ({ sameId, sameName, samePhone }: Evidence): boolean =>
  sameId || (sameName && samePhone);

/** What stands against merging `merged` into `kept`, with the sentence; null when nothing does. */
export function mergeFault(kept: MergeSide, merged: MergeSide): { code: MergeFault; message: string } | null {
  if (kept.candidateNo === merged.candidateNo)
    return { code: 'same_file', message: '两份档案是同一份，不用合并。' };
  if (kept.seasonId !== merged.seasonId)
    return { code: 'other_season', message: '两份档案不在同一个招生季，不能合并。' };
  const gone = [kept, merged].find(({ mergedInto }) => mergedInto !== null);
  if (gone)
    return {
      code: 'already_merged',
      message: `考生号 ${gone.candidateNo} 已并入另一份档案，请先撤销那次合并。`,
    };
  if (kept.contacts > 0 && merged.contacts > 0)
    return {
      code: 'both_contacted',
      message: `两份档案都已有联系记录（${kept.contacts} 次和 ${merged.contacts} 次），合并会混淆责任，不能合并；请招办核对后办结其中一份。`,
    };
  if (merged.openCases > 0)
    return {
      code: 'case_open',
      message: `要并掉的档案还有 ${merged.openCases} 项未办结的回访，请改为保留这一份，或先办结其回访再合并。`,
    };
  return null;
}
