import { Select } from 'antd';
import { useState } from 'react';
import { useRoute } from '#ui/api';
import { listPeople } from '../contract.ts';
import type { Role } from '../rules.ts';

interface PeopleSelectProps {
  /** Given by the form, so that the label belongs to the field. */
  readonly id?: string;
  /** Only people with this role. */
  readonly holds: Role;
  readonly value?: string | null;
  readonly onChange?: (id: string | null) => void;
  /** Shown for the present value before the list has come. */
  readonly currentName?: string | null;
  readonly placeholder: string;
}

/** Chooses one active person of a role, by typing part of the name. */
export function PeopleSelect({ id, holds, value, onChange, currentName, placeholder }: PeopleSelectProps) {
  const [text, setText] = useState('');
  const people = useRoute(listPeople, {
    body: { role: [holds], state: ['active'], limit: 50, ...(text ? { text } : {}) },
  });
  const found = (people.data?.items ?? []).map((person) => ({
    value: person.id,
    label: `${person.name}（${person.unitName ?? person.username}）`,
  }));
  const missing = value && currentName && !found.some((option) => option.value === value);
  return (
    <Select
      {...(id ? { id } : {})}
      {...(value ? { value } : {})}
      allowClear
      placeholder={placeholder}
      showSearch={{ filterOption: false, onSearch: setText }}
      loading={people.isFetching}
      options={missing ? [{ value, label: currentName }, ...found] : found}
      notFoundContent="没有符合条件的人，请先在“账号与角色”里授予角色"
      onChange={(next: string | undefined) => onChange?.(next ?? null)}
    />
  );
}
