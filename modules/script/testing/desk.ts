import { makeWorld, type Person, request, type World } from '#platform/testing/app';
import { serveEndpoints } from '#platform/testing/module-server';
import { installDefaultPack, scriptModule } from '#script';
import type { ScriptBody } from '#script/rules';
import { ensureSeason } from '#season';
import { PERMISSIONS, permissionsOf } from '#staff/rules';

/** Scripts, served, with the default pack waiting for approval: who writes, who may approve, who only speaks them. */

export interface Version {
  readonly id: string;
  readonly state: string;
  readonly version: number;
  readonly writtenAt: number;
  readonly mine: boolean;
  readonly flagged: readonly { phraseId: string; where: string; pattern: string; source: string | null }[];
}

export interface Submitted {
  readonly id: string;
  readonly versionId: string;
}

type Answered = ReturnType<typeof request>;

export interface Desk {
  readonly world: World;
  readonly author: Person;
  readonly second: Person;
  readonly third: Person;
  readonly caller: Person;
  /** The office of another college. */
  readonly stranger: Person;
  readonly seasonId: string;
  call(who: Person | null, method: 'GET' | 'POST' | 'PUT', url: string, body?: unknown): Answered;
  /** Of a script, the newest first. */
  versions(scriptId: string, who?: Person): Promise<Version[]>;
  newest(scriptId: string, who?: Person): Promise<Version>;
  save(who: Person, id: string, given: { body: ScriptBody; seenAt: number; citations?: object[] }): Answered;
  decide(who: Person, at: Submitted, decision: 'approve' | 'reject', note?: string): Answered;
  /** A message template with a submitted version, written by the author. */
  submitted(say?: string): Promise<Submitted>;
  close(): Promise<void>;
}

/** A script of one sentence after the opening that every script needs. */
export const words = (say: string): ScriptBody => ({
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

export async function openDesk(): Promise<Desk> {
  const world = await makeWorld({ permissionsOf });
  const { app, close } = await serveEndpoints(world, (parts) => scriptModule.endpoints?.(parts) ?? [], {
    permissions: PERMISSIONS,
    permissionsOf,
  });
  const author = await world.addPerson({ roles: ['admissions_office'], name: '周办' });
  const given = { year: 2026, collegeName: '示例学院' };
  const { id: seasonId } = await world.as('system', (ctx) => ensureSeason(ctx, given));
  await world.as('system', (ctx) => installDefaultPack(ctx, seasonId));
  const call: Desk['call'] = (who, method, url, body) =>
    request(app, who, { method, url, ...(body !== undefined && { body }) });
  return {
    world,
    author,
    second: await world.addPerson({ roles: ['admissions_office'], name: '吴办' }),
    third: await world.addPerson({ roles: ['supervisor'], name: '严督' }),
    caller: await world.addPerson({ roles: ['caller'], name: '李访' }),
    stranger: await world.addPerson({
      roles: ['admissions_office'],
      tenantId: await world.addTenant('other'),
    }),
    seasonId,
    call,
    ...writing(call, author, seasonId),
    close: async () => {
      await close();
      await world.close();
    },
  };
}

let serial = 0;

/** What is done to one script, through its routes. */
function writing(
  call: Desk['call'],
  author: Person,
  seasonId: string,
): Pick<Desk, 'versions' | 'newest' | 'save' | 'decide' | 'submitted'> {
  const versions: Desk['versions'] = async (scriptId, who = author) =>
    (await call(who, 'GET', `/scripts/${scriptId}`)).body.versions as Version[];
  const newest: Desk['newest'] = async (scriptId, who = author) => {
    const [version] = await versions(scriptId, who);
    if (!version) throw new Error('no version');
    return version;
  };
  const save: Desk['save'] = (who, id, given) =>
    call(who, 'PUT', `/scripts/${id}/draft`, { citations: [], ...given });
  const submitted: Desk['submitted'] = async (say = '您好') => {
    serial += 1;
    const anywhere = { withdrawable: null, phase: null, round: null, occasion: null, copyFrom: null };
    const template = { seasonId, name: `模板${serial}`, kind: 'sms', ...anywhere };
    const id = String((await call(author, 'POST', '/scripts', template)).body.scriptId);
    await save(author, id, { body: words(say), seenAt: (await newest(id)).writtenAt });
    await call(author, 'POST', `/scripts/${id}/submission`, {});
    return { id, versionId: (await newest(id)).id };
  };
  return {
    versions,
    newest,
    save,
    decide: (who, { id, versionId }, decision, note = '') =>
      call(who, 'POST', `/scripts/${id}/decision`, { versionId, decision, note }),
    submitted,
  };
}
