import { sql } from 'kysely';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { makeWorld, type World } from '#platform/testing/app';

/** Tables that belong to no tenant. */
const WITHOUT_TENANT: Readonly<Record<string, string>> = {
  tenant: 'the tenant itself; row-level security is by its own id',
  migration: 'the schema, not data; the application role has no right on it',
  server_instance: 'heartbeats of processes; the application role has no right on it',
};
/** Foreign keys without tenant_id on both sides. */
const SINGLE_FOREIGN_KEYS = /^foreign key \(tenant_id\) references tenant\(id\)/i;
/** SECURITY DEFINER functions, each with what guards it. */
const DEFINERS: Readonly<Record<string, string>> = {
  case_apply: 'only writer of the case and its journal; works in current_tenant() only',
  refresh_statistics: 'looks at tables for the planner; reads and gives nothing',
  enqueue_job: 'puts a job of the current tenant into the queue, whose tables the application cannot see',
};

let world: World;
let app: pg.Client;
beforeAll(async () => {
  world = await makeWorld();
  await world.addTenant('other');
  app = new pg.Client({ connectionString: world.appUrl });
  await app.connect();
});
afterAll(async () => {
  await app.end();
  await world.close();
});

async function ask<T>(query: string): Promise<T[]> {
  const { rows } = await sql.raw<T>(query).execute(world.owner.kysely);
  return rows;
}

interface TableRow {
  name: string;
  has_tenant: boolean;
  secured: boolean;
  forced: boolean;
  owned_by_app: boolean;
  partition: boolean;
}

const tables = () =>
  ask<TableRow>(`select c.relname as name, c.relrowsecurity as secured, c.relforcerowsecurity as forced, c.relispartition as partition,
    exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'tenant_id' and not a.attisdropped) as has_tenant,
    c.relowner = 'zhizhao_app'::regrole as owned_by_app
    from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') order by 1`);

interface ConstraintRow {
  table_name: string;
  kind: string;
  text: string;
  columns: string;
}

const constraints = (kind: string) =>
  ask<ConstraintRow>(`select r.conrelid::regclass::text as table_name, r.contype as kind, pg_get_constraintdef(r.oid) as text,
    (select string_agg(a.attname, ',' order by k.n) from unnest(r.conkey) with ordinality k (attnum, n)
      join pg_attribute a on a.attrelid = r.conrelid and a.attnum = k.attnum) as columns
    from pg_constraint r where r.connamespace = 'public'::regnamespace and r.contype = '${kind}' and r.conparentid = 0`);

describe('every table', () => {
  test('belongs to a tenant, or stands on the list with its reason', async () => {
    const without = (await tables()).filter((table) => !table.has_tenant).map((table) => table.name);
    expect(without.filter((name) => !(name in WITHOUT_TENANT))).toEqual([]);
  });
  test('of a tenant has row-level security, forced, and is not owned by the application', async () => {
    const open = (await tables()).filter(
      (table) =>
        table.owned_by_app || (table.has_tenant && !table.partition && !(table.secured && table.forced)),
    );
    expect(open).toEqual([]);
  });
  test('of a tenant has a primary key that begins with tenant_id', async () => {
    const keys = new Map((await constraints('p')).map((row) => [row.table_name, row.columns]));
    const wrong = (await tables())
      .filter((table) => table.has_tenant && !table.partition)
      .filter((table) => !keys.get(table.name)?.startsWith('tenant_id'));
    expect(wrong.map((table) => table.name)).toEqual([]);
  });
  test('points to other rows and forbids duplicates within its tenant only', async () => {
    const own = new Set((await tables()).filter((table) => table.has_tenant).map((table) => table.name));
    const foreign = (await constraints('f')).filter(
      ({ text }) =>
        !SINGLE_FOREIGN_KEYS.test(text) && !/\(tenant_id, .*references \w+\(tenant_id, /i.test(text),
    );
    expect(foreign.filter((row) => own.has(row.table_name))).toEqual([]);
    const unique = await ask<{ table_name: string; text: string }>(`
      select i.indrelid::regclass::text as table_name, pg_get_indexdef(i.indexrelid) as text from pg_index i
      join pg_class c on c.oid = i.indrelid where c.relnamespace = 'public'::regnamespace and i.indisunique`);
    expect(unique.filter((row) => own.has(row.table_name) && !/\(tenant_id[,)]/.test(row.text))).toEqual([]);
  });
  test('has policies that compare the tenant in what is read and in what is written', async () => {
    const policies = await ask<{ table_name: string; reads: string | null; writes: string | null }>(`
      select tablename as table_name, qual as reads, with_check as writes from pg_policies where schemaname = 'public'`);
    const rule = '(tenant_id = current_tenant())';
    const odd = policies.filter(
      (policy) => policy.table_name !== 'tenant' && (policy.reads !== rule || policy.writes !== rule),
    );
    expect(odd).toEqual([]);
  });
});

describe('the application role', () => {
  test('is nobody special: no superuser, no BYPASSRLS, owns nothing, may create nothing', async () => {
    const [role] = await ask<object>(
      `select rolsuper, rolbypassrls, rolcreaterole, rolcreatedb from pg_roles where rolname = 'zhizhao_app'`,
    );
    expect(role).toEqual({ rolsuper: false, rolbypassrls: false, rolcreaterole: false, rolcreatedb: false });
    const [owns] = await ask<{ n: number }>(
      `select count(*)::int as n from pg_class where relowner = 'zhizhao_app'::regrole`,
    );
    expect(owns?.n).toBe(0);
    const member = await ask<object>(`select 1 from pg_auth_members where member = 'zhizhao_app'::regrole`);
    expect(member).toEqual([]);
    await expect(app.query('create table mine (id int)')).rejects.toThrow('permission denied');
  });
  test('cannot truncate, disable the protection, or touch what only adds up', async () => {
    for (const statement of [
      'truncate audit_entry',
      'alter table user_account disable row level security',
      `update audit_entry set actor_name = 'x'`,
      'delete from audit_entry',
      'update case_event set kind = kind',
      `update follow_up_case set state = 'final'`,
      'delete from assignment',
      'select * from migration',
      'select * from server_instance',
    ])
      await expect(app.query(statement), statement).rejects.toThrow(/permission denied|must be owner/);
  });
  test('gains rights only through functions on the list, each with a fixed search path', async () => {
    const definers = await ask<{ name: string; path: string | null }>(`
      select p.proname as name, array_to_string(p.proconfig, ';') as path from pg_proc p
      where p.pronamespace = 'public'::regnamespace and p.prosecdef`);
    expect(definers.map(({ name }) => name).filter((name) => !(name in DEFINERS))).toEqual([]);
    expect(definers.filter(({ path }) => !path?.startsWith('search_path='))).toEqual([]);
  });
  test('sees through views what it would see itself', async () => {
    const views = await ask<{ name: string }>(`select c.relname as name from pg_class c
      where c.relnamespace = 'public'::regnamespace and c.relkind in ('v', 'm')
        and not coalesce('security_invoker=true' = any(c.reloptions) or 'security_invoker=on' = any(c.reloptions), false)`);
    expect(views).toEqual([]);
  });
});

interface ColumnRow {
  name: string;
  type: string;
  base: string;
  required: boolean;
}

/** Some value of a column's type; it need not be a sensible one: the tenant is checked before anything else. */
const sample = (column: ColumnRow): string => {
  if (column.base === 'uuid') return 'gen_random_uuid()';
  if (/^(int|float|numeric)/.test(column.base)) return '1';
  if (column.base === 'bool') return 'false';
  if (column.base === 'jsonb') return `'{}'`;
  if (column.base === 'bytea') return `'\\x00'`;
  if (/^(timestamp|date)/.test(column.base)) return 'now()';
  if (column.base.startsWith('time')) return `'10:00'`;
  if (column.base.startsWith('_')) return `'{}'`;
  return `'x'`;
};

describe('another tenant', () => {
  const columnsOf = (table: string) =>
    ask<ColumnRow>(`select a.attname as name, a.atttypid::regtype::text as type, a.attnotnull as required,
      coalesce((select b.typname from pg_type b where b.oid = t.typbasetype), t.typname) as base
      from pg_attribute a join pg_type t on t.oid = a.atttypid
      where a.attrelid = '${table}'::regclass and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''`);
  const inTransaction = async (tenant: string | null, work: () => Promise<void>): Promise<void> => {
    await app.query('begin');
    try {
      if (tenant) await app.query(`select set_config('app.tenant_id', $1, true)`, [tenant]);
      await work();
    } finally {
      await app.query('rollback');
    }
  };
  const readable = async (): Promise<string[]> => {
    const rows = await ask<{
      name: string;
    }>(`select c.relname as name from pg_class c where c.relnamespace = 'public'::regnamespace
      and c.relkind in ('r', 'p') and has_table_privilege('zhizhao_app', c.oid, 'select')
      and exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'tenant_id')`);
    return rows.map(({ name }) => name);
  };

  test('without a tenant set no table shows a row', async () => {
    const names = await readable();
    expect(names.length).toBeGreaterThan(40);
    await inTransaction(null, async () => {
      for (const name of names) {
        const { rows } = await app.query(`select count(*)::int as n from ${name}`);
        expect({ name, rows: rows[0].n }).toEqual({ name, rows: 0 });
      }
    });
  });
  test('a row for somebody else is refused by every table that the application may fill', async () => {
    const fillable = await ask<{
      name: string;
    }>(`select c.relname as name from pg_class c where c.relnamespace = 'public'::regnamespace
      and c.relkind in ('r', 'p') and has_any_column_privilege('zhizhao_app', c.oid, 'insert')
      and exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'tenant_id')`);
    expect(fillable.length).toBeGreaterThan(40);
    const [foreign] = await ask<{ id: string }>(`select id from tenant where code = 'other'`);
    for (const { name } of fillable) {
      const columns = (await columnsOf(name)).filter((column) => column.required);
      const values = columns.map((column) =>
        column.name === 'tenant_id' ? `'${foreign?.id}'` : sample(column),
      );
      const insert = `insert into ${name} (${columns.map((column) => `"${column.name}"`).join(', ')}) values (${values.join(', ')})`;
      await inTransaction(world.tenantId, async () => {
        await expect(app.query(insert), name).rejects.toThrow('row-level security');
      });
    }
  });
  test('a forgotten where clause reads and changes nothing of others', async () => {
    const before = await ask<{ n: number }>(
      `select count(*)::int as n from tenant_key where tenant_id <> '${world.tenantId}'`,
    );
    await inTransaction(world.tenantId, async () => {
      const { rows } = await app.query('select distinct tenant_id from tenant_key');
      expect(rows).toEqual([{ tenant_id: world.tenantId }]);
      const { rowCount } = await app.query('update audit_head set seq = seq + 1');
      expect(rowCount).toBe(64);
    });
    expect(before[0]?.n).toBe(2);
  });
});
