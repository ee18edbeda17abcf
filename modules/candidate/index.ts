import type { Module } from '#platform/module';
import { candidateRetention } from './retention.ts';
import { candidateEndpoints } from './routes.ts';

export { mayOpen } from './access.service.ts';
export type { CandidateId, PhoneId } from './ids.ts';
export { type CandidatePage, listOfCandidates } from './list.service.ts';
export { type MinorLine, minorsOf } from './minors.store.ts';
export {
  addPhone,
  barPhone,
  type ClearPhone,
  detachPhone,
  findOrMakePhone,
  forgetDial,
  freePhone,
  markPhone,
  type NewPhone,
  noteDial,
  type PhoneRefusal,
  phonesInClear,
  restorePhone,
} from './phone.service.ts';
export type { CandidatePhone } from './phone.store.ts';
export { seesScores } from './score-sight.ts';
export { searchEverywhere } from './search.service.ts';
export { installSignals, setSignals, setWish } from './signal.service.ts';
export { readSignals, type SignalRow, type Wish } from './signal.store.ts';

/** What the candidate module brings to the server. */
export const candidateModule: Module = { endpoints: candidateEndpoints, retention: candidateRetention };
export { lookUpCandidate } from './lookup.service.ts';
