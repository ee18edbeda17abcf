import {
  BarChartOutlined,
  DashboardOutlined,
  FieldTimeOutlined,
  FileTextOutlined,
  LineChartOutlined,
  TeamOutlined,
  TrophyOutlined,
} from '@ant-design/icons';
import { lazy } from 'react';
import type { HomeCard, Screen } from '#ui/screen';

export const screens: readonly Screen[] = [
  {
    path: '/reports/wallboard',
    title: '大屏',
    permission: 'report.season',
    menu: { section: 'reports', icon: <DashboardOutlined />, order: 10 },
    component: lazy(() => import('./wallboard-page.tsx').then((file) => ({ default: file.WallboardPage }))),
  },
  {
    path: '/reports/days',
    title: '每日趋势',
    permission: 'report.season',
    menu: { section: 'reports', icon: <LineChartOutlined />, order: 20 },
    component: lazy(() => import('./days-page.tsx').then((file) => ({ default: file.DaysPage }))),
  },
  {
    path: '/reports/hours',
    title: '最佳时段',
    permission: 'report.group',
    menu: { section: 'reports', icon: <FieldTimeOutlined />, order: 30 },
    component: lazy(() => import('./hours-page.tsx').then((file) => ({ default: file.HoursPage }))),
  },
  {
    path: '/reports/leaderboard',
    title: '榜单',
    permission: 'report.season',
    menu: { section: 'reports', icon: <TrophyOutlined />, order: 40 },
    component: lazy(() =>
      import('./leaderboard-page.tsx').then((file) => ({ default: file.LeaderboardPage })),
    ),
  },
  {
    path: '/team/board',
    title: '小组看板',
    permission: 'report.group',
    watermark: true,
    menu: { section: 'team', icon: <TeamOutlined />, order: 10 },
    component: lazy(() => import('./group-page.tsx').then((file) => ({ default: file.GroupPage }))),
  },
  {
    path: '/team/stuck',
    title: '卡住的考生',
    permission: 'report.group',
    watermark: true,
    menu: { section: 'team', icon: <BarChartOutlined />, order: 20 },
    component: lazy(() => import('./stuck-page.tsx').then((file) => ({ default: file.StuckPage }))),
  },
  {
    path: '/team/summaries',
    title: '周报',
    permission: 'report.group',
    menu: { section: 'team', icon: <FileTextOutlined />, order: 40 },
    component: lazy(() => import('./summary-page.tsx').then((file) => ({ default: file.SummaryPage }))),
  },
];

export const homeCards: readonly HomeCard[] = [
  {
    key: 'season',
    permission: 'report.season',
    order: 15,
    span: 4,
    component: lazy(() => import('./season-card.tsx').then((file) => ({ default: file.SeasonCard }))),
  },
  {
    key: 'group',
    permission: 'summary.write',
    order: 20,
    span: 2,
    component: lazy(() => import('./group-card.tsx').then((file) => ({ default: file.GroupCard }))),
  },
];
