import { App, Button, Input, Select, Switch } from 'antd';
import { useState } from 'react';
import { useCommand, useRoute } from '#ui/api';
import { ErrorNote } from '#ui/error-note';
import { Section } from '#ui/page';
import { useCan } from '#ui/session';
import { type CandidateFile, putSignals, putWish } from '../contract.ts';
import { listOptions } from '../list.contract.ts';

/** 关注点与意向: signals with the help each leads to, pathway interest, a wish for another major. */
export function WishForm({ file }: { readonly file: CandidateFile }) {
  const { message } = App.useApp();
  const may = useCan('candidate.edit') && file.mergedInto === null;
  const options = useRoute(listOptions, undefined, { staleTime: 60_000 });
  const [codes, setCodes] = useState<readonly string[]>(file.signals);
  const [majorWish, setMajorWish] = useState(file.wish.majorWish ?? '');
  const saved = { onDone: () => void message.success('已保存') };
  const signals = useCommand(putSignals, saved);
  const wish = useCommand(putWish, saved);
  const params = { id: file.id };
  const catalogue = options.data?.signals ?? [];
  const changed = codes.join() !== file.signals.join();
  return (
    <Section title="关注点与意向">
      <div className="zz-file-row">
        <Select
          className="zz-wide"
          mode="multiple"
          aria-label="关注点"
          placeholder="没有关注点"
          disabled={!may}
          value={[...codes]}
          onChange={setCodes}
          options={catalogue
            .filter(({ active, value }) => active || codes.includes(value))
            .map(({ value, label }) => ({ value, label }))}
        />
        <Button
          disabled={!changed}
          loading={signals.isPending}
          onClick={() => signals.mutate({ params, body: { codes: [...codes] } })}
        >
          保存
        </Button>
      </div>
      {catalogue
        .filter(({ value }) => codes.includes(value))
        .map(({ value, label, help }) => (
          <p key={value} className="zz-note">
            {label}：{help}
          </p>
        ))}
      <div className="zz-file-row">
        <Switch
          aria-label="本专硕意向"
          checked={file.wish.pathwayInterest}
          disabled={!may}
          loading={wish.isPending}
          onChange={(pathwayInterest) => wish.mutate({ params, body: { pathwayInterest } })}
        />
        <span>本专硕意向</span>
        <Input
          aria-label="专业意愿"
          placeholder="专业意愿（只记录，不承诺）"
          disabled={!may}
          value={majorWish}
          maxLength={60}
          onChange={(event) => setMajorWish(event.target.value)}
        />
        <Button
          disabled={majorWish === (file.wish.majorWish ?? '')}
          onClick={() => wish.mutate({ params, body: { majorWish } })}
        >
          记下
        </Button>
      </div>
      <ErrorNote error={signals.error ?? wish.error} />
    </Section>
  );
}
