import { useRouter } from '@tanstack/react-router';
import type { RouteReply } from '#platform/http/route';
import { useCommand, useRoute } from '#ui/api';
import { myNotices, readNotice } from '../server/contract.ts';

export type Notice = RouteReply<typeof myNotices>['items'][number];

const unread = { query: { unread: 'true' } } as const;

/** Unread notices, newest first, and the way to what one is about, which marks it as read. */
export function useNotices() {
  const router = useRouter();
  const notices = useRoute(myNotices, unread);
  const read = useCommand(readNotice);
  const follow = (notice: Notice) => {
    read.mutate({ params: { id: notice.id } });
    if (notice.link?.startsWith('/')) router.history.push(notice.link);
  };
  return { items: notices.data?.items ?? [], error: notices.error, refetch: notices.refetch, follow };
}
