import { batchId, callerId, groupId } from './list-data.ts';

export interface ListCase {
  readonly name: string;
  readonly who: 'office' | 'leader' | 'caller';
  readonly query?: Record<string, unknown>;
  readonly search?: string;
  /** Pages turned before the one that is measured. */
  readonly pages?: number;
}

const [home, far] = ['51', '65'];
const regular = batchId(0);
const art = batchId(2);

/** What people ask for: common filters, the ones that hurt (large sides, small overlap), each order, and searches. */
export const listCases: readonly ListCase[] = [
  { name: 'office: everything', who: 'office' },
  { name: 'everything, backwards', who: 'office', query: { sort: '-name', limit: 50 } },
  { name: 'everything by number', who: 'office', query: { sort: 'number' } },
  { name: 'everything by due', who: 'office', query: { sort: 'due' } },
  { name: 'everything, second page', who: 'office', pages: 1 },
  { name: 'everything, page 100', who: 'office', query: { limit: 50 }, pages: 99 },
  { name: 'far province, page 50', who: 'office', query: { province: far }, pages: 49 },
  {
    name: 'considering by due, page 50',
    who: 'office',
    query: { disposition: 'considering', sort: 'due' },
    pages: 49,
  },
  { name: 'leader: page 20', who: 'leader', pages: 19 },
  { name: 'home province', who: 'office', query: { province: home } },
  { name: 'home province by number', who: 'office', query: { province: home, sort: 'number' } },
  { name: 'far province by number', who: 'office', query: { province: far, sort: '-number' } },
  { name: 'far province by due', who: 'office', query: { province: far, sort: 'due' } },
  {
    name: 'province and batch by score',
    who: 'office',
    query: { province: far, batch: art, sort: '-score' },
  },
  {
    name: 'province, batch, major',
    who: 'office',
    query: { province: home, batch: regular, major: '专业 7' },
  },
  { name: 'major', who: 'office', query: { major: '专业 7' } },
  { name: 'major and group', who: 'office', query: { major: '专业 7', group: groupId(3) } },
  { name: 'group', who: 'office', query: { group: groupId(3) } },
  { name: 'group and far province', who: 'office', query: { group: groupId(3), province: far } },
  {
    name: 'group, considering, due',
    who: 'office',
    query: { group: groupId(3), disposition: 'considering', sort: 'due' },
  },
  { name: 'caller', who: 'office', query: { caller: callerId(42) } },
  { name: 'caller and home province', who: 'office', query: { caller: callerId(42), province: home } },
  { name: 'considering', who: 'office', query: { disposition: 'considering' } },
  { name: 'considering by due', who: 'office', query: { disposition: 'considering', sort: 'due' } },
  {
    name: 'withdrawing, home province',
    who: 'office',
    query: { disposition: 'withdrawing', province: home },
  },
  { name: 'withdrawing, far province', who: 'office', query: { disposition: 'withdrawing', province: far } },
  { name: 'escalated', who: 'office', query: { state: 'escalated' } },
  { name: 'blocked, art batch', who: 'office', query: { state: 'blocked', batch: art } },
  { name: 'signal', who: 'office', query: { signal: 'signal_3' } },
  { name: 'signal, far province', who: 'office', query: { signal: 'signal_3', province: far } },
  {
    name: 'signal and considering',
    who: 'office',
    query: { signal: 'signal_3', disposition: 'considering' },
  },
  { name: 'no number', who: 'office', query: { missing: 'phone' } },
  { name: 'no number, group', who: 'office', query: { missing: 'phone', group: groupId(5) } },
  { name: 'deadline', who: 'office', query: { deadlineFrom: '2026-07-26', deadlineTo: '2026-07-27' } },
  {
    name: 'deadline, uncalled, due',
    who: 'office',
    query: { deadlineTo: '2026-07-27', disposition: 'uncalled', sort: 'due' },
  },
  { name: 'pathway interest', who: 'office', query: { pathway: 'yes' } },
  { name: 'pathway and home province', who: 'office', query: { pathway: 'yes', province: home } },
  { name: 'school', who: 'office', query: { school: '510042' } },
  { name: 'surname', who: 'office', query: { q: '周' } },
  { name: 'surname, province', who: 'office', query: { q: '周', province: far } },
  { name: 'full name', who: 'office', query: { q: '周浩然' } },
  { name: 'initials', who: 'office', query: { q: 'zhr' } },
  { name: 'initials, two letters', who: 'office', query: { q: 'zh' } },
  { name: 'last four digits', who: 'office', query: { q: '4711' } },
  { name: 'start of number', who: 'office', query: { q: '2651000' } },
  { name: 'leader: own group', who: 'leader' },
  { name: 'leader: unreachable, due', who: 'leader', query: { disposition: 'unreachable', sort: 'due' } },
  { name: 'leader: home province', who: 'leader', query: { province: home, sort: 'number' } },
  { name: 'caller: own work', who: 'caller' },
  { name: 'caller: considering', who: 'caller', query: { disposition: 'considering', limit: 50 } },
  { name: 'caller: surname', who: 'caller', query: { q: '李' } },
  { name: 'palette: name', who: 'office', search: '周浩' },
  { name: 'palette: surname', who: 'office', search: '李' },
  { name: 'palette: last four', who: 'caller', search: '0815' },
  { name: 'palette: initials', who: 'caller', search: 'zhr' },
];
