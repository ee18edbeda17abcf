import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { approveSubmitted, flagPhrases, scriptFor, scriptsFor, scriptVersion } from './index.ts';
import { DEFAULT_PACK } from './pack.rules.ts';
import { type Desk, openDesk, words } from './testing/desk.ts';

let desk: Desk;
let world: Desk['world'];
let author: Desk['author'];
let second: Desk['second'];
let third: Desk['third'];
let caller: Desk['caller'];
let stranger: Desk['stranger'];
let seasonId: Desk['seasonId'];
let call: Desk['call'];
let newest: Desk['newest'];
let save: Desk['save'];
let decide: Desk['decide'];
let submitted: Desk['submitted'];

beforeAll(async () => {
  desk = await openDesk();
  ({ world, author, second, third, caller, stranger, seasonId, call, newest, save, decide, submitted } =
    desk);
});
afterAll(() => desk.close());

describe('the default pack', () => {
  test('waits for approval, and nothing of it is spoken before', async () => {
    const spot = { seasonId, kind: 'call', withdrawable: true, phase: 'filing', round: 'first' } as const;
    expect(await world.as(caller, (ctx) => scriptFor(ctx, spot))).toBeNull();
    expect(await world.as(second, (ctx) => approveSubmitted(ctx, seasonId))).toBe(DEFAULT_PACK.length);
    const script = await world.as(caller, (ctx) => scriptFor(ctx, spot));
    expect(script?.name).toBe('可退档·通打一遍');
    expect((await world.as(caller, (ctx) => scriptVersion(ctx, script?.versionId ?? '')))?.body).toEqual(
      script?.body,
    );
  });
  test('installed again adds nothing', async () => {
    expect((await call(author, 'POST', '/scripts/pack', { seasonId })).body).toEqual({
      scripts: 0,
      phrases: 0,
    });
  });
  test('gives the messages that fit', async () => {
    const names = async (withdrawable: boolean) =>
      (
        await world.as(caller, (ctx) =>
          scriptsFor(ctx, { seasonId, kind: 'sms', withdrawable, phase: 'filing', round: 'first' }),
        )
      ).map(({ name }) => name);
    expect(await names(true)).toContain('退档材料提醒');
    expect(await names(false)).not.toContain('退档材料提醒');
    expect(await names(false)).toContain('未接电话');
  });
  test('a note is checked against its phrases', async () => {
    const flags = await world.as(caller, (ctx) => flagPhrases(ctx, '我告诉家长肯定能录取'));
    expect(flags.map(({ pattern, kind }) => [pattern, kind])).toEqual([['肯定*录取', 'promise']]);
  });
});

describe('drafts', () => {
  test('a stale draft is not written over', async () => {
    const { id } = await submitted();
    expect((await save(author, id, { body: words('偷改'), seenAt: 1 })).body.code).toBe('wrong_state');
    await call(author, 'POST', `/scripts/${id}/take-back`, {});
    expect((await save(second, id, { body: words('旧稿'), seenAt: 1 })).body.code).toBe('changed_meanwhile');
  });
  test('a faulty draft is saved but not submitted', async () => {
    const { id } = await submitted();
    await call(author, 'POST', `/scripts/${id}/take-back`, {});
    const draft = await newest(id);
    await save(author, id, { body: words('{{身份证号}}'), seenAt: draft.writtenAt });
    const refused = await call(author, 'POST', `/scripts/${id}/submission`, {});
    expect([refused.status, refused.body.code]).toEqual([422, 'invalid']);
  });
  test('a season of another college has no scripts of ours', async () => {
    const anywhere = { withdrawable: null, phase: null, round: null, occasion: null, copyFrom: null };
    const made = await call(stranger, 'POST', '/scripts', {
      ...{ seasonId, name: '别家的短信', kind: 'sms' },
      ...anywhere,
    });
    expect([made.status, made.body.code]).toEqual([404, 'not_found']);
  });
  test('one call script a spot', async () => {
    const twin = await call(author, 'POST', '/scripts', {
      seasonId,
      name: '又一份',
      kind: 'call',
      withdrawable: true,
      phase: 'filing',
      round: 'first',
      occasion: null,
      copyFrom: null,
    });
    expect(twin.body.code).toBe('spot_taken');
  });
  test('one text for what goes out by itself, and only with fields that every candidate has', async () => {
    const text = { seasonId, kind: 'sms', withdrawable: null, phase: null, round: null, copyFrom: null };
    const made = await call(author, 'POST', '/scripts', { ...text, name: '忙线后', occasion: 'declined' });
    expect(made.body).toMatchObject({
      code: 'spot_taken',
      message: expect.stringContaining('拒接后说明身份'),
    });
    const free = { ...text, phase: 'admitted', name: '录取后拒接', occasion: 'declined' };
    const id = (await call(author, 'POST', '/scripts', free)).body.scriptId as string;
    const body = words('{{专业}}还有疑问可以问我们');
    await save(author, id, { body, seenAt: (await newest(id)).writtenAt });
    const refused = await call(author, 'POST', `/scripts/${id}/submission`, {});
    expect([refused.status, refused.body.message]).toEqual([422, expect.stringContaining('专业')]);
  });
});

test('a retired script is not spoken and frees its spot', async () => {
  const items = (await call(author, 'GET', `/scripts?seasonId=${seasonId}`)).body.items as {
    id: string;
    name: string;
  }[];
  const arrival = items.find(({ name }) => name === '报到');
  expect(
    (await call(author, 'POST', `/scripts/${arrival?.id}/retirement`, { reason: '重新写一份' })).status,
  ).toBe(204);
  const spot = { seasonId, kind: 'call', withdrawable: true, phase: 'arrival', round: 'first' } as const;
  expect(await world.as(caller, (ctx) => scriptFor(ctx, spot))).toBeNull();
  const again = await call(author, 'POST', '/scripts', {
    seasonId,
    name: '报到新版',
    kind: 'call',
    withdrawable: null,
    phase: 'arrival',
    round: null,
    occasion: null,
    copyFrom: arrival?.id,
  });
  expect(again.status).toBe(200);
});

describe('access', () => {
  test('callers read, and write or approve nothing', async () => {
    const { id, versionId } = await submitted();
    expect((await call(caller, 'GET', `/scripts?seasonId=${seasonId}`)).status).toBe(200);
    expect((await call(null, 'GET', '/phrases')).status).toBe(401);
    expect((await save(caller, id, { body: words('我来改'), seenAt: 1 })).status).toBe(403);
    expect((await decide(caller, { id, versionId }, 'approve')).status).toBe(403);
    expect((await save(third, id, { body: words('督查来改'), seenAt: 1 })).status).toBe(403);
  });
  test('another college finds nothing', async () => {
    const { id, versionId } = await submitted();
    expect((await call(stranger, 'GET', `/scripts/${id}`)).status).toBe(404);
    expect((await decide(stranger, { id, versionId }, 'approve')).status).toBe(404);
    expect((await call(stranger, 'GET', '/phrases')).body.items).toEqual([]);
  });
});
