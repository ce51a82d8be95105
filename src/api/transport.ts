import * as v from 'valibot';
import { line } from './bounds';

/** What connections are made with: the package ssh2, the system's own OpenSSH, or what a host needs. */
export const TRANSPORTS = ['auto', 'ssh2', 'openssh'] as const;
export type Transport = (typeof TRANSPORTS)[number];

/** Why it is this one. */
export const TRANSPORT_REASONS = [
  /** Nothing speaks for another one. */
  'usual',
  'setting',
  /** The person's own ssh has a connection there, which is used. */
  'connection',
  /** An option of the SSH configuration that ssh2 does not know; the reason's `detail` is its name. */
  'option',
  'certificate',
  /** The host is known by a certificate authority. */
  'authority',
  'ticket',
  'security-key',
  'pkcs11',
  /** They have no algorithm in common, host and ssh2. */
  'algorithms'
] as const;
export type TransportReason = (typeof TRANSPORT_REASONS)[number];

/** What was chosen for a host, and why. */
export const TransportChoice = v.object({
  transport: v.picklist(['ssh2', 'openssh']),
  reason: v.picklist(TRANSPORT_REASONS),
  /** What the reason is about: an option, a file; often empty. */
  detail: line,
  /** Why the system's ssh carries one bash for everything and no connection that commands go through; absent where it does not. */
  alone: v.exactOptional(line)
});
export type TransportChoice = v.InferOutput<typeof TransportChoice>;

/** The choice among the values of a check; null where there is none, or one that is not known here. */
export function transportIn(values: Record<string, string | number>): TransportChoice | null {
  const read = v.safeParse(TransportChoice, values);
  return read.success ? read.output : null;
}
