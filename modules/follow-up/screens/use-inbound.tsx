import { useEffect, useEffectEvent } from 'react';
import { textOf } from '#ui/search-params';
import { useKept } from '#ui/url-state';
import type { Panel } from './call-keys.ts';

/** Opens 来电查找 when a hit of the global search leads to it with the digits to look for. */
export function useInbound(open: (panel: Panel) => void): void {
  const [{ words }] = useKept();
  const text = textOf(words?.inbound);
  const show = useEffectEvent(() => open('inbound'));
  useEffect(() => {
    if (text !== '') show();
  }, [text]);
}
