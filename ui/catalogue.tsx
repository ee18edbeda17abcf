import { PlusOutlined } from '@ant-design/icons';
import { App, Table, type TableColumnsType } from 'antd';
import { type ReactNode, useState } from 'react';
import { ActionButton } from './action-button.tsx';
import { ErrorNote, messageOf } from './error-note.tsx';
import { ReasonModal } from './reason-modal.tsx';
import { type RowAction, RowActions } from './row-actions.tsx';
import { useCan } from './session.tsx';

/** What a short list that is read whole gives: the query of a route. */
interface ListQuery<Row> {
  readonly data?: { readonly items: readonly Row[] } | undefined;
  readonly isPending: boolean;
  readonly error: unknown;
  readonly refetch: () => unknown;
}

export interface Removal<Row> {
  /** A verb, 删除 by default. */
  readonly label?: string;
  readonly title: (row: Row) => string;
  /** What happens, and what stands in its way. */
  readonly consequence: (row: Row) => ReactNode;
  readonly usual?: readonly string[];
  readonly reasonMin?: number;
  /** The act asks for no reason: one question, yes or no. */
  readonly plain?: boolean;
  /** Why this row cannot go now, as a sentence. */
  readonly refused?: (row: Row) => string | null;
  readonly run: (row: Row, reason: string) => Promise<unknown>;
}

export interface CatalogueProps<Row> {
  readonly list: ListQuery<Row>;
  /** Who may change it; others read. */
  readonly can: string;
  /** On the button: 新建批次. */
  readonly newLabel: string;
  readonly rowKey: (row: Row) => string;
  readonly columns: TableColumnsType<Row>;
  readonly empty: ReactNode;
  /** At the right of the button: filters, a sentence. */
  readonly tools?: ReactNode;
  /** Opens for a new row (null) or for an old one. */
  readonly form: (row: Row | null, close: () => void) => ReactNode;
  /** Rows of this list are put in once and not changed. */
  readonly fixedRows?: boolean;
  readonly removal?: Removal<Row>;
  readonly pageSize?: number;
}

/** A short list that somebody keeps: 新建, 修改, 删除 with a reason. The shape of batches, majors, groups, units, skills. */
export function Catalogue<Row extends object>(props: CatalogueProps<Row>) {
  const { list, can, newLabel, rowKey, columns, removal, form, pageSize = 50 } = props;
  const may = useCan(can);
  const [edited, setEdited] = useState<Row | 'new' | null>(null);
  const [removed, setRemoved] = useState<Row | null>(null);
  const close = () => setEdited(null);
  const askPlainly = usePlainRemoval(removal);
  const actions = (row: Row): readonly RowAction[] => [
    ...(props.fixedRows ? [] : [{ key: 'edit', label: '修改', run: () => setEdited(row) }]),
    ...(removal
      ? [removeAction(removal, row, () => (removal.plain ? askPlainly(row) : setRemoved(row)))]
      : []),
  ];
  return (
    <>
      <div className="zz-toolbar">
        <div className="zz-toolbar-left">
          <ActionButton type="primary" can={can} icon={<PlusOutlined />} onClick={() => setEdited('new')}>
            {newLabel}
          </ActionButton>
        </div>
        {props.tools}
      </div>
      <ErrorNote error={list.error} onRetry={() => void list.refetch()} />
      <Table<Row>
        size="middle"
        rowKey={rowKey}
        loading={list.isPending}
        dataSource={[...(list.data?.items ?? [])]}
        scroll={{ x: 'max-content' }}
        pagination={{
          pageSize,
          hideOnSinglePage: true,
          showSizeChanger: false,
          showTotal: (total) => `共 ${total} 条`,
        }}
        locale={{ emptyText: list.isPending || list.error ? ' ' : props.empty }}
        columns={
          may
            ? [
                ...columns,
                {
                  title: '操作',
                  key: 'actions',
                  width: 130,
                  render: (_, row) => <RowActions actions={actions(row)} />,
                },
              ]
            : columns
        }
      />
      {edited !== null && form(edited === 'new' ? null : edited, close)}
      {removal && removed && (
        <ReasonModal
          open
          onClose={() => setRemoved(null)}
          title={removal.title(removed)}
          consequence={removal.consequence(removed)}
          confirmLabel={removal.label ?? '删除'}
          {...(removal.usual ? { usual: removal.usual } : {})}
          {...(removal.reasonMin ? { reasonMin: removal.reasonMin } : {})}
          onConfirm={(reason) => removal.run(removed, reason)}
        />
      )}
    </>
  );
}

/** Asks yes or no; a refusal stands in a message. */
function usePlainRemoval<Row>(removal: Removal<Row> | undefined): (row: Row) => void {
  const { modal, message } = App.useApp();
  return (row) =>
    void modal.confirm({
      title: removal?.title(row),
      content: removal?.consequence(row),
      okText: removal?.label ?? '删除',
      okButtonProps: { danger: true },
      onOk: () => removal?.run(row, '').catch((error: unknown) => void message.error(messageOf(error))),
    });
}

const removeAction = <Row,>(removal: Removal<Row>, row: Row, run: () => void): RowAction => ({
  key: 'remove',
  label: removal.label ?? '删除',
  danger: true,
  refused: removal.refused?.(row) ?? null,
  run,
});
