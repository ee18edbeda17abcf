import type { Retry } from './code.rules.ts';

/** What the outcomes of a kind have in common. */

/** Nobody answered. */
export const unanswered = {
  class: 'NC',
  contact: false,
  attempt: true,
  refusal: false,
  number: 'live',
  disposition: null,
  escalation: null,
  messages: {},
  by: 'caller',
} as const;
/** Somebody answered: a contact. */
export const answered = {
  class: 'O',
  contact: true,
  attempt: true,
  refusal: false,
  number: 'live',
  disposition: null,
  escalation: null,
  messages: {},
  by: 'caller',
} as const;
/** Our own line or the hours, not the candidate's: counts as no try. */
export const notAnAttempt = {
  ...unanswered,
  aapor: '—',
  class: 'none',
  attempt: false,
  number: 'none',
} as const;
export const wait = (times: number): Retry => ({ kind: 'wait', times });
