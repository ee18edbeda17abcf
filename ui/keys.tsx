/** What the reader needs of a keyboard event: plain data, so that the rules can be tested without a page. */
export interface KeyStroke {
  readonly key: string;
  readonly code: string;
  readonly keyCode: number;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
  readonly shiftKey: boolean;
  readonly repeat: boolean;
  readonly isComposing: boolean;
  readonly focus: FocusKind;
}

/** Where the focus is: in a field, on something Enter and Space already press, or on neither. */
export type FocusKind = 'field' | 'control' | 'none';

/** Keys that a Chinese keyboard layout sends for the same cap. */
const sameCap: Readonly<Record<string, string>> = {
  '？': '?',
  '、': '/',
  '／': '/',
  '；': ';',
  ' ': 'Space',
};

/** `N`, `1`, `?`, `Enter`, `Alt+1`, `Ctrl+Enter`, `Ctrl+K`. ⌘ counts as Ctrl. */
export function chordOf(
  stroke: Pick<KeyStroke, 'key' | 'code' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey'>,
) {
  const digit = /^(?:Digit|Numpad)(\d)$/.exec(stroke.code)?.[1];
  const modified = stroke.ctrlKey || stroke.metaKey || stroke.altKey;
  const plain = sameCap[stroke.key] ?? (stroke.key.length === 1 ? stroke.key.toUpperCase() : stroke.key);
  const key = digit && (modified || /^\d$/.test(stroke.key)) ? digit : plain;
  const named = key.length > 1 || /[A-Z]/.test(key);
  return [
    stroke.ctrlKey || stroke.metaKey ? 'Ctrl' : null,
    stroke.altKey ? 'Alt' : null,
    stroke.shiftKey && named ? 'Shift' : null,
    key,
  ]
    .filter((part) => part !== null)
    .join('+');
}

/** The input method is at work: this stroke belongs to it, not to us. */
export const isComposing = (stroke: Pick<KeyStroke, 'isComposing' | 'keyCode'>): boolean =>
  stroke.isComposing || stroke.keyCode === 229;

/** Whether a chord is dead because of where the focus is. */
export function isDead(chord: string, focus: FocusKind): boolean {
  if (focus === 'none') return false;
  if (focus === 'control') return chord === 'Enter' || chord === 'Space';
  return !chord.startsWith('Ctrl+') && !chord.startsWith('Alt+');
}

export interface KeyReading {
  /** The page takes this stroke: keep the browser from acting on it too. */
  readonly taken: boolean;
  /** The chord to run now, on release. */
  readonly fire: string | null;
}

const nothing: KeyReading = { taken: false, fire: null };

/**
 * Turns presses and releases into chords. A chord runs when its key is released, so a held key runs once, and only
 * when it was pressed under the same rules: the release that ends a composition runs nothing.
 */
export function createKeyReader(knows: (chord: string) => boolean) {
  const pressed = new Map<string, string>();
  return {
    down(stroke: KeyStroke): KeyReading {
      if (isComposing(stroke)) {
        pressed.clear();
        return nothing;
      }
      const chord = chordOf(stroke);
      if (isDead(chord, stroke.focus) || !knows(chord)) return nothing;
      if (stroke.repeat) return { taken: true, fire: null };
      // macOS never reports the release of a key while ⌘ is held.
      if (stroke.metaKey) return { taken: true, fire: chord };
      pressed.set(stroke.code, chord);
      return { taken: true, fire: null };
    },
    up(stroke: KeyStroke): KeyReading {
      const chord = pressed.get(stroke.code);
      pressed.delete(stroke.code);
      if (chord === undefined || isComposing(stroke) || isDead(chord, stroke.focus)) return nothing;
      return { taken: true, fire: chord };
    },
    /** The window lost the keyboard: releases will not be seen. */
    clear: () => pressed.clear(),
  };
}
