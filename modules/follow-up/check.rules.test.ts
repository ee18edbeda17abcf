import { describe, expect, test } from 'vitest';
import { checkOutcome, type Saying } from './check.rules.ts';
import type { NumberFacts } from './number.rules.ts';
import type { CaseFacts } from './retry.rules.ts';
import { at, both, facts, HOUR, NOW, number, settings } from './testing/facts.ts';

describe('what is refused', () => {
  const saying = (given: Partial<Saying>): Saying => ({
    line: null,
    answerer: null,
    result: null,
    callback: null,
    checked: { major: true, identity: true },
    ...given,
  });
  const ask = (
    given: Partial<Saying>,
    more: {
      facts?: Partial<CaseFacts>;
      numbers?: NumberFacts[];
      now?: number;
      escalationTeam?: boolean;
    } = {},
  ) => {
    const result = checkOutcome(saying(given), {
      facts: facts(more.facts),
      numbers: more.numbers ?? both,
      now: more.now ?? NOW,
      escalationTeam: more.escalationTeam ?? false,
      numbersBeforeConfirmed: settings.numbersBeforeConfirmed,
    });
    return result.ok ? result.value : result.error.code;
  };
  test.each([
    [{ major: false, identity: true }, '还没有核对专业，'],
    [{ major: true, identity: false }, '还没有核对身份信息，'],
    [{ major: false, identity: false }, '还没有核对专业、身份信息，'],
  ])('what was not read back is named: %o', (checked, sentence) => {
    const context = {
      facts: facts(),
      numbers: both,
      now: NOW,
      escalationTeam: false,
      numbersBeforeConfirmed: 2,
    };
    const result = checkOutcome(saying({ result: 'R1', checked }), context);
    expect(result.ok ? '' : result.error.message).toContain(sentence);
  });
  const deadline = at('2026-07-28T17:00');
  test.each<[rule: string, said: string, expected: string]>([
    ['nothing', ask({}), 'no_outcome'],
    ['a line result with a talk', ask({ line: 'L3', result: 'R1' }), 'outcome_not_allowed'],
    ['联系不上 by hand', ask({ result: 'R10' }), 'outcome_not_allowed'],
    [
      '联系不上 by hand of the escalation team',
      ask({ result: 'R10' }, { escalationTeam: true }),
      'outcome_not_allowed',
    ],
    ['R11 of a caller', ask({ result: 'R11' }), 'outcome_not_allowed'],
    ['R11 of the escalation team is taken', ask({ result: 'R11' }, { escalationTeam: true }), 'R11'],
    ['确认录取 with one number', ask({ result: 'R1' }, { numbers: [number()] }), 'two_numbers_needed'],
    [
      '确认录取 with a dead second number',
      ask({ result: 'R1' }, { numbers: [number(), number({ state: 'dead' })] }),
      'two_numbers_needed',
    ],
    [
      '确认录取 with the major unread',
      ask({ result: 'R1', checked: { major: false, identity: true } }),
      'check_needed',
    ],
    ['a line result with somebody who answered', ask({ line: 'L3', answerer: 'A1' }), 'outcome_not_allowed'],
    [
      '考虑 in a binding province is taken',
      ask({ result: 'R3' }, { facts: { withdrawable: false }, now: deadline }),
      'R3',
    ],
    [
      '退档 where no deadline is set is taken',
      ask({ result: 'R2' }, { facts: { withdrawalDeadlineAt: null } }),
      'R2',
    ],
    [
      'a call-back after 确认录取',
      ask({ result: 'R1', callback: { at: NOW + HOUR, scope: 'owner' } }),
      'callback_invalid',
    ],
    [
      'a call-back after 退档',
      ask({ result: 'R2', callback: { at: NOW + HOUR, scope: 'owner' } }),
      'callback_invalid',
    ],
    ['确认录取 unchecked', ask({ result: 'R1', checked: { major: true, identity: false } }), 'check_needed'],
    ['确认录取 with two numbers is taken', ask({ result: 'R1' }), 'R1'],
    [
      '退档 in a binding province',
      ask({ result: 'R2' }, { facts: { withdrawable: false } }),
      'binding_province',
    ],
    ['退档 at the deadline is taken', ask({ result: 'R2' }, { now: deadline }), 'R2'],
    ['退档 a moment after', ask({ result: 'R2' }, { now: deadline + 1 }), 'past_deadline'],
    ['约定时间 without a time', ask({ answerer: 'A8' }), 'callback_invalid'],
    [
      'a call-back in the past',
      ask({ answerer: 'A8', callback: { at: NOW, scope: 'owner' } }),
      'callback_invalid',
    ],
    [
      'a call-back after 关机',
      ask({ line: 'L3', callback: { at: NOW + HOUR, scope: 'owner' } }),
      'callback_invalid',
    ],
    [
      'a call-back at the deadline is taken',
      ask(
        { answerer: 'A8', callback: { at: deadline, scope: 'owner' } },
        { facts: { deadlineAt: deadline } },
      ),
      'A8',
    ],
    [
      'a call-back after the deadline',
      ask(
        { answerer: 'A8', callback: { at: deadline + 1, scope: 'owner' } },
        { facts: { deadlineAt: deadline } },
      ),
      'callback_invalid',
    ],
    [
      'a call-back 30 days ahead is taken',
      ask({ answerer: 'A8', callback: { at: NOW + 720 * HOUR, scope: 'owner' } }),
      'A8',
    ],
    [
      'a call-back more than 30 days ahead',
      ask({ answerer: 'A8', callback: { at: NOW + 720 * HOUR + 1, scope: 'owner' } }),
      'callback_invalid',
    ],
    [
      'a call-back to somebody who asked for no more calls',
      ask({ answerer: 'A8', callback: { at: NOW + HOUR, scope: 'owner' } }, { facts: { doNotCall: true } }),
      'callback_invalid',
    ],
    [
      'a call-back a moment ahead is taken',
      ask({ answerer: 'A8', callback: { at: NOW + 1, scope: 'owner' } }),
      'A8',
    ],
  ])('%s', (_rule, said, expected) => expect(said).toBe(expected));
});
