import { MenuFoldOutlined, MenuUnfoldOutlined, SearchOutlined, WifiOutlined } from '@ant-design/icons';
import { Button, Tooltip } from 'antd';
import { lazy, type ReactNode, Suspense, useState } from 'react';
import { useConnection } from '#ui/events';
import { KeyCap, useKeys } from '#ui/keyboard';
import { useSession } from '#ui/session';
import { StripBar } from '#ui/strip';
import { KeyHelp } from './key-help.tsx';
import markUrl from './mark.svg';
import { MainMenu } from './menu.tsx';
import { Notices } from './notices.tsx';
import { UserMenu } from './user-menu.tsx';

const Palette = lazy(() => import('./palette.tsx').then((file) => ({ default: file.Palette })));

const foldedPlace = 'zhizhao.menu.folded';

/** Header, navigation, strips and the page between them. */
export function Shell({ children }: { readonly children: ReactNode }) {
  const [folded, setFolded] = useState(localStorage.getItem(foldedPlace) === '1');
  const [searching, setSearching] = useState(false);
  const [helping, setHelping] = useState(false);
  const search = () => setSearching(true);
  useKeys(
    {
      '/': { label: '搜索', run: search },
      'Ctrl+K': { label: '搜索和命令', run: search },
      '?': { label: '快捷键列表', run: () => setHelping(true) },
    },
    true,
    '随处可用',
  );
  const fold = () => {
    localStorage.setItem(foldedPlace, folded ? '0' : '1');
    setFolded(!folded);
  };

  return (
    <div className={folded ? 'zz-shell zz-folded' : 'zz-shell'}>
      <a className="zz-skip" href="#main">
        跳到正文
      </a>
      <Header folded={folded} onFold={fold} onSearch={search} onHelp={() => setHelping(true)} />
      <nav className="zz-nav" aria-label="主导航">
        <MainMenu collapsed={folded} />
      </nav>
      <div className="zz-body">
        <StripBar />
        <div className="zz-scroll">{children}</div>
      </div>
      {searching && (
        <Suspense>
          <Palette onClose={() => setSearching(false)} />
        </Suspense>
      )}
      <KeyHelp open={helping} onClose={() => setHelping(false)} />
    </div>
  );
}

interface HeaderProps {
  readonly folded: boolean;
  readonly onFold: () => void;
  readonly onSearch: () => void;
  readonly onHelp: () => void;
}

function Header({ folded, onFold, onSearch, onHelp }: HeaderProps) {
  const { tenant } = useSession();
  return (
    <header className="zz-header">
      <div className="zz-brand">
        <img src={markUrl} alt="" width={26} height={26} />
        <strong>智招</strong>
      </div>
      <Button
        type="text"
        icon={folded ? <MenuUnfoldOutlined /> : <MenuFoldOutlined />}
        aria-label={folded ? '展开导航' : '收起导航'}
        onClick={onFold}
      />
      <span className="zz-tenant">{tenant.name}</span>
      <button type="button" className="zz-search" onClick={onSearch}>
        <SearchOutlined />
        <span>搜索考生、页面或命令</span>
        <KeyCap chord="/" />
      </button>
      <ConnectionState />
      <Tooltip title="快捷键">
        <Button type="text" aria-label="快捷键列表" onClick={onHelp}>
          <KeyCap chord="?" />
        </Button>
      </Tooltip>
      <Notices />
      <UserMenu />
    </header>
  );
}

const connectionWords = { online: '已连接', reconnecting: '正在重连', offline: '网络断开' } as const;

function ConnectionState() {
  const connection = useConnection();
  return (
    <span className={`zz-connection zz-connection-${connection}`} role="status">
      <WifiOutlined /> {connectionWords[connection]}
    </span>
  );
}
