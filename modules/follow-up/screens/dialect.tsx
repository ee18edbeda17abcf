import { Select } from 'antd';
import { useRoute } from '#ui/api';
import { dialectsRoute } from '../contract.ts';
import type { Desk } from './use-desk.tsx';

/** After 方言 / 沟通障碍: whom the next call needs. Left open, any colleague calls. */
export function Dialect({ desk: { draft, change } }: { readonly desk: Desk }) {
  const { data, isPending } = useRoute(dialectsRoute);
  const options = (data?.items ?? []).map(({ code, name }) => ({ value: code, label: name }));
  return (
    <Select
      size="small"
      allowClear
      aria-label="请会说哪种方言的同事再打"
      placeholder={
        options.length === 0 && !isPending ? '没有同事登记方言，换人再打' : '对方说哪种方言（可不选）'
      }
      disabled={options.length === 0}
      value={draft.dialect}
      options={options}
      onChange={(dialect) => change({ dialect: dialect ?? null })}
      style={{ minWidth: 200 }}
    />
  );
}
