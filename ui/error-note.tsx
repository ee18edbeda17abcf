import { Alert, Button } from 'antd';
import { ApiError } from './request.tsx';

export interface ErrorNoteProps {
  readonly error: unknown;
  /** Offers 重试. */
  readonly onRetry?: () => void;
}

/** The sentence to show for anything thrown. */
export function messageOf(error: unknown): string {
  if (error instanceof ApiError) return error.message;
  return '页面出了故障，请刷新后重试；仍不行请把时间和操作告诉管理员。';
}

/** A bad address or a record that is gone stays so: no 重试. */
const LASTING: ReadonlySet<number> = new Set([400, 403, 404, 410]);

/** An error in the page: the server's sentence, and for faults the number to tell the administrator. */
export function ErrorNote({ error, onRetry }: ErrorNoteProps) {
  if (!error) return null;
  const isFault = !(error instanceof ApiError) || error.status >= 500;
  const requestId = error instanceof ApiError && isFault ? error.requestId : null;
  const words = messageOf(error);
  const isLasting = error instanceof ApiError && LASTING.has(error.status);
  return (
    <Alert
      showIcon
      role="alert"
      type={isFault ? 'error' : 'warning'}
      title={requestId && !words.includes(requestId) ? `${words}（故障编号 ${requestId}）` : words}
      {...(onRetry && !isLasting
        ? {
            action: (
              <Button size="small" onClick={onRetry}>
                重试
              </Button>
            ),
          }
        : {})}
    />
  );
}
