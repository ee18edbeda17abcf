import { expect, test } from 'vitest';
import type { ClearPhone } from '#candidate';
import { knownNumbers } from './facts.ts';
import type { LedgerRow } from './ledger.store.ts';
import { NOW, number } from './testing/facts.ts';

/** What the ledger says of a number. */

const entry = (given: Partial<LedgerRow>): LedgerRow => ({
  ...{
    id: 'a',
    callerId: 'c',
    callerName: '测试',
    channel: 'phone',
    direction: 'out',
    phoneId: 'self',
    masked: null,
  },
  ...{
    outcome: 'L5',
    contact: false,
    startedAt: NOW,
    talkSeconds: 0,
    note: null,
    undone: false,
    corrected: false,
  },
  ...given,
});
const phone = {
  ...number(),
  number: '+8615400000001',
  masked: '154****0001',
  dialledOn: null,
} as unknown as ClearPhone;
const dials = (...ledger: LedgerRow[]): number | undefined =>
  knownNumbers([phone], { ledger, frozen: [] }, NOW)[0]?.dialsOfCase;

test.each<[rule: string, given: Partial<LedgerRow>, dials: number]>([
  ['nobody answered', {}, 1],
  ['somebody answered', { outcome: 'R3', contact: true }, 1],
  ['not given a result yet', { outcome: 'incomplete' }, 1],
  ['our own line was blocked', { outcome: 'L9' }, 0],
  ['a fault of the line', { outcome: 'L11' }, 0],
  ['the candidate called', { outcome: 'R3', direction: 'in' }, 0],
  ['undone at once', { undone: true }, 0],
  ['a text', { channel: 'sms', outcome: 'sent' }, 0],
  ['another number', { phoneId: 'father' }, 0],
])('%s: %o counts %i', (_rule, given, count) => expect(dials(entry(given))).toBe(count));
