import { expect, test } from 'vitest';
import { type ChangeImages, differencesOf } from './difference.rules.ts';

const changed = (given: Partial<ChangeImages>) =>
  differencesOf({
    ...{ before: {}, after: {}, secretBefore: {}, secretAfter: {}, addedPhones: 0 },
    ...given,
  }).map(({ label, before, after }) => [label, before, after]);

test.each<[field: string, before: unknown, after: unknown, shown: [string, string, string]]>([
  ['name', '余子和', '余子禾', ['姓名', '余*和', '余*禾']],
  ['sex', 'male', 'female', ['性别', '男', '女']],
  ['no_phone', true, false, ['有无号码', '无号码', '有号码']],
  ['obeys_adjustment', false, true, ['服从调剂', '否', '是']],
  ['photo_file_id', null, 'a1', ['照片', '（空）', '已更换']],
  ['batch_id', 'a1', 'a2', ['批次', '已更换', '已更换']],
  ['school_name', '', '第七中学', ['中学', '（空）', '第七中学']],
  ['filing_score', 0, 560.5, ['投档成绩', '0', '560.5']],
  ['scores', {}, { 语文: 101, 数学: 98 }, ['各科成绩', '（空）', '语文 101；数学 98']],
  ['preferences', [], [{ rank: 1, major: '01' }], ['志愿', '（空）', '1 01']],
])('%s is shown in words', (field, before, after, shown) => {
  expect(changed({ before: { [field]: before }, after: { [field]: after } })).toEqual([shown]);
});

test.each<[field: string, before: unknown, after: unknown, shown: [string, string, string]]>([
  ['recipient', '余大山', '余小山', ['收件人', '余*山', '余*山（已更改）']],
  [
    'address',
    '成都市金牛区学府路1号',
    '成都市武侯区学府路2号',
    ['地址', '成都市金牛区****', '成都市武侯区****'],
  ],
  ['postcode', '610000', '610041', ['邮政编码', '61****00', '61****41']],
  ['nation', '汉族', '土家族', ['民族', '****', '****（已更改）']],
  ['nation', '四个字族', '五个字的族', ['民族', '****', '五个****的族']],
  ['political', undefined, '群众', ['政治面貌', '（空）', '****']],
  ['raw', { JTRK: '3' }, { JTRK: '4' }, ['其他个人字段', '已隐去', '已隐去（已更改）']],
])('of %s no more is shown than that it changed', (field, before, after, shown) => {
  expect(changed({ secretBefore: { [field]: before }, secretAfter: { [field]: after } })).toEqual([shown]);
});

test('what stayed is not listed; new numbers are counted', () => {
  const same = { idNumber: '510100200503037342' };
  expect(changed({ secretBefore: same, secretAfter: { ...same } })).toEqual([]);
  expect(changed({ addedPhones: 1 })).toEqual([['号码', '', '新增 1 个号码']]);
});
