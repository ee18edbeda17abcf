import { ReloadOutlined } from '@ant-design/icons';
import { keepPreviousData, type QueryKey, useQuery } from '@tanstack/react-query';
import { Button, Table, type TableProps } from 'antd';
import { type Key, type ReactNode, useState } from 'react';
import { ErrorNote } from './error-note.tsx';
import { type Filter, FilterForm, listFilters } from './filter-form.tsx';
import { type ListPage, type ListState, partFilters, useListState } from './list-state.tsx';
import { type RowAction, RowActions } from './row-actions.tsx';
import { SavedViews } from './saved-views.tsx';
import { cleanSearch, type RawSearch } from './search-params.tsx';
import { Empty } from './states.tsx';
import { type BatchAction, SelectionBar, TablePager } from './table-bars.tsx';
import { SettingsButtons, useTableSettings } from './table-settings.tsx';

export interface QueryColumn<Row> {
  readonly key: string;
  readonly title: string;
  readonly render: (row: Row) => ReactNode;
  readonly width?: number;
  readonly align?: 'left' | 'right' | 'center';
  /** Stays at the left and opens the row; exactly one a table, usually the name. */
  readonly identity?: boolean;
  /** The server can sort by this key. */
  readonly sortable?: boolean;
  /** Not shown until the person asks for it in 列设置. */
  readonly optional?: boolean;
}

export interface QueryTableProps<Row> {
  /** Names the table in the person's settings. */
  readonly id: string;
  /** Usually `(list) => listQuery(route, list)`. */
  readonly source: (list: ListState) => {
    readonly queryKey: readonly unknown[];
    readonly queryFn: (context: { signal: AbortSignal }) => Promise<ListPage<Row>>;
  };
  readonly rowKey: (row: Row) => string;
  readonly columns: readonly QueryColumn<Row>[];
  readonly filters?: readonly Filter[];
  /** The first three are shown, the rest stand under 更多. */
  readonly actions?: (row: Row) => readonly RowAction[];
  /** Width of the column of actions, in a table whose columns all have widths. */
  readonly actionsWidth?: number;
  readonly batch?: readonly BatchAction[];
  readonly onOpen?: (row: Row) => void;
  /** 新建, 导入, 导出. */
  readonly toolbar?: ReactNode;
  /** What to say when the list is empty without any filter. */
  readonly empty?: ReactNode;
  /** Milliseconds between quiet renewals. */
  readonly refetchInterval?: number;
}

/** The list page: filters, toolbar, table with keyset pages, in the address but for what is personal. */
export function QueryTable<Row extends object>(props: QueryTableProps<Row>) {
  const { id, source, columns, filters = [], batch = [], rowKey } = props;
  const url = useListState(listFilters(filters));
  const { settings, change } = useTableSettings(id);
  const [selected, setSelected] = useState<readonly string[]>([]);
  const { queryKey, queryFn } = source(url.list);
  const page = useQuery({
    queryKey: queryKey as QueryKey,
    queryFn,
    placeholderData: keepPreviousData,
    ...(props.refetchInterval ? { refetchInterval: props.refetchInterval } : {}),
  });
  const hidden = settings.hidden ?? columns.filter((column) => column.optional).map(({ key }) => key);
  const filtered = Object.keys(url.list.filters).length > 0;
  const shown = antColumns(props, hidden, url.list.sort);

  return (
    <div className="zz-list">
      {filters.length > 0 && (
        <FilterForm
          filters={filters}
          search={url.list.filters}
          busy={page.isFetching}
          onSearch={url.setFilters}
        />
      )}
      <div className="zz-list-card">
        <div className="zz-toolbar">
          <div className="zz-toolbar-left">{props.toolbar}</div>
          {filters.length > 0 && (
            <SavedViews
              screen={id}
              current={savedSearch(filters, url.list)}
              isBare={url.isBare}
              onApply={url.applyView}
            />
          )}
          <Button
            type="text"
            icon={<ReloadOutlined spin={page.isFetching} />}
            aria-label="刷新"
            title="刷新"
            onClick={() => void page.refetch()}
          />
          <SettingsButtons
            columns={columns.map(({ key, title, identity }) => ({ key, title, locked: identity === true }))}
            hidden={hidden}
            onHide={(next) => change({ hidden: next })}
            density={settings.density}
            onDensity={(density) => change({ density })}
          />
        </div>
        {selected.length > 0 && (
          <SelectionBar keys={selected} actions={batch} onClear={() => setSelected([])} />
        )}
        {page.error && <ErrorNote error={page.error} onRetry={() => void page.refetch()} />}
        <Table<Row>
          size={settings.density}
          rowKey={rowKey}
          dataSource={[...(page.data?.items ?? [])]}
          columns={shown}
          loading={{ spinning: page.isPending || page.isPlaceholderData, delay: 150 }}
          pagination={false}
          scroll={{ x: widthOf(shown, batch.length > 0) }}
          sticky={{ getContainer: scroller }}
          showSorterTooltip={false}
          locale={{
            emptyText: page.isPending || page.error ? ' ' : <Nothing filtered={filtered} {...props} />,
          }}
          {...(batch.length > 0 ? { rowSelection: selection(selected, setSelected) } : {})}
          onChange={(_pages, _filters, sorter) => url.setSort(sortText(sorter))}
        />
        <TablePager page={page.data} url={url} />
      </div>
    </div>
  );
}

function Nothing<Row>({
  filtered,
  empty,
}: { readonly filtered: boolean; readonly empty?: ReactNode } & Pick<QueryTableProps<Row>, 'id'>) {
  if (!filtered && empty) return typeof empty === 'string' ? <Empty text={empty} /> : empty;
  return <Empty text={filtered ? '没有符合条件的记录，可以放宽条件或点“重置”。' : '还没有记录。'} />;
}

const SELECTION_WIDTH = 40;

/** Where every column has a width the sum of them: longer text then wraps instead of pushing the table out of the window. */
function widthOf(
  columns: readonly { readonly width?: string | number }[],
  selects: boolean,
): number | 'max-content' {
  const widths = columns.map(({ width }) => (typeof width === 'number' ? width : Number.NaN));
  const sum = widths.reduce((all, width) => all + width, selects ? SELECTION_WIDTH : 0);
  return Number.isNaN(sum) ? 'max-content' : sum;
}

const selection = (keys: readonly string[], set: (keys: readonly string[]) => void) => ({
  selectedRowKeys: [...keys],
  preserveSelectedRowKeys: true,
  columnWidth: SELECTION_WIDTH,
  fixed: true,
  onChange: (next: Key[]) => set(next.map(String)),
});

/** The shell scrolls the page in this box; the head of the table sticks to its top. */
const scroller = (): HTMLElement | Window => document.querySelector<HTMLElement>('.zz-scroll') ?? window;

/** What a saved view keeps: filters that are not personal, and the order. */
function savedSearch(filters: readonly Filter[], { filters: values, sort }: ListState): RawSearch {
  return cleanSearch({ ...partFilters(listFilters(filters), values).address, sort });
}

function sortText<Row>(sorter: Parameters<NonNullable<TableProps<Row>['onChange']>>[2]): string | undefined {
  const [first] = Array.isArray(sorter) ? sorter : [sorter];
  if (!first?.order) return undefined;
  return `${first.order === 'descend' ? '-' : ''}${String(first.columnKey)}`;
}

function antColumns<Row extends object>(
  { columns, actions, actionsWidth, onOpen }: QueryTableProps<Row>,
  hidden: readonly string[],
  sort: string | undefined,
): NonNullable<TableProps<Row>['columns']> {
  const orderOf = (key: string): 'ascend' | 'descend' | null =>
    sort === key ? 'ascend' : sort === `-${key}` ? 'descend' : null;
  const shown = columns
    .filter(({ key, identity }) => identity || !hidden.includes(key))
    .map((column) => ({
      key: column.key,
      title: column.title,
      ...(column.width ? { width: column.width } : {}),
      ...(column.align ? { align: column.align } : {}),
      ...(column.identity ? { fixed: 'start' as const } : {}),
      ...(column.sortable ? { sorter: true, sortOrder: orderOf(column.key) } : {}),
      render: (_value: unknown, row: Row) =>
        column.identity && onOpen ? (
          <button type="button" className="zz-plain zz-identity" onClick={() => onOpen(row)}>
            {column.render(row)}
          </button>
        ) : (
          column.render(row)
        ),
    }));
  if (!actions) return shown;
  const render = (_value: unknown, row: Row) => <RowActions actions={actions(row)} />;
  const width = actionsWidth === undefined ? {} : { width: actionsWidth };
  return [...shown, { key: 'actions', title: '操作', fixed: 'end' as const, ...width, render }];
}
