import { isIP } from 'node:net';

/**
 * Services that keep data outside mainland China, by the end of their host names. Never allowed, even when listed
 * (个人信息保护法 art. 38-40). Their operators' mainland offers have names of their own (amazonaws.com.cn, azure.cn).
 */
const OVERSEAS = [
  'amazonaws.com',
  'azure.com',
  'windows.net',
  'googleapis.com',
  'googleusercontent.com',
  'cloud.google.com',
  'supabase.co',
  'supabase.com',
  'neon.tech',
  'herokuapp.com',
  'render.com',
  'fly.dev',
  'ondigitalocean.com',
  'cloudflare.com',
  'sentry.io',
  'twilio.com',
  'openai.com',
  'hk',
  'mo',
  'tw',
  'us',
  'uk',
  'jp',
  'sg',
  'eu',
] as const;

/** Names that only an internal name server answers. */
const INTERNAL_ENDINGS = ['local', 'localhost', 'internal', 'lan', 'intranet', 'svc', 'test'] as const;

export type HostVerdict = 'inside' | 'allowed' | 'unlisted' | 'overseas';

/**
 * May the program talk to this host? Loopback, private networks and internal names: yes. Anything else must be named
 * by the operator in ALLOWED_HOSTS, who thereby says that it stands in mainland China.
 */
export function judgeHost(given: string, allowedHosts: readonly string[]): HostVerdict {
  const host = given
    .toLowerCase()
    .replace(/^\[|\]$/g, '')
    .replace(/\.$/, '');
  if (OVERSEAS.some((ending) => endsWithName(host, ending))) return 'overseas';
  if (isInside(host)) return 'inside';
  return allowedHosts.some((name) => endsWithName(host, name.toLowerCase())) ? 'allowed' : 'unlisted';
}

/** Loopback: traffic that never leaves this machine. */
export function isLoopback(host: string): boolean {
  const name = host.toLowerCase().replace(/^\[|\]$/g, '');
  return name === 'localhost' || name === '::1' || (isIP(name) === 4 && name.startsWith('127.'));
}

function isInside(host: string): boolean {
  if (isIP(host) === 4) return isPrivateV4(host);
  if (isIP(host) === 6) return host === '::1' || /^(f[cd]|fe[89ab])/.test(host);
  return !host.includes('.') || INTERNAL_ENDINGS.some((ending) => endsWithName(host, ending));
}

/** RFC 1918, loopback, link-local and the carrier range of RFC 6598. */
function isPrivateV4(host: string): boolean {
  const [first = 0, second = 0] = host.split('.').map(Number);
  if (first === 10 || first === 127) return true;
  if (first === 192) return second === 168;
  if (first === 169) return second === 254;
  if (first === 172) return second >= 16 && second <= 31;
  return first === 100 && second >= 64 && second <= 127;
}

function endsWithName(host: string, name: string): boolean {
  return host === name || host.endsWith(`.${name}`);
}
