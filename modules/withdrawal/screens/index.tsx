import { AuditOutlined, FileExclamationOutlined, RollbackOutlined } from '@ant-design/icons';
import { lazy } from 'react';
import type { HomeCard, Screen } from '#ui/screen';

/** The form to register a withdrawal, for a dialog or drawer of another module: `<RequestWithdrawal caseId=… />` inside Suspense. */
export const RequestWithdrawal = lazy(() =>
  import('./request-form.tsx').then((file) => ({ default: file.RequestForm })),
);

export const screens: readonly Screen[] = [
  {
    path: '/withdrawals',
    title: '退档申请',
    permission: 'withdrawal.read',
    watermark: true,
    menu: { section: 'admission', icon: <RollbackOutlined />, order: 40 },
    component: lazy(() => import('./list-page.tsx').then((file) => ({ default: file.WithdrawalPage }))),
  },
  {
    path: '/withdrawals/new',
    title: '登记退档申请',
    permission: 'withdrawal.request',
    watermark: true,
    parent: '/withdrawals',
    component: lazy(() => import('./new-page.tsx').then((file) => ({ default: file.NewWithdrawalPage }))),
  },
  {
    path: '/decisions',
    title: '最终认定',
    permission: 'decision.read',
    watermark: true,
    menu: { section: 'admission', icon: <AuditOutlined />, order: 50 },
    component: lazy(() => import('./decision-page.tsx').then((file) => ({ default: file.DecisionPage }))),
  },
  {
    path: '/supervision/wrongful',
    title: '误退认定',
    permission: 'withdrawal.decide_wrongful',
    watermark: true,
    menu: { section: 'supervision', icon: <FileExclamationOutlined />, order: 40 },
    component: lazy(() => import('./wrongful-page.tsx').then((file) => ({ default: file.WrongfulPage }))),
  },
];

export const homeCards: readonly HomeCard[] = [
  {
    key: 'withdrawals-execute',
    permission: 'withdrawal.execute',
    order: 30,
    component: lazy(() => import('./home-cards.tsx').then((file) => ({ default: file.ExecuteCard }))),
  },
  {
    key: 'withdrawals-check',
    permission: 'withdrawal.check',
    order: 30,
    component: lazy(() => import('./home-cards.tsx').then((file) => ({ default: file.CheckCard }))),
  },
];

export const homeTasks = () => import('./home-tasks.ts');
