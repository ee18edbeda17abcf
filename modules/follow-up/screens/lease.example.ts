import type { LeaseData, NumberData } from '../work.contract.ts';

/** A candidate in hand, for tests of the call screen. Invented. */

export const phone = (tail: string, part: Partial<NumberData> = {}): NumberData => ({
  phoneId: `phone-${tail}`,
  number: `+86154${tail.padStart(8, '0')}`,
  masked: `154****${tail.padStart(4, '0')}`,
  kind: 'mobile',
  relation: 'self',
  contactName: null,
  source: 'LXDH',
  informant: false,
  state: 'live',
  areaCode: null,
  local: null,
  dialString: `0154${tail.padStart(8, '0')}`,
  dialledToday: 0,
  dialsOfCase: 0,
  lastDialledAt: null,
  lastOutcome: null,
  bestHour: null,
  retestAfter: null,
  stateAt: null,
  vacantHits: 0,
  retests: 0,
  frozen: false,
  barred: null,
  ...part,
});

const held: LeaseData['case'] = {
  id: 'case',
  phase: 'filing',
  round: 'first',
  disposition: 'uncalled',
  priority: 5,
  deadlineAt: null,
  ownerId: 'owner',
  ownerName: '周宁',
  attempts: 0,
  contacts: 0,
  talkSeconds: 0,
  callbackNote: null,
};

const candidate: LeaseData['candidate'] = {
  id: 'candidate',
  name: '林晓',
  candidateNo: '26520000000001',
  sex: null,
  minor: false,
  provinceCode: '52',
  batchName: '本科批',
  category: null,
  schoolName: null,
  majorName: '学前教育',
  majorTuitionFen: null,
  preferenceRank: null,
  score: null,
  filingScore: null,
  artSchoolExam: false,
  signals: [],
  pathwayInterest: false,
  majorWish: null,
};

const policy: LeaseData['policy'] = {
  id: 'policy',
  version: 1,
  withdrawable: true,
  newExam: null,
  phoneShielded: false,
  withdrawalDeadlineAt: null,
  batchEndsAt: null,
  pastLines: [],
};

const facts: LeaseData['facts'] = {
  disposition: 'uncalled',
  withdrawable: true,
  withdrawalDeadlineAt: null,
  deadlineAt: null,
  window: { fromMinute: 540, untilMinute: 1260 },
  dialledToday: 0,
  tried: {},
  triedToday: {},
  switchedOffDays: 0,
  dayParts: {},
  lastUnansweredAt: null,
  messages: { sms: 0, wechat: 0 },
  contacts: 0,
  smsPhones: [],
  smsAfter: [],
  underEscalation: false,
  doNotCall: false,
  hasOwner: true,
  hasGroup: true,
};

export const heldLease = ({
  now,
  numbers = [phone('1')],
}: {
  now: number;
  numbers?: NumberData[];
}): LeaseData => ({
  id: 'lease',
  how: 'pull',
  openedAt: now,
  expiresAt: now + 1_200_000,
  dialStartedAt: null,
  phoneId: null,
  draft: null,
  case: held,
  candidate,
  policy,
  collegeName: '示例学院',
  numbers,
  facts,
  timeline: [],
  script: null,
});
