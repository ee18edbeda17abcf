import { PhoneOutlined } from '@ant-design/icons';
import { lazy } from 'react';
import type { HomeCard, Screen } from '#ui/screen';

export const screens: readonly Screen[] = [
  {
    path: '/queue',
    title: '我的录检',
    permission: 'queue.work',
    watermark: true,
    bare: true,
    menu: { section: 'work', icon: <PhoneOutlined />, order: 10 },
    component: lazy(() => import('./queue-page.tsx').then((file) => ({ default: file.QueuePage }))),
  },
];

export const homeCards: readonly HomeCard[] = [
  {
    key: 'queue',
    permission: 'queue.work',
    order: 10,
    span: 4,
    component: lazy(() => import('./home-card.tsx').then((file) => ({ default: file.QueueCard }))),
  },
];
