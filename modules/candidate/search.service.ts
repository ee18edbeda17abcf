import type { Ctx } from '#platform/db/tenant';
import { ok, type Result } from '#platform/result';
import { activeSeason } from '#season';
import { type Scope, scopeOf } from '#staff';
import { openable } from './access.store.ts';
import type { CandidateId } from './ids.ts';
import { findPage, termOf } from './list.service.ts';
import { readRows } from './rows.store.ts';
import { maskName } from './rules.ts';
import { namesOnePerson } from './search.rules.ts';

const HITS = 8;

export interface SearchHits {
  readonly items: {
    id: string;
    candidateNo: string;
    name: string;
    provinceCode: string;
    batchName: string;
    majorName: string | null;
    ownerName: string | null;
    foreign: boolean;
    caseId: string | null;
  }[];
  readonly hint: string | null;
}

/**
 * The command palette. By number everybody finds every candidate of the season, masked, so that whoever takes an inbound call can take
 * the case over (an inbound call); by name everybody finds their own.
 */
export async function searchEverywhere(ctx: Ctx, text: string): Promise<Result<SearchHits, never>> {
  const season = await activeSeason(ctx);
  const term = termOf(text);
  if (!season) return ok({ items: [], hint: '还没有进行中的招生季。' });
  if (term.kind === 'nothing') return ok({ items: [], hint: term.hint });
  const own = await scopeOf(ctx);
  const scope: Scope = namesOnePerson(term) ? { ...own, kind: 'all' } : own;
  const { id: seasonId, phase } = season;
  const page = await findPage(ctx, {
    seasonId,
    phase,
    scope,
    filters: {},
    term,
    sort: 'name',
    after: null,
    limit: HITS,
  });
  const found = page.ok ? page.value.found.map(({ id }) => id) : [];
  const [rows, mine] = [await readRows(ctx, found, { seasonId, phase }), await openable(ctx, own, found)];
  return ok({
    items: rows.map(({ id, candidateNo, name, provinceCode, batchName, majorName, ownerName, caseId }) => ({
      id,
      candidateNo,
      name: maskName(name),
      provinceCode,
      batchName,
      majorName,
      ownerName,
      foreign: !mine.has(id as CandidateId),
      caseId,
    })),
    hint: null,
  });
}
