import { expect, test } from 'vitest';
import { resultKeys, stageFor } from '../key.rules.ts';
import { type KeySituation, keysOf } from './call-keys.ts';

test.each([
  ['until somebody answers', false, 'school', 'ringing'],
  ['the candidate', true, 'self', 'talking'],
  ['a relative', true, 'father', 'talking'],
  ['the teacher', true, 'teacher', 'informant'],
  ['the village', true, 'village', 'informant'],
] as const)('the keys follow who is on the line: %s', (_who, answered, relation, stage) => {
  expect(stageFor(answered, relation)).toBe(stage);
});

const ringing = resultKeys({ stage: 'ringing', withdrawable: true, escalationTeam: false });
const talking = resultKeys({ stage: 'talking', withdrawable: true, escalationTeam: false });
const idle: KeySituation = {
  phase: 'idle',
  panel: null,
  answered: false,
  results: ringing,
  numbers: 3,
  canUndo: false,
  withdrawalBarred: null,
  paused: false,
};
const doing = (at: Partial<KeySituation>, chord: string) => keysOf({ ...idle, ...at })[chord]?.action;

test.each([
  ['D dials', {}, 'D', { do: 'dial' }],
  ['Alt+1 chooses a number', {}, 'Alt+1', { do: 'number', index: 0 }],
  ['9 while it rings says connected', { phase: 'ringing' }, '9', { do: 'connected' }],
  ['1 while it rings is the line', { phase: 'ringing' }, '1', { do: 'outcome', outcome: 'L5' }],
  ['H hangs up', { phase: 'talking', answered: true }, 'H', { do: 'hang_up' }],
  [
    '9 while talking is a result',
    { phase: 'talking', answered: true, results: talking },
    '9',
    { do: 'outcome', outcome: 'R5' },
  ],
  ['Z undoes', { canUndo: true }, 'Z', { do: 'undo' }],
  ['G registers a withdrawal', {}, 'G', { do: 'withdraw' }],
  ['I finds who calls us', { phase: 'none' }, 'I', { do: 'panel', panel: 'inbound' }],
  ['N pulls with nobody in hand', { phase: 'none' }, 'N', { do: 'next' }],
  [
    'C then 2 is this evening',
    { phase: 'talking', panel: 'callback' },
    '2',
    { do: 'callback', choice: 'tonight' },
  ],
  ['C then 4 asks for a time', { phase: 'talking', panel: 'callback' }, '4', { do: 'panel', panel: 'time' }],
] as const)('%s', (_rule, at, chord, action) => {
  expect(doing(at as Partial<KeySituation>, chord)).toEqual(action);
});

test.each([
  ['a result without a call', {}, '1'],
  ['connected without a call', {}, '9'],
  ['hanging up without a call', {}, 'H'],
  ['hanging up twice', { phase: 'ended' }, 'H'],
  ['a second dial', { phase: 'ringing' }, 'D'],
  ['the next one while somebody is in hand', {}, 'N'],
  ['putting back after dialling', { phase: 'ringing' }, 'X'],
  ['undo when it is too late', {}, 'Z'],
  ['a withdrawal in a binding province', { withdrawalBarred: '该省不可退档。' }, 'G'],
] as const)('%s is refused in words', (_rule, at, chord) => {
  const action = doing(at as Partial<KeySituation>, chord);
  expect(action?.do).toBe('refuse');
  expect(action?.do === 'refuse' ? action.why : '').toMatch(/[。；]/);
});

test('/ stays the search of the whole workbench', () => {
  expect(doing({}, '/')).toBeUndefined();
});

test('an open sheet takes the keys of the screen away', () => {
  expect(keysOf({ ...idle, panel: 'number' })).toEqual({});
});

test('no more numbers than five have a key', () => {
  expect(doing({ numbers: 9 }, 'Alt+5')).toEqual({ do: 'number', index: 4 });
  expect(doing({ numbers: 9 }, 'Alt+6')).toBeUndefined();
});
