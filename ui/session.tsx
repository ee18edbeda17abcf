import { createContext, useContext } from 'react';
import type { ScreenPermission } from './screen.tsx';

export interface Session {
  readonly user: {
    readonly id: string;
    readonly name: string;
    readonly username: string;
    readonly totpEnrolled: boolean;
  };
  readonly tenant: {
    readonly id: string;
    readonly code: string;
    readonly name: string;
    readonly kind: 'institution' | 'authority';
  };
  readonly roles: readonly string[];
  readonly permissions: readonly string[];
}

/** Whether a session holds a permission: one name, any of several, or `signed_in`. */
export function holds(permissions: readonly string[], wanted: ScreenPermission): boolean {
  const names = typeof wanted === 'string' ? [wanted] : wanted;
  return names.some((name) => name === 'signed_in' || name === 'public' || permissions.includes(name));
}

export const SessionContext = createContext<Session | null>(null);

/** The signed-in person. Screens are only drawn inside a session. */
export function useSession(): Session {
  const session = useContext(SessionContext);
  if (!session) throw new Error('no session around this screen');
  return session;
}

/** Whether the signed-in person may do this. The server decides; this only spares a useless click. */
export function useCan(wanted: ScreenPermission): boolean {
  return holds(useSession().permissions, wanted);
}
