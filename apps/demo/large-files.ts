import { once } from 'node:events';
import pg from 'pg';
import { from } from 'pg-copy-streams';
import type { Vault } from '#platform/crypto/vault';
import { nameKeys } from '#platform/pinyin';
import { type Ask, withoutIndexes } from './bulk-load.ts';
import { idOf, type LargeSeason, policyIndex } from './large-plan.ts';
import { type Draw, drawFrom } from './random.ts';

const FAMILY = [...'王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧'];
const GIVEN = [...'伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉萍红玲梅林晨宇轩雨欣怡'];
const MAJORS = [
  ...['汉语言文学', '学前教育', '会计学', '护理学'],
  ...['计算机科学与技术', '电子商务', '土木工程', '市场营销'],
];
const CHUNK = 10_000;

interface Filling {
  readonly season: LargeSeason;
  readonly vault: Vault;
}

/** Filed candidates with two numbers each, by COPY. */
export async function loadFiles(ownerUrl: string, filling: Filling): Promise<void> {
  const client = new pg.Client({ connectionString: ownerUrl });
  await client.connect();
  const ask: Ask = async (statement) => (await client.query(statement)).rows;
  try {
    await ask('begin');
    await withoutIndexes(ask, ['candidate', 'phone', 'candidate_phone'], (fresh) =>
      copyAll(client, filling, fresh),
    );
    await ask('commit');
  } finally {
    known.clear();
    await client.end();
  }
}

const COPIES = {
  candidate: `candidate (tenant_id, id, season_id, candidate_no, province_code, batch_id, policy_id, import_id, name, name_key, name_initials,
    private, category, major_code, major_name, score, preference_rank, content_hash)`,
  phone: 'phone (tenant_id, id, number, number_blind, masked, kind)',
  candidate_phone: 'candidate_phone (tenant_id, candidate_id, phone_id, relation, source, position)',
} as const;

async function copyAll(client: pg.Client, filling: Filling, fresh: boolean): Promise<void> {
  const { count } = filling.season;
  for (const [table, target] of Object.entries(COPIES) as [keyof typeof COPIES, string][]) {
    const draw = drawFrom(11);
    const stream = client.query(from(`copy ${target} from stdin ${fresh ? 'with (freeze)' : ''}`));
    for (let at = 0; at < count; at += CHUNK) {
      const lines: string[] = [];
      for (let n = at; n < Math.min(count, at + CHUNK); n += 1) ROWS[table](lines, filling, { n, draw });
      if (!stream.write(`${lines.join('\n')}\n`)) await once(stream, 'drain');
    }
    stream.end();
    await once(stream, 'finish');
  }
}

interface Named {
  readonly key: string;
  readonly initials: string;
  readonly sealed: string;
}

/** What follows from a name, made once: there are fewer names than people, and a sealed value may stand in many rows. */
const known = new Map<string, Named>();

function named(vault: Vault, name: string): Named {
  const before = known.get(name);
  if (before) return before;
  const sealed = bytea(vault.seal(JSON.stringify({ address: '某市某区学府路', recipient: name })));
  const made = { ...nameKeys(name), sealed };
  known.set(name, made);
  return made;
}

const bytea = (value: Buffer): string => `\\\\x${value.toString('hex')}`;
/** Every serial below a hundred million has a number of its own. */
const mobileOf = (serial: number): string => `154${String((serial * 7919) % 100_000_000).padStart(8, '0')}`;
const line = (...cells: (string | number)[]): string => cells.join('\t');

type Row = (lines: string[], filling: Filling, one: { n: number; draw: Draw }) => void;

/** Rows of each table for one candidate, in the format of COPY. No value holds a tab or a backslash of its own. */
const ROWS: Readonly<Record<keyof typeof COPIES, Row>> = {
  candidate: (lines, { season, vault }, { n, draw }) => {
    const policy = season.policies[policyIndex(n, season)];
    const name = `${draw.pick(FAMILY)}${draw.pick(GIVEN)}${draw.chance(70) ? draw.pick(GIVEN) : ''}`;
    const { key, initials, sealed } = named(vault, name);
    const no = `${String(season.year % 100).padStart(2, '0')}${policy?.provinceCode}${String(n).padStart(10, '0')}`;
    const major = draw.below(MAJORS.length);
    lines.push(
      line(
        ...[season.tenantId, idOf('candidate', n), season.seasonId, no, policy?.provinceCode ?? ''],
        ...[season.batchId, policy?.id ?? '', idOf('import', 0), name, key, initials, sealed],
        ...[draw.pick(['文史', '理工']), String(major + 1).padStart(2, '0'), MAJORS[major] ?? ''],
        ...[400 + draw.below(200), 1 + draw.below(9), '\\\\x00'],
      ),
    );
  },
  phone: (lines, { season, vault }, { n }) => {
    for (const serial of [2 * n, 2 * n + 1]) {
      const mobile = mobileOf(serial);
      const number = `+86${mobile}`;
      lines.push(
        line(
          ...[season.tenantId, idOf('phone', serial), bytea(vault.seal(number)), bytea(vault.blind(number))],
          ...[`${mobile.slice(0, 3)}****${mobile.slice(7)}`, 'mobile'],
        ),
      );
    }
  },
  candidate_phone: (lines, { season }, { n }) => {
    const who = [season.tenantId, idOf('candidate', n)];
    lines.push(line(...who, idOf('phone', 2 * n), 'self', 'LXSJ', 1));
    lines.push(line(...who, idOf('phone', 2 * n + 1), 'father', 'LXDH', 2));
  },
};
