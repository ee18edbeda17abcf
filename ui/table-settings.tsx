import { BarsOutlined, SettingOutlined } from '@ant-design/icons';
import { Button, Checkbox, Dropdown, Popover } from 'antd';
import { useState } from 'react';
import { useSession } from './session.tsx';

export type Density = 'small' | 'middle' | 'large';

interface TableSettings {
  readonly density: Density;
  readonly hidden: readonly string[] | null;
}

const initial: TableSettings = { density: 'middle', hidden: null };

/** Settings of one table in this browser: density and hidden columns, nothing personal. Saved views live on the server. */
export function useTableSettings(tableId: string) {
  const { user } = useSession();
  const place = `zhizhao.table.${user.id}.${tableId}`;
  const [settings, setSettings] = useState<TableSettings>(() => readSettings(place));
  const change = (part: Partial<TableSettings>) => {
    const next = { ...settings, ...part };
    setSettings(next);
    localStorage.setItem(place, JSON.stringify(next));
  };
  return { settings, change };
}

function readSettings(place: string): TableSettings {
  try {
    const { density, hidden } = {
      ...initial,
      ...(JSON.parse(localStorage.getItem(place) ?? '{}') as Partial<TableSettings>),
    };
    return { density, hidden };
  } catch {
    return initial;
  }
}

export interface ColumnChoice {
  readonly key: string;
  readonly title: string;
  /** The identity column stays. */
  readonly locked: boolean;
}

export interface SettingsButtonsProps {
  readonly columns: readonly ColumnChoice[];
  readonly hidden: readonly string[];
  readonly onHide: (hidden: readonly string[] | null) => void;
  readonly density: Density;
  readonly onDensity: (density: Density) => void;
}

const densities: Readonly<Record<Density, string>> = { small: '紧凑', middle: '适中', large: '宽松' };

/** Density and column settings at the right end of a toolbar. */
export function SettingsButtons({ columns, hidden, onHide, density, onDensity }: SettingsButtonsProps) {
  return (
    <>
      <Dropdown
        trigger={['click']}
        menu={{
          selectable: true,
          selectedKeys: [density],
          items: Object.entries(densities).map(([key, label]) => ({ key, label })),
          onClick: ({ key }) => onDensity(key as Density),
        }}
      >
        <Button type="text" icon={<BarsOutlined />} aria-label="行高" title="行高" />
      </Dropdown>
      <Popover
        trigger="click"
        placement="bottomRight"
        content={
          <div className="zz-columns">
            <Checkbox.Group
              value={columns.map(({ key }) => key).filter((key) => !hidden.includes(key))}
              options={columns.map(({ key, title, locked }) => ({
                value: key,
                label: title,
                disabled: locked,
              }))}
              onChange={(shown) =>
                onHide(columns.map(({ key }) => key).filter((key) => !shown.includes(key)))
              }
            />
            <Button size="small" type="link" onClick={() => onHide(null)}>
              恢复默认
            </Button>
          </div>
        }
      >
        <Button type="text" icon={<SettingOutlined />} aria-label="列设置" title="列设置" />
      </Popover>
    </>
  );
}
