import { useState } from 'react';
import type { z } from 'zod';
import { useDrawer } from '#ui/detail-drawer';
import { formatDateTime } from '#ui/format';
import { listQuery } from '#ui/list-state';
import { QueryTable } from '#ui/query-table';
import { useCan, useSession } from '#ui/session';
import { disableFault, resetFault } from '../account.rules.ts';
import { listPeople, type PersonRow } from '../contract.ts';
import { type AccountAct, AccountDialogs } from './account-dialogs.tsx';
import { roleLabel, roleOptions, StateTag, stateOptions, Tags } from './options.tsx';
import { PersonDrawer } from './person-drawer.tsx';

type Person = z.output<typeof PersonRow>;

/** Every account with its roles, second factor and last use. */
export function AccountTable() {
  const drawer = useDrawer();
  const [act, setAct] = useState<AccountAct | null>(null);
  const acts = useAccountActs(setAct);
  return (
    <>
      <QueryTable<Person>
        id="accounts"
        source={(list) => listQuery(listPeople, list)}
        rowKey={(row) => row.id}
        columns={[
          {
            key: 'name',
            title: '姓名',
            render: (row) => row.name,
            identity: true,
            sortable: true,
            width: 110,
          },
          { key: 'username', title: '账号', render: (row) => row.username, sortable: true },
          { key: 'roles', title: '角色', render: (row) => <Tags words={row.roles.map(roleLabel)} /> },
          { key: 'unit', title: '部门', render: (row) => row.unitName ?? '未填' },
          { key: 'factor', title: '动态口令', render: (row) => (row.factorEnrolled ? '已绑定' : '未绑定') },
          {
            key: 'seen',
            title: '最近登录',
            render: (row) => (row.lastSeenAt ? formatDateTime(row.lastSeenAt) : '从未登录'),
          },
          { key: 'expires', title: '有效期至', render: (row) => row.expiresOn ?? '长期' },
          { key: 'state', title: '状态', render: (row) => <StateTag state={row.state} /> },
        ]}
        filters={[
          { name: 'text', label: '姓名或账号', kind: 'text', personal: true },
          { name: 'role', label: '角色', kind: 'multi', options: roleOptions },
          { name: 'state', label: '状态', kind: 'multi', options: stateOptions },
        ]}
        actions={acts}
        onOpen={(row) => drawer.open(row.id)}
      />
      {drawer.id && <PersonDrawer id={drawer.id} onClose={drawer.close} />}
      <AccountDialogs act={act} onClose={() => setAct(null)} />
    </>
  );
}

function useAccountActs(setAct: (act: AccountAct) => void) {
  const { user, roles } = useSession();
  const [grant, disable] = [useCan('staff.grant'), useCan('staff.disable')];
  const [code, factor] = [useCan('staff.reset_code'), useCan('staff.reset_factor')];
  return (person: Person) => {
    const acting = { actorId: user.id, actorRoles: roles, targetId: person.id, targetRoles: person.roles };
    const self = person.id === user.id ? '不能办理自己的账号，请由另一位管理员办理' : null;
    const [reset, end] = [resetFault(acting)?.message ?? null, disableFault(acting)?.message ?? null];
    const entry = (kind: AccountAct['kind'], label: string, refused: string | null = self) => ({
      key: kind,
      label,
      refused,
      danger: kind === 'disable',
      run: () => setAct({ kind, person }),
    });
    return [
      ...(grant ? [entry('roles', '角色')] : []),
      ...(code ? [entry('code', '重置密码', reset)] : []),
      ...(factor
        ? [entry('factor', '解除动态口令', self ?? (person.factorEnrolled ? null : '还没有绑定'))]
        : []),
      ...(disable
        ? [person.state === 'disabled' ? entry('enable', '启用', end) : entry('disable', '停用', end)]
        : []),
    ];
  };
}
