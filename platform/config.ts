import { isIP } from 'node:net';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { isLoopback, judgeHost } from '#platform/outside-hosts';
import { SetupError } from '#platform/setup-error';

/** Everything the environment decides, checked. docs/operations.md lists the variables. */
export interface Config {
  readonly port: number;
  readonly host: string;
  /** Absolute path: embedded database, files and, unless given otherwise, the master key. */
  readonly dataDir: string;
  /** Owner connection of an outside PostgreSQL; null means the embedded one. */
  readonly databaseUrl: string | null;
  /** Connection of the unprivileged role; null means the owner connection with `role=zhizhao_app`. */
  readonly databaseAppUrl: string | null;
  readonly databasePoolSize: number;
  /** 32 bytes as 64 hex digits or base64, two with a comma during a rotation; null means `keyFile`. */
  readonly masterKey: string | null;
  readonly keyFile: string;
  readonly logLevel: LogLevel;
  readonly sessionIdleMinutes: number;
  readonly sessionAbsoluteHours: number;
  /** Address users type, without a trailing slash; null means `http://host:port`. */
  readonly publicUrl: string | null;
  /** Addresses of the reverse proxies whose X-Forwarded-For counts. */
  readonly trustProxy: readonly string[] | false;
  readonly cookieSecure: boolean;
  /** Load the demonstration season when the database is empty. */
  readonly demo: boolean;
  /** Outside hosts the operator vouches for as standing in mainland China (个人信息保护法 art. 38-40). */
  readonly allowedHosts: readonly string[];
}

const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

const YES = ['1', 'true', 'yes', 'on'];
const NO = ['0', 'false', 'no', 'off'];

function integer(name: string, { min, max }: { min: number; max: number }) {
  const message = `${name} 应是 ${min} 到 ${max} 之间的整数`;
  return z
    .string()
    .regex(/^\d+$/, message)
    .transform(Number)
    .pipe(z.number().min(min, message).max(max, message));
}

function yesOrNo(name: string) {
  return z
    .string()
    .toLowerCase()
    .refine((word) => [...YES, ...NO].includes(word), `${name} 只能是 yes 或 no`)
    .transform((word) => YES.includes(word));
}

function url(name: string, protocols: readonly string[]) {
  return z
    .string()
    .refine(
      (text) => URL.canParse(text) && protocols.includes(new URL(text).protocol),
      `${name} 应是以 ${protocols.map((protocol) => `${protocol}//`).join(' 或 ')} 开头的完整地址`,
    );
}

/** Nothing behind host and port. What is no address at all has a sentence of its own. */
function isOrigin(text: string): boolean {
  if (!URL.canParse(text)) return true;
  const { pathname, search, hash, username } = new URL(text);
  return /^\/*$/.test(pathname) && search + hash + username === '';
}

const list = z.string().transform((text) => text.split(/[\s,，、]+/).filter((part) => part !== ''));

/** An address, a network like 10.0.0.0/24, or one of the names that proxy-addr knows. */
function isProxy(text: string): boolean {
  if (/^(loopback|linklocal|uniquelocal)$/i.test(text)) return true;
  const [address = '', bits, ...rest] = text.split('/');
  const most = { 0: -1, 4: 32, 6: 128 }[isIP(address)] ?? -1;
  return (
    most > 0 && rest.length === 0 && (bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= most))
  );
}

const POSTGRES = ['postgres:', 'postgresql:'];

const Environment = z.object({
  PORT: integer('PORT', { min: 0, max: 65535 }).default(8080),
  HOST: z
    .string()
    .regex(/^[\w.:-]+$/, 'HOST 应是一个 IP 地址或主机名，例如 127.0.0.1 或 0.0.0.0')
    .default('127.0.0.1'),
  DATA_DIR: z.string().default('data'),
  DATABASE_URL: url('DATABASE_URL', POSTGRES).optional(),
  DATABASE_APP_URL: url('DATABASE_APP_URL', POSTGRES).optional(),
  DATABASE_POOL_SIZE: integer('DATABASE_POOL_SIZE', { min: 2, max: 500 }).default(20),
  MASTER_KEY: z
    .string()
    .refine(isKey, 'MASTER_KEY 应是 32 字节的密钥，写成 64 位十六进制或 44 位 base64')
    .optional(),
  KEY_FILE: z.string().optional(),
  LOG_LEVEL: z.enum(LOG_LEVELS, `LOG_LEVEL 只能是 ${LOG_LEVELS.join('、')} 之一`).default('info'),
  SESSION_IDLE_MINUTES: integer('SESSION_IDLE_MINUTES', { min: 1, max: 1440 }).default(30),
  SESSION_ABSOLUTE_HOURS: integer('SESSION_ABSOLUTE_HOURS', { min: 1, max: 168 }).default(12),
  PUBLIC_URL: url('PUBLIC_URL', ['http:', 'https:'])
    .refine(isOrigin, 'PUBLIC_URL 只写到主机名和端口，例如 https://zs.example.edu.cn：平台不能放在子路径下')
    .optional(),
  TRUST_PROXY: list
    .refine(
      (parts) => parts.every(isProxy),
      'TRUST_PROXY 应是反向代理的 IP 地址或网段，用逗号分隔，例如 10.0.0.2 或 10.0.0.0/24',
    )
    .optional(),
  COOKIE_SECURE: yesOrNo('COOKIE_SECURE').optional(),
  DEMO: yesOrNo('DEMO').default(true),
  ALLOWED_HOSTS: list
    .refine(
      (parts) => parts.every((part) => /^[\w-]+(\.[\w-]+)*$/.test(part) || isIP(part) !== 0),
      'ALLOWED_HOSTS 应是主机名或 IP 地址，用逗号分隔，不带协议和端口，例如 db.example.edu.cn',
    )
    .default([]),
});

type Environment = z.output<typeof Environment>;

/**
 * Reads the settings from the environment; an empty variable counts as not set. Throws one SetupError that lists
 * every mistake, a sentence each.
 */
export function loadConfig(env: Readonly<Record<string, string | undefined>>): Config {
  const given = Object.fromEntries(
    Object.entries(env).flatMap(([name, value]) => (value?.trim() ? [[name, value.trim()]] : [])),
  );
  const parsed = Environment.safeParse(given);
  const mistakes = parsed.success
    ? crossCheck(parsed.data)
    : parsed.error.issues.map(
        ({ message, path }) => `${message}（现在是“${shown(String(path[0]), given)}”）。`,
      );
  if (!parsed.success || mistakes.length > 0) {
    throw new SetupError(['配置有误，没有启动：', ...mistakes.map((line) => `  · ${line}`)].join('\n'));
  }
  return toConfig(parsed.data);
}

function toConfig(env: Environment): Config {
  const dataDir = resolve(env.DATA_DIR);
  return {
    port: env.PORT,
    host: env.HOST,
    dataDir,
    databaseUrl: env.DATABASE_URL ?? null,
    databaseAppUrl: env.DATABASE_APP_URL ?? null,
    databasePoolSize: env.DATABASE_POOL_SIZE,
    masterKey: env.MASTER_KEY ?? null,
    keyFile: env.KEY_FILE ? resolve(env.KEY_FILE) : join(dataDir, 'master.key'),
    logLevel: env.LOG_LEVEL,
    sessionIdleMinutes: env.SESSION_IDLE_MINUTES,
    sessionAbsoluteHours: env.SESSION_ABSOLUTE_HOURS,
    publicUrl: env.PUBLIC_URL?.replace(/(?<!\/)\/+$/, '') ?? null,
    trustProxy: env.TRUST_PROXY ?? false,
    cookieSecure: env.COOKIE_SECURE ?? env.PUBLIC_URL?.startsWith('https:') ?? false,
    demo: env.DEMO,
    allowedHosts: env.ALLOWED_HOSTS,
  };
}

/** Settings that work and are seldom meant; said at every start, a sentence each. */
export function warnings({ host, cookieSecure, publicUrl, trustProxy }: Config): string[] {
  const found: string[] = [];
  if (!isLoopback(host) && !cookieSecure) {
    found.push(
      `提醒：HOST=${host}，本机以外的人可以连接，而连接没有加密，密码和考生信息会被同一网络里的人看到。请在前面放 HTTPS 代理并把 PUBLIC_URL 设为 https:// 地址；只在本机使用的，请去掉 HOST。`,
    );
  }
  if (publicUrl?.startsWith('https:') && trustProxy === false) {
    found.push(
      '提醒：PUBLIC_URL 是 https 地址，但没有设置 TRUST_PROXY：所有人的来源地址都会记成代理的地址，登录次数也合在一起限制。请把代理的地址写进 TRUST_PROXY。',
    );
  }
  return found;
}

/** Mistakes that only show when two settings are seen together. */
function crossCheck(env: Environment): string[] {
  const mistakes: string[] = [];
  if (env.MASTER_KEY && env.KEY_FILE) mistakes.push('MASTER_KEY 和 KEY_FILE 只能设置一个。');
  if (env.DATABASE_APP_URL && !env.DATABASE_URL) {
    mistakes.push('设置了 DATABASE_APP_URL 就必须同时设置 DATABASE_URL（迁移数据库要用所有者连接）。');
  }
  if (env.SESSION_IDLE_MINUTES > env.SESSION_ABSOLUTE_HOURS * 60) {
    mistakes.push(
      `SESSION_IDLE_MINUTES（${env.SESSION_IDLE_MINUTES} 分钟）不能长于 SESSION_ABSOLUTE_HOURS（${env.SESSION_ABSOLUTE_HOURS} 小时）。`,
    );
  }
  if (env.COOKIE_SECURE && env.PUBLIC_URL?.startsWith('http:')) {
    mistakes.push('COOKIE_SECURE=yes 时 PUBLIC_URL 必须以 https:// 开头，否则浏览器不会带上登录凭证。');
  }
  for (const name of ['DATABASE_URL', 'DATABASE_APP_URL'] as const) {
    const text = env[name];
    if (text) mistakes.push(...checkDatabaseHost(name, new URL(text), env.ALLOWED_HOSTS));
  }
  return mistakes;
}

/** Law R13: no outside host without the operator's word; ASVS 12.3.1: no unencrypted connection by oversight. */
function checkDatabaseHost(name: string, address: URL, allowedHosts: readonly string[]): string[] {
  const host = address.searchParams.get('host') ?? address.hostname;
  if (host === '' || host.startsWith('/') || isLoopback(host)) return [];
  const verdict = judgeHost(host, allowedHosts);
  if (verdict === 'overseas')
    return [`${name} 指向境外服务 ${host}：考生个人信息不得存放到境外，请换用境内的数据库。`];
  if (verdict === 'unlisted') {
    return [`${name} 指向外部主机 ${host}：确认它在境内后，把它写进 ALLOWED_HOSTS（多个用逗号分隔）再启动。`];
  }
  if (address.searchParams.has('sslmode') || address.searchParams.has('ssl')) return [];
  return [
    `${name} 指向另一台机器 ${host} 却没有写 sslmode：请加上 ?sslmode=verify-full；内网确实不加密时要明确写 ?sslmode=disable。`,
  ];
}

/** One key, or two during a rotation: the old one, then the new one. */
function isKey(text: string): boolean {
  const keys = text.split(',').map((key) => key.trim());
  return (
    keys.length <= 2 && keys.every((key) => /^[\da-f]{64}$/i.test(key) || /^[A-Za-z\d+/]{43}=$/.test(key))
  );
}

/** Keys and connection strings with passwords are not repeated on the screen. */
function shown(name: string, given: Readonly<Record<string, string>>): string {
  return name === 'MASTER_KEY' || (name.startsWith('DATABASE_') && name.endsWith('URL'))
    ? '已隐去'
    : (given[name] ?? '');
}
