import { useQueryClient } from '@tanstack/react-query';
import { App } from 'antd';
import { useState } from 'react';
import { type ApiError, api } from '#ui/api';
import { useCan } from '#ui/session';
import type { BatchAction } from '#ui/table-bars';
import { acceptEscalation } from '../escalation.contract.ts';

/** Accepted at once; more at a time nobody can answer for. */
const MANY_MAX = 50;

/** 接手所选: one after the other, so that each is refused or accepted for itself; says how many and why not the rest. */
export function useAcceptMany(): BatchAction {
  const { message } = App.useApp();
  const client = useQueryClient();
  const can = useCan('escalation.work');
  const [busy, setBusy] = useState(false);
  const accept = async (ids: readonly string[], clear: () => void) => {
    setBusy(true);
    const refused: string[] = [];
    for (const id of ids) {
      await api(acceptEscalation, { params: { id } }).catch((error: ApiError) => refused.push(error.message));
    }
    setBusy(false);
    clear();
    await client.invalidateQueries({ queryKey: ['escalations'] });
    const done = `已接手 ${ids.length - refused.length} 名，现在由您负责`;
    if (refused.length === 0) void message.success(`${done}。`);
    else void message.warning(`${done}；${refused.length} 名没有接成：${refused[0] ?? ''}`);
  };
  const tooMany = (ids: readonly string[]) =>
    void message.warning(`一次最多接手 ${MANY_MAX} 名，现在选了 ${ids.length} 名，请减少后再点。`);
  return {
    key: 'accept',
    label: busy ? '正在接手…' : '接手所选',
    refused: !can ? '您的角色不能接手。' : busy ? '正在接手，请稍候。' : null,
    run: (ids, clear) => (ids.length > MANY_MAX ? tooMany(ids) : void accept(ids, clear)),
  };
}
