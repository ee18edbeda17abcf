import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { minuteText } from './view.ts';

const { resolve } = createRequire(import.meta.url);
const fontfile = join(
  dirname(resolve('@expo-google-fonts/noto-sans-sc/package.json')),
  '400Regular',
  'NotoSansSC_400Regular.ttf',
);
const GAP = 60;

/** Repeats who looked, and when, across a picture, so that a leaked copy names its source. */
export async function stampPicture(picture: Buffer, look: { name: string; at: number }): Promise<Buffer> {
  const { default: sharp } = await import('sharp');
  const text = `<span foreground="#8a8a8a" alpha="42%">${escaped(look.name)} ${minuteText(look.at)}</span>`;
  const tile = await sharp({ text: { text, font: 'Noto Sans SC', fontfile, dpi: 150, rgba: true } })
    .rotate(-18, { background: '#00000000' })
    .extend({ top: GAP, bottom: GAP, left: GAP, right: GAP, background: '#00000000' })
    .png()
    .toBuffer();
  const { width = 0, height = 0 } = await sharp(picture).metadata();
  const { width: tileWidth = 0, height: tileHeight = 0 } = await sharp(tile).metadata();
  // A tile larger than the picture cannot be laid; a small picture carries one that fits.
  const fits = tileWidth <= width && tileHeight <= height;
  const input = fits ? tile : await sharp(tile).resize(width, height, { fit: 'inside' }).toBuffer();
  return sharp(picture)
    .composite([{ input, tile: true }])
    .jpeg({ quality: 82 })
    .toBuffer();
}

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
