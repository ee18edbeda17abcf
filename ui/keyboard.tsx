import { useEffect, useRef, useSyncExternalStore } from 'react';
import { createKeyReader, type FocusKind, type KeyStroke } from './keys.tsx';

export interface KeyAction {
  /** What it does, for the list behind `?`. */
  readonly label: string;
  readonly run: () => void;
  /** Pressing it only says why it does nothing now: it is not in the list. */
  readonly refused?: boolean;
}

/** Chords as in `keys.tsx`: `N`, `1`, `Enter`, `Alt+1`, `Ctrl+Enter`. */
export type KeyMap = Readonly<Record<string, KeyAction>>;

interface Layer {
  readonly title: string;
  readonly map: () => KeyMap;
}

let layers: readonly Layer[] = [];
let blockers = 0;
let attached = false;
const listeners = new Set<() => void>();

/**
 * Keys of a screen, while it is mounted and `enabled`. Dead in fields (but for Ctrl and Alt chords), while the input
 * method composes, and while a dialog is open. Later layers win over earlier ones. `title` heads them behind `?`.
 */
export function useKeys(map: KeyMap, enabled = true, title = '本页'): void {
  const latest = useRef(map);
  useEffect(() => {
    latest.current = map;
  });
  const chords = Object.keys(map).join(' ');
  useEffect(() => {
    if (!enabled || !chords) return;
    attach();
    const layer: Layer = { title, map: () => latest.current };
    layers = [...layers, layer];
    announce();
    return () => {
      layers = layers.filter((other) => other !== layer);
      announce();
    };
  }, [enabled, title, chords]);
}

/** Takes the keys away from every screen while a dialog is open. */
export function useKeyBlock(open: boolean): void {
  useEffect(() => {
    if (!open) return;
    blockers += 1;
    return () => {
      blockers -= 1;
    };
  }, [open]);
}

/** All keys that work now, for the overlay: not those that a later layer has taken, nor those that only say why not. */
export function useKeyList(): readonly { title: string; keys: readonly (readonly [string, string])[] }[] {
  const now = useSyncExternalStore(subscribe, () => layers);
  return now.map(({ title, map }) => ({
    title,
    keys: Object.entries(map())
      .filter(([chord, action]) => action.refused !== true && find(chord) === action)
      .map(([chord, action]) => [chord, action.label] as const),
  }));
}

function subscribe(listener: () => void) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

const announce = () => {
  for (const listener of listeners) listener();
};

const find = (chord: string): KeyAction | undefined =>
  layers.findLast((layer) => layer.map()[chord] !== undefined)?.map()[chord];

function attach(): void {
  if (attached) return;
  attached = true;
  const reader = createKeyReader((chord) => blockers === 0 && find(chord) !== undefined);
  const react = (event: KeyboardEvent, phase: 'down' | 'up') => {
    const { taken, fire } = reader[phase](strokeOf(event));
    if (taken) event.preventDefault();
    if (fire && blockers === 0) find(fire)?.run();
  };
  window.addEventListener('keydown', (event) => react(event, 'down'));
  window.addEventListener('keyup', (event) => react(event, 'up'));
  window.addEventListener('blur', () => reader.clear());
}

function strokeOf(event: KeyboardEvent): KeyStroke {
  const { key, code, keyCode, ctrlKey, metaKey, altKey, shiftKey, repeat, isComposing } = event;
  const focus = focusOf(event.target);
  return { key, code, keyCode, ctrlKey, metaKey, altKey, shiftKey, repeat, isComposing, focus };
}

const pressable = 'button, a[href], [role=button], [role=menuitem], [role=option], [role=tab], [role=switch]';

/** Checkboxes and radios are fields by tag but take no text: letters stay alive on them. */
function focusOf(target: EventTarget | null): FocusKind {
  if (!(target instanceof HTMLElement)) return 'none';
  if (target.closest('input[type=checkbox], input[type=radio]')) return 'control';
  if (target.isContentEditable || target.closest('input, textarea, select, [role=combobox]')) return 'field';
  return target.closest(pressable) ? 'control' : 'none';
}

/** What stands on the key, where the browser has another name for it. */
const CAPS: Readonly<Record<string, string>> = {
  Space: '空格',
  Escape: 'Esc',
  ArrowUp: '↑',
  ArrowDown: '↓',
  ArrowLeft: '←',
  ArrowRight: '→',
};
const NAMED = /Space|Escape|Arrow\w+/;

/** A key cap to stand on a button or in a line of help. */
export function KeyCap({ chord }: { readonly chord: string }) {
  return <kbd className="zz-key">{chord.replace(NAMED, (name) => CAPS[name] ?? name)}</kbd>;
}
