import { z } from 'zod';
import { route } from '#platform/http/route';
import { type FaultCode, OBLIGATIONS } from './proof.rules.ts';

/** What is proved every night, in words: the claim, and what to do where it does not hold. */
export const OBLIGATION_LABELS: Readonly<
  Record<FaultCode, { readonly name: string; readonly claim: string }>
> = {
  tally: { name: '守恒', claim: '大屏和统计上的数，等于逐个数回访任务得到的数。' },
  contacts: {
    name: '联系数对得上',
    claim: '大屏和榜单上的联系、接通、表态、拒绝、不计入的记录和通话时长，等于逐条数联系记录得到的数。',
  },
  files: { name: '档案没有少', claim: '考生档案的数目不少于各次导入新增的数目，没有哪一份在放出以前消失。' },
  journal_count: { name: '流转记录齐全', claim: '每个回访任务每变动一次，流转记录里就有一条，不多不少。' },
  replay: { name: '流转可重放', claim: '把流转记录从头放一遍，得到的正是任务现在的样子。' },
  chain: { name: '流转记录未被改动', claim: '流转记录一条接一条，没有哪一条被改过、删过或插进来。' },
  double_lease: {
    name: '没有同时占用',
    claim: '同一名考生、同一个号码、同一位回访员，此刻都只在一次通话里。',
  },
  overlap: { name: '没有重复拨打', claim: '从开季到现在，同一名考生、同一个号码从来没有被两个人同时拨打。' },
  attempt_without_lease: {
    name: '联系记录有出处',
    claim: '每条联系记录都出自取到这名考生的那位回访员本人。',
  },
  lease_case: { name: '通话中的任务对得上', claim: '标着“通话中”的任务都确实有人在通话，反过来也一样。' },
  silent_end: {
    name: '没有无故办结',
    claim: '每个已办结的任务，都有一次联系、一份退档申请或一个签过字的决定作为依据。',
  },
  missed_without_successor: { name: '回电没有丢', claim: '每个错过的回电都另有后续安排。' },
  no_next_step: { name: '都有下一步', claim: '约了回电的有一个未完成的回电，转交出去的有一个未办完的转交。' },
};

const ProofFault = z.object({
  what: z.enum(OBLIGATIONS),
  subjectId: z.string(),
  /** The candidate it concerns; null: a sum, or a subject that no longer leads to one. */
  candidateId: z.string().nullable(),
  candidateName: z.string().nullable(),
  candidateNoMasked: z.string().nullable(),
});

const Run = z.object({
  id: z.string(),
  checkedAt: z.number(),
  tookMs: z.number(),
  cases: z.number(),
  events: z.number(),
  attempts: z.number(),
  faults: z.number(),
});

export const proofRoute = route({
  method: 'GET',
  path: '/follow-up/proof',
  permission: 'report.season',
  summary: '夜间核对：守恒、不重复拨打、不无故办结、流转记录可重放；最近一次的明细和以往各次',
  reply: z.object({
    latest: Run.extend({
      byState: z.record(z.string(), z.number()),
      faults: z.array(ProofFault),
    }).nullable(),
    /** Latest first, at most 90 days. */
    runs: z.array(Run),
    /** A run that somebody asked for and that has not ended. */
    jobId: z.string().nullable(),
  }),
});

export const proveNow = route({
  method: 'POST',
  path: '/follow-up/proof',
  permission: 'proof.run',
  summary: '现在再核对一次：只读，不改动任何记录',
  reply: z.object({ jobId: z.string() }),
  refusals: { running: 409 },
});
