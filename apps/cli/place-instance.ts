import {
  canonicalText,
  certify,
  countReasons,
  declaredRules,
  type Manifest,
  outcomeText,
} from '#placement/certificate';
import { parseInstance } from '#placement/check';
import type { Instance, Outcome } from '#placement/model';
import { parseOutcome } from '#placement/outcome-check';
import { place } from '#placement/place';
import { verify } from '#placement/verify';
import type { Violation } from '#placement/violation';
import { progress, Refused, readJson, sha256, sha256OfPieces, writeAll } from './place-files.ts';

export function readInstance(path: string): Instance {
  const parsed = parseInstance(readJson(path));
  if (!parsed.ok) throw new Refused(parsed.error);
  return parsed.value;
}

export function readOutcome(path: string): Outcome {
  const parsed = parseOutcome(readJson(path));
  if (!parsed.ok) throw new Refused(parsed.error);
  return parsed.value;
}

export const manifestPath = (out: string): string => `${out.replace(/\.json$/u, '')}.manifest.json`;

function manifestOf(instance: Instance, outcome: Outcome, text = outcomeText(outcome)): Manifest {
  const rules = declaredRules(instance);
  return certify({
    rules,
    sha256: {
      rules: sha256(JSON.stringify(rules)),
      input: sha256OfPieces(canonicalText(instance)),
      outcome: sha256(text),
    },
    counts: countReasons(outcome),
  });
}

/** Places, verifies, and only then writes; a result that fails its verification is withheld. */
export function placeInstance(instance: Instance, out: string, report = progress()): Outcome {
  report(`投档：${instance.candidates.length} 人`);
  const outcome = place(instance);
  report('核对');
  const violations = verify(instance, outcome);
  if (violations.length > 0) {
    throw new Refused(
      violations.map(({ rule, message }) => ({ code: `VERIFICATION_${rule}`, path: out, message })),
    );
  }
  report('写出结果与证书');
  const text = outcomeText(outcome);
  const manifest = `${JSON.stringify(manifestOf(instance, outcome, text), null, 2)}\n`;
  writeAll(
    new Map([
      [out, text],
      [manifestPath(out), manifest],
    ]),
  );
  return outcome;
}

export interface CertificateFinding {
  readonly rule: 'MANIFEST';
  readonly message: string;
}

/** The properties of the outcome, and the hashes of the certificate where there is one. */
export function verifyInstance(
  instance: Instance,
  outcome: Outcome,
  manifest: unknown,
): (Violation | CertificateFinding)[] {
  const violations = verify(instance, outcome);
  if (manifest === undefined) return violations;
  return [...violations, ...compareManifest(manifestOf(instance, outcome), manifest)];
}

const parts: Readonly<Record<string, string>> = { rules: '规则', input: '输入', outcome: '结果' };

/** Every part of a certificate that does not match what was read. */
export function compareManifest(actual: Manifest, stated: unknown): CertificateFinding[] {
  const hashes = isManifest(stated) ? stated.sha256 : {};
  const names = [...new Set([...Object.keys(actual.sha256), ...Object.keys(hashes)])];
  const wrong = names
    .filter((name) => hashes[name] !== actual.sha256[name])
    .map(
      (name) =>
        `${parts[name] ?? name}与证书不符（证书 ${hashes[name] ?? '缺'}，实为 ${actual.sha256[name] ?? '缺'}）。`,
    );
  if (isManifest(stated) && JSON.stringify(stated.counts) !== JSON.stringify(actual.counts)) {
    wrong.push('证书上的人数与结果不符。');
  }
  return wrong.map((message) => ({ rule: 'MANIFEST', message }));
}

function isManifest(value: unknown): value is Manifest {
  return typeof value === 'object' && value !== null && 'sha256' in value && typeof value.sha256 === 'object';
}
