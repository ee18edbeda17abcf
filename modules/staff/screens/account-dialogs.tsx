import { App } from 'antd';
import { useState } from 'react';
import type { z } from 'zod';
import { departureFigures, disablePerson } from '#absence/contract';
import { useCommand, useRoute } from '#ui/api';
import { ReasonModal } from '#ui/reason-modal';
import { enablePerson, type PersonRow, resetCode, resetFactor } from '../contract.ts';
import { type InitialCode, InitialCodes } from './initial-code.tsx';
import { RolesForm } from './roles-form.tsx';

type Person = z.output<typeof PersonRow>;
export interface AccountAct {
  readonly kind: 'roles' | 'code' | 'factor' | 'disable' | 'enable';
  readonly person: Person;
}

interface DialogProps {
  readonly person: Person;
  readonly onClose: () => void;
}

/** What an administrator does to an account, each with its reason. */
export function AccountDialogs({
  act,
  onClose,
}: {
  readonly act: AccountAct | null;
  readonly onClose: () => void;
}) {
  const [codes, setCodes] = useState<readonly InitialCode[]>([]);
  const reset = useCommand(resetCode, { renews: ['staff'] });
  const unbind = useCommand(resetFactor, { renews: ['staff'] });
  const enable = useCommand(enablePerson, { renews: ['staff'] });
  const shown = act && {
    roles: <RolesForm person={act.person} onClose={onClose} />,
    disable: <DisableDialog person={act.person} onClose={onClose} />,
    code: (
      <ReasonModal
        open
        onClose={onClose}
        title={`重置 ${act.person.name} 的密码`}
        consequence="生成一次性初始密码，原密码失效，此人的全部登录立即结束，锁定随之解除。"
        usual={['本人忘记密码', '怀疑密码泄露']}
        reasonMin={4}
        confirmLabel="重置密码"
        onConfirm={async (reason) => {
          const { initialCode } = await reset.mutateAsync({
            params: { id: act.person.id },
            body: { reason },
          });
          setCodes([{ username: act.person.username, name: act.person.name, initialCode }]);
        }}
      />
    ),
    factor: (
      <ReasonModal
        open
        onClose={onClose}
        title={`解除 ${act.person.name} 的动态口令`}
        consequence="原验证器和恢复码失效，全部登录立即结束，下次登录时重新绑定。请先当面或电话核实身份。"
        usual={['手机丢失，已当面核实', '更换手机，已当面核实']}
        reasonMin={4}
        confirmLabel="解除绑定"
        onConfirm={(reason) => unbind.mutateAsync({ params: { id: act.person.id }, body: { reason } })}
      />
    ),
    enable: (
      <ReasonModal
        open
        onClose={onClose}
        title={`重新启用 ${act.person.name} 的账号`}
        consequence="可以再次登录，角色和资料不变；已收回的考生不会自动回来。"
        reasonMin={4}
        confirmLabel="启用"
        danger={false}
        onConfirm={(reason) => enable.mutateAsync({ params: { id: act.person.id }, body: { reason } })}
      />
    ),
  };
  return (
    <>
      {act && shown?.[act.kind]}
      <InitialCodes codes={codes} onClose={() => setCodes([])} />
    </>
  );
}

function DisableDialog({ person, onClose }: DialogProps) {
  const { message } = App.useApp();
  const figures = useRoute(departureFigures, { params: { id: person.id } });
  const disable = useCommand(disablePerson, {
    renews: ['staff'],
    onDone: ({ returned }) => void message.success(`已停用，收回 ${returned} 名在办考生`),
  });
  const work = figures.data
    ? `将收回 ${figures.data.open} 名在办考生，其中 ${figures.data.dueToday} 名今天到期。`
    : '正在统计在办考生……';
  return (
    <ReasonModal
      open
      onClose={onClose}
      title={`停用 ${person.name} 的账号`}
      consequence={`下一次操作即退出，不能再登录。${work}`}
      usual={['离开本单位', '毕业离校', '回访结束', '疑似多人共用']}
      reasonMin={4}
      confirmLabel="停用"
      onConfirm={(reason) => disable.mutateAsync({ params: { id: person.id }, body: { reason } })}
    />
  );
}
