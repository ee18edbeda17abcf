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
    <Modal open={open} onCancel={onClose} footer={null} title="快捷键" width={640} destroyOnHidden>
      <KeyLists />
      <p className="zz-note">光标在输入框里或正在使用输入法时，单个字母和数字键不起作用。</p>
    </Modal>
  );
}

function KeyLists() {
  const groups = useKeyList();
  return (
    <div className="zz-key-groups">
      {groups.toReversed().map(({ title, keys }) => (
        <section key={title}>
          <h3>{title}</h3>
          <dl>
            {keys.map(([chord, label]) => (
              <div key={chord}>
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
