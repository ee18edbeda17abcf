import { refreshStatistics } from '#platform/db/statistics';
import {
  filingAfter,
  findPolicies,
  insertCandidates,
  lastStagedRow,
  prepareUpdates,
  saveChanges,
  updateCandidates,
} from './apply.store.ts';
import { attachPhones, attachToChanged, insertPhones } from './apply-phones.store.ts';
import { type ClassCounts, classify, findSharedNumbers } from './classify.store.ts';
import { buildCodes } from './code.rules.ts';
import { type ImportFigures, unbalanced } from './figures.rules.ts';
import { addFindings, readCodes, saveCodes, saveDetails, saveFindings } from './kept.store.ts';
import { stagePhotos, storePhotos } from './photos.ts';
import { majorFindings, type PlanRow, plansOf } from './plan.rules.ts';
import { findUndecided, nameMajors, savePlans, stagePlans, standInMajors } from './plan.store.ts';
import { keepPrivate } from './private.store.ts';
import { FINDINGS_PER_CODE_MAX, findingText } from './rules.ts';
import type { Run } from './run-parts.ts';
import { makeStager, type Stager } from './stager.ts';
import { createStaging, readAreaPrefixes } from './staging.store.ts';
import { type DeliverySurvey, surveyDelivery } from './survey.ts';

export interface Staged {
  readonly figures: ImportFigures;
  readonly survey: DeliverySurvey;
  readonly stager: Stager;
  readonly plans: readonly PlanRow[];
}

/** Reads the delivery into temporary tables and decides every candidate. Writes nothing that stays. Throws DeliveryFault. */
export async function stageDelivery(run: Run): Promise<Staged> {
  const { ctx, copy, delivery, target } = run;
  await createStaging(ctx);
  const stager = makeStager(ctx.vault, copy, await readAreaPrefixes(ctx));
  const codes = buildCodes(delivery.codes.rows(), await readCodes(ctx, target));
  const survey = await surveyDelivery(
    { ...delivery, codes },
    { year: run.year, province: target.provinceCode },
    {
      ...stager,
      drain: async (rowsRead) => {
        await stager.drain?.(rowsRead);
        await run.progress({
          ...{ done: rowsRead, total: expectedRows(delivery, rowsRead) },
          ...{ unit: '行', step: '正在读取' },
        });
      },
    },
  );
  await stagePhotos(run, stager, survey);
  await stager.finish();
  await run.progress({ done: survey.rows, total: survey.rows, unit: '行', step: '正在与已有档案比对' });
  const classes = await classify(ctx, target);
  const shared = await findSharedNumbers(ctx, findingText.phone_shared, FINDINGS_PER_CODE_MAX);
  if (shared > 0) survey.findings.phone_shared = shared;
  const plans = await stageMajors({ ...run, delivery: { ...delivery, codes } }, stager, survey);
  return { figures: figuresOf(survey, classes), survey, stager, plans };
}

/** The rows there are, as the headers of DBF say; of a lone CSV or XLSX as many as its bytes let expect. Null where nothing tells. */
function expectedRows({ tables }: Run['delivery'], rowsRead: number): number | null {
  if (tables.every((table) => table.rows !== null))
    return tables.reduce((sum, table) => sum + (table.rows ?? 0), 0);
  const [only, more] = tables;
  const share = more ? 0 : (only?.share?.() ?? 0);
  return share > 0 ? Math.round(rowsRead / share) : null;
}

/** The plans of the batch, and what is to be said of them and of filings that do not say which they mean. */
async function stageMajors(
  { ctx, target, delivery }: Run,
  stager: Stager,
  survey: DeliverySurvey,
): Promise<readonly PlanRow[]> {
  const { rows, findings } = plansOf(stager.plans, stager.batches);
  await standInMajors(ctx);
  await stagePlans(ctx, target, rows);
  const undecided = await findUndecided(ctx, FINDINGS_PER_CODE_MAX);
  const all = [...findings, ...majorFindings(undecided, delivery)];
  for (const { code } of all) survey.findings[code] = (survey.findings[code] ?? 0) + 1;
  await addFindings(ctx, all);
  return rows;
}

function figuresOf(survey: DeliverySurvey, classes: ClassCounts): ImportFigures {
  const { rows, deletedRows, candidates, merged, conflicts, rejected, noPhone, namesLost, badId } = survey;
  return {
    ...{ rows, deletedRows, candidates, ...classes, merged, conflicts, rejected },
    ...{ noPhone, namesLost, badId, findings: survey.findings },
  };
}

const STRETCH_ROWS = 25_000;

/** Writes everything that was staged. Throws when the figures do not balance: then nothing was written. */
export async function applyStaged(run: Run, { figures, stager, survey, plans }: Staged): Promise<void> {
  const { ctx, target } = run;
  await savePlans(ctx, target, plans);
  await saveCodes(ctx, target, run.delivery.codes);
  await nameMajors(ctx, target, filingAfter);
  await findPolicies(ctx, target);
  if (survey.photos > 0) await storePhotos(run, { stager, survey });
  await prepareUpdates(ctx, target);
  await keepPrivate(ctx, null);
  const kept = await saveChanges(ctx, target, null);
  const updated = await updateCandidates(ctx);
  const created = await insertInStretches(run, figures.created);
  if (created !== figures.created || updated !== figures.updated || kept !== updated) {
    throw new Error(`import wrote ${created} + ${updated}, decided ${figures.created} + ${figures.updated}`);
  }
  const fault = unbalanced(figures);
  if (fault) throw new Error(fault);
  await run.progress({
    done: figures.candidates,
    total: figures.candidates,
    unit: '人',
    step: '正在写入号码',
  });
  await insertPhones(ctx);
  await attachPhones(ctx);
  await attachToChanged(ctx, target);
  await saveDetails(ctx, target);
  await saveFindings(ctx, target);
  await refreshStatistics(ctx, created + updated);
}

async function insertInStretches({ ctx, target, progress }: Run, total: number): Promise<number> {
  const last = await lastStagedRow(ctx);
  let created = 0;
  for (let from = 1; from <= last; from += STRETCH_ROWS) {
    created += await insertCandidates(ctx, target, { from, until: from + STRETCH_ROWS - 1 });
    await progress({ done: created, total, unit: '人', step: '正在写入考生' });
  }
  return created;
}

/** Where the difference of an update stands before it is applied. */
export async function previewChanges({ ctx, target }: Run, most: number): Promise<void> {
  await nameMajors(ctx, target, filingAfter);
  await findPolicies(ctx, target);
  await prepareUpdates(ctx, target);
  await keepPrivate(ctx, most);
  await saveChanges(ctx, target, most);
  await saveFindings(ctx, target);
}
