import { claim, finishAndNext, type WorkView } from '#follow-up';
import { FinishBody, type FinishInput } from '#follow-up/contract';
import { newId } from '#platform/ids';
import type { Person, World } from '#platform/testing/app';

/** One caller's steps, for tests in which a refusal is a mistake of the test. */

export async function pull(world: World, who: Person): Promise<WorkView> {
  const result = await world.as(who, (ctx) => claim(ctx, {}));
  if (!result.ok) throw new Error(result.error.message);
  return result.value;
}

/** A finish form for the first number in hand. */
export const form = (work: WorkView, given: Partial<FinishInput>): FinishInput => ({
  ...FinishBody.parse({
    clientKey: newId(),
    phoneId: work.lease?.numbers[0]?.phoneId ?? null,
    line: null,
    answerer: null,
    result: null,
    startedAt: null,
    answeredAt: null,
  }),
  ...given,
});

export async function finish(
  world: World,
  who: Person,
  work: WorkView,
  given: Partial<FinishInput>,
): Promise<WorkView> {
  const result = await world.as(who, (ctx) => finishAndNext(ctx, work.lease?.id ?? '', form(work, given)));
  if (!result.ok) throw new Error(result.error.message);
  return result.value;
}
