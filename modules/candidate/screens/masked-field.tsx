import { api, useRoute } from '#ui/api';
import { Reveal } from '#ui/reveal';
import { useCan } from '#ui/session';
import { type CandidateFile, candidateFile, REVEAL_LABELS, revealField } from '../contract.ts';
import type { RevealField } from '../rules.ts';

interface MaskedProps {
  readonly file: CandidateFile;
  readonly field: RevealField;
  readonly masked: string | null;
  readonly phoneId?: string;
}

/** A masked value with 显示 for those who may; the server counts and logs. */
export function Masked({ file, field, masked, phoneId }: MaskedProps) {
  const may = useCan('candidate.reveal');
  const again = useRoute(candidateFile, { params: { id: file.id } }, { enabled: false });
  if (masked === null) return '—';
  if (!may) return <span className="zz-figures">{masked}</span>;
  return (
    <Reveal
      masked={masked}
      label={REVEAL_LABELS[field]}
      left={file.revealsLeft}
      onReveal={async (reason) => {
        const body = { field, reason, ...(phoneId ? { phoneId } : {}) };
        const { value } = await api(revealField, { params: { id: file.id }, body });
        void again.refetch();
        return value;
      }}
    />
  );
}
