import type { Module } from '#platform/module';
import { candidateEndpoints } from './routes.ts';

export type { CandidateId, PhoneId } from './ids.ts';
export { type CandidatePage, listOfCandidates } from './list.service.ts';
export {
  addPhone,
  type ClearPhone,
  detachPhone,
  forgetDial,
  markPhone,
  type NewPhone,
  noteDial,
  type PhoneRefusal,
  phonesInClear,
  phonesOf,
  restorePhone,
} from './phone.service.ts';
export { type CandidatePhone, lockPhone } from './phone.store.ts';
export { type NameKeys, nameKeys } from './pinyin.ts';
export { searchEverywhere } from './search.service.ts';
export { addSignal, installSignals, setSignals, setWish } from './signal.service.ts';
export { readSignals, readWish, type SignalRow, signalsOf, type Wish } from './signal.store.ts';
export { type CandidateScores, type CandidateView, candidateView, seesScores } from './view.service.ts';

/** What the candidate module brings to the server. */
export const candidateModule: Module = { endpoints: candidateEndpoints };
export { lookUpCandidate } from './lookup.service.ts';
