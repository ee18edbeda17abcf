import { Button, Dropdown, Tooltip } from 'antd';

export interface RowAction {
  readonly key: string;
  readonly label: string;
  readonly danger?: boolean;
  /** Why it cannot be done now, as a sentence. */
  readonly refused?: string | null;
  readonly run: () => void;
}

const shownActions = 3;

/** At most three acts in a row; more of them stand under 更多. */
export function RowActions({ actions }: { readonly actions: readonly RowAction[] }) {
  const fits = actions.length <= shownActions;
  const shown = fits ? actions : actions.slice(0, shownActions - 1);
  const rest = fits ? [] : actions.slice(shownActions - 1);
  return (
    <span className="zz-row-actions">
      {shown.map((action) => (
        <RowButton key={action.key} action={action} />
      ))}
      {rest.length > 0 && (
        <Dropdown
          trigger={['click']}
          menu={{
            items: rest.map(({ key, label, danger = false, refused }) => ({
              key,
              danger,
              label: refused ? `${label}（${refused}）` : label,
              disabled: Boolean(refused),
            })),
            onClick: ({ key }) => rest.find((action) => action.key === key)?.run(),
          }}
        >
          <Button type="link" size="small" aria-haspopup="menu">
            更多
          </Button>
        </Dropdown>
      )}
    </span>
  );
}

function RowButton({ action: { label, danger = false, refused, run } }: { readonly action: RowAction }) {
  if (!refused) {
    return (
      <Button type="link" size="small" danger={danger} onClick={run}>
        {label}
      </Button>
    );
  }
  return (
    <Tooltip title={refused}>
      <Button type="link" size="small" aria-disabled className="zz-refused" aria-description={refused}>
        {label}
      </Button>
    </Tooltip>
  );
}
