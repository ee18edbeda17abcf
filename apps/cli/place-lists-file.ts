import { createHash } from 'node:crypto';
import { closeSync, openSync, readSync } from 'node:fs';
import { type Columns, isWide, LISTS_ROWS, type Lists } from '#placement/columns';
import { refuse } from './place-files.ts';

interface ListsFile {
  readonly lists: Lists;
  readonly close: () => void;
}

/** The lists of a round in their file, `prefs.u16` or `prefs.u32`. */
export function openLists(path: string, shape: Pick<Columns, 'm' | 'k'>): ListsFile {
  const numbers = new (isWide(shape) ? Uint32Array : Uint16Array)(LISTS_ROWS * shape.k);
  const rowBytes = shape.k * numbers.BYTES_PER_ELEMENT;
  const file = openSync(path, 'r');
  const lists: Lists = (first, count) => {
    const bytes = new Uint8Array(numbers.buffer, 0, count * rowBytes);
    for (let done = 0; done < bytes.length; ) {
      const read = readSync(file, bytes, done, bytes.length - done, first * rowBytes + done);
      if (read === 0) refuse('TRUNCATED', path, `${path} 在读入时变短了。`);
      done += read;
    }
    return numbers.subarray(0, count * shape.k);
  };
  return { lists, close: () => closeSync(file) };
}

interface HashedLists {
  readonly lists: Lists;
  /** The hash of all `n` rows; what has not been read yet is read now. */
  readonly digest: (n: number) => string;
}

/** The same lists, hashed while they are read, once and from the first row on. */
export function hashLists(lists: Lists): HashedLists {
  const hash = createHash('sha256');
  let next = 0;
  const read: Lists = (first, count) => {
    const part = lists(first, count);
    hash.update(new Uint8Array(part.buffer, part.byteOffset, part.byteLength));
    next = first + count;
    return part;
  };
  const digest = (n: number): string => {
    while (next < n) read(next, Math.min(LISTS_ROWS, n - next));
    return hash.digest('hex');
  };
  return { lists: read, digest };
}
