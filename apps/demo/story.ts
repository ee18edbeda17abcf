import { shanghaiDay } from '#platform/shanghai';
import { makeSummary, saveSummary } from '#report/contract';
import { decideLeave, requestLeave } from '../../modules/absence/contract.ts';
import { registerLead, voidLead } from '../../modules/assignment/lead.contract.ts';
import * as hand from '../../modules/follow-up/escalation.contract.ts';
import * as final from '../../modules/withdrawal/decision.contract.ts';
import type { Team } from './people.ts';
import type { DemoPerson, Stage } from './stage.ts';
import { type Said, talk } from './talk.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** One of everything that people want to see in a season, on the afternoon before today. Deterministic, through the routes. */
export async function tellStory(
  stage: Stage,
  team: Team,
  given: { today: number; groupId: string },
): Promise<void> {
  const { groupId } = given;
  stage.setClock(given.today - 8 * DAY + 17 * HOUR);
  const lastWeek =
    '本周以第一轮联系为主，白天接通少，晚上七点后接通明显增多。下周继续晚间集中拨打，并约家长同时在场。';
  await summary(stage, team, { groupId, remarks: lastWeek, send: true });
  stage.setClock(given.today - DAY + 15 * HOUR);
  await handOvers(stage, team);
  await promises(stage, team, given.today);
  await endings(stage, team);
  await leavesAndLeads(stage, team, given.today);
  await summary(stage, team, {
    groupId,
    remarks: '本周犹豫的考生多关心学费和离家远近，下周先把这两点说清楚。',
    send: false,
  });
}

/** Callers in turn, leaders left out: part n starts with caller n, so that the story is spread over all of them. */
function callersFrom(team: Team, n: number): readonly DemoPerson[] {
  const callers = team.callers.filter((caller) => !team.leaders.includes(caller));
  const at = n % Math.max(1, callers.length);
  return [...callers.slice(at), ...callers.slice(0, at)];
}

const toLeader = (summary: string): Said => ({
  outcome: { result: 'R3' },
  note: '家里意见不一致，想请老师再沟通一次。',
  escalation: { tier: 'leader', summary },
});

/** Hand-overs to the leader: waiting, accepted, returned, and passed on to the escalation team. */
async function handOvers(stage: Stage, team: Team): Promise<void> {
  const [leader] = team.leaders;
  if (!leader) return;
  const summaries = [
    '父母担心学费和住宿费，请组长再解释资助政策。',
    '母亲希望调专业，回访员不能答应，请组长说明规定。',
    '考生和父亲意见不一致，约了晚上，请组长一起沟通。',
    '家长要求看办学资质，请组长联系。',
    '考生两次改口，家长不接电话，请组长判断下一步。',
  ];
  const ids: string[] = [];
  for (const [index, summary] of summaries.entries()) {
    const talked = await talk(stage, callersFrom(team, index), toLeader(summary));
    if (!talked) continue;
    const id = await openEscalation(stage, leader, talked.caseId);
    if (id) ids.push(id);
  }
  const [accepted, returned, passed, inWork] = ids;
  const act = (id: string | undefined) => ({ params: { id: id ?? '' } });
  if (accepted) await stage.act(leader, hand.acceptEscalation, act(accepted));
  if (returned) {
    const body = { reason: '资助政策的话术里有，请先按话术解释，再约家长。' };
    await stage.act(leader, hand.returnEscalation, { ...act(returned), body });
  }
  const body = { tier: 'escalation_team', summary: '组长已联系一次，家长仍在犹豫，请突击组跟进。' } as const;
  for (const id of [passed, inWork]) {
    if (!id) continue;
    await stage.act(leader, hand.acceptEscalation, act(id));
    const { caseId } = await stage.act(leader, hand.passOnEscalation, { ...act(id), body });
    const next = id === inWork ? await openEscalation(stage, team.escalation, caseId) : null;
    if (next) await stage.act(team.escalation, hand.acceptEscalation, act(next));
  }
}

/** The hand-over of a case that waits to be taken, as the taker sees it. */
async function openEscalation(stage: Stage, who: DemoPerson, caseId: string): Promise<string | null> {
  const { items } = await stage.act(who, hand.listEscalations, { query: { view: 'to_accept', limit: 50 } });
  return items.find((item) => item.caseId === caseId)?.id ?? null;
}

/** Call-backs that are overdue and due, somebody who wants no more calls, a complaint. */
async function promises(stage: Stage, team: Team, today: number): Promise<void> {
  const agreed = (at: number, note: string): Said => ({
    outcome: { answerer: 'A8' },
    note,
    callback: { at, scope: 'owner', note: '按约定时间回电' },
  });
  await talk(stage, callersFrom(team, 5), agreed(today - DAY + 18 * HOUR, '父亲下班后接听，约傍晚六点。'));
  await talk(stage, callersFrom(team, 6), agreed(today - DAY + 20 * HOUR, '晚饭后再打，母亲在家。'));
  await talk(stage, callersFrom(team, 7), agreed(today + 19 * HOUR, '今晚七点全家都在。'));
  await talk(stage, callersFrom(team, 8), agreed(today + DAY + 10 * HOUR, '明天上午十点以后方便。'));
  await talk(stage, callersFrom(team, 9), {
    outcome: { result: 'R5' },
    note: '家长明确表示不要再来电，已道歉并说明不会再打。',
  });
  await talk(stage, callersFrom(team, 10), {
    outcome: { result: 'R6' },
    note: '家长反映一天接到多所学校来电，要求核实，已转督查。',
  });
}

/** Final decisions: waiting for the office, confirmed, and sent back. */
async function endings(stage: Stage, team: Team): Promise<void> {
  const reasons = [
    '班主任和家人都证实考生重病住院，暂不能入学。',
    '家人告知考生因病休养，已请当地老师核实情况属实。',
    '家人称考生病重，材料和当地老师的说法还没有核对。',
  ];
  for (const [index, reason] of reasons.entries()) {
    const id = await propose(stage, team, { callers: callersFrom(team, 2 + 3 * index), reason });
    if (!id) continue;
    if (index === 1) await stage.act(team.office, final.confirmDecision, { params: { id } });
    if (index === 2) {
      const back = { reason: '请先请当地老师核实，再附说明重新提出。' };
      await stage.act(team.office, final.rejectDecision, { params: { id }, body: back });
    }
  }
}

const ILL: Said = { outcome: { result: 'R9' }, note: '家人告知考生重病，已安慰并说明会保留联系方式。' };

/** The clerk's proposal for the first of these callers whose case takes one: a candidate who asked for withdrawal is not ended so. */
async function propose(
  stage: Stage,
  team: Team,
  { callers, reason }: { callers: readonly DemoPerson[]; reason: string },
): Promise<string | null> {
  for (const caller of callers) {
    const talked = await talk(stage, [caller], ILL);
    if (!talked) continue;
    const body = { caseId: talked.caseId, result: 'closed' as const, reason };
    const proposed = await stage.attempt(team.clerk, final.proposeDecision, { body });
    if (proposed?.decisionId) return proposed.decisionId;
  }
  return null;
}

/** A leave half approved and one just asked for; two people who claim the same recruit; a lead that was void. */
async function leavesAndLeads(stage: Stage, team: Team, today: number): Promise<void> {
  const [first, second, third] = callersFrom(team, 0);
  const [leader] = team.leaders;
  if (!first || !second || !third || !leader) return;
  const ask = (who: DemoPerson, from: number, reason: string) =>
    stage.act(who, requestLeave, {
      body: {
        startsOn: shanghaiDay(today + from * DAY),
        endsOn: shanghaiDay(today + (from + 1) * DAY),
        reason,
      },
    });
  const { id } = await ask(second, 3, '参加校外培训两天，工作已和同组同事交接。');
  await stage.act(leader, decideLeave, { params: { id }, body: { step: 'unit', approved: true, note: '' } });
  await ask(third, 5, '家中老人住院，需要陪护。');
  const lead = { candidateNo: '', idNumber: '' };
  const shared = { ...lead, name: '秦晓雨', phone: '15400018001' };
  await stage.act(team.recruiter, registerLead, { body: { ...shared, source: '中学宣讲会' } });
  await stage.act(first, registerLead, { body: { ...shared, source: '亲友介绍' } });
  const mistaken = { ...lead, name: '乔安宁', phone: '15400018002', source: '电话咨询' };
  const mistake = await stage.act(team.recruiter, registerLead, { body: mistaken });
  await stage.act(team.clerk, voidLead, {
    params: { id: mistake.id },
    body: { reason: '考生本人表示没有报考意向' },
  });
  const plain = { ...lead, name: '祁慕白', phone: '15400018003', source: '校园开放日' };
  await stage.act(team.recruiter, registerLead, { body: plain });
}

/** The week's summary: sent, or left as a draft. */
async function summary(
  stage: Stage,
  team: Team,
  given: { groupId: string; remarks: string; send: boolean },
): Promise<void> {
  const [leader] = team.leaders;
  if (!leader) return;
  const { groupId, remarks, send } = given;
  const { id } = await stage.act(leader, makeSummary, { body: { groupId } });
  await stage.act(leader, saveSummary, { params: { id }, body: { remarks, send } });
}
