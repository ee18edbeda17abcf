import { DownOutlined, UpOutlined } from '@ant-design/icons';
import { Button, DatePicker, Form, Input, Select } from 'antd';
import dayjs, { type Dayjs } from 'dayjs';
import { useEffect, useEffectEvent, useState } from 'react';
import type { ListFilters } from './list-state.tsx';
import { listOf, type RawSearch, textOf } from './search-params.tsx';

export interface FilterOption {
  readonly value: string;
  readonly label: string;
}

/**
 * One field above a list. `dates` writes two parameters, `nameFrom` and `nameTo` (YYYY-MM-DD). `personal` keeps what
 * was typed (a name, a number) out of the address and out of saved views.
 */
export interface Filter {
  readonly name: string;
  readonly label: string;
  readonly kind: 'text' | 'select' | 'multi' | 'dates';
  readonly options?: readonly FilterOption[];
  readonly placeholder?: string;
  readonly personal?: boolean;
}

/** Parameters that the filters write. */
function filterParams(filters: readonly Filter[]): string[] {
  return filters.flatMap(({ name, kind }) => (kind === 'dates' ? [`${name}From`, `${name}To`] : [name]));
}

/** The same for the state of the list, with those that no address may say. */
export const listFilters = (filters: readonly Filter[]): ListFilters => ({
  names: filterParams(filters),
  personal: filterParams(filters.filter(({ personal }) => personal)),
});

type FormValues = Record<string, string | string[] | [Dayjs, Dayjs] | null | undefined>;

/** The values of the form, from what the address says. */
function toForm(filters: readonly Filter[], search: RawSearch): FormValues {
  return Object.fromEntries(
    filters.map(({ name, kind }) => {
      if (kind === 'multi') return [name, listOf(search[name])];
      if (kind !== 'dates') return [name, textOf(search[name]) || undefined];
      const [from, to] = [textOf(search[`${name}From`]), textOf(search[`${name}To`])];
      return [name, from && to ? [dayjs(from), dayjs(to)] : null];
    }),
  );
}

function toSearch(filters: readonly Filter[], values: FormValues): RawSearch {
  return Object.fromEntries(
    filters.flatMap(({ name, kind }): [string, unknown][] => {
      const value = values[name];
      if (kind !== 'dates') return [[name, typeof value === 'string' ? value.trim() : value]];
      const [from, to] = (value ?? []) as Dayjs[];
      return [
        [`${name}From`, from?.format('YYYY-MM-DD')],
        [`${name}To`, to?.format('YYYY-MM-DD')],
      ];
    }),
  );
}

export interface FilterFormProps {
  readonly filters: readonly Filter[];
  readonly search: RawSearch;
  readonly busy: boolean;
  readonly onSearch: (search: RawSearch) => void;
}

/** Fields in one row at 1366; the rest behind 展开. */
const shownFolded = 3;

/** The form above a list: 查询, 重置, 展开. Enter in any field searches. */
export function FilterForm({ filters, search, busy, onSearch }: FilterFormProps) {
  const [form] = Form.useForm<FormValues>();
  const used = filters.slice(shownFolded).some((filter) => hasValue(filter, search));
  const [open, setOpen] = useState(used);
  const address = JSON.stringify(search);
  const fill = useEffectEvent((text: string) => form.setFieldsValue(toForm(filters, JSON.parse(text))));
  // The address may change under the form: 后退, a saved view, a link from a figure.
  useEffect(() => fill(address), [address]);
  const shown = open || filters.length <= shownFolded + 1 ? filters : filters.slice(0, shownFolded);

  return (
    <Form
      form={form}
      initialValues={toForm(filters, search)}
      onFinish={(next) => onSearch(toSearch(filters, next))}
      className="zz-filters"
    >
      {shown.map((filter) => (
        <Form.Item key={filter.name} name={filter.name} label={filter.label}>
          {fieldOf(filter)}
        </Form.Item>
      ))}
      <div className="zz-filter-buttons">
        {/* Not antd's loading: it would move the buttons at every renewal. The table shows that it works. */}
        <Button type="primary" htmlType="submit" aria-busy={busy}>
          查询
        </Button>
        <Button onClick={() => onSearch({})}>重置</Button>
        {filters.length > shownFolded + 1 && (
          <Button
            type="link"
            icon={open ? <UpOutlined /> : <DownOutlined />}
            iconPlacement="end"
            aria-expanded={open}
            onClick={() => setOpen(!open)}
          >
            {open ? '收起' : '展开'}
          </Button>
        )}
      </div>
    </Form>
  );
}

function hasValue({ name, kind }: Filter, search: RawSearch): boolean {
  return textOf(search[kind === 'dates' ? `${name}From` : name]) !== '';
}

function fieldOf({ kind, options = [], placeholder, label }: Filter) {
  const hint = placeholder ?? (kind === 'text' ? `请输入${label}` : '全部');
  const listed = { options: options.map((option) => ({ ...option })), placeholder: hint, allowClear: true };
  if (kind === 'select') return <Select {...listed} showSearch={{ optionFilterProp: 'label' }} />;
  if (kind === 'multi') {
    return (
      <Select
        {...listed}
        mode="multiple"
        maxTagCount="responsive"
        showSearch={{ optionFilterProp: 'label' }}
      />
    );
  }
  // The label of the field names only the first of the two inputs.
  if (kind === 'dates') return <DatePicker.RangePicker className="zz-wide" aria-label={label} />;
  return <Input placeholder={hint} allowClear maxLength={64} />;
}
