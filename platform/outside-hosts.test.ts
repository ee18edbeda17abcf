import { expect, test } from 'vitest';
import { type HostVerdict, isLoopback, judgeHost } from '#platform/outside-hosts';

test.each<[host: string, verdict: HostVerdict]>([
  ['127.0.0.1', 'inside'],
  ['10.255.255.255', 'inside'],
  ['11.0.0.1', 'unlisted'],
  ['172.15.255.255', 'unlisted'],
  ['172.16.0.1', 'inside'],
  ['172.31.255.255', 'inside'],
  ['172.32.0.1', 'unlisted'],
  ['192.168.1.1', 'inside'],
  ['192.169.1.1', 'unlisted'],
  ['100.64.0.1', 'inside'],
  ['100.128.0.1', 'unlisted'],
  ['[fd00::1]', 'inside'],
  ['2001:db8::1', 'unlisted'],
  ['db', 'inside'],
  ['db.zhizhao.svc', 'inside'],
  ['db.college.edu.cn', 'unlisted'],
  ['sms.partner.cn', 'allowed'],
  ['notpartner.cn', 'unlisted'],
  ['API.OpenAI.com.', 'overseas'],
  ['db.example.hk', 'overseas'],
])('%s is %s', (host, verdict) => {
  expect(judgeHost(host, ['partner.cn'])).toBe(verdict);
});

test.each([
  ['localhost', true],
  ['127.8.8.8', true],
  ['::1', true],
  ['128.0.0.1', false],
  ['127.evil.test', false],
])('%s is loopback: %s', (host, expected) => {
  expect(isLoopback(host)).toBe(expected);
});
