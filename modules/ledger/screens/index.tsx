import { ExportOutlined } from '@ant-design/icons';
import { lazy } from 'react';
import type { Screen } from '#ui/screen';

export const screens: readonly Screen[] = [
  {
    path: '/exports',
    title: '导出',
    permission: 'ledger.export',
    watermark: true,
    menu: { section: 'admission', icon: <ExportOutlined />, order: 60 },
    component: lazy(() => import('./export-page.tsx').then((file) => ({ default: file.ExportPage }))),
  },
];

export const homeTasks = () => import('./home-tasks.ts');
