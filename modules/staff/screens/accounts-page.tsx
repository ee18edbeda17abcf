import { Tabs } from 'antd';
import { z } from 'zod';
import { Page } from '#ui/page';
import { useCan } from '#ui/session';
import { useUrlState } from '#ui/url-state';
import { AccountReport } from './account-report.tsx';
import { AccountTable } from './account-table.tsx';
import { RoleTable } from './role-table.tsx';

const Search = z.object({ view: z.enum(['list', 'report', 'roles']).catch('list') });

/** 账号与角色: who may sign in and do what; what is stale or shared; what a role may do. */
export function AccountsPage() {
  const [{ view }, patch] = useUrlState(Search);
  const mayReport = useCan('staff.report');
  return (
    <Page note="角色调整在对方下一次操作时生效。没有人能调整自己的角色，也不能授予超出自己权限的角色。">
      <Tabs
        activeKey={view}
        onChange={(next) => patch({ view: Search.parse({ view: next }).view })}
        destroyOnHidden
        items={[
          { key: 'list', label: '账号', children: <AccountTable /> },
          ...(mayReport ? [{ key: 'report', label: '账号检查', children: <AccountReport /> }] : []),
          { key: 'roles', label: '角色说明', children: <RoleTable /> },
        ]}
      />
    </Page>
  );
}
