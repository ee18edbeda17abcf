import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { makeWorld, type World } from '#platform/testing/app';
import { audit } from './audit.ts';
import { contradicted, digestOf, readHeads } from './heads.ts';
import { verifyAudit } from './verify.ts';

/** 等保 8.1.4.3 c: what was published outside shows even a log that was rewritten as a whole. */

let world: World;
const write = (what: string) =>
  world.as('system', (ctx) => audit(ctx, { action: 'test.entry', subjectType: 'test', subjectId: what }));

beforeAll(async () => {
  world = await makeWorld();
  for (let n = 0; n < 12; n += 1) await write(`${n}`);
});
afterAll(() => world.close());

/** Changes a line and signs it and all after it anew, as somebody with the rights of the owner could. */
const rewrite = (stripe: number) =>
  sql`
    do $$ declare line audit_entry; before bytea; begin
      select base_hash into before from audit_head where stripe = ${sql.lit(stripe)} and tenant_id = ${sql.lit(world.tenantId)};
      for line in select * from audit_entry where tenant_id = ${sql.lit(world.tenantId)} and stripe = ${sql.lit(stripe)} order by seq loop
        line.actor_name := 'nobody';
        before := sha256(before || convert_to(audit_text(line), 'UTF8'));
        update audit_entry set actor_name = line.actor_name, hash = before
          where tenant_id = line.tenant_id and stripe = line.stripe and seq = line.seq;
        update audit_head set hash = before where tenant_id = line.tenant_id and stripe = line.stripe;
      end loop; end $$`.execute(world.owner.kysely);

test('heads published yesterday stand today, however much was written since', async () => {
  const published = await world.as('system', readHeads);
  expect(published.heads.length).toBeGreaterThan(0);
  for (let n = 0; n < 5; n += 1) await write('later');
  expect(await world.as('system', (ctx) => contradicted(ctx, published.heads))).toEqual([]);
  expect((await world.as('system', readHeads)).digest).not.toBe(published.digest);
});

test('one digest stands for all heads, in whatever order they come', async () => {
  const { heads, digest } = await world.as('system', readHeads);
  expect(digestOf(heads.toReversed())).toBe(digest);
  expect(digestOf(heads.slice(1))).not.toBe(digest);
  expect(digest).toMatch(/^[0-9a-f]{64}$/);
});

test('lines and heads rewritten together pass the proof inside, and not the published heads', async () => {
  const { heads } = await world.as('system', readHeads);
  const [first] = heads;
  if (!first) throw new Error('no chain');
  await rewrite(first.stripe);
  expect((await world.as('system', verifyAudit)).faults).toEqual([]);
  expect(await world.as('system', (ctx) => contradicted(ctx, heads))).toEqual([first]);
});

test('a chain that was cut off behind its published head is seen too', async () => {
  const { heads } = await world.as('system', readHeads);
  const last = heads.at(-1);
  if (!last) throw new Error('no chain');
  await sql`delete from audit_entry where tenant_id = ${world.tenantId} and stripe = ${last.stripe} and seq = ${last.seq}`.execute(
    world.owner.kysely,
  );
  expect(await world.as('system', (ctx) => contradicted(ctx, heads))).toContainEqual(last);
});

test('another college’s heads are none of this one', async () => {
  const other = await world.addPerson({ roles: [], tenantId: await world.addTenant('other') });
  expect((await world.as(other, readHeads)).heads).toEqual([]);
});
