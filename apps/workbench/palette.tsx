import { SearchOutlined } from '@ant-design/icons';
import { useQuery } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';
import { Input, Modal } from 'antd';
import { type KeyboardEvent, useDeferredValue, useState } from 'react';
import { messageOf } from '#ui/error-note';
import { keep } from '#ui/kept';
import { useKeyBlock } from '#ui/keyboard';
import { type SearchHit, sectionLabels } from '#ui/screen';
import { holds, useSession } from '#ui/session';
import { screens, searchProviders } from './routes.tsx';
import { chooseTheme, type ThemeChoice, themeLabels } from './theme.tsx';
import { useLeave } from './user-menu.tsx';

/** A hit opens an address; a command of the shell runs at once. */
interface Hit extends SearchHit {
  readonly run?: () => void;
}

interface HitGroup {
  readonly label: string;
  readonly hits: readonly Hit[];
}

const hitsPerGroup = 8;

/** Global search: pages by name, and whatever the modules can find. Arrows choose, Enter opens. */
export function Palette({ onClose }: { readonly onClose: () => void }) {
  const [text, setText] = useState('');
  const [index, setIndex] = useState(0);
  const router = useRouter();
  const { groups, isFetching, error } = useHits(text.trim());
  const hits = groups.flatMap((group) => group.hits);
  const active = hits[Math.min(index, hits.length - 1)];
  useKeyBlock(true);

  const open = (hit: Hit) => {
    onClose();
    if (hit.run) hit.run();
    else router.history.push(hit.to, hit.words && keep({ words: hit.words }));
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing || event.keyCode === 229) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      event.preventDefault();
      setIndex(Math.max(0, Math.min(hits.length - 1, index + step)));
    }
    if (event.key === 'Enter' && active) open(active);
  };

  return (
    <Modal
      open
      onCancel={onClose}
      footer={null}
      closable={false}
      width={600}
      className="zz-palette"
      title={null}
    >
      <Input
        autoFocus
        size="large"
        variant="borderless"
        prefix={<SearchOutlined />}
        placeholder="姓名、拼音首字母、考生号、手机后四位，或页面名称"
        aria-label="搜索"
        role="combobox"
        aria-expanded
        aria-controls="zz-hits"
        {...(active ? { 'aria-activedescendant': `hit-${active.key}` } : {})}
        value={text}
        maxLength={64}
        onChange={(event) => {
          setText(event.target.value);
          setIndex(0);
        }}
        onKeyDown={onKeyDown}
      />
      <div id="zz-hits" role="listbox" aria-label="搜索结果" className="zz-hits">
        {groups.map((group) => (
          <HitList key={group.label} group={group} active={active} onOpen={open} />
        ))}
        {error && <p role="alert">{`考生没有搜到：${messageOf(error)}`}</p>}
        {hits.length === 0 && !error && (
          <p className="zz-note">
            {isFetching
              ? '正在搜索…'
              : '没有找到。考生可用姓名、姓名首字母、考生号或号码末四位查，页面用名称查。'}
          </p>
        )}
      </div>
      <p className="zz-note zz-palette-foot">↑ ↓ 选择　Enter 打开　Esc 关闭</p>
    </Modal>
  );
}

interface HitListProps {
  readonly group: HitGroup;
  readonly active: Hit | undefined;
  readonly onOpen: (hit: Hit) => void;
}

function HitList({ group, active, onOpen }: HitListProps) {
  return (
    <>
      <h3 role="presentation">{group.label}</h3>
      {group.hits.map((hit) => (
        <button
          key={hit.key}
          id={`hit-${hit.key}`}
          type="button"
          role="option"
          tabIndex={-1}
          aria-selected={hit === active}
          className="zz-plain zz-hit"
          onClick={() => onOpen(hit)}
        >
          <span>{hit.title}</span>
          {hit.hint && <small>{hit.hint}</small>}
        </button>
      ))}
    </>
  );
}

function useHits(text: string) {
  const { permissions } = useSession();
  const wanted = useDeferredValue(text);
  const providers = searchProviders.filter((provider) => holds(permissions, provider.permission));
  const found = useQuery({
    queryKey: ['search', wanted],
    enabled: wanted !== '' && providers.length > 0,
    staleTime: 5_000,
    gcTime: 0,
    queryFn: async ({ signal }): Promise<readonly HitGroup[]> => {
      await settle(signal);
      const answers = await Promise.allSettled(providers.map((provider) => provider.search(wanted, signal)));
      const failed = answers.find((answer) => answer.status === 'rejected');
      if (failed && answers.every(({ status }) => status === 'rejected')) throw failed.reason;
      return answers.flatMap((answer, at) => {
        const label = providers[at]?.label ?? '';
        return answer.status === 'fulfilled' && answer.value.length > 0
          ? [{ label, hits: answer.value.slice(0, hitsPerGroup) }]
          : [];
      });
    },
  });
  const pages = pageHits(text, permissions);
  const own = [
    { label: '页面', hits: pages },
    { label: '命令', hits: useCommandHits(text) },
  ];
  const groups = [...(wanted === '' ? [] : (found.data ?? [])), ...own.filter(({ hits }) => hits.length > 0)];
  return { groups, isFetching: found.isFetching, error: found.error };
}

const settleMs = 180;

/** Waits until the person stops typing; a newer text aborts this one. */
function settle(signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, settleMs);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      reject(signal.reason);
    });
  });
}

/** What the shell itself can do; shown once something is typed. */
function useCommandHits(text: string): Hit[] {
  const { signOut } = useLeave();
  const themes = Object.entries(themeLabels).map(([key, label]) => ({
    title: `主题：${label}`,
    run: () => chooseTheme(key as ThemeChoice),
  }));
  return [...themes, { title: '退出', run: signOut }]
    .filter(({ title }) => text !== '' && title.includes(text))
    .map((command) => ({ ...command, key: command.title, to: '' }));
}

function pageHits(text: string, permissions: readonly string[]): Hit[] {
  return screens
    .filter((screen) => holds(permissions, screen.permission) && !screen.path.includes('$'))
    .filter((screen) => `${screen.title}${screen.menu?.label ?? ''}`.includes(text))
    .slice(0, hitsPerGroup)
    .map(({ path, title, menu }) => ({
      key: path,
      title: menu?.label ?? title,
      hint: menu ? sectionLabels[menu.section] : '我的账号',
      to: path,
    }));
}
