import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { importPath } from '#delivery';
import { getScript, listScripts, saveDraft, submitDraft } from '#script/contract';
import { mergeCandidates } from '../../modules/candidate/merge.contract.ts';
import { batchName, type Season } from './college.ts';
import type { Team } from './people.ts';
import type { Stage } from './stage.ts';

/** What a season has one or two of, so that every page has something to show. */
export async function arrangeDetails(stage: Stage, team: Team, season: Season): Promise<void> {
  await mergeDouble(stage, team, season);
  await submitScript(stage, team, season);
}

interface Known {
  readonly id: string;
  readonly candidateNo: string;
  readonly name: string;
  readonly number: Buffer;
  readonly provinceCode: string;
}

/** A late list names a candidate of the first again, under a second number: the clerk joins the two files. */
async function mergeDouble(stage: Stage, team: Team, season: Season): Promise<void> {
  const known = await stage.asSystem(async ({ tx, tenantId, vault }) => {
    const { rows } = await sql<Known>`
      select c.id, c.candidate_no as "candidateNo", c.name, c.province_code as "provinceCode", p.number from candidate c
      join candidate_phone x on x.tenant_id = c.tenant_id and x.candidate_id = c.id and x.detached_at is null
      join phone p on p.tenant_id = x.tenant_id and p.id = x.phone_id and p.kind = 'mobile'
      where c.tenant_id = ${tenantId} and c.batch_id = ${season.undergraduate} and c.name ~ '^[一-龥]+$'
      order by c.candidate_no, x.position limit 1`.execute(tx);
    return rows[0] && { ...rows[0], phone: vault.open(rows[0].number).replace(/^\+86/, '') };
  });
  if (!known) return;
  const secondNo = `${known.candidateNo.slice(0, -4)}9901`;
  await importRow(stage, team, season, {
    ...known,
    text: `考生号,姓名,联系手机\n${secondNo},${known.name},${known.phone}\n`,
  });
  const { rows } = await stage.asSystem(({ tx, tenantId }) =>
    sql<{
      id: string;
    }>`select id from candidate where tenant_id = ${tenantId} and candidate_no = ${secondNo}`.execute(tx),
  );
  const body = { otherId: rows[0]?.id ?? '', reason: '补报名单里换了考生号，姓名和本人手机相同，是同一人。' };
  await stage.act(team.clerk, mergeCandidates, { params: { id: known.id }, body });
}

async function importRow(
  stage: Stage,
  team: Team,
  season: Season,
  { provinceCode, text }: { provinceCode: string; text: string },
): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'zhizhao-demo-'));
  try {
    const path = join(folder, '补报考生.csv');
    await writeFile(path, text);
    const caller = { tenantId: stage.tenantId, actor: team.clerk.actor };
    const result = await importPath(
      { env: stage.env, files: stage.runtime.files, caller },
      {
        ...{
          path,
          province: provinceCode,
          year: new Date(stage.now()).getFullYear(),
          collegeName: '须园学院',
        },
        batch: await batchName(stage, season, 'undergraduate'),
      },
    );
    if (!result.ok) throw new Error(`demonstration: ${result.error.message}`);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The office has put a sentence more into a message; the version in force is sent until somebody else has approved the new one. */
async function submitScript(stage: Stage, { office }: Team, { seasonId }: Season): Promise<void> {
  const { items } = await stage.act(office, listScripts, { query: { seasonId } });
  const message = items
    .filter(({ kind, inForce, pending }) => kind === 'sms' && inForce && !pending)
    .toSorted((one, other) => (one.name < other.name ? -1 : 1))[0];
  if (!message) return;
  const params = { scriptId: message.id };
  const { versions } = await stage.act(office, getScript, { params });
  const current = versions.find(({ state }) => state === 'approved');
  if (!current) return;
  const steps = current.body.steps.map((step) => ({ ...step, say: `${step.say}如已联系，请忽略本短信。` }));
  const citations = current.flagged.map(({ phraseId, where, source }) => ({
    ...{ phraseId, where },
    source: source ?? '',
  }));
  await stage.act(office, saveDraft, {
    params,
    body: {
      body: { ...current.body, steps },
      citations,
      seenAt: versions[0]?.writtenAt ?? current.writtenAt,
    },
  });
  await stage.act(office, submitDraft, { params });
}
