import pg from 'pg';
import { SetupError } from '#platform/setup-error';

const OLDEST_VERSION = 15;

interface Facts {
  readonly version: number;
  readonly encoding: string;
  readonly ctype: string;
  readonly collate: string;
  /** Number of trigrams of a four-character name; null while the extension is not installed. */
  readonly trigrams: number | null;
}

/** Four characters with the two blanks before and one behind give five trigrams; locale C sees no letters and gives none. */
const PROBE = '欧阳明德';
const PROBE_TRIGRAMS = 5;

/**
 * Is this database fit for Chinese names? Throws SetupError with a sentence per finding. Called at every start, before
 * migration, for embedded and outside databases alike.
 */
export async function checkDatabase(url: string): Promise<void> {
  const mistakes = judgeDatabase(await readFacts(url));
  if (mistakes.length > 0) throw new SetupError(mistakes.join('\n'));
}

/** Pure: what is wrong with a database of these properties. */
export function judgeDatabase({ version, encoding, ctype, collate, trigrams }: Facts): string[] {
  const mistakes: string[] = [];
  if (version < OLDEST_VERSION) {
    mistakes.push(`数据库是 PostgreSQL ${version}，智招需要 ${OLDEST_VERSION} 或更新的版本。`);
  }
  if (encoding !== 'UTF8') {
    mistakes.push(
      `数据库的编码是 ${encoding}，智招需要 UTF8。请另建：create database … encoding 'UTF8' template template0。`,
    );
  }
  if (['C', 'POSIX'].includes(ctype) || trigrams === 0) {
    mistakes.push(
      `数据库的区域设置是 ${ctype}（排序 ${collate}），在它里面按姓名查找中文会查不到人。请另建一个区域为 C.UTF-8 或 zh_CN.UTF-8 的数据库：create database … locale 'C.UTF-8' template template0。`,
    );
  } else if (trigrams !== null && trigrams !== PROBE_TRIGRAMS) {
    mistakes.push(
      `数据库的中文分词异常（“${PROBE}”分出 ${trigrams} 段，应为 ${PROBE_TRIGRAMS} 段），请换用区域为 C.UTF-8 的数据库。`,
    );
  }
  return mistakes;
}

interface Role {
  readonly name: string;
  /** Row-level security does not hold for it. */
  readonly free: boolean;
  readonly owns: boolean;
  readonly reads: boolean;
  readonly hasTables: boolean;
}

/**
 * May requests be served on this connection? Row-level security must hold for its role, or every organisation would see every other's
 * candidates (ASVS 8.4.1, 13.2.2). Throws SetupError; call it after migration.
 */
export async function checkApplicationRole(url: string): Promise<void> {
  const role = await asking(url, async (client) => {
    const { rows } = await client.query<Role>(
      `select current_user as name, r.rolsuper or r.rolbypassrls as free, t.oid is not null as "hasTables",
        coalesce(pg_has_role(t.relowner, 'usage'), false) as owns,
        coalesce(has_table_privilege(t.oid, 'select'), false) as reads
      from pg_roles r left join pg_class t on t.oid = to_regclass('public.user_account') where r.rolname = current_user`,
    );
    return rows[0];
  });
  const mistake = role && judgeRole(role);
  if (mistake) throw new SetupError(mistake);
}

/** Pure: why requests cannot be served as this role, or null. */
export function judgeRole({ name, free, owns, reads, hasTables }: Role): string | null {
  const which = `DATABASE_APP_URL 的账号 ${name} `;
  if (!hasTables)
    return 'DATABASE_APP_URL 指向的数据库里没有智招的表，请核对它与 DATABASE_URL 是不是同一个库。';
  if (free || owns)
    return `${which}是超级用户、表的所有者或带 BYPASSRLS，单位之间的隔离对它不起作用。请换成只有 zhizhao_app 权限的账号，或去掉 DATABASE_APP_URL。`;
  if (!reads) return `${which}没有使用权限，请由数据库管理员执行 grant zhizhao_app to ${name}。`;
  return null;
}

/** Connects, asks and leaves. Whatever keeps us from connecting is a SetupError. */
async function asking<T>(url: string, ask: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 15_000 });
  client.on('error', () => {});
  try {
    await client.connect().catch((error: unknown) => {
      throw connectionMistake(error, new URL(url));
    });
    return await ask(client);
  } finally {
    await client.end().catch(() => {});
  }
}

function readFacts(url: string): Promise<Facts> {
  return asking(url, async (client) => {
    const { rows } = await client.query<Facts & { hasTrigrams: boolean }>(
      `select current_setting('server_version_num')::int / 10000 as version, pg_encoding_to_char(encoding) as encoding,
        datctype as ctype, datcollate as collate, to_regproc('show_trgm') is not null as "hasTrigrams"
      from pg_database where datname = current_database()`,
    );
    const [facts] = rows;
    if (!facts) throw new Error('pg_database has no row for the current database');
    return { ...facts, trigrams: facts.hasTrigrams ? await countTrigrams(client) : null };
  });
}

async function countTrigrams(client: pg.Client): Promise<number> {
  const { rows } = await client.query<{ count: number }>('select cardinality(show_trgm($1))::int as count', [
    PROBE,
  ]);
  return rows[0]?.count ?? 0;
}

const SENTENCES: Readonly<Record<string, string>> = {
  ECONNREFUSED: '没有程序在那个地址应答，请确认数据库已启动、端口正确',
  ENOTFOUND: '找不到这台主机，请核对主机名',
  EAI_AGAIN: '域名服务器没有应答，请检查网络和主机名',
  ETIMEDOUT: '连接超时，请检查网络和防火墙',
  EHOSTUNREACH: '到不了这台主机，请检查网络和防火墙',
  ENETUNREACH: '到不了这台主机，请检查网络和防火墙',
  DEPTH_ZERO_SELF_SIGNED_CERT: '数据库的证书是自签的，请在 DATABASE_URL 里用 sslrootcert 指明根证书',
  SELF_SIGNED_CERT_IN_CHAIN: '数据库的证书不是公认机构签发的，请在 DATABASE_URL 里用 sslrootcert 指明根证书',
  ERR_TLS_CERT_ALTNAME_INVALID: '数据库的证书不是为这个主机名签发的，请核对主机名或换证书',
  '28P01': '用户名或口令不对',
  '28000': '数据库不允许这个用户从本机连接（pg_hba.conf）',
  '42501': '它不能切换到 zhizhao_app 角色，请由数据库管理员执行 grant zhizhao_app to 该账号',
  '3D000': '这个数据库不存在，请先建立',
  '53300': '数据库的连接数已满',
};

/** What the driver says without a code. */
const DRIVER_WORDS: readonly (readonly [RegExp, string])[] = [
  [/does not support SSL/, '它没有启用加密连接，请在数据库一侧启用，内网确实不加密时写 sslmode=disable'],
  [/timeout/, '15 秒没有应答，请检查网络和防火墙'],
  [/terminated unexpectedly/, '连接中途断开，请检查网络、防火墙和数据库的日志'],
];

/** Whatever keeps us from connecting is the operator's to mend; what has no words of its own is told as the driver tells it. */
function connectionMistake(error: unknown, { host, pathname }: URL): SetupError {
  const { code = '', message = '' } = (error ?? {}) as { code?: string; message?: string };
  const words = SENTENCES[code] ?? DRIVER_WORDS.find(([sign]) => sign.test(message))?.[1];
  return new SetupError(
    `连接不上数据库 ${host}${pathname}：${words ?? `请检查地址、证书和网络（${code || message}）`}。`,
  );
}
