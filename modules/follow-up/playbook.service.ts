import type { z } from 'zod';
import { addPhone } from '#candidate';
import { maskName } from '#candidate/rules';
import { audit } from '#platform/audit/audit';
import type { Ctx } from '#platform/db/tenant';
import { type Refusal, refuse } from '#platform/http/refusal';
import { newId } from '#platform/ids';
import { ok, type Result } from '#platform/result';
import { type Scope, scopeOf } from '#staff';
import { type CaseRow, readCase } from './case.store.ts';
import { holdPhone, lockLease } from './lease.store.ts';
import type { PlaybookData, recordPlaybook } from './playbook.contract.ts';
import { playbookOf, ROUTE_RULES, recordGap, STEP_RULES } from './playbook.rules.ts';
import {
  insertStep,
  leaseOnCase,
  maySeeCase,
  readSchoolmates,
  readSteps,
  readSurroundings,
} from './playbook.store.ts';

/** The search for a candidate nobody reaches: read what was done, record a step, add a number with its source and basis. */

const notFound = () => refuse('not_found', '没有找到这个回访任务，或不在您的负责范围内。');

async function openCase(ctx: Ctx, scope: Scope, caseId: string): Promise<CaseRow | null> {
  return (await maySeeCase(ctx, scope, caseId)) ? readCase(ctx, caseId) : null;
}

export async function playbook(
  ctx: Ctx,
  caseId: string,
): Promise<Result<PlaybookData, Refusal<'not_found'>>> {
  const scope = await scopeOf(ctx);
  const row = await openCase(ctx, scope, caseId);
  return row ? ok(await viewOf(ctx, scope, row)) : notFound();
}

async function viewOf(ctx: Ctx, scope: Scope, row: CaseRow): Promise<PlaybookData> {
  const steps = await readSteps(ctx, row.id);
  const { schoolCode, schoolName, ...around } = await readSurroundings(ctx, row.id);
  const given = { caseId: row.id, seasonId: row.season_id, phase: row.phase };
  const mates = schoolCode === null ? [] : await readSchoolmates(ctx, scope, { ...given, schoolCode });
  const visible = mates.filter((mate) => mate.visible);
  return {
    caseId: row.id,
    shielded: around.shielded,
    steps: playbookOf({ records: steps, messages: row.messages, ...around }),
    entries: steps.map((entry) => ({
      ...entry,
      detail: entry.detail === null ? '' : ctx.vault.open(entry.detail),
    })),
    sameSchool: {
      schoolName,
      visible: visible.map(({ visible: _visible, ...mate }) => ({
        ...mate,
        candidateName: maskName(mate.candidateName),
      })),
      others: mates.length - visible.length,
    },
  };
}

type Input = z.output<typeof recordPlaybook.body>;
type RecordRefusal =
  | 'not_found'
  | 'case_closed'
  | 'incomplete'
  | 'bad_number'
  | 'duplicate_number'
  | 'number_busy';

/** Writes down one step of the search. A number found joins the candidate's numbers; who is on the phone with them can dial it at once. */
export async function recordStep(
  ctx: Ctx,
  caseId: string,
  input: Input,
): Promise<Result<PlaybookData, Refusal<RecordRefusal>>> {
  const scope = await scopeOf(ctx);
  const row = await openCase(ctx, scope, caseId);
  if (!row) return notFound();
  if (row.state === 'final') return refuse('case_closed', '这名考生本阶段已办结，不用再查找。');
  if (row.blocked_reason === 'do_not_call')
    return refuse('case_closed', '本人要求勿再来电，不再查找别的号码；只有督查组可以解除。');
  const { shielded } = await readSurroundings(ctx, caseId);
  const gap = recordGap({ ...input, number: input.number !== null, shielded });
  if (gap !== null) return refuse('incomplete', gap);
  const added = input.number === null ? ok(null) : await addNumber(ctx, row, input);
  if (!added.ok) return added;
  const { step, route, outcome, detail } = input;
  const id = newId<string>();
  const basis = input.number?.basis ?? null;
  await insertStep(ctx, { id, caseId, step, route, outcome, detail, phoneId: added.value, basis });
  await audit(ctx, {
    action: 'playbook.recorded',
    subjectType: 'case',
    subjectId: caseId,
    after: { step, route, outcome, phoneId: added.value },
  });
  return ok(await viewOf(ctx, scope, row));
}

async function addNumber(
  ctx: Ctx,
  row: CaseRow,
  { step, route, number }: Input,
): Promise<Result<string | null, Refusal<'bad_number' | 'duplicate_number' | 'number_busy'>>> {
  if (number === null) return ok(null);
  const leaseId = await leaseOnCase(ctx, row.id);
  if (leaseId !== null) await lockLease(ctx, leaseId);
  const source =
    route === null ? STEP_RULES[step].label : `${STEP_RULES[step].label}·${ROUTE_RULES[route].label}`;
  const added = await addPhone(ctx, {
    candidateId: row.candidate_id,
    number: number.number,
    relation: number.relation,
    source,
    basis: number.basis,
    ...(number.contactName !== '' && { contactName: number.contactName }),
  });
  if (!added.ok) {
    const code = added.error.code === 'already_there' ? 'duplicate_number' : 'bad_number';
    return refuse(code, added.error.message);
  }
  const { phoneId } = added.value;
  if (leaseId !== null && !(await holdPhone(ctx, leaseId, phoneId)))
    return refuse('number_busy', '这个号码正由另一位回访员在为其他考生拨打，请稍后再添加。');
  return ok(phoneId);
}
