/** What a command answers: lines for people, data for programs. */
export interface Reply {
  readonly ok: boolean;
  readonly data: unknown;
  readonly lines: readonly string[];
}

export const reasonNames: Readonly<Record<string, string>> = {
  candidates: '考生',
  PLACED: '投出',
  FULL: '计划已满',
  BELOW_LINE: '未达分数线',
  INELIGIBLE: '不符合报考条件',
  PLAN_ZERO: '计划为 0',
  UNKNOWN_CODE: '代码不存在',
  NO_PREFS: '没有志愿',
};

export const countsLine = (counts: Readonly<Record<string, number>>): string =>
  Object.entries(counts)
    .filter(([name, count]) => name in reasonNames && (count > 0 || name === 'PLACED'))
    .map(([name, count]) => `${reasonNames[name]} ${count}`)
    .join('，');

/** The reply of both verifications. */
export function verdict(violations: readonly { rule: string; message: string }[], certified: boolean): Reply {
  const ok = violations.length === 0;
  const note = certified ? '证书相符' : '没有证书，只核对了结果';
  const lines = violations.map(({ rule, message }) => `  [${rule}] ${message}`);
  return {
    ok,
    data: { ok, certified, violations },
    lines: ok ? [`核对通过，${note}。`] : [`核对不通过，共 ${violations.length} 处：`, ...lines],
  };
}

export interface WhatIfPaths {
  readonly input: string;
  readonly output: string;
  readonly out: string | undefined;
}
