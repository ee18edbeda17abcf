/**
 * The two moments when a request cannot go on without the person: the session has ended (401), and a sensitive act
 * wants a fresh second factor (403 `fresh_auth_required`). The shell installs what to show; requests only ask.
 */
export interface SessionGate {
  signedOut(): void;
  /** Resolves true once the person has confirmed, false when they gave up. */
  confirmIdentity(): Promise<boolean>;
}

let installed: SessionGate = { signedOut: () => {}, confirmIdentity: async () => false };

export function installGate(gate: SessionGate): void {
  installed = gate;
}

export const gate = (): SessionGate => installed;
