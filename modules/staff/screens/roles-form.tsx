import { Checkbox, Form, Input, Modal } from 'antd';
import { useState } from 'react';
import type { z } from 'zod';
import { useCommand } from '#ui/api';
import { ErrorNote } from '#ui/error-note';
import { useKeyBlock } from '#ui/keyboard';
import { useSession } from '#ui/session';
import { grantFault } from '../account.rules.ts';
import { changeRoles, type PersonRow } from '../contract.ts';
import { grantableBy, grantersOf, ROLE_LABELS, ROLES, type Role } from '../rules.ts';
import { roleLabel } from './options.tsx';

interface RolesFormProps {
  readonly person: z.output<typeof PersonRow>;
  readonly onClose: () => void;
}

/** Several roles a person; what I may not give stands there dead with the name of who may. */
export function RolesForm({ person, onClose }: RolesFormProps) {
  const { user, roles: myRoles } = useSession();
  const mine = grantableBy(myRoles);
  const [chosen, setChosen] = useState<readonly string[]>(person.roles);
  const [reason, setReason] = useState('');
  const change = useCommand(changeRoles, { renews: ['staff'], onDone: onClose });
  useKeyBlock(true);
  const fault = grantFault({
    actorId: user.id,
    actorRoles: myRoles,
    targetId: person.id,
    before: person.roles,
    after: chosen,
  });
  const unchanged =
    chosen.length === person.roles.length && chosen.every((role) => person.roles.includes(role));
  const toggle = (role: Role, on: boolean) =>
    setChosen(on ? [...chosen, role] : chosen.filter((other) => other !== role));
  return (
    <Modal
      open
      width={620}
      title={`${person.name} 的角色`}
      okText="保存"
      okButtonProps={{ disabled: unchanged || fault !== null || reason.trim().length < 4 }}
      confirmLoading={change.isPending}
      onOk={() =>
        change.mutate({ params: { id: person.id }, body: { roles: chosen as Role[], reason: reason.trim() } })
      }
      onCancel={onClose}
      mask={{ closable: false }}
    >
      <div className="zz-role-grid">
        {ROLES.map((role) => (
          <div key={role}>
            <Checkbox
              checked={chosen.includes(role)}
              disabled={!mine.has(role)}
              onChange={(event) => toggle(role, event.target.checked)}
            >
              {ROLE_LABELS[role]}
            </Checkbox>
            {!mine.has(role) && (
              <span className="zz-note">
                {grantersOf(role).map(roleLabel).join('或') || '服务器命令行'}办理
              </span>
            )}
          </div>
        ))}
      </div>
      {fault && !unchanged && <p role="alert">{fault.message}</p>}
      <Form layout="vertical" className="zz-gap">
        <Form.Item label="原因" required extra="至少 4 个字，会记入操作日志。">
          <Input.TextArea
            aria-label="原因"
            value={reason}
            maxLength={200}
            showCount
            autoSize={{ minRows: 2 }}
            onChange={(event) => setReason(event.target.value)}
          />
        </Form.Item>
      </Form>
      <ErrorNote error={change.error} />
    </Modal>
  );
}
