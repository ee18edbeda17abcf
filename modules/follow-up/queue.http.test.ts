import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { newId } from '#platform/ids';
import { type Person, request, type World } from '#platform/testing/app';
import { serveEndpoints } from '#platform/testing/module-server';
import { PERMISSIONS, permissionsOf } from '#staff/rules';
import { followUpEndpoints } from './routes.ts';
import { arrangeCaller, arrangeCase, arrangeWorld, MORNING, type Season } from './testing/arrange.ts';
import { form } from './testing/calls.ts';
import type { WorkView } from './work.contract.ts';

/** One caller's hour through HTTP: pull, dial, finish, undo; and everybody who may not. */

let world: World;
let season: Season;
let server: Awaited<ReturnType<typeof serveEndpoints>>;
let caller: Person;

beforeAll(async () => {
  ({ world, season } = await arrangeWorld());
  server = await serveEndpoints(world, followUpEndpoints, { permissions: PERMISSIONS, permissionsOf });
  caller = await arrangeCaller(world, season);
  for (let n = 0; n < 4; n += 1) await arrangeCase(world, season, { owner: caller });
});
afterAll(async () => {
  await server.close();
  await world.close();
});

const post = (who: Person | null, url: string, body?: unknown, key?: string) =>
  request(server.app, who, {
    method: 'POST',
    url,
    ...(body !== undefined && { body }),
    ...(key !== undefined && { key }),
  });

const claimed = async (): Promise<WorkView> => {
  const { status, body } = await post(caller, '/queue/claim', {});
  expect(status).toBe(200);
  return body as unknown as WorkView;
};

const pathOf = (work: WorkView, step: string): string => `/queue/leases/${work.lease?.id ?? ''}/${step}`;

test('pull, dial, finish and undo, each one request', async () => {
  const work = await claimed();
  const phoneId = work.lease?.numbers[0]?.phoneId;
  expect(work.lease?.case.attempts).toBe(0);
  expect((await claimed()).lease?.id).toBe(work.lease?.id);

  const dialled = await post(caller, pathOf(work, 'dial'), { phoneId });
  expect(dialled).toMatchObject({ status: 200, body: { dialStartedAt: MORNING } });

  const sent = form(work, { line: 'L5' });
  const finished = await post(caller, pathOf(work, 'finish'), sent);
  expect(finished.status).toBe(200);
  const next = finished.body as unknown as WorkView;
  expect(next.lease?.case.id).not.toBe(work.lease?.case.id);
  expect(next).toMatchObject({ today: { attempts: 1, dials: 1 }, incomplete: [], undo: { outcome: 'L5' } });
  expect(next.presence.state).toBe('working');
  // The same form again, as a new request: answered with what is held now, written once.
  const again = await post(caller, pathOf(work, 'finish'), sent);
  expect(again).toMatchObject({
    status: 200,
    body: { lease: { id: next.lease?.id }, today: { attempts: 1 } },
  });

  const undone = await post(caller, `/queue/attempts/${next.undo?.attemptId ?? ''}/undo`);
  expect(undone).toMatchObject({
    status: 200,
    body: { lease: { case: { id: work.lease?.case.id, attempts: 0 } }, today: { attempts: 0 }, undo: null },
  });
});

test('what a claim answers is what a reload shows', async () => {
  const before = await claimed();
  const finished = await post(caller, pathOf(before, 'finish'), form(before, { line: 'L6' }));
  const shown = await request(server.app, caller, { method: 'GET', url: '/queue' });
  expect(shown.body).toEqual(finished.body);
});

test('the tuition told is that of the 计划性质 the candidate was filed in, else that entered without one', async () => {
  const told = async (nature: string) => {
    const own = await arrangeCaller(world, season);
    const { candidateId } = await arrangeCase(world, season, { owner: own });
    await world.as('system', ({ tx }) =>
      sql`update candidate set major_code = '01', category_code = '5', plan_nature_code = ${nature} where id = ${candidateId}`.execute(
        tx,
      ),
    );
    const { body } = await post(own, '/queue/claim', {});
    return (body as unknown as WorkView).lease?.candidate.majorTuitionFen;
  };
  await world.as('system', ({ tx, tenantId }) =>
    sql`insert into major_code (tenant_id, season_id, province_code, batch_id, category_code, plan_nature_code, code, name, tuition_fen)
      select ${tenantId}, ${season.seasonId}, '52', ${season.batchId}, e.category, e.nature, '01', '会计学', e.fen
      from (values ('5', '', 1680000), ('', '7', 4800000)) e(category, nature, fen)`.execute(tx),
  );
  expect([await told('0'), await told('7')]).toEqual([1_680_000, 4_800_000]);
});

test('nobody works with the lease of another, in another tenant, without the permission or without a session', async () => {
  const work = await claimed();
  const sent = form(work, { line: 'L5' });
  const colleague = await arrangeCaller(world, season);
  const stranger = await world.addPerson({ roles: ['caller'], tenantId: await world.addTenant('elsewhere') });
  const clerk = await world.addPerson({ roles: ['file_clerk'] });
  expect((await post(colleague, pathOf(work, 'finish'), sent)).status).toBe(404);
  expect((await post(colleague, pathOf(work, 'dial'), { phoneId: sent.phoneId })).status).toBe(409);
  expect((await post(stranger, pathOf(work, 'finish'), sent)).status).toBe(404);
  expect((await post(clerk, pathOf(work, 'finish'), sent)).status).toBe(403);
  expect((await post(clerk, '/queue/claim', {})).status).toBe(403);
  expect((await post(null, pathOf(work, 'finish'), sent)).status).toBe(401);
  expect((await post(caller, `/queue/leases/${newId()}/finish`, sent)).status).toBe(404);
  expect((await claimed()).lease?.id).toBe(work.lease?.id);
});
