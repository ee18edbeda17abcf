/** Texts by number, as bytes: a million strings of their own would take ten times the room. */
export interface TextList {
  readonly size: number;
  push(text: string): void;
  /** Undefined where there is none; any number may be asked. */
  at(index: number): string | undefined;
}

const BYTES_AT_FIRST = 1 << 16;
const TEXTS_AT_FIRST = 1 << 12;
/** A UTF-16 unit is at most three bytes of UTF-8. */
const BYTES_PER_UNIT = 3;

/** Grows by doubling. */
export function textList(): TextList {
  let bytes = Buffer.allocUnsafeSlow(BYTES_AT_FIRST);
  let ends = new Uint32Array(TEXTS_AT_FIRST);
  let size = 0;
  let used = 0;
  return {
    get size() {
      return size;
    },
    push: (text) => {
      const most = used + text.length * BYTES_PER_UNIT;
      if (most > bytes.length)
        bytes = Buffer.concat([bytes.subarray(0, used)], Math.max(most, bytes.length * 2));
      if (size >= ends.length) {
        const wider = new Uint32Array(ends.length * 2);
        wider.set(ends);
        ends = wider;
      }
      used += bytes.write(text, used);
      ends[size] = used;
      size += 1;
    },
    at: (index) => {
      const end = index >= 0 && index < size ? ends[index] : undefined;
      if (end === undefined) return undefined;
      return bytes.toString('utf8', index === 0 ? 0 : ends[index - 1], end);
    },
  };
}
