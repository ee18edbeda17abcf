/** Text that decides every draw of a run; kept with it, so that the run can be repeated. */
export type Seed = string;

/** A 53-bit number from a text: two FNV-1a passes with different offsets. Even enough for drawing lots, not for secrets. */
function drawOf(seed: Seed, id: string): number {
  return hash(`${seed}|${id}`, 0x811c9dc5) * 2 ** 21 + (hash(`${id}|${seed}`, 0x9747b28c) >>> 11);
}

function hash(text: string, offset: number): number {
  let value = offset;
  for (let at = 0; at < text.length; at += 1) {
    value = Math.imul(value ^ text.charCodeAt(at), 0x01000193);
  }
  value ^= value >>> 16;
  value = Math.imul(value, 0x85ebca6b);
  value ^= value >>> 13;
  return (Math.imul(value, 0xc2b2ae35) ^ (value >>> 16)) >>> 0;
}

/** Items in the order drawn for them; each draw depends on seed and id alone, so other items and their order do not matter. */
export function shuffled<T>(items: readonly T[], idOf: (item: T) => string, seed: Seed): T[] {
  return items
    .map((item) => ({ item, id: idOf(item), draw: drawOf(seed, idOf(item)) }))
    .sort((one, other) => one.draw - other.draw || (one.id < other.id ? -1 : 1))
    .map(({ item }) => item);
}
