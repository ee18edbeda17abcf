/** Words of a case as a leader reads them. */
export const STATE_LABELS: Readonly<Record<string, string>> = {
  ready: '待回访',
  leased: '通话中',
  scheduled: '有约定',
  blocked: '停拨',
  escalated: '已转交',
  final: '已办结',
};

export const DISPOSITION_LABELS: Readonly<Record<string, string>> = {
  uncalled: '没联系过',
  confirmed: '确认录取',
  considering: '考虑',
  unreachable: '联系不上',
  withdrawing: '申请退档',
};
