import { describe, expect, test } from 'vitest';
import { type ColumnKey, parseLine, readHeadings, readRows } from './import.rules.ts';
import { type KnownPerson, planImport } from './import-plan.rules.ts';

const SOUND = { username: 't1', name: '陈一', kind: '教师' };
/** What a row with these cells says, and the columns that have a fault. */
function read(cells: Readonly<Partial<Record<ColumnKey, string>>>) {
  const faults: ColumnKey[] = [];
  const line = parseLine({ row: 2, cells: { ...SOUND, ...cells } }, (column) => void faults.push(column));
  return { line, faults };
}

describe('a cell', () => {
  test.each<[column: ColumnKey, text: string, value: unknown, fault: boolean]>([
    ['openWorkCap', '', 200, false],
    ['openWorkCap', '0', 0, false],
    ['openWorkCap', '10000', 10_000, false],
    ['openWorkCap', '10001', 10_001, true],
    ['openWorkCap', '-1', -1, true],
    ['openWorkCap', '1.5', 1.5, true],
    ['openWorkCap', '很多', Number.NaN, true],
    ['experienced', '是', true, false],
    ['experienced', '√', true, false],
    ['experienced', '', false, false],
    ['experienced', '否', false, false],
    ['experienced', '去年', false, true],
    ['outstandingLastYear', 'Y', true, false],
    ['username', 'T1.a-b_c', 't1.a-b_c', false],
    ['username', 'a', 'a', true],
    ['username', '陈一', '陈一', true],
    ['username', '', '', true],
    ['name', '', '', true],
    ['name', '长'.repeat(40), '长'.repeat(40), false],
    ['name', '长'.repeat(41), '长'.repeat(41), true],
    ['kind', '招办', 'admissions', false],
    ['kind', '教职工', 'teacher', false],
    ['kind', '学生', 'student', false],
    ['kind', '职工', 'teacher', true],
    ['skills', '粤语、 彝语；粤语', ['粤语', '彝语'], false],
    ['roles', '', null, false],
    ['roles', '回访员', ['caller'], false],
    ['roles', '院长', [], true],
    ['staffNo', '', null, false],
    ['expiresOn', '2026年9月3日', '2026-09-03', false],
    ['expiresOn', '2026/12/31', '2026-12-31', false],
    ['expiresOn', '2026-02-30', null, true],
    ['expiresOn', '九月底', null, true],
  ])('of %s with “%s”', (column, text, value, fault) => {
    const { line, faults } = read({ [column]: text });
    expect(line[column]).toEqual(value);
    expect(faults).toEqual(fault ? [column] : []);
  });
});

describe('the heading row', () => {
  const heads = ['账号', ' 姓 名 ', '类别'];
  const blank = (count: number) => Array.from({ length: count }, () => ['']);
  test('is looked for in the first ten lines, blanks and full-width signs aside', () => {
    expect(readHeadings([...blank(9), heads])).toMatchObject({ at: 9 });
    expect(readHeadings([...blank(10), heads])).toMatch(/^前 10 行里没有找到表头/);
  });
  test('that lacks a needed column names it; a column given twice counts once', () => {
    expect(readHeadings([['账号', '姓名']])).toMatch(/缺少 “类别” 列/);
    expect(readHeadings([['账号']])).toMatch(/没有找到表头/);
    const found = readHeadings([['账号', '登录名', '姓名', '类别']]);
    expect(found).toMatchObject({ at: 0 });
    expect(typeof found === 'string' ? [] : [...found.columns.values()]).toEqual([
      'username',
      'name',
      'kind',
    ]);
  });
  test('rows are counted as Excel does, empty ones left out', () => {
    const columns = new Map<number, ColumnKey>([[0, 'username']]);
    expect(readRows([['表'], ['账号'], [' t１ '], [''], ['t2']], 1, columns)).toEqual([
      { row: 3, cells: { username: 't1' } },
      { row: 5, cells: { username: 't2' } },
    ]);
  });
});

describe('a sheet against who is there', () => {
  const chen: KnownPerson = {
    ...{ id: 'a', name: '陈一', kind: 'teacher', staffNo: null, unitName: null, groupName: '一组' },
    ...{ skills: ['yue'], experienced: false, outstandingLastYear: false, openWorkCap: 200, expiresOn: null },
    ...{ leads: false, roles: ['caller'] },
  };
  const same = { ...SOUND, group: '一组', skills: '粤语' };
  const plan = (
    rows: readonly Readonly<Partial<Record<ColumnKey, string>>>[],
    given: { known?: Partial<KnownPerson>; capacity?: number; members?: number } = {},
  ) =>
    planImport(
      rows.map((cells, index) => ({ row: index + 2, cells })),
      {
        people: new Map([['t1', { ...chen, ...given.known }]]),
        units: new Set(['人事处']),
        groups: new Map([
          ['一组', { capacity: given.capacity ?? 2, members: given.members ?? 1 }],
          ['二组', { capacity: 9, members: 0 }],
        ]),
        skills: new Map([['粤语', 'yue']]),
        grantable: new Set(['caller']),
        actor: { id: 'office', roles: ['admissions_office'] },
        today: '2026-07-01',
      },
    );
  const fresh = (username: string, more: object = {}) => ({ username, name: '林二', kind: '教师', ...more });

  test.each<[what: string, change: object]>([
    ['the staff number', { staffNo: '1001' }],
    ['the unit', { unit: '人事处' }],
    ['the group', { group: '二组' }],
    ['a skill', { skills: '' }],
    ['experience', { experienced: '是' }],
    ['last year', { outstandingLastYear: '是' }],
    ['the cap', { openWorkCap: '199' }],
  ])('a change of %s is a change', (_what, change) => {
    expect(plan([same])).toMatchObject({ unchanged: 1, updated: 0, rejected: 0, findings: [] });
    expect(plan([{ ...same, ...change }])).toMatchObject({ unchanged: 0, updated: 1, findings: [] });
  });
  test.each<[what: string, rows: object[], known: Partial<KnownPerson>, sentence: string]>([
    ['a leader is not moved by a sheet', [{ ...same, group: '二组' }], { leads: true }, '陈一 是一组的组长'],
    ['another name is another person', [{ ...same, name: '陈二' }], {}, '已是 陈一 的'],
    ['a username twice', [fresh('t2'), fresh('t2')], {}, '和第 2 行重复'],
    ['a group nobody made', [fresh('t2', { group: '三组' })], {}, '没有名为“三组”的小组'],
    ['a skill nobody entered', [fresh('t2', { skills: '苗语' })], {}, '没有“苗语”这项技能'],
    ['a role the importer may not give', [fresh('t2', { roles: '督查组' })], {}, '您不能授予「督查组」'],
  ])('%s', (_what, rows, known, sentence) => {
    const { findings, rejected } = plan(rows, { known });
    expect(findings.map((finding) => finding.sentence)).toEqual([expect.stringContaining(sentence)]);
    expect(rejected).toBe(1);
  });
  test('a leader may stay where they are, and the roles of who is there are not looked at', () => {
    expect(plan([same], { known: { leads: true } }).findings).toEqual([]);
    expect(plan([{ ...same, roles: '督查组' }])).toMatchObject({ unchanged: 1, findings: [] });
  });
  test('a group takes as many as it has room for, counting who leaves in the same sheet', () => {
    const two = [fresh('t2', { group: '一组' }), fresh('t3', { group: '一组' })];
    expect(plan(two).findings).toMatchObject([
      { row: 3, column: '小组', sentence: expect.stringContaining('会有 3 人') },
    ]);
    expect(plan(two, { members: 0 }).findings).toEqual([]);
    expect(plan([...two, { ...same, group: '二组' }]).findings).toEqual([]);
    expect(plan([...two, { ...same, group: '二组', openWorkCap: 'x' }]).findings).toHaveLength(2);
  });
  test('units that nobody knows are made, each once and as what it is called', () => {
    const rows = [
      fresh('t2', { unit: '法学院' }),
      fresh('t3', { unit: '法学院' }),
      fresh('t4', { unit: '人事处' }),
    ];
    expect(plan(rows)).toMatchObject({ created: 3, newUnits: [{ name: '法学院', kind: 'school' }] });
  });
});
