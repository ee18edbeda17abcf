import type { ProvincePlan } from './college.ts';
import type { RoundDays } from './rounds.ts';

export interface DemoSize {
  readonly groups: number;
  readonly perGroup: number;
  readonly provinces: readonly (ProvincePlan & { readonly rows: number; readonly form: '2012' | '2017' })[];
  /** A delivery of yesterday that nobody has released yet. */
  readonly waiting?: DemoSize['provinces'][number];
  /** Working days back from today on which everybody calls, and calls each makes then. */
  readonly days: readonly number[];
  readonly callsPerSession: number;
  readonly rounds: RoundDays;
  /** Contacts set in bulk instead of called one by one, on average a case. */
  readonly contactsPerCase?: number;
  /** Candidates loaded in bulk instead of imported. */
  readonly bulkCandidates?: number;
}

/** 300 candidates, 12 callers, the first three weeks behind them; yesterday is the story's, and 24 of them came then. */
export const SMALL: DemoSize = {
  groups: 1,
  perGroup: 12,
  provinces: [
    {
      province: '51',
      batch: 'undergraduate',
      withdrawable: false,
      shielded: false,
      seats: 140,
      rows: 126,
      form: '2017',
    },
    {
      province: '41',
      batch: 'junior',
      withdrawable: true,
      shielded: false,
      seats: 120,
      rows: 110,
      form: '2012',
    },
    {
      province: '33',
      batch: 'undergraduate',
      withdrawable: true,
      shielded: true,
      seats: 45,
      rows: 40,
      form: '2017',
    },
  ],
  waiting: {
    province: '52',
    batch: 'undergraduate',
    withdrawable: true,
    shielded: false,
    seats: 30,
    rows: 24,
    form: '2017',
  },
  days: [18, 15, 11, 8, 4, 3, 2],
  callsPerSession: 7,
  rounds: { focus: 4, final: 2 },
};

/** 20,000 candidates, 100 callers in ten groups, three weeks of contacts. */
export const COLLEGE: DemoSize = {
  groups: 10,
  perGroup: 10,
  provinces: [
    {
      province: '51',
      batch: 'undergraduate',
      withdrawable: false,
      shielded: false,
      seats: 9000,
      rows: 9000,
      form: '2017',
    },
    {
      province: '41',
      batch: 'junior',
      withdrawable: true,
      shielded: false,
      seats: 6000,
      rows: 6000,
      form: '2012',
    },
    {
      province: '52',
      batch: 'undergraduate',
      withdrawable: true,
      shielded: false,
      seats: 3000,
      rows: 3000,
      form: '2017',
    },
    {
      province: '33',
      batch: 'undergraduate',
      withdrawable: true,
      shielded: true,
      seats: 200,
      rows: 200,
      form: '2017',
    },
    {
      province: '50',
      batch: 'junior',
      withdrawable: false,
      shielded: false,
      seats: 1800,
      rows: 1800,
      form: '2012',
    },
  ],
  days: [21],
  callsPerSession: 0,
  contactsPerCase: 4,
  rounds: { focus: 9, final: 3 },
};

/** A million candidates and ten million contacts, for benchmarks: loaded by COPY, not shown to anybody. */
export const LARGE: DemoSize = {
  groups: 40,
  perGroup: 13,
  provinces: ['51', '52', '50', '53', '41', '42', '43', '44', '45', '36', '34', '37'].map(
    (province, index) => ({
      ...{
        province,
        batch: 'undergraduate' as const,
        withdrawable: index % 2 === 0,
        shielded: false,
        seats: 90_000,
      },
      ...{ rows: 0, form: '2017' as const },
    }),
  ),
  days: [21],
  callsPerSession: 0,
  contactsPerCase: 10,
  // Loaded as a first round of weeks.
  rounds: { focus: 0, final: 0 },
  bulkCandidates: 1_000_000,
};
