import { describe, expect, test } from 'vitest';
import { chordOf, createKeyReader, type FocusKind, isDead, type KeyStroke } from './keys.tsx';

const stroke = (key: string, rest: Partial<KeyStroke> = {}): KeyStroke => ({
  key,
  code: /^\d$/.test(key) ? `Digit${key}` : `Key${key.toUpperCase()}`,
  keyCode: 0,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  shiftKey: false,
  repeat: false,
  isComposing: false,
  focus: 'none',
  ...rest,
});

test.each<[what: string, stroke: KeyStroke, chord: string]>([
  ['a letter, whatever the caps lock says', stroke('n'), 'N'],
  ['a letter with caps lock on', stroke('N'), 'N'],
  ['a letter with shift is another chord', stroke('N', { shiftKey: true }), 'Shift+N'],
  ['a digit', stroke('1'), '1'],
  ['a digit of the number pad', stroke('1', { code: 'Numpad1' }), '1'],
  [
    'a digit with Alt, where macOS sends another sign',
    stroke('¡', { code: 'Digit1', altKey: true }),
    'Alt+1',
  ],
  ['Ctrl+Enter', stroke('Enter', { code: 'Enter', ctrlKey: true }), 'Ctrl+Enter'],
  ['⌘ counts as Ctrl', stroke('k', { metaKey: true }), 'Ctrl+K'],
  ['the question mark needs shift but does not say so', stroke('?', { code: 'Slash', shiftKey: true }), '?'],
  ['the question mark of a Chinese layout', stroke('？', { code: 'Slash', shiftKey: true }), '?'],
  ['the slash of a Chinese layout', stroke('、', { code: 'Slash' }), '/'],
  ['shift and digit is the sign, not the digit', stroke('!', { code: 'Digit1', shiftKey: true }), '!'],
])('%s', (_what, pressed, chord) => {
  expect(chordOf(pressed)).toBe(chord);
});

test.each<[chord: string, focus: FocusKind, dead: boolean]>([
  ['N', 'none', false],
  ['N', 'control', false],
  ['N', 'field', true],
  ['Enter', 'none', false],
  ['Enter', 'control', true],
  ['Space', 'control', true],
  ['Ctrl+Enter', 'field', false],
  ['Alt+1', 'field', false],
  ['Shift+N', 'field', true],
])('%s with focus on %s is dead: %s', (chord, focus, dead) => {
  expect(isDead(chord, focus)).toBe(dead);
});

describe('the reader', () => {
  const reader = () => createKeyReader((chord) => ['N', '1', 'Ctrl+Enter', 'Ctrl+K'].includes(chord));

  test('runs on release, once, however long the key is held', () => {
    const keys = reader();
    expect(keys.down(stroke('n')).fire).toBeNull();
    for (let held = 0; held < 20; held += 1) expect(keys.down(stroke('n', { repeat: true })).fire).toBeNull();
    expect(keys.up(stroke('n')).fire).toBe('N');
    expect(keys.up(stroke('n')).fire).toBeNull();
  });

  test('takes the press of a known chord from the browser and leaves the others', () => {
    const keys = reader();
    expect(keys.down(stroke('Enter', { code: 'Enter', ctrlKey: true })).taken).toBe(true);
    expect(keys.down(stroke('x')).taken).toBe(false);
  });

  test('runs nothing while the input method composes, by either sign of it', () => {
    for (const composing of [{ isComposing: true }, { keyCode: 229 }]) {
      const keys = reader();
      expect(keys.down(stroke('1', composing))).toEqual({ taken: false, fire: null });
      expect(keys.up(stroke('1')).fire).toBeNull();
    }
  });

  test('runs nothing when the key went down in a field and came up outside', () => {
    const keys = reader();
    keys.down(stroke('n', { focus: 'field' }));
    expect(keys.up(stroke('n')).fire).toBeNull();
  });

  test('runs nothing when the focus moved into a field while the key was down', () => {
    const keys = reader();
    keys.down(stroke('n'));
    expect(keys.up(stroke('n', { focus: 'field' })).fire).toBeNull();
  });

  test('keeps the chord of the press when Ctrl is let go first', () => {
    const keys = reader();
    keys.down(stroke('Enter', { code: 'Enter', ctrlKey: true, focus: 'field' }));
    const release = stroke('Enter', { code: 'Enter', focus: 'field' });
    expect(keys.up(release).fire).toBe('Ctrl+Enter');
  });

  test('runs at once with ⌘, whose releases are never reported', () => {
    const keys = reader();
    expect(keys.down(stroke('k', { metaKey: true })).fire).toBe('Ctrl+K');
    expect(keys.down(stroke('k', { metaKey: true, repeat: true })).fire).toBeNull();
  });

  test('forgets what was down when the window loses the keyboard', () => {
    const keys = reader();
    keys.down(stroke('n'));
    keys.clear();
    expect(keys.up(stroke('n')).fire).toBeNull();
  });
});
