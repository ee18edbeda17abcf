import { expect, test } from 'vitest';
import type { Person, World } from '#platform/testing/app';
import { candidateContacts } from './contacts.ts';
import {
  arrangeCaller,
  arrangeCase,
  arrangeScene,
  HOUR,
  MINUTE,
  MORNING,
  type Season,
} from './testing/arrange.ts';
import { finish, pull } from './testing/calls.ts';

/** What a caller sees beside the call. */

let world: World;
let season: Season;
let caller: Person;
arrangeScene((scene) => {
  ({ world, season, caller } = scene);
});

const promised = (at: number) => ({
  ...{ answerer: 'A8' as const, next: false },
  callback: { at, scope: 'owner' as const, note: '' },
});

test('of the own open cases those that are due are counted', async () => {
  await arrangeCase(world, season, { owner: caller });
  await arrangeCase(world, season, { owner: caller, dueAt: MORNING + 1 });
  await arrangeCase(world, season, { owner: await arrangeCaller(world, season) });
  const work = await finish(world, caller, await pull(world, caller), { line: 'L6', next: false });
  expect(work.today).toMatchObject({ open: 2, due: 0 });
  world.setClock(MORNING + 1);
  expect((await pull(world, caller)).today).toMatchObject({ open: 2, due: 0 });
  world.setClock(MORNING + 10 * MINUTE);
  expect((await pull(world, caller)).today).toMatchObject({ open: 2, due: 1 });
});

test('a promise is shown a quarter of an hour ahead, and to the group from its own time on', async () => {
  const { caseId } = await arrangeCase(world, season, { owner: caller });
  const at = MORNING + HOUR;
  await finish(world, caller, await pull(world, caller), promised(at));
  const mate = await arrangeCaller(world, season);
  const shown = async (who: Person, time: number) => {
    world.setClock(time);
    return (await pull(world, who)).callbacks.map((one) => [one.caseId, one.mine]);
  };
  expect(await shown(mate, at + 15 * MINUTE - 1)).toEqual([]);
  expect(await shown(caller, at - 15 * MINUTE - 1)).toEqual([]);
  expect(await shown(caller, at - 15 * MINUTE)).toEqual([[caseId, true]]);
});

test('an undo is offered for the seconds of the season, and no longer', async () => {
  await arrangeCase(world, season, { owner: caller });
  await finish(world, caller, await pull(world, caller), { line: 'L5', next: false });
  world.setClock(MORNING + 4_999);
  expect((await pull(world, caller)).undo).toMatchObject({ outcome: 'L5', until: MORNING + 5_000 });
  world.setClock(MORNING + 5_000);
  expect((await pull(world, caller)).undo).toBeNull();
});

test('contacts are read backwards from a moment', async () => {
  const { candidateId } = await arrangeCase(world, season, { owner: caller });
  await finish(world, caller, await pull(world, caller), { line: 'L6', next: false });
  world.setClock(MORNING + HOUR);
  await finish(world, caller, await pull(world, caller), { line: 'L5', next: false });
  const read = async (before?: number) => {
    const found = await world.as(caller, (ctx) => candidateContacts(ctx, candidateId, before?.toString()));
    return found.ok ? found.value.items.map(({ outcome }) => outcome) : found.error.code;
  };
  expect(await read()).toEqual(['L5', 'L6']);
  expect(await read(MORNING + HOUR)).toEqual(['L6']);
  expect(await read(MORNING)).toEqual([]);
});
