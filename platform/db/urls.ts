export const APPLICATION_ROLE = 'zhizhao_app';

/**
 * The connection the application uses when it has none of its own: the owner's, which becomes the unprivileged role
 * at start-up, before the first statement. Row-level security then applies to it.
 */
export function applicationUrl(ownerUrl: string): string {
  const url = new URL(ownerUrl);
  const options = [url.searchParams.get('options'), `-c role=${APPLICATION_ROLE}`].filter(Boolean).join(' ');
  url.searchParams.delete('options');
  // Not through searchParams: it writes a space as "+", which PostgreSQL clients do not read back.
  const separator = url.search === '' ? '?' : '&';
  return `${url.href}${separator}options=${encodeURIComponent(options)}`;
}
