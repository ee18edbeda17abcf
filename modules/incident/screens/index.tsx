import { AlertOutlined } from '@ant-design/icons';
import { lazy } from 'react';
import type { Screen } from '#ui/screen';

export const screens: readonly Screen[] = [
  {
    path: '/supervision/incidents',
    title: '个人信息安全事件',
    permission: 'incident.read',
    watermark: true,
    menu: { section: 'supervision', label: '安全事件', icon: <AlertOutlined />, order: 87 },
    component: lazy(() => import('./incident-page.tsx').then((file) => ({ default: file.IncidentPage }))),
  },
];

export const homeTasks = () => import('./home-tasks.ts');
