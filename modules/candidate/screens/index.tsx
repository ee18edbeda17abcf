import { AimOutlined, IdcardOutlined, PhoneOutlined } from '@ant-design/icons';
import { lazy } from 'react';
import { api } from '#ui/api';
import type { Screen, SearchProvider } from '#ui/screen';
import { searchCandidates } from '../list.contract.ts';

export const screens: readonly Screen[] = [
  {
    path: '/candidates',
    title: '考生',
    permission: 'candidate.read',
    watermark: true,
    menu: { section: 'candidates', label: '考生列表', icon: <IdcardOutlined />, order: 10 },
    component: lazy(() => import('./candidate-list.tsx').then((file) => ({ default: file.CandidateList }))),
  },
  {
    path: '/settings/signals',
    title: '关注点目录',
    permission: 'season.manage',
    menu: { section: 'settings', icon: <AimOutlined />, order: 60 },
    component: lazy(() => import('./signal-page.tsx').then((file) => ({ default: file.SignalPage }))),
  },
  {
    path: '/settings/area-prefixes',
    title: '号段归属地',
    permission: 'season.manage',
    menu: { section: 'settings', icon: <PhoneOutlined />, order: 70 },
    component: lazy(() => import('./area-page.tsx').then((file) => ({ default: file.AreaPage }))),
  },
];

/** 来电查找 takes the last digits of a candidate number. */
const DIGITS = 4;

/** Candidates in the command palette; a hit outside the own work leads to the take-over on an inbound call. */
export const searchProviders: readonly SearchProvider[] = [
  {
    key: 'candidates',
    label: '考生',
    permission: 'candidate.read',
    search: async (text, signal) => {
      const { items } = await api(searchCandidates, { body: { q: text } }, { signal });
      return items.map((hit) => ({
        key: hit.id,
        title: `${hit.name}　${hit.candidateNo}`,
        hint: [hit.batchName, hit.majorName, hit.ownerName, hit.foreign ? '不在您名下' : null]
          .filter(Boolean)
          .join(' · '),
        ...(hit.foreign
          ? { to: '/queue', words: { inbound: hit.candidateNo.slice(-DIGITS) } }
          : { to: `/candidates?open=${hit.id}` }),
      }));
    },
  },
];

export const homeTasks = () => import('./home-tasks.ts');
