import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect } from 'vitest';
import { system } from '#platform/db/tenant';
import { makeWorld, type World } from '#platform/testing/app';
import { unbalanced } from '../figures.rules.ts';
import { importPath } from '../import.service.ts';
import { dbfBytes } from './dbf.ts';

export type Row = Readonly<Record<string, string>>;
type Imported = Awaited<ReturnType<typeof importPath>>;

/** What the tests of an import stand on: one world for the file; for each test an empty folder and a season that no other test uses. */
export interface Desk {
  readonly world: World;
  readonly folder: string;
  readonly year: number;
  /** 考生号 of the n-th candidate of this season. */
  no(index: number): string;
  /** Puts a table into the folder, DBF or CSV by its name; its columns are the keys of the first row. `deleted`: places of rows marked as deleted (DBF). */
  put(name: string, rows: readonly Row[], deleted?: ReadonlySet<number>): Promise<void>;
  /** Imports one file of the folder, or all that lies in it. */
  tryImport(name?: string, province?: string): Promise<Imported>;
  /** The same, for tests in which a refusal is a mistake of the test; its figures must balance. */
  take(name?: string, province?: string): Promise<Extract<Imported, { ok: true }>['value']>;
}

export function arrangeDesk(): Desk {
  const now = { year: 2030 } as { world: World; folder: string; year: number };
  beforeAll(async () => {
    now.world = await makeWorld();
  });
  afterAll(() => now.world.close());
  beforeEach(async () => {
    now.year += 1;
    const folder = await mkdtemp(join(tmpdir(), 'delivery-'));
    now.folder = folder;
    return () => rm(folder, { recursive: true, force: true });
  });
  const tryImport = (name = '', province = '51'): Promise<Imported> =>
    importPath(
      {
        ...{ env: now.world.env, files: now.world.files },
        caller: { tenantId: now.world.tenantId, actor: system },
      },
      {
        ...{ path: join(now.folder, name), year: now.year },
        ...{ province, batch: '本科批', collegeName: '测试学院' },
      },
    );
  return Object.assign(now, {
    no: (index: number) => `${now.year % 100}51${String(index).padStart(10, '0')}`,
    put: (name: string, rows: readonly Row[], deleted?: ReadonlySet<number>) =>
      writeFile(join(now.folder, name), tableBytes(name, rows, deleted)),
    tryImport,
    take: async (name?: string, province?: string) => {
      const result = await tryImport(name, province);
      if (!result.ok) throw new Error(result.error.message);
      expect(unbalanced(result.value.figures)).toBeNull();
      return result.value;
    },
  });
}

/** Cells of 60 bytes. */
function tableBytes(name: string, rows: readonly Row[], deleted: ReadonlySet<number> = new Set()): Buffer {
  const columns = Object.keys(rows[0] ?? {});
  const cells = rows.map((row) => columns.map((column) => row[column] ?? ''));
  if (name.endsWith('.csv'))
    return Buffer.from(`${[columns, ...cells].map((line) => line.join(',')).join('\n')}\n`);
  return dbfBytes(
    columns.map((column) => ({ name: column, length: 60 })),
    cells,
    { deleted },
  );
}
