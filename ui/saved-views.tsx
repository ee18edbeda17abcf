import { DownOutlined, MoreOutlined, StarFilled } from '@ant-design/icons';
import { App, Button, Dropdown, Input, type MenuProps, Modal, Popover, Tag } from 'antd';
import { createContext, useContext, useEffect, useEffectEvent, useRef, useState } from 'react';
import { messageOf } from './error-note.tsx';
import { useKeyBlock } from './keyboard.tsx';
import { cleanSearch, type RawSearch, stringifySearch } from './search-params.tsx';

export type ViewAudience = 'own' | 'group' | 'all';

export interface SavedView {
  readonly id: string;
  readonly name: string;
  readonly query: RawSearch;
  readonly audience: ViewAudience;
  readonly mine: boolean;
  readonly ownerName: string;
  readonly isDefault: boolean;
}

/** Where views are kept: on the server, so that nothing of a person stays in the browser. */
export interface ViewStore {
  readonly views: readonly SavedView[];
  readonly isReady: boolean;
  /** The widest audience the person may offer a view to. */
  readonly shareWith: ViewAudience;
  readonly save: (name: string, query: RawSearch) => Promise<unknown>;
  readonly change: (
    id: string,
    change: { readonly name?: string; readonly audience?: ViewAudience; readonly isDefault?: boolean },
  ) => Promise<unknown>;
  readonly drop: (id: string) => Promise<unknown>;
}

const nowhere: ViewStore = {
  views: [],
  isReady: false,
  shareWith: 'own',
  save: () => Promise.resolve(),
  change: () => Promise.resolve(),
  drop: () => Promise.resolve(),
};

/** The app that holds the routes provides the store; the value is a hook and never changes. */
export const ViewStoreContext = createContext<(screen: string) => ViewStore>(() => nowhere);

export interface SavedViewsProps {
  readonly screen: string;
  /** The search to save: without personal filters. */
  readonly current: RawSearch;
  /** Nothing at all in the address: the default view opens then. */
  readonly isBare: boolean;
  readonly onApply: (search: RawSearch, options?: { readonly replace: boolean }) => void;
}

/** 视图: filters and order under a name; own ones are renamed, shared, made default and deleted here. */
export function SavedViews({ screen, current, isBare, onApply }: SavedViewsProps) {
  const store = useContext(ViewStoreContext)(screen);
  const [open, setOpen] = useState(false);
  useDefaultView(store, isBare, onApply);
  const address = stringifySearch(current);
  const chosen = store.views.find(({ query }) => sameSearch(query, current));
  const apply = (view: SavedView) => {
    setOpen(false);
    onApply(view.query);
  };
  return (
    <Popover
      trigger="click"
      placement="bottomRight"
      open={open}
      onOpenChange={setOpen}
      content={
        <Panel
          store={store}
          current={current}
          savable={address !== '' && !chosen}
          hint={chosen ? '当前条件就是这个视图' : '选好条件后可保存'}
          onApply={apply}
        />
      }
    >
      <Button className="zz-views" aria-haspopup="dialog" aria-expanded={open}>
        <span className="zz-ellipsis">{chosen ? `视图：${chosen.name}` : '视图'}</span>
        <DownOutlined />
      </Button>
    </Popover>
  );
}

/** Opens the person's default view once, when the list is entered without any condition. */
function useDefaultView(store: ViewStore, isBare: boolean, onApply: SavedViewsProps['onApply']): void {
  const entered = useRef(isBare ? 'bare' : 'done');
  const openDefault = useEffectEvent(() => {
    const view = store.views.find(({ isDefault }) => isDefault);
    if (view && entered.current === 'bare' && isBare) onApply(view.query, { replace: true });
    entered.current = 'done';
  });
  useEffect(() => {
    if (store.isReady) openDefault();
  }, [store.isReady]);
}

const sortedText = (search: RawSearch): string =>
  stringifySearch(
    Object.fromEntries(
      Object.entries(cleanSearch(search)).sort(([left], [right]) => (left < right ? -1 : 1)),
    ),
  );

/** A single value and a list of one are the same filter. */
export const sameSearch = (left: RawSearch, right: RawSearch): boolean =>
  sortedText(left) === sortedText(right);

interface PanelProps {
  readonly store: ViewStore;
  readonly current: RawSearch;
  readonly savable: boolean;
  /** Why it cannot be saved now. */
  readonly hint: string;
  readonly onApply: (view: SavedView) => void;
}

function Panel({ store, current, savable, hint, onApply }: PanelProps) {
  const { message } = App.useApp();
  const [name, setName] = useState('');
  const failed = (error: unknown) => void message.error(messageOf(error));
  const save = () =>
    store
      .save(name.trim(), current)
      .then(() => setName(''))
      .catch(failed);
  return (
    <div className="zz-view-panel">
      {store.views.length === 0 && (
        <p className="zz-note">还没有视图。先在上面选好条件、点“查询”，再给它起个名字保存。</p>
      )}
      {store.views.map((view) => (
        <div key={view.id} className="zz-view-row">
          <button type="button" className="zz-plain" onClick={() => onApply(view)}>
            {view.isDefault && <StarFilled title="默认" className="zz-view-star" />}
            <span className="zz-ellipsis">{view.name}</span>
            {!view.mine && <span className="zz-note">{view.ownerName}</span>}
            {view.audience !== 'own' && <Tag>{view.audience === 'all' ? '全校' : '本组'}</Tag>}
          </button>
          {view.mine && <ViewMenu view={view} store={store} current={current} onFailed={failed} />}
        </div>
      ))}
      <div className="zz-view-save">
        <Input
          size="small"
          placeholder={savable ? '给当前条件起个名字' : hint}
          aria-label="视图名称"
          value={name}
          maxLength={16}
          disabled={!savable}
          onChange={(event) => setName(event.target.value)}
          onPressEnter={() => name.trim() !== '' && void save()}
        />
        <Button size="small" type="primary" disabled={!savable || name.trim() === ''} onClick={save}>
          保存
        </Button>
      </div>
    </div>
  );
}

interface ViewMenuProps {
  readonly view: SavedView;
  readonly store: ViewStore;
  readonly current: RawSearch;
  readonly onFailed: (error: unknown) => void;
}

function ViewMenu({ view, store, current, onFailed }: ViewMenuProps) {
  const [renaming, setRenaming] = useState(false);
  const acts: Readonly<Record<string, () => Promise<unknown>>> = {
    default: () => store.change(view.id, { isDefault: !view.isDefault }),
    update: () => store.save(view.name, current),
    share: () => store.change(view.id, { audience: view.audience === 'own' ? store.shareWith : 'own' }),
    drop: () => store.drop(view.id),
  };
  return (
    <>
      <Dropdown
        trigger={['click']}
        menu={{
          items: menuItems(view, store.shareWith, stringifySearch(current) !== ''),
          onClick: ({ key }) => (key === 'rename' ? setRenaming(true) : acts[key]?.().catch(onFailed)),
        }}
      >
        <Button type="text" size="small" icon={<MoreOutlined />} aria-label={`管理视图“${view.name}”`} />
      </Dropdown>
      {renaming && (
        <RenameModal
          view={view}
          onClose={() => setRenaming(false)}
          onRename={(name) => store.change(view.id, { name }).catch(onFailed)}
        />
      )}
    </>
  );
}

function menuItems(
  view: SavedView,
  shareWith: ViewAudience,
  canUpdate: boolean,
): NonNullable<MenuProps['items']> {
  const wider = shareWith === 'all' ? '设为全校可用' : '设为本组可用';
  return [
    { key: 'default', label: view.isDefault ? '取消默认' : '设为默认，进入列表时打开' },
    { key: 'rename', label: '改名' },
    ...(canUpdate ? [{ key: 'update', label: '更新为当前条件' }] : []),
    ...(shareWith !== 'own' || view.audience !== 'own'
      ? [{ key: 'share', label: view.audience === 'own' ? wider : '改为只有自己可用' }]
      : []),
    { key: 'drop', label: '删除', danger: true },
  ];
}

interface RenameModalProps {
  readonly view: SavedView;
  readonly onClose: () => void;
  readonly onRename: (name: string) => Promise<unknown>;
}

function RenameModal({ view, onClose, onRename }: RenameModalProps) {
  const [name, setName] = useState(view.name);
  useKeyBlock(true);
  const rename = () => void onRename(name.trim()).then(onClose);
  return (
    <Modal
      open
      title="视图改名"
      width={360}
      okText="保存"
      okButtonProps={{ disabled: name.trim() === '' || name.trim() === view.name }}
      onOk={rename}
      onCancel={onClose}
    >
      <Input
        autoFocus
        aria-label="新的名字"
        value={name}
        maxLength={16}
        onChange={(event) => setName(event.target.value)}
        onPressEnter={rename}
      />
    </Modal>
  );
}
