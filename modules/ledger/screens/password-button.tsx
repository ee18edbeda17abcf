import { App, Typography } from 'antd';
import { ActionButton } from '#ui/action-button';
import { useCommand } from '#ui/api';
import { messageOf } from '#ui/error-note';
import type { ExportRoutes } from './export-props.tsx';

interface PasswordButtonProps {
  readonly id: string;
  readonly route: ExportRoutes['password'];
  readonly refused: string | null;
}

/** 密码: opens the zip; every look is logged. */
export function PasswordButton({ id, route, refused }: PasswordButtonProps) {
  const { message, modal } = App.useApp();
  const show = useCommand(route, {
    renews: [],
    onDone: ({ password }) =>
      void modal.info({
        title: '解压密码',
        okText: '关闭',
        content: (
          <>
            <Typography.Paragraph copyable className="zz-figures">
              {password}
            </Typography.Paragraph>
            <p className="zz-note">
              用 7-Zip、WinRAR、360 压缩、Bandizip 或 WPS 打开压缩包，Windows
              自带的解压打不开。要转交文件时，密码请另走一条路（当面或电话）。
            </p>
          </>
        ),
      }),
  });
  return (
    <ActionButton
      size="small"
      refused={refused}
      loading={show.isPending}
      onClick={() =>
        show.mutate({ params: { id } }, { onError: (error) => void message.error(messageOf(error)) })
      }
    >
      密码
    </ActionButton>
  );
}
