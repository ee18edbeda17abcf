import { addPhone, type CandidateId, candidateModule } from '#candidate';
import { makeWorld, type Person, request, type World } from '#platform/testing/app';
import { serveEndpoints } from '#platform/testing/module-server';
import { PERMISSIONS, permissionsOf } from '#staff/rules';
import { addCase, addFile, addGroup, makeSeason, type TestSeason } from './files.ts';

/** Two groups with a caller each, a file for each caller, one person a role, and another college; served. */

export const NUMBER = '15400009876';
export const ID_NUMBER = '11010519491231002X';
export const NAME = '欧阳小明';

const ROLES: Readonly<Record<string, string[]>> = {
  office: ['admissions_office'],
  clerk: ['file_clerk'],
  supervisor: ['supervisor'],
  leader: ['caller', 'group_leader'],
  caller: ['caller'],
  otherLeader: ['caller', 'group_leader'],
  otherCaller: ['caller'],
  finance: ['finance'],
};
const LEADER_OF: Readonly<Record<string, string>> = { caller: 'leader', otherCaller: 'otherLeader' };

export interface Desk {
  readonly world: World;
  readonly season: TestSeason;
  /** By the key of their caller. */
  readonly files: Readonly<Record<string, CandidateId>>;
  /** `office`, `clerk`, `leader`, `caller`, `otherCaller`, … and `stranger`, the office of another college. */
  who(key: string): Person;
  get(key: string, url: string): ReturnType<typeof request>;
  send(
    key: string,
    method: 'POST' | 'PUT' | 'PATCH' | 'DELETE',
    url: string,
    body?: unknown,
  ): ReturnType<typeof request>;
  close(): Promise<void>;
}

export async function openDesk(): Promise<Desk> {
  const world = await makeWorld({ permissionsOf });
  const { app, close } = await serveEndpoints(world, (parts) => candidateModule.endpoints?.(parts) ?? [], {
    permissions: PERMISSIONS,
    permissionsOf,
  });
  const people: Record<string, Person> = {};
  for (const [key, roles] of Object.entries(ROLES)) people[key] = await world.addPerson({ roles });
  const elsewhere = await world.addTenant('other');
  people.stranger = await world.addPerson({ roles: ['admissions_office'], tenantId: elsewhere });
  const who = (key: string): Person => {
    const person = people[key];
    if (!person) throw new Error(`no ${key}`);
    return person;
  };
  const season = await world.as('system', makeSeason);
  const files: Record<string, CandidateId> = {};
  for (const [owner, leader] of Object.entries(LEADER_OF))
    files[owner] = await addOwnedFile(world, season, who(owner), who(leader));
  return {
    world,
    season,
    files,
    who,
    get: (key, url) => request(app, who(key), { method: 'GET', url }),
    send: (key, method, url, body) =>
      request(app, who(key), { method, url, ...(body !== undefined && { body }) }),
    close: async () => {
      await close();
      await world.close();
    },
  };
}

/** A file with a number and a case of this owner, in a new group. */
async function addOwnedFile(
  world: World,
  season: TestSeason,
  owner: Person,
  leader: Person,
): Promise<CandidateId> {
  const groupId = await world.as('system', (ctx) => addGroup(ctx, leader.userId, [owner.userId]));
  const candidateId = await world.as('system', async (ctx) => {
    const id = await addFile(ctx, season, { name: NAME, idNumber: ID_NUMBER });
    const phone = { number: NUMBER, relation: 'self', source: 'LXDH', basis: '下发档案' } as const;
    await addPhone(ctx, { candidateId: id, ...phone });
    return id;
  });
  await addCase(world, { tenantId: world.tenantId, season, candidateId, ownerId: owner.userId, groupId });
  return candidateId;
}
