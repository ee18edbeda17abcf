import { FileSearchOutlined, LockOutlined } from '@ant-design/icons';
import { lazy } from 'react';
import * as absence from '#absence/screens';
import * as assignment from '#assignment/screens';
import * as candidate from '#candidate/screens';
import * as delivery from '#delivery/screens';
import * as followUp from '#follow-up/screens';
import * as incident from '#incident/screens';
import * as ledger from '#ledger/screens';
import * as report from '#report/screens';
import * as script from '#script/screens';
import * as season from '#season/screens';
import * as staff from '#staff/screens';
import type { ModuleScreens, Screen } from '#ui/screen';
import * as withdrawal from '#withdrawal/screens';

/** The one list of modules with screens. A module joins with one import (`#name/screens`) and one entry here. */
const modules: readonly ModuleScreens[] = [
  delivery,
  assignment,
  followUp,
  season,
  script,
  staff,
  absence,
  candidate,
  report,
  withdrawal,
  ledger,
  incident,
];

const ownScreens: readonly Screen[] = [
  {
    path: '/audit',
    title: '审计日志',
    permission: 'audit.read',
    watermark: true,
    menu: { section: 'supervision', icon: <FileSearchOutlined />, order: 90 },
    component: lazy(() => import('./audit-page.tsx').then((file) => ({ default: file.AuditPage }))),
  },
  {
    path: '/account/sessions',
    title: '我的会话',
    permission: 'signed_in',
    component: lazy(() => import('./my-sessions.tsx').then((file) => ({ default: file.MySessions }))),
  },
  {
    path: '/account/password',
    title: '修改密码',
    permission: 'signed_in',
    component: lazy(() => import('./my-password.tsx').then((file) => ({ default: file.MyPassword }))),
  },
  {
    path: '/account/factor',
    title: '更换动态口令',
    permission: 'signed_in',
    component: lazy(() => import('./my-factor.tsx').then((file) => ({ default: file.MyFactor }))),
  },
  {
    path: '/settings/security',
    title: '登录规则',
    permission: 'security.manage',
    menu: { section: 'settings', icon: <LockOutlined />, order: 92 },
    component: lazy(() => import('./security-page.tsx').then((file) => ({ default: file.SecurityPage }))),
  },
];

export const screens: readonly Screen[] = [...modules.flatMap((module) => module.screens), ...ownScreens];

export const homeCards = modules
  .flatMap((module) => module.homeCards ?? [])
  .sort((left, right) => left.order - right.order);

export const homeTaskFiles = modules.flatMap(({ homeTasks }) => (homeTasks ? [homeTasks] : []));

export const searchProviders = modules.flatMap((module) => module.searchProviders ?? []);
