import { ApartmentOutlined } from '@ant-design/icons';
import { lazy } from 'react';
import type { Screen } from '#ui/screen';

export const screens: readonly Screen[] = [
  {
    path: '/admission/release',
    title: '分配与放出',
    permission: 'assignment.preview',
    menu: { section: 'admission', icon: <ApartmentOutlined />, order: 20 },
    component: lazy(() => import('./release-page.tsx').then((file) => ({ default: file.ReleasePage }))),
  },
];
