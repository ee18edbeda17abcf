import { Checkbox, Input } from 'antd';
import { useState } from 'react';
import { type ApiError, api } from '#ui/api';
import { KeyCap } from '#ui/keyboard';
import { signalsRoute, wishRoute } from '../contract.ts';
import { useAids } from './candidate-pane.tsx';
import { PanelFrame } from './panel-frame.tsx';
import type { DeskPanelProps } from './panel-props.tsx';
import { useAmendLease } from './use-work.tsx';

const chords = '123456789ABCDEFGHIJ';

/** What to watch and help with, in neutral words; interest in the pathway; a wish for a major, noted and never promised. */
export function TagsPanel({ desk, say }: DeskPanelProps) {
  const { lease } = desk;
  const { candidate } = lease;
  const catalogue = useAids(lease).data?.signals ?? [];
  const [codes, setCodes] = useState<readonly string[]>(candidate.signals);
  const [pathway, setPathway] = useState(candidate.pathwayInterest);
  const [wish, setWish] = useState(candidate.majorWish ?? '');
  const [busy, setBusy] = useState(false);
  const amend = useAmendLease();
  const toggle = (code: string) =>
    setCodes((now) => (now.includes(code) ? now.filter((one) => one !== code) : [...now, code]));
  const submit = async () => {
    const params = { leaseId: lease.id };
    const majorWish = wish.trim() === '' ? null : wish.trim();
    setBusy(true);
    try {
      await api(signalsRoute, { params, body: { codes: [...codes] } });
      await api(wishRoute, { params, body: { pathwayInterest: pathway, majorWish } });
      amend(lease.id, {
        candidate: { ...candidate, signals: [...codes], pathwayInterest: pathway, majorWish },
      });
      desk.open(null);
    } catch (error) {
      say((error as ApiError).message);
    } finally {
      setBusy(false);
    }
  };
  const keys = {
    ...Object.fromEntries(
      catalogue.map(({ code, name }, index) => [
        chords[index] ?? '',
        { label: name, run: () => toggle(code) },
      ]),
    ),
    '0': { label: '本专硕意向', run: () => setPathway((now) => !now) },
  };
  return (
    <PanelFrame
      title="关注点和意向"
      onClose={() => desk.open(null)}
      keys={keys}
      onSubmit={() => void submit()}
      submitLabel="保存"
      busy={busy}
    >
      <div className="zz-tag-grid">
        {catalogue.map(({ code, name }, index) => (
          <Checkbox key={code} checked={codes.includes(code)} onChange={() => toggle(code)}>
            <KeyCap chord={chords[index] ?? ''} /> {name}
          </Checkbox>
        ))}
        <Checkbox checked={pathway} onChange={(event) => setPathway(event.target.checked)}>
          <KeyCap chord="0" /> 本专硕意向
        </Checkbox>
      </div>
      {catalogue
        .filter(({ code }) => codes.includes(code))
        .map(({ code, name, help }) => (
          <p key={code} className="zz-note">
            <b>{name}</b>：{help}
          </p>
        ))}
      <div className="zz-fields zz-fields-one">
        想读的专业（只记录，不承诺）
        <Input
          aria-label="想读的专业"
          maxLength={200}
          value={wish}
          onChange={(event) => setWish(event.target.value)}
        />
      </div>
      <p className="zz-note">关注点只用来提供帮助，不影响录取。</p>
    </PanelFrame>
  );
}
