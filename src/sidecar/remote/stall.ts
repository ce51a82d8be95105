/** Seconds without a byte, either way, after which a transfer is given up. However slow it is, one that goes on is not. */
export const STALL_SECONDS = 300;

/** Seconds that a transfer may take which goes on: there is no reason to end it. */
export const TRANSFER_SECONDS = 7 * 86_400;

/** Watches a transfer: a connection may be well, and a disk at its other end hang. */
export class Stall {
  private readonly stopped = new AbortController();
  private timer: NodeJS.Timeout | null = null;

  constructor(private readonly seconds = STALL_SECONDS) {
    this.moved();
  }

  /** Gives the transfer up. */
  get signal(): AbortSignal {
    return this.stopped.signal;
  }

  /** Bytes have passed; what comes next has so many seconds. */
  moved(seconds = this.seconds): void {
    this.over();
    this.timer = setTimeout(
      () => this.stopped.abort(new Error(`nothing was transferred for ${seconds} s`)),
      seconds * 1000
    );
  }

  /** Nothing more has to come. */
  over(): void {
    clearTimeout(this.timer ?? undefined);
  }
}
