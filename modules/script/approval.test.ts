import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Desk, openDesk, words } from './testing/desk.ts';

let desk: Desk;
let world: Desk['world'];
let author: Desk['author'];
let second: Desk['second'];
let third: Desk['third'];
let call: Desk['call'];
let versions: Desk['versions'];
let newest: Desk['newest'];
let save: Desk['save'];
let decide: Desk['decide'];
let submitted: Desk['submitted'];

beforeAll(async () => {
  desk = await openDesk();
  ({ world, author, second, third, call, versions, newest, save, decide, submitted } = desk);
});
afterAll(() => desk.close());

describe('approval by a second person', () => {
  test('the author is refused, another approves, and it is spoken', async () => {
    const { id, versionId } = await submitted();
    expect((await decide(author, { id, versionId }, 'approve')).body.code).toBe('own_work');
    expect((await decide(second, { id, versionId }, 'approve')).status).toBe(204);
    expect(await newest(id)).toMatchObject({ state: 'approved', mine: true });
    expect(await newest(id, third)).toMatchObject({ mine: false });
  });
  test('whoever changed a word of it is an author too', async () => {
    const { id } = await submitted();
    await call(author, 'POST', `/scripts/${id}/take-back`, {});
    const draft = await newest(id);
    expect((await save(second, id, { body: words('改了一句'), seenAt: draft.writtenAt })).status).toBe(200);
    await call(author, 'POST', `/scripts/${id}/submission`, {});
    expect((await decide(second, { id, versionId: draft.id }, 'approve')).body.code).toBe('own_work');
    expect((await decide(third, { id, versionId: draft.id }, 'approve')).status).toBe(204);
  });
  test('five who decide at once: one decision', async () => {
    const { id, versionId } = await submitted();
    const calls = [second, third, second, third, second].map((who, place) =>
      decide(who, { id, versionId }, place % 2 === 0 ? 'approve' : 'reject', '请再改一改措辞'),
    );
    const statuses = (await Promise.all(calls)).map(({ status }) => status).sort();
    expect(statuses).toEqual([204, 409, 409, 409, 409]);
  });
  test('the database refuses an author who approves past the service', async () => {
    const { versionId } = await submitted();
    const cheat = world.as(author, (ctx) =>
      sql`update script_version set state = 'approved', decided_by = ${author.userId} where tenant_id = ${ctx.tenantId} and id = ${versionId}`.execute(
        ctx.tx,
      ),
    );
    await expect(cheat).rejects.toThrow('nobody_decides_on_own_words');
  });
  test('the next version takes the place of the one before, exactly one is in force', async () => {
    const { id, versionId } = await submitted('第一版');
    await decide(second, { id, versionId }, 'approve');
    const draft = await save(author, id, {
      body: words('第二版'),
      seenAt: (await newest(id)).writtenAt,
    });
    await call(author, 'POST', `/scripts/${id}/submission`, {});
    await decide(third, { id, versionId: draft.body.versionId as string }, 'approve');
    expect((await versions(id)).map(({ version, state }) => [version, state])).toEqual([
      [2, 'approved'],
      [1, 'retired'],
    ]);
  });
  test('a refusal says why, and the next draft starts from it', async () => {
    const { id, versionId } = await submitted();
    expect((await decide(second, { id, versionId }, 'reject')).body.code).toBe('note_missing');
    expect((await decide(second, { id, versionId }, 'reject', '开场白太长')).status).toBe(204);
    const again = await save(author, id, {
      body: words('短一些'),
      seenAt: (await newest(id)).writtenAt,
    });
    expect(again.status).toBe(200);
    expect(await newest(id)).toMatchObject({ version: 2, state: 'draft' });
  });
  test('refused words stay their author’s own, also when another person hands them in again or copies them', async () => {
    const { id, versionId } = await submitted('请再考虑一下');
    await decide(third, { id, versionId }, 'reject', '语气太重，请改写');
    const { writtenAt } = await newest(id);
    const draft = await save(second, id, { body: words('请再考虑一下'), seenAt: writtenAt });
    await call(second, 'POST', `/scripts/${id}/submission`, {});
    const again = { id, versionId: draft.body.versionId as string };
    expect((await decide(author, again, 'approve')).body.code).toBe('own_work');
    const anywhere = { withdrawable: null, phase: null, round: null, occasion: null };
    const copy = { seasonId: desk.seasonId, name: '照抄', kind: 'sms', ...anywhere, copyFrom: id };
    const copied = String((await call(second, 'POST', '/scripts', copy)).body.scriptId);
    expect(await newest(copied, author)).toMatchObject({ mine: true });
    expect((await decide(third, again, 'approve')).status).toBe(204);
    const next = await save(second, id, { body: words('您好'), seenAt: (await newest(id)).writtenAt });
    expect(next.status).toBe(200);
    expect(await newest(id, author)).toMatchObject({ mine: false });
  });
  test('a draft that began before another version came into force does not undo it', async () => {
    const { id, versionId } = await submitted('第一版');
    await decide(second, { id, versionId }, 'approve');
    const seenAt = (await newest(id)).writtenAt;
    const draft = await save(author, id, { body: words('第二版'), seenAt });
    await call(author, 'POST', `/scripts/${id}/submission`, {});
    await decide(third, { id, versionId: draft.body.versionId as string }, 'approve');
    const stale = await save(second, id, { body: words('第一版，改一个字'), seenAt });
    expect(stale.body.code).toBe('changed_meanwhile');
  });
});

describe('flagged phrases', () => {
  test('a flagged script goes nowhere without a document, and with one it may', async () => {
    const { id, versionId } = await submitted('入学后可以申请转专业');
    expect((await newest(id)).state).toBe('draft');
    const refused = await call(author, 'POST', `/scripts/${id}/submission`, {});
    expect(refused.body).toMatchObject({ code: 'source_missing' });
    const [flag] = (await newest(id)).flagged;
    const citations = [{ phraseId: flag?.phraseId, where: flag?.where, source: '学籍管理规定第十二条' }];
    await save(author, id, {
      body: words('入学后可以申请转专业'),
      seenAt: (await newest(id)).writtenAt,
      citations,
    });
    expect((await call(author, 'POST', `/scripts/${id}/submission`, {})).status).toBe(204);
    expect((await decide(second, { id, versionId }, 'approve')).status).toBe(204);
  });
  test('a phrase added while it waits stops the approval', async () => {
    const { id, versionId } = await submitted('欢迎来看看樱花');
    const phrase = {
      pattern: '樱花',
      kind: 'other',
      advice: '不以风景招揽',
      rule: '学校宣传规定',
      active: true,
    };
    const added = await call(author, 'POST', '/phrases', phrase);
    expect((await call(author, 'POST', '/phrases', phrase)).body.code).toBe('taken');
    expect((await decide(second, { id, versionId }, 'approve')).body.code).toBe('source_missing');
    await call(author, 'PUT', `/phrases/${added.body.id}`, { ...phrase, active: false, reason: '不需要了' });
    expect((await decide(second, { id, versionId }, 'approve')).status).toBe(204);
  });
});
