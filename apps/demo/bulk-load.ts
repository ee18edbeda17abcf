/** Sends one statement and gives its rows; a pg client or a kysely transaction stands behind it. */
export type Ask = <Row>(statement: string) => Promise<Row[]>;

/**
 * Runs a load of millions of rows with the secondary indexes and unique rules of its tables dropped and built again after it, and foreign keys
 * unchecked (the load makes both sides). `fresh` says that the files of the tables are the transaction's own. Only for an empty
 * demonstration, in its own transaction, by a superuser; elsewhere it just runs.
 */
export async function withoutIndexes(
  ask: Ask,
  tables: readonly string[],
  load: (fresh: boolean) => Promise<void>,
): Promise<void> {
  const [role] = await ask<{ free: boolean }>(
    'select rolsuper as free from pg_roles where rolname = current_user',
  );
  if (!role?.free) return load(false);
  await ask('set local session_replication_role = replica');
  const names = tables.map((table) => `'${table}'::regclass`).join(', ');
  const rules = await ask<{ name: string; table: string; definition: string }>(
    `select quote_ident(c.conname) as name, c.conrelid::regclass::text as "table", pg_get_constraintdef(c.oid) as definition from pg_constraint c
     where c.conrelid in (${names}) and c.contype = 'u' and not exists (select from pg_constraint f where f.conindid = c.conindid and f.contype = 'f')`,
  );
  for (const { name, table } of rules) await ask(`alter table ${table} drop constraint ${name}`);
  const indexes = await ask<{ name: string; definition: string }>(
    `select i.indexrelid::regclass::text as name, pg_get_indexdef(i.indexrelid) as definition from pg_index i
     where i.indrelid in (${names}) and not exists (select from pg_constraint c where c.conindid = i.indexrelid)`,
  );
  for (const { name } of indexes) await ask(`drop index ${name}`);
  await renewFiles(ask, tables);
  await load(true);
  // Sorted in memory by the one process: the other tables are loaded beside it, and helpers would only spill to disk.
  await ask("set local maintenance_work_mem = '1500MB'");
  await ask('set local max_parallel_maintenance_workers = 0');
  for (const { definition } of indexes) await ask(definition);
  for (const { name, table, definition } of rules)
    await ask(`alter table ${table} add constraint ${name} ${definition}`);
  await ask('set local session_replication_role = origin');
}

/**
 * Gives the tables new files, as TRUNCATE would if other tables did not refer to them: what is written into files of the transaction's own
 * needs no log where wal_level allows, and COPY may freeze its rows.
 */
async function renewFiles(ask: Ask, tables: readonly string[]): Promise<void> {
  for (const table of tables) {
    await ask(`cluster ${table} using ${table}_pkey`);
    await ask(`alter table ${table} set without cluster`);
  }
}
