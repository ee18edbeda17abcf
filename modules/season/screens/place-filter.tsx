import { Select } from 'antd';
import { z } from 'zod';
import { provinceOptions } from './options.ts';

/** Which province and batch a list of the season shows, in the address. */
export const PlaceFilter = z.object({ province: z.string().catch(''), batch: z.string().catch('') });

interface ChoiceProps {
  readonly value: string;
  readonly onChange: (value: string | undefined) => void;
}

export const ProvinceFilter = ({ value, onChange }: ChoiceProps) => (
  <Select
    allowClear
    showSearch={{ optionFilterProp: 'label' }}
    placeholder="全部省份"
    aria-label="按省份筛选"
    style={{ width: 150 }}
    options={provinceOptions}
    value={value || null}
    onChange={(next: string | null) => onChange(next ?? undefined)}
  />
);

interface BatchFilterProps extends ChoiceProps {
  readonly batches: readonly { readonly id: string; readonly name: string }[];
}

export const BatchFilter = ({ value, onChange, batches }: BatchFilterProps) => (
  <Select
    allowClear
    placeholder="全部批次"
    aria-label="按批次筛选"
    style={{ width: 150 }}
    options={batches.map(({ id, name }) => ({ value: id, label: name }))}
    value={value || null}
    onChange={(next: string | null) => onChange(next ?? undefined)}
  />
);
