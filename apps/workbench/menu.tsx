import {
  AuditOutlined,
  BarChartOutlined,
  IdcardOutlined,
  PhoneOutlined,
  SafetyCertificateOutlined,
  ScheduleOutlined,
  SettingOutlined,
  TeamOutlined,
} from '@ant-design/icons';
import { Link, useLocation } from '@tanstack/react-router';
import { Menu, type MenuProps } from 'antd';
import { type ReactNode, useState } from 'react';
import { type Screen, type Section, sectionLabels } from '#ui/screen';
import { holds, useSession } from '#ui/session';
import { screens } from './routes.tsx';

const sectionIcons = {
  work: <ScheduleOutlined />,
  candidates: <IdcardOutlined />,
  followUp: <PhoneOutlined />,
  admission: <AuditOutlined />,
  supervision: <SafetyCertificateOutlined />,
  team: <TeamOutlined />,
  reports: <BarChartOutlined />,
  settings: <SettingOutlined />,
} as const satisfies Record<Section, ReactNode>;

const sections = Object.keys(sectionLabels) as Section[];

/** Up to here everything is open at once; beyond, only the section in use. */
const openAllLimit = 14;

/** The left navigation: sections by job, only what the person may use. */
export function MainMenu({ collapsed }: { readonly collapsed: boolean }) {
  const { permissions } = useSession();
  const path = useLocation({ select: (location) => location.pathname });
  const shown = screens.filter((screen) => screen.menu && holds(permissions, screen.permission));
  const current = screenAt(shown, path);
  const [chosen, setChosen] = useState<string[] | null>(null);
  const open = shown.length <= openAllLimit ? sections : current?.menu ? [current.menu.section] : [];
  return (
    <Menu
      mode="inline"
      inlineCollapsed={collapsed}
      inlineIndent={16}
      className="zz-menu"
      selectedKeys={[current?.path ?? path]}
      {...(collapsed ? {} : { openKeys: chosen ?? [...open] })}
      onOpenChange={(keys) => (collapsed ? undefined : setChosen(keys))}
      items={sections.flatMap((section) => sectionItems(section, shown))}
    />
  );
}

type Item = NonNullable<MenuProps['items']>[number];

function sectionItems(section: Section, shown: readonly Screen[]): Item[] {
  const own = shown
    .filter(({ menu }) => menu?.section === section)
    .sort((left, right) => (left.menu?.order ?? 0) - (right.menu?.order ?? 0));
  const items = own.map(({ path, title, menu }) => ({
    key: path,
    icon: menu?.icon,
    label: <Link to={path}>{menu?.label ?? title}</Link>,
  }));
  const home = { key: '/', icon: sectionIcons.work, label: <Link to="/">{sectionLabels.work}</Link> };
  if (section === 'work') return [home, ...items];
  if (items.length === 0) return [];
  return [{ key: section, icon: sectionIcons[section], label: sectionLabels[section], children: items }];
}

/** The menu entry to light: the longest path that the address starts with. */
export function screenAt(shown: readonly Screen[], path: string): Screen | undefined {
  return shown
    .filter((screen) => path === screen.path || path.startsWith(`${screen.path}/`))
    .sort((left, right) => right.path.length - left.path.length)[0];
}
