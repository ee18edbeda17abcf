/** What parseArgs did not understand, in Chinese; null: the error is another one. */
export function misreadOption(error: unknown): string | null {
  const { code, message } = (error ?? {}) as { code?: unknown; message?: unknown };
  if (typeof code !== 'string' || !code.startsWith('ERR_PARSE_ARGS')) return null;
  const named = /'(-[^\s']*)|'([^']*)'/.exec(String(message));
  const what = named?.[1] ?? named?.[2] ?? '';
  if (code === 'ERR_PARSE_ARGS_UNKNOWN_OPTION') return `没有 ${what} 这个选项。`;
  if (code === 'ERR_PARSE_ARGS_UNEXPECTED_POSITIONAL') return `多出了“${what}”，请检查空格和引号。`;
  return `选项 ${what} 的值有误或缺少。`;
}
