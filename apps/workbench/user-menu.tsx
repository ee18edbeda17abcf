import { DownOutlined, UserOutlined } from '@ant-design/icons';
import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { App, Button, Dropdown } from 'antd';
import { endSessions, signOut as signOutRoute } from '#platform/session/contract';
import { useCommand } from '#ui/api';
import { messageOf } from '#ui/error-note';
import { useSession } from '#ui/session';
import { chooseTheme, type ThemeChoice, themeLabels, useThemeChoice } from './theme.tsx';
import { sessionKey } from './use-session-query.tsx';

/** Ends the session here: nothing of it stays in the page. */
export function useLeave() {
  const client = useQueryClient();
  const navigate = useNavigate();
  const { message } = App.useApp();
  const left = () => {
    client.clear();
    client.setQueryData(sessionKey, null);
    void navigate({ to: '/login' });
  };
  const signOut = useCommand(signOutRoute, { renews: [], onDone: left });
  const endAll = useCommand(endSessions, { renews: [], onDone: left });
  const onError = (error: unknown) => void message.error(messageOf(error));
  return {
    signOut: () => signOut.mutate({}, { onError }),
    endAll: () => endAll.mutateAsync({}),
  };
}

/** The person's own menu: theme, sessions, password, leaving. */
export function UserMenu() {
  const { user } = useSession();
  const { choice } = useThemeChoice();
  const { modal } = App.useApp();
  const navigate = useNavigate();
  const leave = useLeave();
  const acts: Record<string, () => void> = {
    sessions: () => void navigate({ to: '/account/sessions' }),
    password: () => void navigate({ to: '/account/password' }),
    factor: () => void navigate({ to: '/account/factor' }),
    endAll: () =>
      void modal.confirm({
        title: '结束全部会话？',
        content: '您在所有电脑和手机上的登录都会立即失效，包括这一个，需要重新登录。',
        okText: '全部结束',
        okButtonProps: { danger: true },
        onOk: leave.endAll,
      }),
    signOut: leave.signOut,
  };
  return (
    <Dropdown
      trigger={['click']}
      placement="bottomRight"
      menu={{
        selectable: true,
        selectedKeys: [`theme.${choice}`],
        onClick: ({ key }) =>
          key.startsWith('theme.') ? chooseTheme(key.slice(6) as ThemeChoice) : acts[key]?.(),
        items: [
          {
            type: 'group',
            label: '主题',
            children: Object.entries(themeLabels).map(([key, label]) => ({ key: `theme.${key}`, label })),
          },
          { type: 'divider' },
          { key: 'sessions', label: '我的会话' },
          { key: 'password', label: '修改密码' },
          ...(user.totpEnrolled ? [{ key: 'factor', label: '更换动态口令' }] : []),
          { key: 'endAll', label: '结束全部会话' },
          { type: 'divider' },
          { key: 'signOut', label: '退出' },
        ],
      }}
    >
      <Button type="text" icon={<UserOutlined />} className="zz-user">
        {user.name} <DownOutlined />
      </Button>
    </Dropdown>
  );
}
