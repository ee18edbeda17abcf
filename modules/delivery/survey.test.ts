import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DBFFile } from 'dbffile';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type DecisionRow, writeDecisions } from './decisions.ts';
import { candidateIndex } from './duplicate.rules.ts';
import type { FilingRecord } from './filing.rules.ts';
import { openDelivery, surveyDelivery } from './index.ts';
import type { PersonRecord } from './record.rules.ts';
import { type DbfColumn, dbfBytes } from './testing/dbf.ts';
import { generateDelivery } from './testing/generate.ts';
import { dirt } from './testing/people.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'delivery-survey-'));
  await generateDelivery(join(folder, 'wide'), { form: '2012', rows: 1200, dirtEvery: 10 });
  await generateDelivery(join(folder, 'split'), { form: '2017', rows: 1200, dirtEvery: 10 });
});
afterAll(() => rm(folder, { recursive: true }));

async function survey(name: string, expected = { year: 2023, province: '51' }) {
  const opened = await openDelivery(join(folder, name));
  if (!opened.ok) throw new Error(opened.error.message);
  const people: PersonRecord[] = [];
  const filings: FilingRecord[] = [];
  const figures = await surveyDelivery(opened.value, expected, {
    person: (_n, person, _sighting, filing) => {
      people.push(person);
      if (filing) filings.push(filing);
    },
    filing: (_n, filing) => void filings.push(filing),
  });
  opened.value.close();
  return { delivery: opened.value, figures, people, filings };
}

describe.each(['wide', 'split'])('a generated delivery, %s', (name) => {
  test('every kind of dirt is found as often as it was put in', async () => {
    const { figures } = await survey(name);
    const each = 1200 / 10 / dirt.length;
    expect(figures).toMatchObject({
      rows: 1200,
      rejected: each,
      candidates: 1200 - each,
      noPhone: each,
      namesLost: each,
      badId: each,
    });
    expect(figures.findings).toMatchObject({
      phone_none_word: each,
      phone_length: each,
      name_lost: each,
      name_blanks: each,
      id_missing: each,
      id_bad: each,
      birth_date_partial: each,
    });
    expect(figures.rows).toBe(figures.candidates + figures.merged + figures.rejected + figures.deletedRows);
  });

  test('a foreign year is said once a candidate, however many tables name the number', async () => {
    const { figures } = await survey(name, { year: 2024, province: '51' });
    expect(figures.findings.candidate_no_year).toBe(figures.candidates);
  });

  test('people are the same in both forms', async () => {
    const { people } = await survey(name);
    const clean = people.find((person) => person.candidateNo === '23510000000000');
    expect(clean).toMatchObject({ idValid: true, nation: { code: expect.any(String) }, nameLost: false });
    expect(clean?.birthDate).toMatch(/^\d{4}-\d{2}-\d{2}$/);
    expect(people.filter((person) => person.name.includes('𠮷'))).toHaveLength(10);
  });
});

test('the wide form carries preferences and scores on the row, scores named by TD_CJXDM', async () => {
  const { delivery, filings } = await survey('wide');
  expect(delivery.form).toBe('2012');
  expect(filings[0]?.scores.map((score) => score.name)).toEqual(['语文', '理科数学', '外语', '总分']);
  expect(filings[0]?.preferences[0]).toEqual({
    rank: 1,
    unit: '5131',
    major: expect.stringMatching(/^\d\d$/),
  });
});

test('a candidate without filing and a filing without person are named', async () => {
  const path = join(folder, 'orphans');
  await generateDelivery(path, { form: '2017', rows: 10 });
  await generateDelivery(join(folder, 'other'), { form: '2017', rows: 12 });
  await copyFile(join(folder, 'other', 'T_TDD.DBF'), join(path, 'T_TDD.DBF'));
  expect((await survey('orphans')).figures.findings).toMatchObject({ filing_without_person: 2 });
  await rm(join(path, 'T_BMK.DBF'));
  const { figures, delivery } = await survey('orphans');
  expect([figures.rows, figures.candidates]).toEqual([12, 12]);
  expect(delivery.notes.map((note) => note.code)).toContain('no_person_table');
});

const columns: DbfColumn[] = [
  { name: 'KSH', length: 14 },
  { name: 'XM', length: 20 },
  { name: 'LXDH', length: 30 },
  { name: 'TDCJ', type: 'N', length: 6 },
  { name: 'KSZT', length: 1 },
];

test('equal rows merge, conflicting ones are counted, locked ones and numbers of the second row are seen', async () => {
  const row = (last: number, phone = '', state = '') => [
    `2351010000000${last}`,
    '余子和',
    phone,
    '500',
    state,
  ];
  const rows = [
    row(1),
    row(1),
    row(2),
    row(2, '15412345678'),
    row(3, '15412345678', '5'),
    row(4, '', '4'),
    row(5),
  ];
  await writeFile(join(folder, 'T_TDD.DBF'), dbfBytes(columns, rows, { deleted: new Set([6]) }));
  const { figures } = await survey('T_TDD.DBF');
  expect(figures).toMatchObject({
    rows: 7,
    deletedRows: 1,
    candidates: 4,
    merged: 2,
    conflicts: 1,
    locked: 1,
    noPhone: 2,
  });
  expect(figures.findings).toMatchObject({ candidate_repeated: 1, candidate_conflict: 1 });
  const opened = await openDelivery(join(folder, 'T_TDD.DBF'));
  if (!opened.ok) throw new Error(opened.error.message);
  const pairs: [number, string | undefined][] = [];
  await surveyDelivery(
    opened.value,
    {},
    {
      finding: ({ code, row, excerpt }) => void (code === 'candidate_conflict' && pairs.push([row, excerpt])),
    },
  );
  expect(pairs).toEqual([[4, '考生号尾号 0002，先见于第 3 行']]);
});

test('a person without a filing is named by row and number', async () => {
  const folderOf = join(folder, 'unfiled');
  await mkdir(folderOf, { recursive: true });
  const column = (name: string) => ({ name, length: 20 });
  const people = ['23510000000001', '23510000000002'].map((no) => [no, '余子和', '']);
  await writeFile(join(folderOf, 'T_BMK.DBF'), dbfBytes(['KSH', 'XM', 'SFZH'].map(column), people));
  const filed = dbfBytes(['KSH', 'TDDW', 'TDCJ'].map(column), [['23510000000001', '5131', '500']]);
  await writeFile(join(folderOf, 'T_TDD.DBF'), filed);
  const opened = await openDelivery(folderOf);
  if (!opened.ok) throw new Error(opened.error.message);
  const found: unknown[] = [];
  await surveyDelivery(
    opened.value,
    {},
    { finding: ({ code, file, row, excerpt }) => void found.push([code, file, row, excerpt]) },
  );
  expect(found).toContainEqual(['person_without_filing', 'T_BMK.DBF', 2, '考生号尾号 0002']);
});

test('no excerpt carries a whole phone or ID number', async () => {
  const opened = await openDelivery(join(folder, 'wide'));
  if (!opened.ok) throw new Error(opened.error.message);
  const excerpts: string[] = [];
  await surveyDelivery(opened.value, {}, { finding: ({ excerpt }) => void excerpts.push(excerpt ?? '') });
  expect(excerpts.filter((excerpt) => /\d{8}/.test(excerpt))).toEqual([]);
});

test('the index grows and still tells equal from changed, and where each was seen first', () => {
  const index = candidateIndex(1);
  const numbers = Array.from({ length: 5000 }, (_, at) => `2351${String(at * 7919).padStart(10, '0')}`);
  numbers.forEach((no, at) => {
    expect(index.see(no, 1, [no, 'a'], at + 1).sighting).toBe('new');
  });
  numbers.forEach((no, at) => {
    expect(index.see(no, 1, [no, 'a'], 9999)).toMatchObject({ sighting: 'equal', first: at + 1 });
  });
  expect(index.see(numbers[0] ?? '', 1, [`${numbers[0]}a`, '']).sighting).toBe('conflict');
  expect([index.size, index.find('23519999999999')]).toEqual([5000, 0]);
});

describe('decisions', () => {
  const admit: DecisionRow = {
    candidateNo: '23510815100494',
    decision: 'admit',
    admittedMajor: '07',
    returnReason: '',
    note: '高䶮 𠮷',
  };
  const back: DecisionRow = {
    ...admit,
    candidateNo: '23510815100495',
    decision: 'return',
    returnReason: '0301',
    note: '',
  };
  const date = new Date('2023-07-20T00:00:00Z');

  test('are read back by the importer and by a library', async () => {
    const path = join(folder, 'LQK.DBF');
    expect(await writeDecisions(path, [admit, back], date)).toMatchObject({ ok: true, value: { rows: 2 } });
    const { filings } = await survey('LQK.DBF');
    expect(
      filings.map((row) => [row.candidateNo, row.admittedMajor, row.returnReason?.code, row.remark]),
    ).toEqual([
      ['23510815100494', '07', undefined, '高䶮 𠮷'],
      ['23510815100495', '', '0301', ''],
    ]);
    const library = await DBFFile.open(path, { encoding: 'gb18030' });
    expect((await library.readRecords()).map((record) => Object(record).LQBZ)).toEqual(['1', '0']);
    expect((await readFile(path)).at(-1)).toBe(0x1a);
  });

  test.each<[rule: string, rows: DecisionRow[], code: string]>([
    ['a major of five characters', [{ ...admit, admittedMajor: '12345' }], 'value_too_long'],
    ['a note of 255 bytes', [{ ...admit, note: 'x'.repeat(255) }], 'value_too_long'],
    ['a candidate twice', [admit, admit], 'candidate_twice'],
    ['13 digits', [{ ...admit, candidateNo: '2351081510049' }], 'bad_candidate_no'],
    ['half a character', [{ ...admit, note: '\ud842' }], 'value_not_encodable'],
  ])('%s is refused and nothing is written', async (_rule, rows, code) => {
    const path = join(folder, 'refused.dbf');
    expect(await writeDecisions(path, rows, date)).toMatchObject({ ok: false, error: { code } });
    await expect(readFile(path)).rejects.toThrow();
  });
});
