import { expect, test } from 'vitest';
import { newId } from '#platform/ids';
import type { Person } from '#platform/testing/app';
import { correct } from '../follow-up/correct.service.ts';
import { HOUR, MORNING } from '../follow-up/testing/arrange.ts';
import { finish, pull } from '../follow-up/testing/calls.ts';
import { arrangeDesk } from './testing/papers.ts';
import {
  decideWrongful,
  listWrongful,
  readWrongful,
  reportWrongful,
  type WrongfulQuery,
} from './wrongful.service.ts';

/** 误退: reported, traced to everyone who touched it, decided by another person. */

const desk = arrangeDesk();
const report = (id: string, who: Person, description = '考生说从未申请退档，请核查') =>
  desk.world.as(who, (ctx) => reportWrongful(ctx, id, description));
const list = (query: WrongfulQuery) => desk.world.as(desk.supervisor, (ctx) => listWrongful(ctx, query));
const decide = (id: string, who: Person, confirmed = true) =>
  desk.world.as(who, (ctx) => decideWrongful(ctx, id, { confirmed, finding: '签名与报名表逐一比对过' }));

test('is traced to everyone who touched it and decided by another person', async () => {
  const id = await desk.checked();
  expect(await report(id, desk.caller)).toMatchObject({ ok: false, error: { code: 'wrong_state' } });
  await desk.execute(id);
  const made = await report(id, desk.supervisor);
  if (!made.ok) throw new Error(made.error.message);
  expect(new Set(made.value.trace.map(({ who }) => who))).toEqual(
    new Set([desk.caller, desk.leader, desk.clerk].map(({ actor }) => actor.name)),
  );
  expect(await report(id, desk.leader)).toMatchObject({ ok: false, error: { code: 'already_open' } });
  expect(await decide(made.value.id, desk.supervisor)).toMatchObject({
    ok: false,
    error: { code: 'same_person' },
  });
  const other = await desk.world.addPerson({ roles: ['supervisor'] });
  expect(await decide(made.value.id, other)).toMatchObject({ ok: true, value: { state: 'confirmed' } });
  expect(await report(id, desk.supervisor, '第二次报告，补充新的情况')).toMatchObject({ ok: true });
});

test('is traced to whoever made 申请退档 of another result', async () => {
  const caseId = await desk.newCase({ owner: desk.otherCaller });
  const work = await finish(desk.world, desk.otherCaller, await pull(desk.world, desk.otherCaller), {
    result: 'R3',
    next: false,
  });
  const wrong = {
    ...{ line: null, answerer: null, result: 'R2' as const, talkSeconds: 60, reason: '听错了对方的意思' },
    checked: { major: false, identity: false },
  };
  const attemptId = work.undo?.attemptId ?? '';
  const corrected = await desk.world.as(desk.leader, (ctx) => correct(ctx, attemptId, wrong));
  expect(corrected).toMatchObject({ ok: true });
  const asked = await desk.ask(caseId, desk.otherCaller);
  if (!asked.ok) throw new Error(asked.error.message);
  await desk.hand(asked.value.id, desk.photo, desk.otherCaller);
  await desk.check(asked.value.id);
  await desk.execute(asked.value.id);
  const made = await report(asked.value.id, desk.supervisor);
  if (!made.ok) throw new Error(made.error.message);
  expect(made.value.trace).toContainEqual({
    at: MORNING,
    who: desk.leader.actor.name,
    what: 'corrected.R2',
  });
});

test('that waits for a finding stands before newer ones that have theirs', async () => {
  const reported = async (description: string): Promise<string> => {
    const made = await report(await desk.executed(), desk.leader, description);
    if (!made.ok) throw new Error(made.error.message);
    return made.value.id;
  };
  const open = await reported('家长说没有签过字，请核查');
  desk.world.setClock(MORNING + HOUR);
  const decided = await reported('考生说从未申请退档，请核查');
  await decide(decided, desk.supervisor, false);
  const { items, waiting } = await list({ limit: 50 });
  const ids = items.map(({ id }) => id);
  expect(ids.indexOf(open)).toBeLessThan(ids.indexOf(decided));
  expect(waiting).toBe(items.filter(({ state }) => state === 'open').length);
});

test('every report is reached page by page, each once, in the order of the whole list', async () => {
  const { items: all, total } = await list({ limit: 50 });
  expect(total).toBe(all.length);
  expect(total).toBeGreaterThanOrEqual(4);
  const pages: string[] = [];
  let cursor: string | null | undefined;
  do {
    const page = await list({ limit: 1, ...(cursor && { cursor }) });
    pages.push(...page.items.map(({ id }) => id));
    cursor = page.nextCursor;
  } while (cursor !== null);
  expect(pages).toEqual(all.map(({ id }) => id));
  expect((await list({ limit: 50, cursor: '1_x' })).items).toEqual(all);
  const confirmed = await list({ limit: 50, state: 'confirmed' });
  expect(confirmed.items.map(({ state }) => state)).toEqual(['confirmed']);
  expect(confirmed.total).toBe(1);
});

test('one is opened with its whole trace', async () => {
  const [first] = (await list({ limit: 1 })).items;
  const opened = await desk.world.as(desk.supervisor, (ctx) => readWrongful(ctx, first?.id ?? ''));
  expect(opened.ok && opened.value.trace).toHaveLength(first?.touches ?? -1);
  expect(await desk.world.as(desk.supervisor, (ctx) => readWrongful(ctx, newId()))).toMatchObject({
    ok: false,
    error: { code: 'not_found' },
  });
});
