import type pg from 'pg';
import { nameKeys } from '#platform/pinyin';
import { PROVINCES } from '#season/rules';

/** A season of `n` candidates, each with a case and numbers, for measuring lists. Invented; numbers of segment 154. */

const GROUPS = 10;
const CALLERS = 100;

const SURNAMES =
  '李王张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜单解仇欧';
const GIVEN =
  '明伟芳娜敏静丽强磊军洋勇艳杰娟涛超秀霞平刚桂英华玉兰红鑫宇晨浩然子涵梓轩欣怡雨桐佳琪思远博文雅婷俊熙一诺天佑嘉';

const uuid = (kind: string, index: string): string =>
  `('0190${kind}-0000-7000-8000-' || lpad(to_hex(${index}), 12, '0'))::uuid`;

export const TENANT = '01900000-0000-7000-8000-000000000001';
export const SEASON = '01900001-0000-7000-8000-000000000001';
export const callerId = (index: number): string =>
  `01900003-0000-7000-8000-${index.toString(16).padStart(12, '0')}`;
export const groupId = (index: number): string =>
  `01900004-0000-7000-8000-${index.toString(16).padStart(12, '0')}`;
export const batchId = (index: number): string =>
  `01900002-0000-7000-8000-${index.toString(16).padStart(12, '0')}`;

/** Loads by insert-select with foreign keys switched off: minutes for a million. Needs a superuser. */
export async function loadSeason(client: pg.Client, n: number, log: (line: string) => void): Promise<void> {
  await client.query('set session_replication_role = replica; set synchronous_commit = off');
  await client.query(people());
  await client.query(filings());
  const [surnames, given] = [syllables(SURNAMES), syllables(GIVEN)];
  await client.query(
    'create temp table surname (i int, c text, p text); create temp table given (i int, c text, p text)',
  );
  await client.query('insert into surname select * from unnest($1::int[], $2::text[], $3::text[])', surnames);
  await client.query('insert into given select * from unnest($1::int[], $2::text[], $3::text[])', given);
  for (const [name, statement] of Object.entries(rows(n))) {
    const started = performance.now();
    await client.query(statement);
    log(`${name} ${((performance.now() - started) / 1000).toFixed(1)} s`);
  }
  await client.query('vacuum analyze');
}

/** Index, character and reading, as three columns. */
function syllables(text: string): [number[], string[], string[]] {
  const characters = [...text];
  return [
    characters.map((_character, index) => index),
    characters,
    characters.map((character) => nameKeys(character).key.split(' ')[0] ?? ''),
  ];
}

const people = (): string => `
  insert into tenant (id, code, name, kind) values ('${TENANT}', 'bench', '测试学院', 'institution');
  insert into audit_head select '${TENANT}', n, 0, sha256('') from generate_series(0, 63) n;
  insert into season (tenant_id, id, name, year, college_name, home_area_code)
    values ('${TENANT}', '${SEASON}', '2026 招生季', 2026, '测试学院', '028');
  insert into user_account (tenant_id, id, username, name)
    select '${TENANT}', ${uuid('0003', 'i')}, 'caller' || i, '回访员' || i from generate_series(0, ${CALLERS - 1}) i;
  insert into staff_group (tenant_id, id, name, leader_id)
    select '${TENANT}', ${uuid('0004', 'i')}, '第 ' || i + 1 || ' 组', ${uuid('0003', 'i * 10')} from generate_series(0, ${GROUPS - 1}) i;
  insert into staff_profile (tenant_id, user_id, group_id)
    select '${TENANT}', ${uuid('0003', 'i')}, ${uuid('0004', 'i / 10')} from generate_series(0, ${CALLERS - 1}) i;`;

const filings = (): string => `
  insert into batch (tenant_id, id, season_id, code, name, level)
    select '${TENANT}', ${uuid('0002', 'i')}, '${SEASON}', i, (array['本科批', '专科批', '艺术本科批'])[i + 1],
      (array['undergraduate', 'junior', 'undergraduate'])[i + 1] from generate_series(0, 2) i;
  insert into province_policy (tenant_id, id, season_id, province_code, batch_id, withdrawable, phone_shielded)
    select '${TENANT}', ${uuid('0005', 'p.code::int * 10 + b')}, '${SEASON}', p.code, ${uuid('0002', 'b')}, p.code::int % 2 = 0, false
    from unnest(array[${PROVINCES.map(({ code }) => `'${code}'`).join(',')}]) p(code), generate_series(0, 2) b;
  insert into signal (tenant_id, code, name, help, position)
    select '${TENANT}', 'signal_' || i, '关注点 ' || i, '说明', i from generate_series(1, 14) i;`;

/** The home province has a third of all; callers, results and signals are spread evenly. */
const rows = (n: number): Record<string, string> => ({
  candidates: `
    insert into candidate (tenant_id, id, season_id, candidate_no, province_code, batch_id, policy_id, import_id, name, name_key,
      name_initials, sex, birth_date, minor_until, id_masked, school_code, school_name, category, major_code, major_name, score,
      filing_score, preference_rank, content_hash, no_phone, name_lost, pathway, scores, preferences)
    select '${TENANT}', ${uuid('0010', 'k')}, '${SEASON}', '26' || code || lpad(k::text, 10, '0'), code, ${uuid('0002', 'b')},
      ${uuid('0005', 'code::int * 10 + b')}, '${SEASON}', s.c || g.c || h.c, s.p || ' ' || g.p || ' ' || h.p || ' ' || s.c || g.c || h.c,
      left(s.p, 1) || left(g.p, 1) || left(h.p, 1), case when k % 2 = 0 then 'male' else 'female' end, '2008-05-01',
      '2026-05-01', '510***********1' || k % 10, code || lpad((r::bigint * 7 % 300)::text, 4, '0'), '第 ' || r::bigint * 7 % 300 || ' 中学', '理工',
      lpad((r % 60)::text, 2, '0'), '专业 ' || r % 60, 400 + r % 300, 400 + r % 300 + k / 10000000.0, 1 + r % 6,
      '\\x00', k % 33 = 0, k % 997 = 0, k % 40 = 1, '{"语文": 101, "数学": 99}', '[]'
    from (
      select i as k, abs(hashint4(i)) as r, (abs(hashint4(i + 7)) % 20) as b20,
        case when abs(hashint4(i + 3)) % 3 = 0 then '51'
          else (array[${PROVINCES.map(({ code }) => `'${code}'`).join(',')}])[1 + abs(hashint4(i + 5)) % 31] end as code
      from generate_series(1, ${n}) i
    ) x
    cross join lateral (select case when b20 < 12 then 0 when b20 < 19 then 1 else 2 end as b) y
    join surname s on s.i = floor(sqrt(abs(hashint4(k + 11)) % ${SURNAMES.length ** 2}))::int
    join given g on g.i = abs(hashint4(k + 13)) % ${GIVEN.length}
    join given h on h.i = abs(hashint4(k + 17)) % ${GIVEN.length}`,
  cases: `
    insert into follow_up_case (tenant_id, id, season_id, policy_id, candidate_id, phase, owner_id, group_id, state, disposition, result,
      due_at, deadline_at, callback_id, escalation_id, blocked_reason, in_charge_id, attempts, contacts, event_hash, created_at, updated_at)
    select c.tenant_id, ${uuid('0011', 'i')}, c.season_id, c.policy_id, c.id, 'filing', ${uuid('0003', 'w')}, ${uuid('0004', 'w / 10')},
      st, case when st = 'final' then 'confirmed' else (array['uncalled', 'uncalled', 'uncalled', 'uncalled', 'confirmed', 'unreachable', 'considering', 'withdrawing'])[1 + r % 8] end,
      case when st = 'final' then 'admitted' end,
      case when st in ('ready', 'scheduled') then '2026-07-18 09:00+08'::timestamptz + r % 500000 * interval '1 second' end,
      '2026-07-25 18:00+08'::timestamptz + c.province_code::int * interval '1 hour',
      case when st = 'scheduled' then c.id end, case when st = 'escalated' then c.id end,
      case when st = 'blocked' then '材料' end, case when st = 'blocked' then ${uuid('0003', 'w')} end, r % 6, r % 4, '\\x00', now(), now()
    from (
      select c.*, i, abs(hashint4(i + 19)) as r, abs(hashint4(i + 23)) % 100 as w,
        (array['ready', 'ready', 'ready', 'ready', 'ready', 'ready', 'scheduled', 'final', 'final', 'escalated', 'blocked', 'ready'])[1 + abs(hashint4(i + 29)) % 12] as st
      from candidate c cross join lateral (select substr(c.id::text, 25)::text as hex) h
      cross join lateral (select ('x' || hex)::bit(48)::bigint::int as i) n
    ) c`,
  phones: `
    insert into phone (tenant_id, id, number, number_blind, masked, kind)
    select '${TENANT}', ${uuid('0012', 'i')}, '\\x00', decode(md5(i::text), 'hex'), '154****' || lpad((abs(hashint4(i)) % 10000)::text, 4, '0'), 'mobile'
    from generate_series(1, ${Math.ceil(n * 1.5)}) i`,
  links: `
    insert into candidate_phone (tenant_id, candidate_id, phone_id, relation, source)
    select '${TENANT}', ${uuid('0010', `1 + (i - 1) % ${n}`)}, ${uuid('0012', 'i')}, 'self', 'LXDH' from generate_series(1, ${Math.ceil(n * 1.5)}) i`,
  signals: `
    insert into candidate_signal (tenant_id, season_id, candidate_id, code, marked_by)
    select '${TENANT}', '${SEASON}', ${uuid('0010', 'i')}, 'signal_' || 1 + abs(hashint4(i)) % 14, '${callerId(1)}' from generate_series(1, ${n}, 5) i`,
  wishes: `
    insert into candidate_wish (tenant_id, candidate_id, pathway_interest, noted_by)
    select '${TENANT}', ${uuid('0010', 'i')}, true, '${callerId(1)}' from generate_series(1, ${n}, 40) i`,
});
