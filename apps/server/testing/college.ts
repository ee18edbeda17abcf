import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { type RawBuilder, sql } from 'kysely';
import { previewRun, writeRelease } from '#assignment';
import { generateDelivery, importPath } from '#delivery';
import { makeWorld, type Person, request, type World } from '#platform/testing/app';
import { approveSubmitted, installDefaultPack } from '#script';
import { permissionsOf } from '#staff/rules';
import {
  arrangeCaller,
  arrangeSeason,
  MORNING,
  type Season,
} from '../../../modules/assignment/testing/arrange.ts';
import { serveAll } from './whole-server.ts';

const MINUTE = 60_000;

/** A college at work: its whole server, its people, a clock that is moved by hand, and a folder for the files that provinces send. */
export interface College {
  readonly world: World;
  readonly app: FastifyInstance;
  readonly season: Season;
  readonly clerk: Person;
  readonly office: Person;
  readonly callers: readonly Person[];
  readonly folder: string;
  now: number;
  close(): Promise<void>;
}

export async function openCollege(): Promise<College> {
  const world = await makeWorld({ permissionsOf });
  world.setClock(MORNING);
  const { app, close } = await serveAll(world, { requestsPerMinute: Number.MAX_SAFE_INTEGER });
  const season = await arrangeSeason(world);
  const supervisor = await world.addPerson({ roles: ['supervisor'] });
  await world.as('system', (ctx) => installDefaultPack(ctx, season.seasonId));
  await world.as(supervisor, (ctx) => approveSubmitted(ctx, season.seasonId));
  const callers: Person[] = [];
  for (const groupId of [...season.groups, ...season.groups])
    callers.push(await arrangeCaller(world, groupId));
  const folder = await mkdtemp(join(tmpdir(), 'college-'));
  return {
    ...{ world, app, season, callers, folder, now: MORNING },
    clerk: await world.addPerson({ roles: ['file_clerk'] }),
    office: await world.addPerson({ roles: ['admissions_office'] }),
    close: async () => {
      await rm(folder, { recursive: true, force: true });
      await close();
      await world.close();
    },
  };
}

export const post = ({ app }: College, who: Person, url: string, body: object) =>
  request(app, who, { method: 'POST', url, body });

export const rowsOf = async <T>({ world }: College, query: RawBuilder<T>): Promise<T[]> =>
  (await world.as('system', ({ tx }) => query.execute(tx))).rows;

/** Working hours only: after eight in the evening comes the next morning. */
export function pass(college: College, minutes: number): void {
  college.now += minutes * MINUTE;
  const minuteOfDay = (college.now / MINUTE + 480) % 1440;
  if (minuteOfDay > 1200) college.now += (1440 - minuteOfDay + 570) * MINUTE;
  college.world.setClock(college.now);
}

async function importFrom({ world, clerk }: College, path: string, province: string): Promise<string> {
  const place = {
    ...{ env: world.env, files: world.files },
    caller: { tenantId: world.tenantId, actor: clerk.actor },
  };
  const target = { path, year: 2026, province, batch: '本科批', collegeName: '示例学院' };
  const done = await importPath(place, target);
  if (!done.ok) throw new Error(done.error.message);
  return done.value.importId;
}

/** Imports so many new candidates of a province; the id of the import. */
export async function deliver(college: College, province: string, rows: number): Promise<string> {
  const path = join(college.folder, province);
  await generateDelivery(path, {
    form: '2017',
    rows,
    year: 2026,
    province,
    dirtEvery: 0,
    seed: Number(province),
  });
  return importFrom(college, path, province);
}

/** A second file of somebody, by name and number, joined to the first; the id of the merge. */
export async function double(college: College, province: string): Promise<string> {
  const [known] = await rowsOf(
    college,
    sql<{ id: string; no: string; name: string; number: Buffer }>`
      select c.id, c.candidate_no as no, c.name, p.number from candidate c
      join candidate_phone x on x.candidate_id = c.id join phone p on p.id = x.phone_id and p.kind = 'mobile'
      where c.province_code = ${province} order by c.candidate_no limit 1`,
  );
  if (!known) throw new Error('nobody has a mobile');
  const number = await college.world.as('system', async ({ vault }) =>
    vault.open(known.number).replace('+86', ''),
  );
  const no = `${known.no.slice(0, -2)}99`;
  const path = join(college.folder, `${province}.csv`);
  await writeFile(path, `考生号,姓名,联系手机\n${no},${known.name},${number}\n`);
  await importFrom(college, path, province);
  const [other] = await rowsOf(
    college,
    sql<{ id: string }>`select id from candidate where candidate_no = ${no}`,
  );
  const body = { otherId: other?.id, reason: '同名同号码，是同一人' };
  const merged = await post(college, college.clerk, `/candidates/${known.id}/merge`, body);
  if (merged.status !== 200) throw new Error(JSON.stringify(merged.body));
  return String(merged.body.id);
}

/** Gives every candidate out to the callers. */
export async function release({ world, clerk }: College): Promise<void> {
  await world.as(clerk, async (ctx) => {
    const limits = { groups: [], skills: [], newPerCaller: null, openWorkCap: null };
    const run = await previewRun(ctx, {
      filter: { provinceCodes: [], batchIds: [], importId: null },
      limits,
      seed: 'college',
    });
    if (!run.ok) throw new Error(run.error.message);
    const written = await writeRelease(ctx, run.value.id);
    if (!written.ok) throw new Error(written.error.message);
  });
}
