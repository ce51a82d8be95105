import type { Round } from '../../api/question';

/** A person who can be asked while a login goes on. */
export interface Asker {
  /**
   * The answer to each prompt of a round; empty where there was nothing to type.
   *
   * @param over Aborted when the answer is not wanted any more: then it rejects with the reason.
   * @param kept Called before it resolves where the person wants a passphrase kept (`mayKeep` of the round).
   * @throws ProblemError `sign-in-cancelled` or `sign-in-expired`.
   */
  ask(round: Round, over: AbortSignal, kept?: () => void): Promise<readonly string[]>;
}

/**
 * For whom a host is reached: for a loop or a form that is still being filled in, for a person who cannot be asked (a host
 * that has refused us may be asked again), or for one who answers what the host asks.
 */
export type Behalf = 'nobody' | 'person' | 'answering-person';

/** @param insists Whether a person has asked for just this. */
export function behalfOf({
  asks = false,
  insists = true
}: {
  asks?: boolean | undefined;
  insists?: boolean | undefined;
}): Behalf {
  return asks ? 'answering-person' : insists ? 'person' : 'nobody';
}
