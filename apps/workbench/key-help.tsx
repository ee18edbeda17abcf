import { Modal } from 'antd';
import { KeyCap, useKeyBlock, useKeyList } from '#ui/keyboard';

interface KeyHelpProps {
  readonly open: boolean;
  readonly onClose: () => void;
}

/** The keys that work on this page, grouped by where they come from. */
export function KeyHelp({ open, onClose }: KeyHelpProps) {
  useKeyBlock(open);
  return (
    <Modal open={open} onCancel={onClose} footer={null} title="快捷键" width={960} centered destroyOnHidden>
      <KeyLists />
      <p className="zz-note">光标在输入框里或正在使用输入法时，单个字母和数字键不起作用。</p>
    </Modal>
  );
}

/** More keys than this stand in several columns, so that nothing has to be scrolled. */
const COLUMN_KEYS = 12;

function KeyLists() {
  const groups = useKeyList().filter(({ keys }) => keys.length > 0);
  return (
    <div className="zz-key-groups" style={{ gridTemplateColumns: `repeat(${groups.length}, auto)` }}>
      {groups.toReversed().map(({ title, keys }) => (
        <section key={title}>
          <h3>{title}</h3>
          <dl style={{ columnCount: Math.ceil(keys.length / COLUMN_KEYS), columnGap: 24 }}>
            {keys.map(([chord, label]) => (
              <div key={chord} style={{ breakInside: 'avoid' }}>
                <dt>
                  <KeyCap chord={chord} />
                </dt>
                <dd>{label}</dd>
              </div>
            ))}
          </dl>
        </section>
      ))}
    </div>
  );
}
