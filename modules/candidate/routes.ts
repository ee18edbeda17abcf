import { type Endpoint, handle } from '#platform/http/endpoint';
import type { Parts } from '#platform/module';
import * as list from './list.contract.ts';
import { listOfCandidates } from './list.service.ts';
import { optionsOfList } from './options.service.ts';
import { searchEverywhere } from './search.service.ts';

/** Fixed paths stand before `/candidates/:id`. */
export const candidateEndpoints = (_parts: Parts): Endpoint[] => [
  handle(list.listCandidates, (ctx, { query }) => listOfCandidates(ctx, query)),
  handle(list.listOptions, (ctx) => optionsOfList(ctx)),
  handle(list.searchCandidates, (ctx, { query }) => searchEverywhere(ctx, query.q)),
];
