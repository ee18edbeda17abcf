import { CarryOutOutlined } from '@ant-design/icons';
import { lazy } from 'react';
import type { Screen } from '#ui/screen';

export const screens: readonly Screen[] = [
  {
    path: '/team/leaves',
    title: '请假',
    permission: ['leave.request', 'leave.decide'],
    menu: { section: 'team', icon: <CarryOutOutlined />, order: 40 },
    component: lazy(() => import('./leaves-page.tsx').then((file) => ({ default: file.LeavesPage }))),
  },
];

export const homeTasks = () => import('./home-tasks.ts');
