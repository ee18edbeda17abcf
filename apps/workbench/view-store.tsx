import { changeView, dropView, listViews, saveView } from '#candidate/contract';
import { useCommand, useRoute } from '#ui/api';
import type { ViewStore } from '#ui/saved-views';

const aMinute = 60_000;

/** Saved views of a list, on the server. */
export function useViewStore(screen: string): ViewStore {
  const list = useRoute(listViews, { query: { screen } }, { staleTime: aMinute });
  const save = useCommand(saveView);
  const change = useCommand(changeView);
  const drop = useCommand(dropView);
  return {
    views: list.data?.items ?? [],
    isReady: list.data !== undefined,
    shareWith: list.data?.shareWith ?? 'own',
    save: (name, query) =>
      save.mutateAsync({ body: { screen, name, query: query as Record<string, string | string[]> } }),
    change: (id, body) => change.mutateAsync({ params: { id }, body }),
    drop: (id) => drop.mutateAsync({ params: { id } }),
  };
}
