import { ReadOutlined } from '@ant-design/icons';
import { lazy } from 'react';
import type { Screen } from '#ui/screen';

export const screens: readonly Screen[] = [
  {
    path: '/settings/scripts',
    title: '话术',
    permission: 'script.read',
    menu: { section: 'settings', icon: <ReadOutlined />, order: 40 },
    component: lazy(() => import('./script-page.tsx').then((file) => ({ default: file.ScriptPage }))),
  },
  {
    path: '/settings/scripts/$scriptId',
    title: '话术内容',
    permission: 'script.read',
    parent: '/settings/scripts',
    component: lazy(() => import('./script-detail.tsx').then((file) => ({ default: file.ScriptDetail }))),
  },
];

export const homeTasks = () => import('./home-tasks.ts');
