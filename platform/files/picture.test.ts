import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { cleanPicture } from './files.ts';

/** Photos from outside: what they are is read from their bytes, and what goes in is a picture of our own making (ASVS 5.2.2, 5.2.6, 14.2.8). */

const photo = (width: number, height: number) =>
  sharp({ create: { width, height, channels: 3, background: { r: 120, g: 90, b: 90 } } });

const text = (content: string): Buffer => Buffer.from(content);
const padded = (start: readonly number[]): Buffer =>
  Buffer.concat([Buffer.from(start), Buffer.alloc(600, 1)]);

/** Files that call themselves .jpg. */
const DISGUISES: readonly (readonly [what: string, bytes: () => Buffer | Promise<Buffer>])[] = [
  ['nothing', () => text('')],
  ['words', () => text('这不是照片')],
  ['HTML', () => text('<!doctype html><script>alert(1)</script>')],
  [
    'SVG with a script',
    () => text('<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'),
  ],
  ['XML with a DOCTYPE', () => text('<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>')],
  ['PDF', () => text('%PDF-1.7\n1 0 obj<<>>endobj trailer<<>>')],
  ['PostScript', () => text('%!PS-Adobe-3.0\n')],
  ['a shell script', () => text('#!/bin/sh\nid\n')],
  ['a Windows program', () => padded([0x4d, 0x5a, 0x90, 0])],
  ['a Linux program', () => padded([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1])],
  ['a zip', () => padded([0x50, 0x4b, 3, 4])],
  ['gzip', () => padded([0x1f, 0x8b, 8])],
  ['RAR', () => padded([0x52, 0x61, 0x72, 0x21, 0x1a, 7, 0])],
  ['an icon', () => padded([0, 0, 1, 0, 1, 0])],
  ['GIF', () => photo(4, 4).gif().toBuffer()],
  ['TIFF', () => photo(4, 4).tiff().toBuffer()],
  ['MP4', () => padded([0, 0, 0, 0x18, 0x66, 0x74, 0x79, 0x70, 0x6d, 0x70, 0x34, 0x32])],
  [
    'the head of a JPEG and then a page',
    () => Buffer.concat([padded([0xff, 0xd8, 0xff, 0xe0]), text('<script>')]),
  ],
  ['the head of a PNG and nothing', () => padded([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])],
  ['half a JPEG', async () => (await photo(400, 400).jpeg().toBuffer()).subarray(0, 700)],
];

describe('a file that calls itself a photo', () => {
  test.each(DISGUISES)('and is %s is refused with a sentence', async (_what, bytes) => {
    const result = await cleanPicture(await bytes());
    expect(result).toMatchObject({ ok: false, error: { code: 'not_a_picture' } });
  });
  test('of thirty thousand by thirty thousand is refused by its head, before it is unpacked', async () => {
    const head = await photo(1, 1).png().toBuffer();
    head.writeUInt32BE(30_000, 16);
    head.writeUInt32BE(30_000, 20);
    expect(await cleanPicture(head)).toMatchObject({ ok: false });
  });
  test('one of more pixels than allowed is named too large', async () => {
    const large = await photo(8000, 5001).png({ compressionLevel: 9 }).toBuffer();
    expect(await cleanPicture(large)).toMatchObject({ ok: false, error: { code: 'picture_too_large' } });
  });
});

describe('a photo', () => {
  test.each(['jpeg', 'png', 'webp'] as const)(
    'as %s becomes a JPEG without place, device or comment',
    async (format) => {
      const taken = await photo(60, 80)
        .withExif({
          IFD0: { Make: 'Canary', Artist: '张三' },
          IFD3: { GPSLatitudeRef: 'N', GPSLatitude: '30/1 40/1 0/1' },
        })
        .toFormat(format)
        .toBuffer();
      expect((await sharp(taken).metadata()).exif).toBeDefined();
      const cleaned = await cleanPicture(taken);
      if (!cleaned.ok) throw new Error(cleaned.error.message);
      const { format: kept, exif, iptc, xmp, width } = await sharp(cleaned.value).metadata();
      expect([kept, exif, iptc, xmp, width]).toEqual(['jpeg', undefined, undefined, undefined, 60]);
      expect(cleaned.value.includes('Canary')).toBe(false);
    },
  );
  test('with a page hidden behind its end loses it', async () => {
    const polyglot = Buffer.concat([
      await photo(60, 80).jpeg().toBuffer(),
      text('<script>alert(1)</script>'),
    ]);
    const cleaned = await cleanPicture(polyglot);
    expect(cleaned.ok && cleaned.value.includes('<script>')).toBe(false);
    expect(cleaned.ok).toBe(true);
  });
  test('larger than three thousand a side is made smaller', async () => {
    const cleaned = await cleanPicture(await photo(4000, 1000).jpeg().toBuffer());
    expect(cleaned.ok && (await sharp(cleaned.value).metadata())).toMatchObject({ width: 3000, height: 750 });
  });
});
