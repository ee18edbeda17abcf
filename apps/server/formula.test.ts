import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { readXlsx } from 'hucre/xlsx';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { audit } from '#platform/audit/audit';
import { newId } from '#platform/ids';
import type { Person, World } from '#platform/testing/app';
import { leadTemplate } from '../../modules/assignment/lead-import.service.ts';
import type { FindingView } from '../../modules/delivery/contract.ts';
import { findingCsv, findingCsvHead, findingSheet } from '../../modules/delivery/finding-sheet.ts';
import {
  arrangeCaller,
  arrangeCase,
  arrangeWorld,
  type Season,
} from '../../modules/follow-up/testing/arrange.ts';
import { finish, pull } from '../../modules/follow-up/testing/calls.ts';
import { makeLedger } from '../../modules/ledger/make.ts';
import { makeAuditLog } from '../../modules/ledger/make-audit.ts';
import { errorSheet, staffTemplate } from '../../modules/staff/sheet.ts';
import { csvOf } from '../cli/minors.ts';

/** ASVS 1.2.10: whatever people or provinces write, no cell of a file that we hand out begins a formula. */
const FORMULA = '=HYPERLINK("http://x")';
const STARTS = /^[=+\-@＝＋－＠\t\r\n\0]/;

/** Every source that writes a workbook or a CSV file for people, and the test below that goes through it. */
const WRITERS = [
  'apps/cli/minors.ts',
  'modules/assignment/lead-import.service.ts',
  'modules/delivery/finding-sheet.ts',
  'modules/ledger/make-audit.ts',
  'modules/ledger/make.ts',
  'modules/staff/sheet.ts',
];

let world: World;
let season: Season;
let caller: Person;

beforeAll(async () => {
  ({ world, season } = await arrangeWorld());
  caller = await arrangeCaller(world, season);
  await arrangeCase(world, season, { owner: caller });
});
afterAll(() => world.close());

const cellsOf = async (bytes: Uint8Array): Promise<string[]> =>
  (await readXlsx(bytes)).sheets.flatMap(({ rows }) => rows.flat().map((cell) => String(cell ?? '')));
const cellsOfCsv = (text: string): string[] =>
  [...text.replace('\ufeff', '').matchAll(/(?:^|,|\r\n)(?:"((?:[^"]|"")*)"|([^",\r\n]*))/g)].map(
    ([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain ?? '',
  );
const running = (cells: readonly string[]): string[] => cells.filter((cell) => STARTS.test(cell));
const shows = (cells: readonly string[]): boolean => cells.includes(`'${FORMULA}`);

test('nobody else writes workbooks or CSV', () => {
  const root = fileURLToPath(new URL('../../', import.meta.url));
  const writers = ['apps', 'modules', 'platform'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .map((file) => `${folder}/${file}`)
      .filter((file) => /\.ts$/.test(file) && !/\.test\.ts$|\/testing\/|\/dist\//.test(file))
      .filter((file) => /\bwriteXlsx|\\ufeff\$\{|\\uFEFF\$\{/.test(readFileSync(join(root, file), 'utf8'))),
  );
  expect(writers.sort()).toEqual(WRITERS);
});

test('the ledger: names, places and notes', async () => {
  const work = await pull(world, caller);
  await world.as(caller, (ctx) =>
    sql`update lease set dial_started_at = opened_at where id = ${work.lease?.id ?? ''}`.execute(ctx.tx),
  );
  await finish(world, caller, work, { line: 'L5', note: FORMULA });
  await sql`update user_account set name = ${FORMULA}`.execute(world.owner.kysely);
  await sql`update staff_group set name = ${FORMULA}`.execute(world.owner.kysely);
  await sql`update batch set name = ${FORMULA}`.execute(world.owner.kysely);
  await sql`update candidate set name = ${FORMULA}, major_name = ${FORMULA}`.execute(world.owner.kysely);
  const bytes = await world.as('system', async (ctx) => {
    const scope = { seasonId: season.seasonId, filter: {} };
    return buffer(await makeLedger(ctx, scope, 'ABCD-EFGH-JKLM', async () => undefined));
  });
  const cells = await cellsOf(bytes);
  // The note is the candidate's name here, and masked like it.
  expect(cells.filter((cell) => cell === `'${FORMULA}`)).toHaveLength(4);
  expect(running(cells)).toEqual([]);
});

test('the audit log: who, why and what', async () => {
  await world.as(caller, (ctx) =>
    audit(ctx, { action: 'season.changed', subjectType: FORMULA, subjectId: FORMULA, reason: FORMULA }),
  );
  const bytes = await world.as('system', async (ctx) => {
    const span = { from: new Date(0), before: new Date('2100-01-01') };
    return buffer(await makeAuditLog(ctx, span, 'ABCD-EFGH-JKLM', async () => undefined));
  });
  const cells = await cellsOf(bytes);
  // Who (named so above), why, of what, which one.
  expect(cells.filter((cell) => cell === `'${FORMULA}`).length).toBeGreaterThanOrEqual(3);
  expect(running(cells)).toEqual([]);
});

test('the findings of an import, as workbook and as CSV', async () => {
  const finding: FindingView = {
    ...{ id: newId<string>(), code: 'x', severity: 'warning', row: 1 },
    ...{ file: FORMULA, field: FORMULA, excerpt: FORMULA, message: FORMULA },
  } as never;
  for (const cells of [
    await cellsOf(await findingSheet([finding], { isCut: false })),
    cellsOfCsv(findingCsvHead + findingCsv([finding])),
  ]) {
    expect(shows(cells)).toBe(true);
    expect(running(cells)).toEqual([]);
  }
});

test('the yearly report on minors', () => {
  const counts = { leases: 1, contacts: 1, opened: 0, revealed: 0, changed: 0, unassigned: 0 };
  const cells = cellsOfCsv(
    csvOf([{ candidateId: newId(), person: FORMULA, ...counts, firstAt: 0, lastAt: 0 }]),
  );
  expect(shows(cells)).toBe(true);
  expect(running(cells)).toEqual([]);
});

test('the rows of a staff list that cannot be taken in', async () => {
  const row = { row: 2, cells: { name: FORMULA, username: FORMULA } } as never;
  const cells = await cellsOf(await errorSheet([row], [{ row: 2, column: '姓名', sentence: FORMULA }]));
  expect(shows(cells)).toBe(true);
  expect(running(cells)).toEqual([]);
});

test('the templates', async () => {
  for (const template of [await leadTemplate(), await staffTemplate()])
    expect(running(await cellsOf(template))).toEqual([]);
});
