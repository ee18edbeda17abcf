import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { Uint8ArrayReader, Uint8ArrayWriter, ZipReader } from '@zip.js/zip.js';
import { describe, expect, test } from 'vitest';
import { lockedZip } from './locked-zip.ts';

/** law.md R17: a file that left the system says nothing to whoever has no password. */

const PASSWORD = 'K7QM-XH2W-9RTC-4BNA';
const lines = (count: number) =>
  Readable.from(
    (function* () {
      for (let n = 0; n < count; n += 1) yield Buffer.from(`第 ${n} 行 考生号 26520000000001\n`);
    })(),
  );
async function open(bytes: Uint8Array, password: string): Promise<{ name: string; text: string }[]> {
  const zip = new ZipReader(new Uint8ArrayReader(bytes), { password, useWebWorkers: false });
  const files: { name: string; text: string }[] = [];
  for (const entry of await zip.getEntries()) {
    if (entry.directory) continue;
    const content = await entry.getData(new Uint8ArrayWriter());
    files.push({ name: entry.filename, text: Buffer.from(content).toString() });
  }
  return files;
}

describe('a locked zip', () => {
  test('gives the file back under its Chinese name to whoever has the password', async () => {
    const bytes = await buffer(lockedZip('回访台账.xlsx', lines(3), PASSWORD));
    const text = (await buffer(lines(3))).toString();
    expect(await open(bytes, PASSWORD)).toEqual([{ name: '回访台账.xlsx', text }]);
  });
  test('says nothing without it', async () => {
    const bytes = await buffer(lockedZip('a.xlsx', lines(3), PASSWORD));
    expect(bytes.toString('latin1')).not.toContain('26520000000001');
    await expect(open(bytes, 'K7QM-XH2W-9RTC-4BNB')).rejects.toThrow(/password/i);
  });
  test('is AES-256, not the cipher of old that opens in an hour', async () => {
    const bytes = await buffer(lockedZip('a.xlsx', lines(1), PASSWORD));
    // Extra field 0x9901: vendor AE, strength 3 (APPNOTE 7.2, WinZip AE-2).
    const at = bytes.indexOf(Buffer.from([0x01, 0x99]));
    expect([bytes.subarray(at + 6, at + 8).toString(), bytes[at + 8]]).toEqual(['AE', 3]);
  });
  test('is written as it is read, and fails when the content does', async () => {
    const broken = Readable.from(
      (async function* () {
        yield Buffer.from('begun');
        throw new Error('the database went away');
      })(),
    );
    await expect(buffer(lockedZip('a.xlsx', broken, PASSWORD))).rejects.toThrow('the database went away');
  });
});
