import { ApartmentOutlined, CheckSquareOutlined, FlagOutlined, SwapOutlined } from '@ant-design/icons';
import { lazy } from 'react';
import type { Screen } from '#ui/screen';

export const screens: readonly Screen[] = [
  {
    path: '/admission/check',
    title: '放出检查',
    permission: 'assignment.preview',
    menu: { section: 'admission', icon: <CheckSquareOutlined />, order: 15 },
    component: lazy(() => import('./check-page.tsx').then((file) => ({ default: file.CheckPage }))),
  },
  {
    path: '/admission/release',
    title: '分配与放出',
    permission: 'assignment.preview',
    menu: { section: 'admission', icon: <ApartmentOutlined />, order: 20 },
    component: lazy(() => import('./release-page.tsx').then((file) => ({ default: file.ReleasePage }))),
  },
  {
    path: '/follow-up/leads',
    title: '报备',
    permission: 'lead.read',
    watermark: true,
    menu: { section: 'followUp', icon: <FlagOutlined />, order: 60 },
    component: lazy(() => import('./lead-page.tsx').then((file) => ({ default: file.LeadPage }))),
  },
  {
    path: '/team/ownership',
    title: '调整归属',
    permission: 'assignment.change',
    watermark: true,
    menu: { section: 'team', icon: <SwapOutlined />, order: 30 },
    component: lazy(() => import('./ownership-page.tsx').then((file) => ({ default: file.OwnershipPage }))),
  },
];

export const homeTasks = () => import('./home-tasks.ts');
