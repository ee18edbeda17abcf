import { readCandidateNo } from '../identity.rules.ts';
import { allOf, type ByteSource } from './source.ts';

/** A photo of the delivery: its name is the candidate number. Bytes are read when asked for. */
export interface Photo {
  file: string;
  /** Null when the name is not a candidate number. */
  candidateNo: string | null;
  bytes: number;
  /** The whole image, or null when it is too large or not the PNG or JPEG its name promises. */
  read(): Promise<Buffer | null>;
}

export const PHOTO_BYTES_MAX = 5 * 2 ** 20;

const magic: Readonly<Record<string, readonly number[]>> = {
  png: [0x89, 0x50, 0x4e, 0x47],
  jpg: [0xff, 0xd8, 0xff],
  jpeg: [0xff, 0xd8, 0xff],
};

/** Null for everything that is no image by its name. */
export function photoOf(source: ByteSource): Photo | null {
  const [, stem, extension] = /([^/]*)\.(png|jpe?g)$/i.exec(source.name) ?? [];
  if (stem === undefined || extension === undefined) return null;
  const expected = magic[extension.toLowerCase()] ?? [];
  return {
    file: source.name,
    candidateNo: readCandidateNo(stem),
    bytes: source.size,
    read: async () => {
      if (source.size > PHOTO_BYTES_MAX) return null;
      const bytes = await allOf(source);
      return expected.every((byte, index) => bytes[index] === byte) ? bytes : null;
    },
  };
}
