import { PassThrough, Readable, Writable } from 'node:stream';
import { ZipWriter } from '@zip.js/zip.js';

const AES_256 = 3;

/**
 * One file in a zip that opens with its password only: AES-256 as WinZip writes it, which 7-Zip, WinRAR, 360 压缩, Bandizip and the WPS office
 * open. Streamed, so that memory does not grow with the file; what goes wrong in `content` destroys the result.
 */
export function lockedZip(name: string, content: Readable, password: string): Readable {
  const out = new PassThrough();
  const zip = new ZipWriter(Writable.toWeb(out) as never, {
    ...{ password, encryptionStrength: AES_256, useWebWorkers: false },
    // Workbooks are compressed already.
    level: 0,
  });
  zip
    .add(name, Readable.toWeb(content) as never)
    .then(() => zip.close())
    .catch((error: unknown) => {
      content.destroy();
      out.destroy(error instanceof Error ? error : new Error(String(error)));
    });
  return out;
}
