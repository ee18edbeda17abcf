import { ImportOutlined } from '@ant-design/icons';
import { lazy } from 'react';
import type { Screen } from '#ui/screen';

export const screens: readonly Screen[] = [
  {
    path: '/imports',
    title: '导入',
    permission: 'delivery.read',
    menu: { section: 'admission', icon: <ImportOutlined />, order: 10 },
    component: lazy(() => import('./imports-page.tsx').then((file) => ({ default: file.ImportsPage }))),
  },
  {
    path: '/imports/$importId',
    title: '导入详情',
    permission: 'delivery.read',
    parent: '/imports',
    watermark: true,
    component: lazy(() => import('./import-page.tsx').then((file) => ({ default: file.ImportPage }))),
  },
];

export const homeTasks = () => import('./home-tasks.ts');
