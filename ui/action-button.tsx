import { Button, type ButtonProps, Tooltip } from 'antd';
import { useCan } from './session.tsx';

export interface ActionButtonProps extends Omit<ButtonProps, 'disabled'> {
  /** Permission that the act needs; without it the button is dead and says so. */
  readonly can?: string;
  /** Why the act is impossible now, as a sentence; empty means that it is possible. */
  readonly refused?: string | null | undefined;
}

/** A button that, when it is dead, says why. Use it instead of hiding an act. */
export function ActionButton({ can = 'signed_in', refused, onClick, ...rest }: ActionButtonProps) {
  const allowed = useCan(can);
  const reason = allowed ? refused : '您的角色没有这项权限，如需使用请联系管理员。';
  if (!reason) return <Button {...rest} {...(onClick ? { onClick } : {})} />;
  // aria-disabled keeps the button reachable by keyboard, so that its reason can be read.
  return (
    <Tooltip title={reason}>
      <Button {...rest} aria-disabled className="zz-refused" aria-description={reason} />
    </Tooltip>
  );
}
