import { readCandidateNo } from '../identity.rules.ts';
import { allOf, type ByteSource } from './source.ts';

/** A photo of the delivery: its name is the candidate number. Bytes are read when asked for. */
export interface Photo {
  file: string;
  /** Null when the name is not a candidate number. */
  candidateNo: string | null;
  bytes: number;
  /** The whole image, or null when it is too large, in bytes or pixels, or not the PNG or JPEG its name promises. */
  read(): Promise<Buffer | null>;
}

export const PHOTO_BYTES_MAX = 5 * 2 ** 20;

const magic: Readonly<Record<string, readonly number[]>> = {
  png: [0x89, 0x50, 0x4e, 0x47],
  jpg: [0xff, 0xd8, 0xff],
  jpeg: [0xff, 0xd8, 0xff],
};

/** What the platform re-encodes at most; told from the header, before anything is decoded. */
const PHOTO_PIXELS_MAX = 40_000_000;

const pngPixels = (bytes: Buffer): number | null =>
  bytes.length < 24 ? null : bytes.readUInt32BE(16) * bytes.readUInt32BE(20);

/** The frame header (SOF0 to SOF15, but for DHT, JPG and DAC) holds height and width. */
function jpegPixels(bytes: Buffer): number | null {
  let at = 2;
  while (at + 9 <= bytes.length && bytes[at] === 0xff) {
    const marker = bytes[at + 1] ?? 0;
    const frame = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
    if (frame) return bytes.readUInt16BE(at + 5) * bytes.readUInt16BE(at + 7);
    at += marker === 0xff ? 1 : 2 + bytes.readUInt16BE(at + 2);
  }
  return null;
}

/** Null for everything that is no image by its name. */
export function photoOf(source: ByteSource): Photo | null {
  const [, stem, extension] = /(?:^|\/)([^/]*)\.(png|jpe?g)$/i.exec(source.name) ?? [];
  if (stem === undefined || extension === undefined) return null;
  const expected = magic[extension.toLowerCase()] ?? [];
  return {
    file: source.name,
    candidateNo: readCandidateNo(stem),
    bytes: source.size,
    read: async () => {
      if (source.size > PHOTO_BYTES_MAX) return null;
      const bytes = await allOf(source);
      if (!expected.every((byte, index) => bytes[index] === byte)) return null;
      const pixels = expected[0] === 0x89 ? pngPixels(bytes) : jpegPixels(bytes);
      return pixels !== null && pixels <= PHOTO_PIXELS_MAX ? bytes : null;
    },
  };
}
