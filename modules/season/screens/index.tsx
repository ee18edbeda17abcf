import { CalendarOutlined, ControlOutlined, EnvironmentOutlined } from '@ant-design/icons';
import { lazy } from 'react';
import type { Screen } from '#ui/screen';

export const screens: readonly Screen[] = [
  {
    path: '/settings/season',
    title: '招生季',
    permission: 'season.manage',
    menu: { section: 'settings', icon: <CalendarOutlined />, order: 10 },
    component: lazy(() => import('./season-page.tsx').then((file) => ({ default: file.SeasonPage }))),
  },
  {
    path: '/settings/policies',
    title: '各省政策',
    permission: 'season.read',
    menu: { section: 'settings', icon: <EnvironmentOutlined />, order: 20 },
    component: lazy(() => import('./policy-page.tsx').then((file) => ({ default: file.PolicyPage }))),
  },
  {
    path: '/settings/follow-up',
    title: '回访规则',
    permission: 'season.manage',
    menu: { section: 'settings', icon: <ControlOutlined />, order: 30 },
    component: lazy(() => import('./settings-page.tsx').then((file) => ({ default: file.SettingsPage }))),
  },
];
