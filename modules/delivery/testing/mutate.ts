import type { randomFrom } from './people.ts';

type Random = ReturnType<typeof randomFrom>;

/** Bytes that mean something to one reader or another. */
const TELLING = [0x00, 0x0a, 0x0d, 0x1a, 0x20, 0x22, 0x2a, 0x2c, 0x3c, 0x3f, 0x5c, 0x80, 0x81, 0xfe, 0xff];

const mutations: readonly ((bytes: Buffer, random: Random) => Buffer)[] = [
  (bytes, random) => {
    bytes[random(bytes.length)] = random(256);
    return bytes;
  },
  (bytes, random) => {
    bytes[random(bytes.length)] = TELLING[random(TELLING.length)] ?? 0;
    return bytes;
  },
  (bytes, random) => bytes.fill(TELLING[random(TELLING.length)] ?? 0, ...stretch(bytes, random)),
  (bytes, random) => bytes.subarray(0, random(bytes.length)),
  (bytes, random) => {
    const [from, until] = stretch(bytes, random);
    return Buffer.concat([bytes.subarray(0, from), bytes.subarray(until)]);
  },
  (bytes, random) => {
    const [from, until] = stretch(bytes, random);
    return Buffer.concat([bytes.subarray(0, until), bytes.subarray(from)]);
  },
  (bytes, random) => {
    const at = random(bytes.length);
    return Buffer.concat([
      bytes.subarray(0, at),
      Buffer.from('9'.repeat(1 + random(40))),
      bytes.subarray(at),
    ]);
  },
  (bytes, random) => {
    bytes[Math.min(random(64), bytes.length - 1)] = random(256);
    return bytes;
  },
];

function stretch(bytes: Buffer, random: Random): [number, number] {
  const from = random(bytes.length);
  return [from, Math.min(bytes.length, from + 1 + random(60))];
}

/** One to three damages: bytes changed, cut off, left out, doubled, digits put in, the header hit. */
export function mutated(bytes: Buffer, random: Random): Buffer {
  let changed: Buffer = Buffer.from(bytes);
  for (let times = 1 + random(3); times > 0 && changed.length > 0; times -= 1) {
    changed = mutations[random(mutations.length)]?.(changed, random) ?? changed;
  }
  return changed;
}
