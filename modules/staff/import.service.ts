import { buffer } from 'node:stream/consumers';
import type { z } from 'zod';
import { audit } from '#platform/audit/audit';
import type { Ctx } from '#platform/db/tenant';
import { findFile, readFile, storeFile } from '#platform/files/files';
import type { FileStore } from '#platform/files/store';
import { type Refusal, refuse } from '#platform/http/refusal';
import { newId, type UserId } from '#platform/ids';
import { ok, type Result } from '#platform/result';
import { createAccount, newInitialCodes, setNameAndExpiry } from '#platform/session/accounts';
import { saveProfile } from './account.store.ts';
import { type confirmStaff, FINDINGS_SHOWN, type uploadStaff } from './import.contract.ts';
import type { SheetRow } from './import.rules.ts';
import { idsByName, readKnown } from './import.store.ts';
import { type ImportPlan, type KnownPerson, type PlannedPerson, planImport } from './import-plan.rules.ts';
import { errorSheet, readStaffSheet, type SheetRefusal } from './sheet.ts';
import { saveUnit } from './unit.store.ts';

const PURPOSE = 'staff_import';
const KEEP_MS = 7 * 86_400_000;

export type Preview = z.output<typeof uploadStaff.reply>;
type ReadRefusal = SheetRefusal | Refusal<'not_found'>;

/** Keeps the file for a week and says what it would do. Writes nothing else. */
export async function previewUpload(
  ctx: Ctx,
  files: FileStore,
  upload: { name: string; bytes: Buffer },
): Promise<Result<Preview, ReadRefusal>> {
  const rows = await readStaffSheet(upload.bytes);
  if (!rows.ok) return rows;
  const stored = await storeFile(
    ctx,
    files,
    {
      purpose: PURPOSE,
      name: upload.name,
      mediaType: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
      removeAfter: ctx.now + KEEP_MS,
    },
    upload.bytes,
  );
  return ok(previewOf({ id: stored.id, fileName: stored.name }, await planFor(ctx, rows.value)));
}

/** The preview of a file uploaded earlier, against today's people. */
export async function previewAgain(
  ctx: Ctx,
  files: FileStore,
  id: string,
): Promise<Result<Preview, ReadRefusal>> {
  const read = await readUpload(ctx, files, id);
  if (!read.ok) return read;
  return ok(previewOf({ id, fileName: read.value.name }, await planFor(ctx, read.value.rows)));
}

export async function errorFile(
  ctx: Ctx,
  files: FileStore,
  id: string,
): Promise<Result<Uint8Array, ReadRefusal>> {
  const read = await readUpload(ctx, files, id);
  if (!read.ok) return read;
  const plan = await planFor(ctx, read.value.rows);
  return ok(await errorSheet(read.value.rows, plan.findings));
}

async function readUpload(
  ctx: Ctx,
  files: FileStore,
  id: string,
): Promise<Result<{ name: string; rows: SheetRow[] }, ReadRefusal>> {
  const file = await findFile(ctx, id);
  if (!file || file.purpose !== PURPOSE || file.removedAt !== null)
    return refuse('not_found', '这次上传的文件已经清理，请重新上传。');
  const rows = await readStaffSheet(await buffer(await readFile(ctx, files, id)));
  return rows.ok ? ok({ name: file.name, rows: rows.value }) : rows;
}

async function planFor(ctx: Ctx, rows: readonly SheetRow[]): Promise<ImportPlan> {
  const usernames = rows.map((row) => (row.cells.username ?? '').toLowerCase());
  return planImport(rows, await readKnown(ctx, usernames));
}

const previewOf = (file: { id: string; fileName: string }, plan: ImportPlan): Preview => ({
  ...file,
  rows: plan.rows,
  created: plan.created,
  updated: plan.updated,
  unchanged: plan.unchanged,
  rejected: plan.rejected,
  newUnits: [...plan.newUnits],
  findings: plan.findings.slice(0, FINDINGS_SHOWN),
  findingCount: plan.findings.length,
});

type Confirmed = z.output<typeof confirmStaff.reply>;

/** Writes the whole sheet or, when any row has a finding, nothing. The same file again changes nothing. */
export async function confirmImport(
  ctx: Ctx,
  files: FileStore,
  id: string,
): Promise<Result<Confirmed, ReadRefusal | Refusal<'rows_rejected' | 'username_taken'>>> {
  const read = await readUpload(ctx, files, id);
  if (!read.ok) return read;
  const plan = await planFor(ctx, read.value.rows);
  if (plan.rejected > 0) {
    return refuse(
      'rows_rejected',
      `有 ${plan.rejected} 行需要修改，这次没有写入任何人。请下载有问题的行，改好后重新上传。`,
      { rejected: plan.rejected },
    );
  }
  for (const unit of plan.newUnits) await saveUnit(ctx, newId(), { ...unit, headId: null });
  const places = await idsByName(ctx);
  const codes = await newInitialCodes(plan.created);
  const made: Confirmed['codes'] = [];
  for (const person of plan.people.filter(({ changed }) => changed)) {
    const written = await writePerson(ctx, person, {
      places,
      initialCode: person.known ? undefined : codes[made.length],
    });
    if (!written.ok) return written;
    if (written.value !== null) made.push(written.value);
  }
  const figures = { created: plan.created, updated: plan.updated, unchanged: plan.unchanged };
  await audit(ctx, {
    action: 'staff.imported',
    subjectType: 'file',
    subjectId: id,
    after: { ...figures, newUnits: plan.newUnits.map(({ name }) => name) },
  });
  return ok({ ...figures, codes: made });
}

/** What an import may change of somebody who is there, for the log. */
const changedOf = (person: Omit<KnownPerson, 'id' | 'name' | 'leads' | 'roles'>) => ({
  kind: person.kind,
  unit: person.unitName,
  group: person.groupName,
  staffNo: person.staffNo,
  experienced: person.experienced,
  outstandingLastYear: person.outstandingLastYear,
  openWorkCap: person.openWorkCap,
  expiresOn: person.expiresOn,
  skills: person.skills,
});

interface Writing {
  readonly places: Awaited<ReturnType<typeof idsByName>>;
  readonly initialCode: Awaited<ReturnType<typeof newInitialCodes>>[number] | undefined;
}

async function writePerson(
  ctx: Ctx,
  { line, known, skills }: PlannedPerson,
  { places, initialCode }: Writing,
): Promise<Result<Confirmed['codes'][number] | null, Refusal<'username_taken'>>> {
  const profile = {
    ...line,
    skills,
    unitId: line.unit === null ? null : (places.units.get(line.unit) ?? null),
    groupId: line.group === null ? null : (places.groups.get(line.group) ?? null),
  };
  if (known) {
    await saveProfile(ctx, known.id as UserId, profile);
    await setNameAndExpiry(ctx, known.id as UserId, line);
    await audit(ctx, {
      action: 'person.changed',
      subjectType: 'user',
      subjectId: known.id,
      reason: '导入人员表',
      before: changedOf(known),
      after: changedOf({ ...line, skills, unitName: line.unit, groupName: line.group }),
    });
    return ok(null);
  }
  const made = await createAccount(ctx, {
    ...line,
    roles: line.roles ?? [],
    ...(initialCode && { initialCode }),
  });
  if (!made.ok) return made;
  await saveProfile(ctx, made.value.userId, profile);
  return ok({ username: line.username, name: line.name, initialCode: made.value.initialCode });
}
