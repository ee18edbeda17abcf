/** Version of the processing rules in `login/notice.tsx`; raise it when their meaning changes. */
export const noticeVersion = '2026-11';

/** law.md R1. A server that does not keep acceptances yet leaves the field out. */
export function needsNotice(accepted: string | null | undefined): boolean {
  return accepted !== undefined && accepted !== noticeVersion;
}
