import type { Withdrawal } from './words.tsx';

export interface RequestProps {
  readonly request: Withdrawal;
}

export interface ActModalProps extends RequestProps {
  readonly open: boolean;
  readonly onClose: () => void;
}
