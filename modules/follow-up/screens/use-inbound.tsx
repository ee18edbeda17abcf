import { useEffect, useEffectEvent } from 'react';
import { textOf } from '#ui/search-params';
import { useRawUrlState } from '#ui/url-state';
import type { Panel } from './call-keys.ts';

/** Opens 来电查找 when the address asks for it (`?inbound=0417`), as a hit of the global search does. */
export function useInbound(open: (panel: Panel) => void): void {
  const [search] = useRawUrlState();
  const text = textOf(search.inbound);
  const show = useEffectEvent(() => open('inbound'));
  useEffect(() => {
    if (text !== '') show();
  }, [text]);
}
