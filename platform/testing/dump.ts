import { buffer } from 'node:stream/consumers';
import pg from 'pg';
import { to as copyTo } from 'pg-copy-streams';

/** Every form in which a text could lie in a dump: itself, hex and base64 of its bytes. */
const formsOf = (needle: string): string[] => {
  const bytes = Buffer.from(needle);
  return [needle, bytes.toString('hex'), ...[0, 1, 2].map((shift) => base64Core(bytes, shift))];
};

/** The part of a base64 text that does not depend on what stands around it. */
const base64Core = (bytes: Buffer, shift: number): string =>
  Buffer.concat([Buffer.alloc(shift), bytes])
    .toString('base64')
    .slice(shift === 0 ? 0 : 4)
    .replace(/.{0,3}=*$/, '')
    .slice(0, 12);

/** Copies every table of the database out as text and says which of them hold one of the needles in clear. */
export async function findInDump(ownerUrl: string, needles: readonly string[]): Promise<string[]> {
  const client = new pg.Client({ connectionString: ownerUrl });
  await client.connect();
  try {
    const { rows } = await client.query<{ name: string }>(
      `select format('%I.%I', schemaname, tablename) as name from pg_tables where schemaname not in ('pg_catalog', 'information_schema')`,
    );
    const found: string[] = [];
    for (const { name } of rows) {
      const text = (await buffer(client.query(copyTo(`copy ${name} to stdout`)))).toString('latin1');
      for (const needle of needles) {
        const hit = formsOf(needle).find(
          (form) => form.length >= 8 && text.includes(Buffer.from(form).toString('latin1')),
        );
        if (hit !== undefined) found.push(`${name}: ${needle}`);
      }
    }
    return found;
  } finally {
    await client.end();
  }
}
