import { CopyOutlined, PrinterOutlined } from '@ant-design/icons';
import { App, Button, Checkbox } from 'antd';
import { useState } from 'react';

interface RecoveryCodesProps {
  readonly codes: readonly string[];
  readonly onDone: () => Promise<void>;
}

/** The only time these codes are shown: copy or print, then say so. */
export function RecoveryCodes({ codes, onDone }: RecoveryCodesProps) {
  const [kept, setKept] = useState(false);
  const { message } = App.useApp();
  const copy = async () => {
    // The clipboard exists only on https and localhost; on plain http printing or writing down remains.
    await navigator.clipboard?.writeText(codes.join('\n')).then(
      () => message.success('已复制，请粘贴到安全的地方'),
      () => message.warning('浏览器不允许复制，请打印或抄写'),
    );
    if (!navigator.clipboard) void message.warning('浏览器不允许复制，请打印或抄写');
  };
  return (
    <div className="zz-print">
      <h1>请保存恢复码</h1>
      <p className="zz-note">
        手机丢失时，用恢复码登录。共 {codes.length} 个，每个只能用一次，离开本页后不会再显示。
      </p>
      <ol className="zz-recovery">
        {codes.map((code) => (
          <li key={code}>{code}</li>
        ))}
      </ol>
      <div className="zz-page-extra zz-no-print">
        <Button icon={<CopyOutlined />} onClick={() => void copy()}>
          复制
        </Button>
        <Button icon={<PrinterOutlined />} onClick={() => window.print()}>
          打印
        </Button>
      </div>
      <div className="zz-gap zz-no-print">
        <Checkbox checked={kept} onChange={(event) => setKept(event.target.checked)}>
          我已经保存好恢复码
        </Checkbox>
        <Button
          type="primary"
          size="large"
          block
          className="zz-gap"
          disabled={!kept}
          onClick={() => void onDone()}
        >
          进入系统
        </Button>
      </div>
    </div>
  );
}
