import { type Problem, problem } from './problem';

/**
 * The number of this protocol: sidecar and client understand each other while it is the same. Words that are new in a table
 * do not raise it, as whoever does not know them shows them as they are; docs/contributing.md says what does.
 */
export const PROTOCOL = 2;

/** What a person is to be told of a service that speaks this protocol: that this side of it is the older one. */
export function noticesOf(protocol: number): Problem[] {
  return protocol > PROTOCOL ? [problem('page-old', {}).problem] : [];
}
