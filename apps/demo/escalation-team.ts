import * as queue from '#follow-up/contract';
import type { RouteInput } from '#platform/http/route';
import { newId } from '#platform/ids';
import * as hand from '../../modules/follow-up/escalation.contract.ts';
import { recordPlaybook } from '../../modules/follow-up/playbook.contract.ts';
import type { Team } from './people.ts';
import { type Draw, drawFrom } from './random.ts';
import type { Stage } from './stage.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Days back on which the escalation team works its list, before the second round; on the last of them it agrees on a time with whoever wavers. */
export const TEAM_DAYS: readonly number[] = [19, 17, 14, 12, 10];
const AGREED_DAY = 1;
/** More calls one person does not make between nine and nine. */
const A_DAY = 80;

/** Candidates of provinces with shielded numbers: found by asking around, called, and most of them settled. */
export interface TeamWork {
  /** Everything that has just been released to the team is accepted in time. */
  acceptAll(): Promise<void>;
  /** One of TEAM_DAYS. */
  workDay(daysBack: number): Promise<void>;
  /** The calls agreed for yesterday; a few have asked for a time today or tomorrow. */
  keepAppointments(): Promise<void>;
}

type Finish = RouteInput<typeof queue.finishRoute>['body'];
type Said = Pick<Finish, 'note'> & Partial<Pick<Finish, 'line' | 'answerer' | 'result' | 'callback'>>;
type Item = hand.EscalationItem;

const TALK: Readonly<Record<string, readonly string[]>> = {
  R1: ['中学老师转告后回了电话，专业和身份信息核对无误。', '父母都在旁边，确认来读，已说明等录取通知。'],
  R3: ['家里还在商量专业，过两天再联系。', '担心离家远，已介绍往返交通和住宿。'],
  A5: ['母亲接听，考生在外地亲戚家。', '父亲接听，请晚上再打。'],
  L5: [''],
  L3: [''],
};
const OUTCOMES = { R1: 46, R3: 20, A5: 14, L5: 15, L3: 5 } as const;
/** Times today and tomorrow that the last ones have asked for, hours after midnight of today. */
const LATER_HOURS = [10.5, 15, 19.5, 34] as const;

export function teamWorkOf(stage: Stage, { escalation: member }: Team, today: number): TeamWork {
  const draw = drawFrom(33_019);
  /** Whose numbers have been asked for. */
  const known = new Set<string>();
  const listed = async (view: 'to_accept' | 'mine'): Promise<Item[]> => {
    const items: Item[] = [];
    let cursor: string | undefined;
    do {
      const query = { view, limit: 50, ...(cursor && { cursor }) };
      const page = await stage.act(member, hand.listEscalations, { query });
      items.push(...page.items);
      cursor = page.nextCursor ?? undefined;
    } while (cursor);
    // Ids differ from one building to the next; candidate numbers do not.
    return items.toSorted((one, other) => (one.candidateNo < other.candidateNo ? -1 : 1));
  };
  const due = async (): Promise<Item[]> =>
    (await listed('mine')).filter(({ dueAt }) => dueAt === null || dueAt <= stage.now());
  const call = (item: Item, said: Said) => callOnce(stage, member, { item, said });
  return {
    acceptAll: async () => {
      stage.setClock(stage.now() + HOUR);
      for (const { id } of await listed('to_accept'))
        await stage.act(member, hand.acceptEscalation, { params: { id } });
    },
    workDay: async (daysBack) => {
      stage.setClock(today - daysBack * DAY + 9 * HOUR + 10 * MINUTE);
      const last = daysBack === TEAM_DAYS.at(-1);
      const all = await due();
      const share = last ? all.length : Math.min(A_DAY, Math.ceil(all.length / 2));
      for (const [index, item] of all.slice(0, share).entries()) {
        if (!known.has(item.caseId)) await lookUp(stage, member, item);
        known.add(item.caseId);
        const agreed = today - AGREED_DAY * DAY + 9.5 * HOUR + index * 6 * MINUTE;
        await call(item, last ? settled(draw, agreed) : drawn(draw));
      }
    },
    keepAppointments: async () => {
      stage.setClock(today - AGREED_DAY * DAY + 9.5 * HOUR);
      for (const [index, item] of (await listed('mine')).entries()) {
        const hours = LATER_HOURS[index];
        stage.setClock(Math.max(stage.now(), item.dueAt ?? 0));
        await call(item, hours === undefined ? confirmed(draw) : agreedFor(today + hours * HOUR));
      }
    },
  };
}

const agreedFor = (at: number): Said => ({
  answerer: 'A8',
  note: '还差父亲点头，约好时间再打。',
  callback: { at, scope: 'owner', note: '按约定时间回电' },
});
const confirmed = (draw: Draw): Said => ({ result: 'R1', note: draw.pick(TALK.R1 ?? ['']) });
const settled = (draw: Draw, at: number): Said => (draw.chance(60) ? confirmed(draw) : agreedFor(at));

function drawn(draw: Draw): Said {
  const code = draw.weighted(OUTCOMES);
  const note = draw.pick(TALK[code] ?? ['']);
  if (code === 'L5' || code === 'L3') return { line: code, note };
  return code === 'A5' ? { answerer: code, note } : { result: code, note };
}

type Member = Team['escalation'];

/** 请招办另找号码: the middle school has been asked, and gives the numbers of the candidate and of a parent. */
async function lookUp(stage: Stage, member: Member, { caseId, candidateNo }: Item): Promise<void> {
  for (const [place, relation] of (['self', 'father'] as const).entries()) {
    const number = `15490${candidateNo.slice(-5)}${place}`;
    await stage.act(member, recordPlaybook, {
      params: { caseId },
      body: {
        ...{ step: 'office_number', outcome: 'found', detail: '中学教务处核实身份后提供。' },
        number: { number, relation, basis: '中学教务处按招办来函提供，用于录取联系' },
      },
    });
  }
}

/** Opens the hand-over on the call screen, dials the first number, and notes what was said. */
async function callOnce(
  stage: Stage,
  member: Member,
  { item, said }: { item: Item; said: Said },
): Promise<void> {
  const { lease } = await stage.act(member, hand.workEscalation, { params: { id: item.id } });
  const phone = lease?.numbers.find(({ barred }) => barred === null);
  if (!lease || !phone) throw new Error(`demonstration: no number of ${item.candidateNo} may be dialled`);
  const params = { leaseId: lease.id };
  const startedAt = stage.now();
  await stage.act(member, queue.dialRoute, { params, body: { phoneId: phone.phoneId } });
  const minutes = said.line ? 1 : 5;
  stage.setClock(startedAt + minutes * MINUTE);
  const body = {
    ...{ clientKey: newId(), phoneId: phone.phoneId, line: null, answerer: null, result: null, startedAt },
    answeredAt: said.line ? null : startedAt + 10_000,
    talkSeconds: said.line ? 0 : (minutes - 1) * 60,
    ...{ checked: { major: true, identity: true }, next: false },
    ...said,
  };
  await stage.act(member, queue.finishRoute, { params, body });
  stage.setClock(stage.now() + 2 * MINUTE);
}
