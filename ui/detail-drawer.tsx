import { LeftOutlined, RightOutlined } from '@ant-design/icons';
import { Button, Drawer, Tabs } from 'antd';
import type { ReactNode } from 'react';
import { NameWatermark } from './page.tsx';
import { textOf } from './search-params.tsx';
import { useRawUrlState } from './url-state.tsx';

/** Which record is open over the list, kept in the address as `?open=…&tab=…`; 后退 closes it. */
export function useDrawer(name = 'open') {
  const [search, patch] = useRawUrlState();
  const id = textOf(search[name]);
  return {
    id: id === '' ? null : id,
    open: (next: string) => patch({ [name]: next }, { replace: id !== '' }),
    close: () => patch({ [name]: undefined, tab: undefined }),
  };
}

export interface DrawerTab {
  readonly key: string;
  readonly label: ReactNode;
  /** Drawn when the tab is first shown. */
  readonly content: () => ReactNode;
}

export interface DetailDrawerProps {
  readonly open: boolean;
  readonly onClose: () => void;
  readonly title: ReactNode;
  /** Buttons at the right of the title. */
  readonly extra?: ReactNode;
  /** Stands above the tabs and stays: the facts one needs on every tab. */
  readonly summary?: ReactNode;
  readonly tabs?: readonly DrawerTab[];
  readonly children?: ReactNode;
  readonly footer?: ReactNode;
  /** Width in pixels; 720 leaves the identity column of the list in view at 1366. */
  readonly size?: number;
  /** Steps through the list below without closing. */
  readonly onPrevious?: (() => void) | undefined;
  readonly onNext?: (() => void) | undefined;
}

/** A record in a drawer over its list: the list keeps its place, the address keeps the record and the tab. */
export function DetailDrawer({ open, onClose, title, size = 720, ...rest }: DetailDrawerProps) {
  return (
    <Drawer
      open={open}
      onClose={onClose}
      size={size}
      title={title}
      destroyOnHidden
      extra={
        <div className="zz-page-extra">
          {(rest.onPrevious || rest.onNext) && <Stepper {...rest} />}
          {rest.extra}
        </div>
      }
      {...(rest.footer ? { footer: rest.footer } : {})}
    >
      <NameWatermark>
        <div className="zz-drawer">
          {rest.summary}
          {rest.tabs && <DrawerTabs tabs={rest.tabs} />}
          {rest.children}
        </div>
      </NameWatermark>
    </Drawer>
  );
}

function DrawerTabs({ tabs }: { readonly tabs: readonly DrawerTab[] }) {
  const [search, patch] = useRawUrlState();
  const wanted = textOf(search.tab);
  const active = tabs.some((tab) => tab.key === wanted) ? wanted : (tabs[0]?.key ?? '');
  return (
    <Tabs
      activeKey={active}
      onChange={(tab) => patch({ tab }, { replace: true })}
      items={tabs.map(({ key, label, content }) => ({
        key,
        label,
        children: key === active ? content() : null,
      }))}
    />
  );
}

function Stepper({ onPrevious, onNext }: Pick<DetailDrawerProps, 'onPrevious' | 'onNext'>) {
  return (
    <>
      <Button
        type="text"
        icon={<LeftOutlined />}
        aria-label="上一条"
        disabled={!onPrevious}
        {...(onPrevious ? { onClick: onPrevious } : {})}
      />
      <Button
        type="text"
        icon={<RightOutlined />}
        aria-label="下一条"
        disabled={!onNext}
        {...(onNext ? { onClick: onNext } : {})}
      />
    </>
  );
}
