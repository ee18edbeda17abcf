import { close, createReadStream, open, read } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { promisify } from 'node:util';
import yauzl from 'yauzl';

/** Opens the zip of a path; closing it closes the file. */
export async function openZipFile(path: string, options: yauzl.Options): Promise<yauzl.ZipFile> {
  const { size } = await stat(path);
  const reader = new WindowedZip(await promisify(open)(path, 'r'));
  try {
    return await yauzl.fromRandomAccessReaderPromise(reader, size, { ...options, autoClose: false });
  } catch (error) {
    reader.close(() => undefined);
    throw error;
  }
}

const WINDOW_BYTES = 1 << 17;

type Asked = Parameters<yauzl.RandomAccessReader['read']>;
type Done = (error: Error | null) => void;

/**
 * A zip on disk for yauzl, which asks for its directory in two small pieces an entry: as a system call each, a hundred thousand
 * photos cost more than all the rest of the work on them. Pieces that follow one another come from one window, others as asked for.
 */
class WindowedZip extends yauzl.RandomAccessReader {
  readonly #fd: number;
  readonly #window = Buffer.allocUnsafe(WINDOW_BYTES);
  #from = 0;
  #filled = 0;
  #next = -1;

  constructor(fd: number) {
    super();
    this.#fd = fd;
  }

  override read(...asked: Asked): void {
    const [, , length, position] = asked;
    const follows = position === this.#next;
    this.#next = position + length;
    if (this.#holds(position, length)) this.#give(asked);
    else if (follows && length <= WINDOW_BYTES) this.#fill(asked);
    else this.#fetch(asked);
  }

  override _readStreamForRange(start: number, end: number): Readable {
    const shared = { open, read, close: (_fd: number, done: () => void) => done() };
    return createReadStream('', { fd: this.#fd, start, end: end - 1, fs: shared });
  }

  override close(done: Done): void {
    close(this.#fd, (error) => done(error ?? null));
  }

  #holds(position: number, length: number): boolean {
    return position >= this.#from && position + length <= this.#from + this.#filled;
  }

  #give([into, offset, length, position, done]: Asked): void {
    const at = position - this.#from;
    this.#window.copy(into, offset, at, at + length);
    done(null);
  }

  #fill(asked: Asked): void {
    const [, , length, position, done] = asked;
    this.#filled = 0;
    read(this.#fd, this.#window, 0, WINDOW_BYTES, position, (error, filled) => {
      if (error || filled < length) return done(error ?? cutShort());
      [this.#from, this.#filled] = [position, filled];
      this.#give(asked);
    });
  }

  #fetch([into, offset, length, position, done]: Asked): void {
    read(this.#fd, into, offset, length, position, (error, bytes) =>
      done(error ?? (bytes < length ? cutShort() : null)),
    );
  }
}

const cutShort = (): Error => new Error('unexpected EOF');
