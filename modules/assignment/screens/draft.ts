import type { RouteReply } from '#platform/http/route';
import type { RunFilter, runOptions } from '../contract.ts';
import type { RunLimits } from '../rules.ts';

export type Options = RouteReply<typeof runOptions>;

export interface Draft {
  readonly filter: RunFilter;
  readonly limits: RunLimits;
  readonly seed: string;
}

export const emptyDraft: Draft = {
  filter: { provinceCodes: [], batchIds: [], importId: null },
  limits: { groups: [], skills: [], newPerCaller: null, openWorkCap: null },
  seed: '',
};
