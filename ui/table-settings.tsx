import { BarsOutlined, DeleteOutlined, SaveOutlined, SettingOutlined } from '@ant-design/icons';
import { Button, Checkbox, Dropdown, Input, Popover, Select } from 'antd';
import { useState } from 'react';
import type { RawSearch } from './search-params.tsx';
import { useSession } from './session.tsx';

export type Density = 'small' | 'middle' | 'large';

export interface SavedView {
  readonly name: string;
  readonly search: RawSearch;
}

interface TableSettings {
  readonly density: Density;
  readonly hidden: readonly string[] | null;
  readonly views: readonly SavedView[];
}

const initial: TableSettings = { density: 'middle', hidden: null, views: [] };
const viewLimit = 20;

/** Settings of one table for one person in this browser: density, hidden columns, saved views. No personal data. */
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
    return { ...initial, ...(JSON.parse(localStorage.getItem(place) ?? '{}') as Partial<TableSettings>) };
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

export interface SavedViewsProps {
  readonly views: readonly SavedView[];
  readonly onChange: (views: readonly SavedView[]) => void;
  /** The search to save: without personal filters. */
  readonly current: RawSearch;
  readonly onApply: (search: RawSearch) => void;
}

/** 我的视图: filters and order under a name. */
export function SavedViews({ views, onChange, current, onApply }: SavedViewsProps) {
  const [name, setName] = useState('');
  const save = () => {
    onChange([...views.filter((view) => view.name !== name.trim()), { name: name.trim(), search: current }]);
    setName('');
  };
  const chosen = views.find((view) => JSON.stringify(view.search) === JSON.stringify(current));
  return (
    <Select
      className="zz-views"
      aria-label="我的视图"
      placeholder="我的视图"
      value={chosen?.name ?? null}
      options={views.map((view) => ({ value: view.name, label: view.name }))}
      onChange={(picked: string) => onApply(views.find((view) => view.name === picked)?.search ?? {})}
      notFoundContent={<span className="zz-note">还没有保存的视图</span>}
      optionRender={({ value }) => (
        <span className="zz-view-option">
          {value}
          <Button
            type="text"
            size="small"
            icon={<DeleteOutlined />}
            aria-label={`删除视图 ${value}`}
            onClick={(event) => {
              event.stopPropagation();
              onChange(views.filter((view) => view.name !== value));
            }}
          />
        </span>
      )}
      popupRender={(menu) => (
        <>
          {menu}
          <div className="zz-view-save">
            <Input
              size="small"
              placeholder="给当前条件起个名字"
              value={name}
              maxLength={16}
              onChange={(event) => setName(event.target.value)}
              onKeyDown={(event) => event.stopPropagation()}
            />
            <Button
              size="small"
              icon={<SaveOutlined />}
              disabled={name.trim() === '' || views.length >= viewLimit}
              onClick={save}
            >
              保存
            </Button>
          </div>
        </>
      )}
      popupMatchSelectWidth={260}
    />
  );
}
