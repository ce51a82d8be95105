/** Seconds between two looks at the clock. */
const LOOK_SECONDS = 10;

/** A look that comes so much later than it should, in seconds, tells of a sleep. */
const SLEPT_SECONDS = 20;

/**
 * Calls `woke` each time when this machine has slept: timers stand still meanwhile (CLOCK_MONOTONIC, see clock_gettime(2)),
 * and the time of day does not.
 *
 * @param woke Gets for how many seconds.
 * @param now Milliseconds since 1970.
 * @returns ends it.
 */
export function whenWoken(
  woke: (seconds: number) => void,
  now: () => number = Date.now
): () => void {
  let lookedAt = now();
  const timer = setInterval(() => {
    const slept = now() - lookedAt - LOOK_SECONDS * 1000;
    lookedAt = now();
    if (slept > SLEPT_SECONDS * 1000) {
      woke(slept / 1000);
    }
  }, LOOK_SECONDS * 1000);
  timer.unref();
  return () => clearInterval(timer);
}
