/** The sidecar did not answer: it is not there, it went away meanwhile, or it could not be started. */
export class NoAnswer extends Error {
  /** Whether the request certainly did not reach the sidecar, so that it can be sent again whatever it asks. */
  readonly wasNotSent: boolean;
  /** Whether trying again is of no use: starting the sidecar was tried, and failed. */
  readonly isFinal: boolean;

  constructor(
    message: string,
    more: { wasNotSent?: boolean; isFinal?: boolean; cause?: unknown } = {}
  ) {
    super(message, { cause: more.cause });
    this.name = 'NoAnswer';
    this.wasNotSent = more.wasNotSent ?? false;
    this.isFinal = more.isFinal ?? false;
  }
}
