import type { HostConfig } from '../ssh/hostConfig';
import { type KnownHost, type Verdict, judgeKey, rsaBits } from './knownHosts';
import { isRevoked } from './revokedKeys';

/** What is thought of a key that a host has shown. */
export type Judgement =
  | Verdict
  /** A file of revoked keys (RevokedHostKeys) has it. */
  | { kind: 'revoked-by-file'; file: string }
  /** ... or cannot be read, so that no key can be believed. */
  | { kind: 'not-judged'; file: string; error: string }
  /** An RSA key of fewer bits than RequiredRSASize asks for. */
  | { kind: 'short'; bits: number; required: number };

/** Decides about a host's key: known_hosts, and what the configuration restricts beyond it. Never rejects. */
export async function judgeHost(
  { hostKeyAlias: alias, hostName, port, requiredRsaSize, revokedHostKeys }: HostConfig,
  known: readonly KnownHost[],
  key: Buffer
): Promise<Judgement> {
  const bits = rsaBits(key);
  if (bits !== null && bits < requiredRsaSize) {
    return { kind: 'short', bits, required: requiredRsaSize };
  }
  if (revokedHostKeys !== null) {
    try {
      if (await isRevoked(revokedHostKeys, key)) {
        return { kind: 'revoked-by-file', file: revokedHostKeys };
      }
    } catch (error) {
      return { kind: 'not-judged', file: revokedHostKeys, error: String(error) };
    }
  }
  return judgeKey(known, { hostName, port, alias }, key);
}
