import {
  FileDoneOutlined,
  PhoneOutlined,
  RiseOutlined,
  StopOutlined,
  SwapRightOutlined,
} from '@ant-design/icons';
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
  {
    path: '/escalations',
    title: '转交处理',
    permission: 'escalation.read',
    watermark: true,
    menu: { section: 'followUp', icon: <SwapRightOutlined />, order: 20 },
    component: lazy(() => import('./escalation-page.tsx').then((file) => ({ default: file.EscalationPage }))),
  },
  {
    path: '/rounds',
    title: '轮次进度',
    permission: 'round.read',
    watermark: true,
    menu: { section: 'followUp', icon: <RiseOutlined />, order: 30 },
    component: lazy(() => import('./round-page.tsx').then((file) => ({ default: file.RoundPage }))),
  },
  {
    path: '/follow-up/record',
    title: '联系记录',
    permission: 'candidate.read',
    watermark: true,
    parent: '/candidates',
    component: lazy(() => import('./record-page.tsx').then((file) => ({ default: file.RecordPage }))),
  },
  {
    path: '/supervision/do-not-call',
    title: '勿再来电',
    permission: 'do_not_call.read',
    watermark: true,
    menu: { section: 'supervision', icon: <StopOutlined />, order: 50 },
    component: lazy(() => import('./do-not-call-page.tsx').then((file) => ({ default: file.DoNotCallPage }))),
  },
  {
    path: '/supervision/proof',
    title: '回访核对',
    permission: 'report.season',
    watermark: true,
    menu: { section: 'supervision', icon: <FileDoneOutlined />, order: 55 },
    component: lazy(() => import('./proof-page.tsx').then((file) => ({ default: file.ProofPage }))),
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

export const homeTasks = () => import('./home-tasks.ts');
