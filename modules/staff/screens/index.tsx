import { ApartmentOutlined, SafetyOutlined, StarOutlined, UserOutlined } from '@ant-design/icons';
import { lazy } from 'react';
import type { Screen } from '#ui/screen';

export const screens: readonly Screen[] = [
  {
    path: '/team/people',
    title: '人员',
    permission: 'staff.read',
    watermark: true,
    menu: { section: 'team', icon: <UserOutlined />, order: 50 },
    component: lazy(() => import('./people-page.tsx').then((file) => ({ default: file.PeoplePage }))),
  },
  {
    path: '/team/people/import',
    title: '导入人员',
    permission: 'staff.manage',
    parent: '/team/people',
    watermark: true,
    component: lazy(() => import('./import-page.tsx').then((file) => ({ default: file.ImportPage }))),
  },
  {
    path: '/team/groups',
    title: '小组与部门',
    permission: 'staff.read',
    menu: { section: 'team', icon: <ApartmentOutlined />, order: 60 },
    component: lazy(() => import('./groups-page.tsx').then((file) => ({ default: file.GroupsPage }))),
  },
  {
    path: '/team/skills',
    title: '技能',
    permission: 'staff.read',
    menu: { section: 'team', icon: <StarOutlined />, order: 70 },
    component: lazy(() => import('./skills-page.tsx').then((file) => ({ default: file.SkillsPage }))),
  },
  {
    path: '/settings/accounts',
    title: '账号与角色',
    permission: ['staff.grant', 'staff.disable', 'staff.report'],
    watermark: true,
    menu: { section: 'settings', icon: <SafetyOutlined />, order: 90 },
    component: lazy(() => import('./accounts-page.tsx').then((file) => ({ default: file.AccountsPage }))),
  },
];

export const homeTasks = () => import('./home-tasks.ts');
