/** Where to go after signing in: only an address of this very site, never the login page again. */
export function safeBack(back: string): string {
  const isOwn = /^\/(?![/\\])/.test(back) && !back.startsWith('/login');
  return isOwn ? back : '/';
}
