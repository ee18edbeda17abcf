import { sql } from 'kysely';
import sharp from 'sharp';
import { expect, test } from 'vitest';
import { openEvidence } from './request.service.ts';
import { arrangeDesk } from './testing/papers.ts';

/** The one photo: letter, ID card and admission ticket together. */

const desk = arrangeDesk();

test('it loses its metadata, is encrypted, and shows the viewer across it', async () => {
  const id = await desk.requested();
  await desk.hand(id);
  const seen = await desk.world.as(desk.leader, (ctx) => openEvidence(ctx, desk.world.files, id));
  if (!seen.ok) throw new Error(seen.error.message);
  expect(seen.value.bytes.includes('secret-place')).toBe(false);
  expect((await sharp(seen.value.bytes).stats()).isOpaque).toBe(true);
  expect((await sharp(seen.value.bytes).stats()).channels[0]?.stdev).toBeGreaterThan(0.5);
});

test.each([
  ['a page that calls itself a photo', () => Buffer.from('<html><script>alert(1)</script>')],
  ['a cut photo', () => desk.photo.subarray(0, 400)],
  ['an SVG', () => Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>')],
])('%s is refused', async (_what, content) => {
  expect(await desk.hand(await desk.requested(), content())).toMatchObject({
    ok: false,
    error: { code: 'not_a_picture' },
  });
});

test('it is not for other callers, and each look is logged', async () => {
  const id = await desk.requested();
  await desk.hand(id);
  const look = (who: typeof desk.leader) =>
    desk.world.as(who, (ctx) => openEvidence(ctx, desk.world.files, id));
  expect(await look(desk.otherCaller)).toMatchObject({ ok: false, error: { code: 'not_found' } });
  expect(await look(desk.office)).toMatchObject({ ok: false, error: { code: 'not_yours' } });
  await look(desk.leader);
  const { rows } = await desk.world.as('system', ({ tx }) =>
    sql<{ n: number }>`select count(*) as n from audit_entry
      where subject_id = ${id} and action = 'withdrawal.evidence_viewed'`.execute(tx),
  );
  expect(rows[0]?.n).toBe(1);
});

test('one that is replaced is let go: nobody will look at that ID card again (个人信息保护法 art. 19)', async () => {
  const id = await desk.requested();
  await desk.hand(id);
  await desk.hand(id);
  const { rows } = await desk.world.as('system', ({ tx }) =>
    sql<{ current: boolean; expired: boolean }>`
      select f.id = w.evidence_file_id as current, f.remove_after is not null as expired from stored_file f, withdrawal w
      where w.id = ${id} and f.purpose = 'withdrawal_evidence' and f.name like '%' || (select candidate_no from candidate c
        where c.id = w.candidate_id) || '%' order by 1`.execute(tx),
  );
  expect(rows).toEqual([
    { current: false, expired: true },
    { current: true, expired: false },
  ]);
});

test('one that is replaced while the leader looks at it does not pass by the look at the other', async () => {
  const id = await desk.requested();
  const first = await desk.hand(id);
  desk.world.setClock(Date.parse('2026-07-22T10:05:00+08:00'));
  await desk.hand(id);
  const seen = first.ok ? (first.value.uploadedAt ?? 0) : 0;
  expect(await desk.check(id, desk.leader, { uploadedAt: seen })).toMatchObject({
    ok: false,
    error: { code: 'photo_changed' },
  });
  expect(await desk.check(id)).toMatchObject({ ok: true });
});

test('it cannot be replaced after the check', async () => {
  expect(await desk.hand(await desk.checked())).toMatchObject({
    ok: false,
    error: { code: 'wrong_state' },
  });
});
