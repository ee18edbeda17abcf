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
 * Is this database fit for Chinese names? Throws SetupError with a sentence per finding. Called at every start, after
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

async function readFacts(url: string): Promise<Facts> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 15_000 });
  try {
    await client.connect();
    const { rows } = await client.query<Facts & { hasTrigrams: boolean }>(
      `select current_setting('server_version_num')::int / 10000 as version, pg_encoding_to_char(encoding) as encoding,
        datctype as ctype, datcollate as collate, to_regproc('show_trgm') is not null as "hasTrigrams"
      from pg_database where datname = current_database()`,
    );
    const [facts] = rows;
    if (!facts) throw new Error('pg_database has no row for the current database');
    return { ...facts, trigrams: facts.hasTrigrams ? await countTrigrams(client) : null };
  } catch (error) {
    throw connectionMistake(error, new URL(url)) ?? error;
  } finally {
    await client.end().catch(() => {});
  }
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
  ETIMEDOUT: '连接超时，请检查网络和防火墙',
  '28P01': '用户名或口令不对',
  '28000': '数据库不允许这个用户从本机连接（pg_hba.conf）',
  '3D000': '这个数据库不存在，请先建立',
  '53300': '数据库的连接数已满',
};

function connectionMistake(error: unknown, { host, pathname }: URL): SetupError | null {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const sentence = SENTENCES[code];
  return sentence ? new SetupError(`连接不上数据库 ${host}${pathname}：${sentence}。`) : null;
}
