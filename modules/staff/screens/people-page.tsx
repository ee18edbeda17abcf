import { ImportOutlined, PlusOutlined } from '@ant-design/icons';
import { useNavigate } from '@tanstack/react-router';
import { App, Tag } from 'antd';
import { useState } from 'react';
import type { z } from 'zod';
import { removePerson } from '#absence/contract';
import { ActionButton } from '#ui/action-button';
import { useCommand } from '#ui/api';
import { useDrawer } from '#ui/detail-drawer';
import { formatDate } from '#ui/format';
import { listQuery } from '#ui/list-state';
import { Page } from '#ui/page';
import { QueryTable } from '#ui/query-table';
import { ReasonModal } from '#ui/reason-modal';
import { useCan } from '#ui/session';
import { KIND_LABELS, listPeople, type PersonRow, qualifyPerson } from '../contract.ts';
import { type InitialCode, InitialCodes } from './initial-code.tsx';
import {
  kindOptions,
  makesCalls,
  roleLabel,
  roleOptions,
  StateTag,
  stateOptions,
  Tags,
  useTeamOptions,
} from './options.tsx';
import { PersonDrawer } from './person-drawer.tsx';
import { PersonForm } from './person-form.tsx';

type Person = z.output<typeof PersonRow>;
type Act =
  | { readonly kind: 'edit' | 'qualify' | 'remove'; readonly person: Person }
  | { readonly kind: 'new' }
  | null;

/** 人员: who takes part, in which group, qualified or not. */
export function PeoplePage() {
  const drawer = useDrawer();
  const [act, setAct] = useState<Act>(null);
  const [codes, setCodes] = useState<readonly InitialCode[]>([]);
  const { groups, units, skills, skillName } = useTeamOptions();
  const acts = useRowActs(setAct);
  const navigate = useNavigate();
  return (
    <Page note="参加回访和录检的教师、学生和招就处人员。培训合格、通过资格审查后才会分到考生。">
      <QueryTable<Person>
        id="people"
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
          { key: 'kind', title: '类别', render: (row) => KIND_LABELS[row.kind] },
          { key: 'unit', title: '部门', render: (row) => row.unitName ?? '未填' },
          { key: 'group', title: '小组', render: (row) => row.groupName ?? '未编组' },
          { key: 'roles', title: '角色', render: (row) => <Tags words={row.roles.map(roleLabel)} /> },
          { key: 'skills', title: '技能', render: (row) => <Tags words={row.skills.map(skillName)} /> },
          {
            key: 'qualified',
            title: '资格审查',
            render: qualification,
          },
          { key: 'cap', title: '在办上限', align: 'right', render: (row) => row.openWorkCap },
          { key: 'state', title: '状态', render: (row) => <StateTag state={row.state} /> },
          { key: 'expires', title: '有效期至', optional: true, render: (row) => row.expiresOn ?? '长期' },
          {
            key: 'past',
            title: '参加过回访',
            optional: true,
            render: (row) => (row.experienced ? '是' : '否'),
          },
        ]}
        filters={[
          { name: 'text', label: '姓名或账号', kind: 'text', personal: true },
          { name: 'group', label: '小组', kind: 'multi', options: groups },
          { name: 'state', label: '状态', kind: 'multi', options: stateOptions },
          { name: 'unit', label: '部门', kind: 'multi', options: units },
          { name: 'kind', label: '类别', kind: 'multi', options: kindOptions },
          { name: 'role', label: '角色', kind: 'multi', options: roleOptions },
          { name: 'skill', label: '技能', kind: 'multi', options: skills },
          {
            name: 'qualified',
            label: '资格审查',
            kind: 'select',
            options: [
              { value: 'yes', label: '已通过' },
              { value: 'no', label: '未通过' },
            ],
          },
        ]}
        actions={acts}
        onOpen={(row) => drawer.open(row.id)}
        empty="还没有人员。可以新建，也可以按模板导入一张人员表。"
        toolbar={
          <>
            <ActionButton
              type="primary"
              can="staff.manage"
              icon={<PlusOutlined />}
              onClick={() => setAct({ kind: 'new' })}
            >
              新建
            </ActionButton>
            <ActionButton
              can="staff.manage"
              icon={<ImportOutlined />}
              onClick={() => void navigate({ to: '/team/people/import' })}
            >
              导入
            </ActionButton>
          </>
        }
      />
      {drawer.id && <PersonDrawer id={drawer.id} onClose={drawer.close} />}
      {(act?.kind === 'new' || act?.kind === 'edit') && (
        <PersonForm
          person={act.kind === 'edit' ? act.person : null}
          onClose={() => setAct(null)}
          onCreated={(code) => setCodes([code])}
        />
      )}
      <Dialogs act={act} onClose={() => setAct(null)} />
      <InitialCodes codes={codes} onClose={() => setCodes([])} />
    </Page>
  );
}

function qualification(person: Person) {
  if (person.qualifiedAt) return formatDate(person.qualifiedAt);
  return makesCalls(person) ? <Tag color="warning">未通过</Tag> : <span className="zz-note">不需要</span>;
}

function useRowActs(setAct: (act: Act) => void) {
  const [mayManage, mayQualify, mayRemove] = [
    useCan('staff.manage'),
    useCan('staff.qualify'),
    useCan('staff.remove'),
  ];
  return (person: Person) => [
    ...(mayManage ? [{ key: 'edit', label: '修改', run: () => setAct({ kind: 'edit', person }) }] : []),
    ...(mayQualify
      ? [
          {
            key: 'qualify',
            label: person.qualifiedAt ? '取消资格' : '审查通过',
            refused: person.qualifiedAt || makesCalls(person) ? null : '此人不参加回访，不需要审查',
            run: () => setAct({ kind: 'qualify', person }),
          },
        ]
      : []),
    ...(mayRemove
      ? [
          {
            key: 'remove',
            label: '退出回访',
            danger: true,
            refused:
              person.state === 'removed' ? '已经退出回访' : makesCalls(person) ? null : '此人不参加回访',
            run: () => setAct({ kind: 'remove', person }),
          },
        ]
      : []),
  ];
}

function Dialogs({ act, onClose }: { readonly act: Act; readonly onClose: () => void }) {
  const { message } = App.useApp();
  const qualify = useCommand(qualifyPerson, { renews: ['staff'] });
  const remove = useCommand(removePerson, {
    renews: ['staff'],
    onDone: ({ returned }) => void message.success(`已退出回访，收回 ${returned} 名在办考生`),
  });
  if (act?.kind === 'qualify') {
    const passed = act.person.qualifiedAt === null;
    return (
      <ReasonModal
        open
        onClose={onClose}
        title={passed ? `${act.person.name} 通过资格审查` : `取消 ${act.person.name} 的回访资格`}
        consequence={passed ? '通过后可以分到考生、拨打电话。' : '取消后不再分到新的考生，已在办的不受影响。'}
        usual={passed ? ['教职工专场培训合格', '学生干部专场培训合格'] : ['抽查发现不规范，需重新培训']}
        reasonMin={4}
        confirmLabel={passed ? '审查通过' : '取消资格'}
        danger={!passed}
        onConfirm={(note) => qualify.mutateAsync({ params: { id: act.person.id }, body: { passed, note } })}
      />
    );
  }
  if (act?.kind !== 'remove') return null;
  return (
    <ReasonModal
      open
      onClose={onClose}
      title={`${act.person.name} 退出回访`}
      consequence="离开所在小组，在办考生全部收回重新分配，账号保留。联系记录不变。"
      usual={['另有工作安排', '本人申请退出', '不适合电话回访']}
      confirmLabel="退出回访"
      reasonMin={4}
      onConfirm={(reason) => remove.mutateAsync({ params: { id: act.person.id }, body: { reason } })}
    />
  );
}
