import type { FastifyInstance } from 'fastify';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { makeWorld, type Person, request, type World } from '#platform/testing/app';
import { serveEndpoints } from '#platform/testing/module-server';
import { ensureSeason } from '#season';
import { PERMISSIONS, permissionsOf } from '#staff/rules';
import {
  approveSubmitted,
  flagPhrases,
  installDefaultPack,
  scriptFor,
  scriptsFor,
  scriptVersion,
} from './index.ts';
import { DEFAULT_PACK } from './pack.rules.ts';
import { scriptEndpoints } from './routes.ts';
import type { ScriptBody } from './rules.ts';

let world: World;
let app: FastifyInstance;
let close: () => Promise<void>;
let author: Person;
let second: Person;
let third: Person;
let caller: Person;
let stranger: Person;
let seasonId: string;

beforeAll(async () => {
  world = await makeWorld({ permissionsOf });
  ({ app, close } = await serveEndpoints(world, scriptEndpoints, {
    permissions: PERMISSIONS,
    permissionsOf,
  }));
  author = await world.addPerson({ roles: ['admissions_office'], name: '周办' });
  second = await world.addPerson({ roles: ['admissions_office'], name: '吴办' });
  third = await world.addPerson({ roles: ['supervisor'], name: '严督' });
  caller = await world.addPerson({ roles: ['caller'], name: '李访' });
  const other = await world.addTenant('other');
  stranger = await world.addPerson({ roles: ['admissions_office'], tenantId: other });
  seasonId = (await world.as('system', (ctx) => ensureSeason(ctx, { year: 2026, collegeName: '示例学院' })))
    .id;
  await world.as('system', (ctx) => installDefaultPack(ctx, seasonId));
});
afterAll(async () => {
  await close();
  await world.close();
});

const call = (who: Person | null, method: 'GET' | 'POST' | 'PUT', url: string, body?: unknown) =>
  request(app, who, { method, url, ...(body !== undefined && { body }) });

interface Version {
  id: string;
  state: string;
  version: number;
  writtenAt: number;
  mine: boolean;
  flagged: { phraseId: string; where: string; pattern: string; source: string | null }[];
}
const versions = async (scriptId: string, who = author): Promise<Version[]> =>
  (await call(who, 'GET', `/scripts/${scriptId}`)).body.versions as Version[];
const newest = async (scriptId: string, who = author): Promise<Version> => {
  const [version] = await versions(scriptId, who);
  if (!version) throw new Error('no version');
  return version;
};

const words = (say: string): ScriptBody => ({
  steps: [
    {
      id: 'start',
      title: '开场',
      say: `我是{{学校}}的{{回访员}}，通话会录音。${say}`,
      ask: '',
      branches: [],
    },
  ],
  objections: [],
});
const save = (
  who: Person,
  id: string,
  given: { body: ScriptBody; seenAt: number | null; citations?: object[] },
) => call(who, 'PUT', `/scripts/${id}/draft`, { citations: [], ...given });
const decide = (
  who: Person,
  at: { id: string; versionId: string },
  decision: 'approve' | 'reject',
  note = '',
) => call(who, 'POST', `/scripts/${at.id}/decision`, { versionId: at.versionId, decision, note });

let serial = 0;
/** A message template with a submitted version, written by the author. */
async function submitted(say = '您好'): Promise<{ id: string; versionId: string }> {
  serial += 1;
  const made = await call(author, 'POST', '/scripts', {
    seasonId,
    name: `模板${serial}`,
    kind: 'sms',
    withdrawable: null,
    phase: null,
    round: null,
    occasion: null,
    copyFrom: null,
  });
  const id = made.body.scriptId as string;
  await save(author, id, { body: words(say), seenAt: (await newest(id)).writtenAt });
  await call(author, 'POST', `/scripts/${id}/submission`, {});
  return { id, versionId: (await newest(id)).id };
}

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

describe('approval by a second person', () => {
  test('the author is refused, another approves, and it is spoken', async () => {
    const { id, versionId } = await submitted();
    expect((await decide(author, { id, versionId: versionId }, 'approve')).body.code).toBe('own_work');
    expect((await decide(second, { id, versionId: versionId }, 'approve')).status).toBe(204);
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
      decide(who, { id, versionId: versionId }, place % 2 === 0 ? 'approve' : 'reject', '请再改一改措辞'),
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
    await decide(second, { id, versionId: versionId }, 'approve');
    const draft = await save(author, id, { body: words('第二版'), seenAt: null });
    await call(author, 'POST', `/scripts/${id}/submission`, {});
    await decide(third, { id, versionId: draft.body.versionId as string }, 'approve');
    expect((await versions(id)).map(({ version, state }) => [version, state])).toEqual([
      [2, 'approved'],
      [1, 'retired'],
    ]);
  });
  test('a refusal says why, and the next draft starts from it', async () => {
    const { id, versionId } = await submitted();
    expect((await decide(second, { id, versionId: versionId }, 'reject')).body.code).toBe('note_missing');
    expect((await decide(second, { id, versionId: versionId }, 'reject', '开场白太长')).status).toBe(204);
    const again = await save(author, id, { body: words('短一些'), seenAt: null });
    expect(again.status).toBe(200);
    expect(await newest(id)).toMatchObject({ version: 2, state: 'draft' });
  });
});

describe('drafts', () => {
  test('a stale draft is not written over', async () => {
    const { id } = await submitted();
    expect((await save(author, id, { body: words('偷改'), seenAt: null })).body.code).toBe('wrong_state');
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
    expect((await decide(second, { id, versionId: versionId }, 'approve')).status).toBe(204);
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
    expect((await decide(second, { id, versionId: versionId }, 'approve')).body.code).toBe('source_missing');
    await call(author, 'PUT', `/phrases/${added.body.id}`, { ...phrase, active: false, reason: '不需要了' });
    expect((await decide(second, { id, versionId: versionId }, 'approve')).status).toBe(204);
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
    expect((await save(caller, id, { body: words('我来改'), seenAt: null })).status).toBe(403);
    expect((await decide(caller, { id, versionId: versionId }, 'approve')).status).toBe(403);
    expect((await save(third, id, { body: words('督查来改'), seenAt: null })).status).toBe(403);
  });
  test('another college finds nothing', async () => {
    const { id, versionId } = await submitted();
    expect((await call(stranger, 'GET', `/scripts/${id}`)).status).toBe(404);
    expect((await decide(stranger, { id, versionId: versionId }, 'approve')).status).toBe(404);
    expect((await call(stranger, 'GET', '/phrases')).body.items).toEqual([]);
  });
});
