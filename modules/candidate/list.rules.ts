/** Orders of the candidate list, and which are possible when. */
export const SORTS = ['name', '-name', 'number', '-number', 'due', '-due', 'score', '-score'] as const;
export type Sort = (typeof SORTS)[number];
export type SortKey = 'name' | 'number' | 'due' | 'score';

export const sortKey = (sort: Sort): SortKey => sort.replace('-', '') as SortKey;
export const isDescending = (sort: Sort): boolean => sort.startsWith('-');

/** Exact up to here; a longer list says 10,000+. The same bound decides which orders are possible. */
export const COUNTED_MAX = 10_000;

const COUNTED = '10,000';

/** What is wrong with an order on a list longer than COUNTED_MAX; null when it is possible. */
export function sortFault(sort: Sort, list: { byProvince: boolean; byCase: boolean }): string | null {
  const key = sortKey(sort);
  if (key === 'score')
    return `分数只在同一省份、同一批次内可比：请用省份、批次、专业把范围缩小到 ${COUNTED} 人以内，再按分数排序。`;
  if (key === 'number' && list.byCase && !list.byProvince)
    return `符合条件的考生超过 ${COUNTED} 人，请先选择省份，再按考生号排序。`;
  return null;
}

/** Own work is done by time, everything else is looked up by name. */
export const defaultSort = (scope: 'all' | 'group' | 'own'): Sort => (scope === 'own' ? 'due' : 'name');

export const MISSING = ['phone', 'name', 'id'] as const;
export type Missing = (typeof MISSING)[number];
