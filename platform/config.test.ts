import { expect, test } from 'vitest';
import { loadConfig, warnings } from '#platform/config';

const messageOf = (env: Record<string, string>): string => {
  try {
    loadConfig(env);
  } catch (error) {
    return error instanceof Error ? error.message : '';
  }
  return '';
};

test('an empty environment is a working configuration', () => {
  const config = loadConfig({});
  expect(config).toMatchObject({ port: 8080, host: '127.0.0.1', databaseUrl: null, demo: true });
  expect(config.dataDir).toBe(`${process.cwd()}/data`);
  expect(config.keyFile).toBe(`${process.cwd()}/data/master.key`);
  expect(config.cookieSecure).toBe(false);
});

test('an empty variable counts as not set', () => {
  expect(loadConfig({ PORT: '', DATABASE_URL: '  ' })).toMatchObject({ port: 8080, databaseUrl: null });
});

test.each<[name: string, good: string, bad: string]>([
  ['PORT', '65535', '65536'],
  ['PORT', '0', '-1'],
  ['PORT', '8080', '80a'],
  ['SESSION_IDLE_MINUTES', '1', '0'],
  ['SESSION_ABSOLUTE_HOURS', '168', '169'],
  ['LOG_LEVEL', 'debug', 'loud'],
  ['DEMO', 'no', 'maybe'],
  ['HOST', '::1', 'a b'],
  ['PUBLIC_URL', 'https://zs.example.test', 'zs.example.test'],
  ['PUBLIC_URL', 'http://localhost:8080', 'ftp://localhost'],
  ['PUBLIC_URL', 'https://zs.example.test:8443/', 'https://zs.example.test/zs?a=1'],
  ['TRUST_PROXY', '10.0.0.1,10.1.0.0/16', 'true'],
  ['TRUST_PROXY', '10.1.0.0/32, fd00::/128, loopback', '10.1.0.0/33'],
  ['TRUST_PROXY', '::1', 'abc'],
  ['ALLOWED_HOSTS', 'db.example.edu.cn,203.0.113.7', 'https://db.example.edu.cn'],
  ['ALLOWED_HOSTS', '2001:db8::7', 'db.example.edu.cn:5432'],
  ['MASTER_KEY', 'ab'.repeat(32), 'ab'.repeat(31)],
  ['MASTER_KEY', Buffer.alloc(32, 7).toString('base64'), Buffer.alloc(31, 7).toString('base64')],
  ['DATABASE_URL', 'postgres://u:p@127.0.0.1/db', 'mysql://u:p@127.0.0.1/db'],
])('%s accepts %s and refuses %s', (name, good, bad) => {
  expect(messageOf({ [name]: good })).toBe('');
  expect(messageOf({ [name]: bad })).toContain(name);
});

test('all mistakes are listed at once, secrets are not repeated', () => {
  const message = messageOf({ PORT: 'x', DEMO: 'x', MASTER_KEY: 'topsecret' });
  expect(message).toContain('PORT');
  expect(message).toContain('DEMO');
  expect(message).toContain('MASTER_KEY');
  expect(message).not.toContain('topsecret');
});

test.each<[rule: string, env: Record<string, string>, refused: string]>([
  ['two keys', { MASTER_KEY: 'ab'.repeat(32), KEY_FILE: '/k' }, 'KEY_FILE'],
  ['app url alone', { DATABASE_APP_URL: 'postgres://u@127.0.0.1/d' }, 'DATABASE_URL'],
  ['idle 60 min within 1 h', { SESSION_IDLE_MINUTES: '60', SESSION_ABSOLUTE_HOURS: '1' }, ''],
  ['idle 61 min above 1 h', { SESSION_IDLE_MINUTES: '61', SESSION_ABSOLUTE_HOURS: '1' }, '61 分钟'],
  ['secure cookie over http', { COOKIE_SECURE: 'yes', PUBLIC_URL: 'http://a.test' }, 'https://'],
  ['socket folder', { DATABASE_URL: 'postgres://u@localhost/d?host=/run/postgresql' }, ''],
  ['private network, TLS named', { DATABASE_URL: 'postgres://u@10.0.0.5/d?sslmode=require' }, ''],
  ['private network, TLS forgotten', { DATABASE_URL: 'postgres://u@10.0.0.5/d' }, 'sslmode'],
  [
    'public host, not listed',
    { DATABASE_URL: 'postgres://u@db.college.edu.cn/d?sslmode=require' },
    'ALLOWED_HOSTS',
  ],
  [
    'public host, listed',
    { DATABASE_URL: 'postgres://u@db.college.edu.cn/d?sslmode=require', ALLOWED_HOSTS: 'db.college.edu.cn' },
    '',
  ],
  [
    'overseas host, even listed',
    { DATABASE_URL: 'postgres://u@x.rds.amazonaws.com/d?sslmode=require', ALLOWED_HOSTS: 'amazonaws.com' },
    '境外',
  ],
  [
    'mainland name of the same operator, listed',
    { DATABASE_URL: 'postgres://u@x.amazonaws.com.cn/d?sslmode=require', ALLOWED_HOSTS: 'amazonaws.com.cn' },
    '',
  ],
])('%s', (_rule, env, refused) => {
  if (refused === '') expect(messageOf(env)).toBe('');
  else expect(messageOf(env)).toContain(refused);
});

test('https in front makes cookies secure', () => {
  expect(loadConfig({ PUBLIC_URL: 'https://zs.example.test/' })).toMatchObject({
    cookieSecure: true,
    publicUrl: 'https://zs.example.test',
  });
});

test.each<[what: string, env: Record<string, string>, warned: RegExp[]]>([
  ['only this machine', {}, []],
  ['the whole network in clear', { HOST: '0.0.0.0' }, [/HOST=0\.0\.0\.0.*没有加密/]],
  [
    'behind a proxy that is named',
    { HOST: '10.0.0.9', PUBLIC_URL: 'https://a.test', TRUST_PROXY: '10.0.0.2' },
    [],
  ],
  ['behind a proxy that is not named', { PUBLIC_URL: 'https://a.test' }, [/没有设置 TRUST_PROXY/]],
])('%s: what works and is seldom meant is said', (_what, env, warned) => {
  const said = warnings(loadConfig(env));
  expect(said).toHaveLength(warned.length);
  for (const [at, sentence] of warned.entries()) expect(said[at]).toMatch(sentence);
});
