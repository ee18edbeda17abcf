import { once } from 'node:events';
import { sql } from 'kysely';
import pg from 'pg';
import { from } from 'pg-copy-streams';
import { nameKeys } from '#candidate';
import type { Vault } from '#platform/crypto/vault';
import { closeDb, openDb } from '#platform/db/pool';
import type { TenantId } from '#platform/ids';
import { type Ask, withoutIndexes } from './bulk-load.ts';
import { type Draw, drawFrom } from './random.ts';

/** Filed candidates with two numbers, an owner and an open case each, by COPY: for measuring a season of a million. */
export interface BulkCandidates {
  readonly ownerUrl: string;
  readonly tenantId: TenantId;
  readonly vault: Vault;
  readonly seasonId: string;
  readonly batchId: string;
  readonly year: number;
  readonly policies: readonly { readonly id: string; readonly provinceCode: string }[];
  readonly callers: readonly { readonly userId: string; readonly groupId: string }[];
  readonly count: number;
  readonly say: (line: string) => void;
}

const FAMILY = [...'王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧'];
const GIVEN = [...'伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉萍红玲梅林晨宇轩雨欣怡'];
const MAJORS = [
  '汉语言文学',
  '学前教育',
  '会计学',
  '护理学',
  '计算机科学与技术',
  '电子商务',
  '土木工程',
  '市场营销',
];
const CHUNK = 10_000;
const OPEN_CHUNK = 5000;

const idOf = (kind: string, serial: number): string =>
  `019b${kind}-0000-7000-8000-${serial.toString(16).padStart(12, '0')}`;

export async function bulkCandidates(given: BulkCandidates): Promise<void> {
  const started = performance.now();
  const client = new pg.Client({ connectionString: given.ownerUrl });
  await client.connect();
  const ask: Ask = async (statement) => (await client.query(statement)).rows;
  try {
    await ask('begin');
    await withoutIndexes(ask, ['candidate', 'phone', 'candidate_phone'], () => copyAll(client, given));
    await ask('commit');
  } finally {
    await client.end();
  }
  given.say(`  考生和号码：${((performance.now() - started) / 1000).toFixed(1)} 秒`);
  await openCases(given);
}

const COPIES = {
  candidate: `candidate (tenant_id, id, season_id, candidate_no, province_code, batch_id, policy_id, import_id, name, name_key, name_initials,
    private, category, major_code, major_name, score, preference_rank, content_hash)`,
  phone: 'phone (tenant_id, id, number, number_blind, masked, kind)',
  candidate_phone: 'candidate_phone (tenant_id, candidate_id, phone_id, relation, source, position)',
} as const;

async function copyAll(client: pg.Client, given: BulkCandidates): Promise<void> {
  for (const [table, target] of Object.entries(COPIES) as [keyof typeof COPIES, string][]) {
    const draw = drawFrom(11);
    const stream = client.query(from(`copy ${target} from stdin`));
    for (let at = 0; at < given.count; at += CHUNK) {
      const lines: string[] = [];
      for (let n = at; n < Math.min(given.count, at + CHUNK); n += 1)
        lines.push(...ROWS[table](given, n, draw));
      if (!stream.write(`${lines.join('\n')}\n`)) await once(stream, 'drain');
    }
    stream.end();
    await once(stream, 'finish');
  }
}

const bytea = (value: Buffer): string => `\\\\x${value.toString('hex')}`;
const mobileOf = (serial: number): string => `154${String((serial * 7919) % 100_000_000).padStart(8, '0')}`;
const line = (...cells: (string | number)[]): string => cells.join('\t');

/** Rows of each table for one candidate, in the format of COPY. No value holds a tab or a backslash of its own. */
const ROWS: Readonly<
  Record<keyof typeof COPIES, (given: BulkCandidates, n: number, draw: Draw) => string[]>
> = {
  candidate: (given, n, draw) => {
    const policy = given.policies[n % given.policies.length];
    const name = `${draw.pick(FAMILY)}${draw.pick(GIVEN)}${draw.chance(70) ? draw.pick(GIVEN) : ''}`;
    const { key, initials } = nameKeys(name);
    const no = `${String(given.year % 100).padStart(2, '0')}${policy?.provinceCode}${String(n).padStart(10, '0')}`;
    const major = draw.below(MAJORS.length);
    const sealed = given.vault.seal(JSON.stringify({ address: '某市某区学府路', recipient: name }));
    return [
      line(
        ...[
          given.tenantId,
          idOf('0001', n),
          given.seasonId,
          no,
          policy?.provinceCode ?? '',
          given.batchId,
          policy?.id ?? '',
          idOf('0000', 0),
        ],
        ...[
          name,
          key,
          initials,
          bytea(sealed),
          draw.pick(['文史', '理工']),
          String(major + 1).padStart(2, '0'),
          MAJORS[major] ?? '',
        ],
        ...[400 + draw.below(200), 1 + draw.below(9), '\\\\x00'],
      ),
    ];
  },
  phone: (given, n) =>
    [2 * n, 2 * n + 1].map((serial) => {
      const mobile = mobileOf(serial);
      const number = `+86${mobile}`;
      const { vault } = given;
      return line(
        given.tenantId,
        idOf('0002', serial),
        bytea(vault.seal(number)),
        bytea(vault.blind(`${number}/${serial}`)),
        `${mobile.slice(0, 3)}****${mobile.slice(7)}`,
        'mobile',
      );
    }),
  candidate_phone: (given, n) => [
    line(given.tenantId, idOf('0001', n), idOf('0002', 2 * n), 'self', 'LXSJ', 1),
    line(given.tenantId, idOf('0001', n), idOf('0002', 2 * n + 1), 'father', 'LXDH', 2),
  ],
};

/** Opens the cases through case_apply, five thousand a statement, owners in turn. */
async function openCases({
  ownerUrl,
  tenantId,
  seasonId,
  policies,
  callers,
  count,
  say,
}: BulkCandidates): Promise<void> {
  const started = performance.now();
  const owner = openDb(ownerUrl, { max: 1 });
  const owners = callers.map(({ userId }) => userId);
  const groups = callers.map(({ groupId }) => groupId);
  const policyIds = policies.map(({ id }) => id);
  const uuid = (kind: string) => sql.raw(`'019b${kind}-0000-7000-8000-' || lpad(to_hex(n), 12, '0')`);
  for (let at = 0; at < count; at += OPEN_CHUNK) {
    await owner.kysely.transaction().execute(async (tx) => {
      await sql`select set_config('app.tenant_id', ${tenantId}, true)`.execute(tx);
      await sql`
        select case_apply(jsonb_agg(jsonb_build_object('id', ${uuid('0003')}, 'version', 0, 'kind', 'opened', 'at', now(), 'after',
          jsonb_build_object('season_id', ${seasonId}::text, 'policy_id', (${policyIds}::text[])[1 + n % ${policyIds.length}], 'candidate_id', ${uuid('0001')},
            'phase', 'filing', 'round', 'first', 'owner_id', (${owners}::text[])[1 + n % ${owners.length}], 'group_id', (${groups}::text[])[1 + n % ${groups.length}],
            'state', 'ready', 'disposition', 'uncalled', 'priority', 5, 'due_at', now(), 'group_due_at', now() + interval '1 day', 'attempts', 0, 'dials', 0,
            'contacts', 0, 'talk_seconds', 0, 'refusals', 0, 'unanswered', 0, 'considered', 0, 'day_parts', '{}'::jsonb, 'messages', '{}'::jsonb,
            'dialled_today', 0, 'skips', 0))))
        from generate_series(${at}::int, ${Math.min(count, at + OPEN_CHUNK) - 1}::int) n`.execute(tx);
    });
  }
  await sql`analyze candidate, phone, candidate_phone, follow_up_case`.execute(owner.kysely);
  await closeDb(owner);
  say(`  开出任务：${((performance.now() - started) / 1000).toFixed(1)} 秒`);
}
