import { listSeasons } from '#season/contract';
import { api } from '#ui/api';
import type { HomeTask } from '#ui/screen';
import { listScripts } from '../contract.ts';

export const homeTasks: readonly HomeTask[] = [
  {
    key: 'scripts',
    permission: 'script.approve',
    order: 40,
    load: async ({ signal }) => {
      const seasons = await api(listSeasons, undefined, { signal });
      const season = seasons.items.find(({ active }) => active);
      if (!season) return [];
      const { items } = await api(listScripts, { query: { seasonId: season.id } }, { signal });
      const waiting = items.filter(({ pending }) => pending?.state === 'submitted' && !pending.mine);
      const flagged = waiting.filter(({ pending }) => (pending?.flags ?? 0) > 0).length;
      const [first] = waiting;
      const allSms = waiting.every(({ kind }) => kind === 'sms');
      return [
        {
          count: waiting.length,
          unit: '份',
          label: '话术等您审批',
          note: flagged > 0 ? `其中 ${flagged} 份有敏感用语` : '',
          to:
            waiting.length === 1 && first
              ? `/settings/scripts/${first.id}`
              : `/settings/scripts?tab=${allSms ? 'sms' : 'call'}`,
        },
      ];
    },
  },
];
