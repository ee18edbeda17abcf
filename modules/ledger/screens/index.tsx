import { ExportOutlined, ShareAltOutlined } from '@ant-design/icons';
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
  {
    path: '/exports/shared',
    title: '对外提供记录',
    permission: 'ledger.shared',
    watermark: true,
    menu: { section: 'supervision', icon: <ShareAltOutlined />, order: 85 },
    component: lazy(() => import('./shared-page.tsx').then((file) => ({ default: file.SharedPage }))),
  },
  {
    path: '/audit/exports',
    title: '导出审计日志',
    permission: 'audit.export',
    watermark: true,
    parent: '/audit',
    component: lazy(() =>
      import('./audit-export-page.tsx').then((file) => ({ default: file.AuditExportPage })),
    ),
  },
];

export const homeTasks = () => import('./home-tasks.ts');
