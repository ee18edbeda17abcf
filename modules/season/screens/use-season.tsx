import { useRoute } from '#ui/api';
import { listSeasons, type SeasonView } from '../contract.ts';

/** The season that runs; `undefined` while it is read, null when there is none yet. */
export function useActiveSeason(): { season: SeasonView | null | undefined; error: unknown } {
  const { data, error } = useRoute(listSeasons, undefined);
  const season = data ? (data.items.find(({ active }) => active) ?? null) : undefined;
  return { season, error };
}
