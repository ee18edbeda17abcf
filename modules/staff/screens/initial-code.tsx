import { CopyOutlined, PrinterOutlined } from '@ant-design/icons';
import { App, Button, Modal, Table } from 'antd';
import { createPortal } from 'react-dom';

export interface InitialCode {
  readonly username: string;
  readonly name: string;
  readonly initialCode: string;
}

const LIST_HEIGHT_PX = 380;

/** First passwords, shown this once: pass them on in person. */
export function InitialCodes({
  codes,
  onClose,
}: {
  readonly codes: readonly InitialCode[];
  readonly onClose: () => void;
}) {
  const { message } = App.useApp();
  const copy = async () => {
    const text = codes
      .map(({ username, name, initialCode }) => `${name}\t${username}\t${initialCode}`)
      .join('\n');
    // The clipboard exists on https and localhost only; printing always works.
    if (!navigator.clipboard) return void message.warning('浏览器不允许复制，请打印或抄写');
    await navigator.clipboard.writeText(text).then(
      () => message.success('已复制，可粘贴到表格里'),
      () => message.warning('浏览器不允许复制，请打印或抄写'),
    );
  };
  return (
    <Modal
      open={codes.length > 0}
      title={codes.length === 1 ? '初始密码' : `${codes.length} 个账号的初始密码`}
      onCancel={onClose}
      mask={{ closable: false }}
      width={560}
      footer={[
        <Button key="copy" icon={<CopyOutlined />} onClick={() => void copy()}>
          复制
        </Button>,
        <Button key="print" icon={<PrinterOutlined />} onClick={() => window.print()}>
          打印
        </Button>,
        <Button key="done" type="primary" onClick={onClose}>
          我已记下
        </Button>,
      ]}
    >
      <p>只显示这一次，请当面交给本人。7 天内有效，首次登录时必须改成自己的密码。</p>
      <Table
        size="small"
        rowKey="username"
        dataSource={[...codes]}
        pagination={false}
        scroll={{ y: LIST_HEIGHT_PX }}
        columns={[
          { title: '姓名', dataIndex: 'name' },
          { title: '账号', dataIndex: 'username' },
          { title: '初始密码', dataIndex: 'initialCode', render: (code: string) => <code>{code}</code> },
        ]}
      />
      {codes.length > 0 && createPortal(<PrintSheet codes={codes} />, document.body)}
    </Modal>
  );
}

/** All of them on paper, one line each to cut apart; the dialog shows only as many as fit. */
function PrintSheet({ codes }: { readonly codes: readonly InitialCode[] }) {
  return (
    <div className="zz-print-sheet">
      <table>
        <thead>
          <tr>
            <th>姓名</th>
            <th>账号</th>
            <th>初始密码</th>
          </tr>
        </thead>
        <tbody>
          {codes.map(({ username, name, initialCode }) => (
            <tr key={username}>
              <td>{name}</td>
              <td>{username}</td>
              <td>
                <code>{initialCode}</code>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
