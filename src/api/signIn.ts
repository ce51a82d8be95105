import type { ProblemCode } from './problem';

/** What goes away when a person signs in, and answers what is asked. */
const NEEDS_SIGN_IN: ReadonlySet<ProblemCode> = new Set([
  'login-asks',
  'key-locked',
  'host-key-unknown',
  'host-key-not-kept',
  'sign-in-cancelled',
  'sign-in-expired',
  'answer-refused'
]);

/** Whether a problem is over when a person signs in. */
export function needsSignIn(code: ProblemCode): boolean {
  return NEEDS_SIGN_IN.has(code);
}
