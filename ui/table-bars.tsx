import { LeftOutlined, RightOutlined } from '@ant-design/icons';
import { Button, Select, Tooltip } from 'antd';
import { cloneElement, isValidElement, type ReactNode } from 'react';
import { formatCount } from './format.tsx';
import { type ListPage, pageSizes, type useListState } from './list-state.tsx';

export interface BatchAction {
  readonly key: string;
  readonly label: string;
  readonly danger?: boolean;
  /** Why it cannot be done now; the button then is dead and says so. */
  readonly refused?: string | null;
  readonly run: (keys: readonly string[], clear: () => void) => void;
}

export interface SelectionBarProps {
  readonly keys: readonly string[];
  readonly actions: readonly BatchAction[];
  readonly onClear: () => void;
}

/** 已选 N 项 and what can be done with them; the choice is kept while paging. */
export function SelectionBar({ keys, actions, onClear }: SelectionBarProps) {
  return (
    <div className="zz-selection" role="status">
      <span>
        已选 <strong>{formatCount(keys.length)}</strong> 项（翻页保留）
      </span>
      {actions.map(({ key, label, danger = false, refused, run }) => (
        <Tooltip key={key} title={refused ?? ''}>
          <Button size="small" danger={danger} disabled={Boolean(refused)} onClick={() => run(keys, onClear)}>
            {label}
          </Button>
        </Tooltip>
      ))}
      <Button size="small" type="link" onClick={onClear}>
        取消选择
      </Button>
    </div>
  );
}

interface TablePagerProps {
  readonly page: ListPage<unknown> | undefined;
  readonly url: ReturnType<typeof useListState>;
}

/** antd draws the arrows without a name; a screen reader needs one. */
function namedStep(_page: number, type: string, element: ReactNode): ReactNode {
  const name = type === 'prev' ? '上一页' : type === 'next' ? '下一页' : null;
  return name && isValidElement<{ 'aria-label'?: string }>(element)
    ? cloneElement(element, { 'aria-label': name })
    : element;
}

/** The pager of a table that holds all its rows: 共 N 条 also when they fit on one page. */
export const countedPages = (pageSize = 20) => ({
  pageSize,
  size: 'small' as const,
  showSizeChanger: false,
  showTotal: (total: number) => `共 ${formatCount(total)} 条`,
  itemRender: namedStep,
});

/** What a list without a count of its own amounts to, once its last page is shown. */
function countOf(page: ListPage<unknown> | undefined, url: ReturnType<typeof useListState>): number | null {
  if (!page || page.nextCursor) return null;
  return (url.pageNumber - 1) * url.list.limit + page.items.length;
}

/** 共 N 条 where known, and the way to the next and previous page. */
export function TablePager({ page, url }: TablePagerProps) {
  const next = page?.nextCursor ?? null;
  const total = page?.total ?? countOf(page, url);
  const pages = total === null || page?.capped ? null : Math.max(1, Math.ceil(total / url.list.limit));
  return (
    <nav className="zz-pager" aria-label="分页">
      <span className="zz-note">
        {total === null
          ? page && `本页 ${page.items.length} 条`
          : `共 ${formatCount(total)}${page?.capped ? '+' : ''} 条`}
      </span>
      <Select
        size="small"
        aria-label="每页条数"
        value={url.list.limit}
        options={pageSizes.map((size) => ({ value: size, label: `每页 ${size} 条` }))}
        onChange={url.setLimit}
      />
      <Button size="small" icon={<LeftOutlined />} disabled={url.pageNumber === 1} onClick={url.previousPage}>
        上一页
      </Button>
      <span className="zz-figures">
        第 {url.pageNumber} 页{pages === null ? '' : ` / ${formatCount(pages)} 页`}
      </span>
      <Button
        size="small"
        disabled={!next}
        {...(next ? { onClick: () => url.nextPage(next) } : {})}
        icon={<RightOutlined />}
        iconPlacement="end"
      >
        下一页
      </Button>
    </nav>
  );
}
