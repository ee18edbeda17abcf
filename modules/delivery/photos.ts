import { createHash } from 'node:crypto';
import { sql } from 'kysely';
import { cleanPicture, storeFile } from '#platform/files/files';
import type { Photo } from './read/photo.ts';
import { findingText } from './rules.ts';
import type { Run } from './run-parts.ts';
import type { Stager } from './stager.ts';
import { stagingColumns } from './staging.store.ts';
import type { DeliverySurvey } from './survey.ts';

const HASH_HEX = 16;

/** Fingerprints of the photos of known candidates, one at a time; the first of a candidate counts. */
export async function stagePhotos(run: Run, stager: Stager, survey: DeliverySurvey): Promise<void> {
  const seen = new Set<number>();
  let lines: string[] = [];
  const send = async (): Promise<void> => {
    await stager.flush();
    await run.copy('staged_photo', stagingColumns('staged_photo'), Buffer.from(lines.join('')));
    lines = [];
  };
  for (const [place, { n, photo }] of stager.photos.entries()) {
    if (seen.has(n)) continue;
    const bytes = await photo.read();
    if (bytes === null) {
      reportUnreadable(photo, stager, survey);
      continue;
    }
    seen.add(n);
    const hash = createHash('sha256').update(bytes).digest('hex').slice(0, HASH_HEX);
    lines.push(`${n}\t${place}\t${hash}\t\\N\n`);
    if (lines.length >= 5000) await send();
    await run.progress({ done: place + 1, total: stager.photos.length, unit: '张', step: '正在核对照片' });
  }
  if (lines.length > 0) await send();
}

function reportUnreadable(photo: Photo, stager: Stager, survey: DeliverySurvey): void {
  survey.findings.photo_unreadable = (survey.findings.photo_unreadable ?? 0) + 1;
  stager.finding?.({
    ...{ code: 'photo_unreadable', file: photo.file, row: 0 },
    message: findingText.photo_unreadable,
  });
}

/** Re-encodes and stores the photos that are new or other than before; one in memory at a time. */
export async function storePhotos(
  run: Run,
  { stager, survey }: { stager: Stager; survey: DeliverySurvey },
): Promise<void> {
  const { tx, tenantId } = run.ctx;
  const { rows } = await sql<{ n: number; place: number }>`
    select h.n, h.place from staged_photo h
    join staged_class k on k.n = h.n and k.kind in ('created', 'updated')
    left join candidate c on c.tenant_id = ${tenantId} and c.id = k.candidate_id
    where c.id is null or substr(encode(c.content_hash, 'hex'), 65, 16) <> h.photo_hash
    order by h.place`.execute(tx);
  for (const [done, { n, place }] of rows.entries()) {
    const photo = stager.photos[place]?.photo;
    const bytes = await photo?.read();
    const picture = bytes ? await cleanPicture(bytes) : null;
    if (picture?.ok) {
      const name = `${photo?.candidateNo}.jpg`;
      const file = await storeFile(
        run.ctx,
        run.files,
        { purpose: 'photo', name, mediaType: 'image/jpeg' },
        picture.value,
      );
      await sql`update staged_photo set file_id = ${file.id} where n = ${n}`.execute(tx);
    } else if (photo) reportUnreadable(photo, stager, survey);
    await run.progress({ done: done + 1, total: rows.length, unit: '张', step: '正在保存照片' });
  }
  await stager.flush();
}
