/** The number of Linux's last signal (signal(7)). */
const LAST = 64;

/**
 * The signal that an exit status tells: a shell ends with 128 and its number, where a signal has ended what it ran, and some batch
 * systems with another number, `above`. null where it tells none: a program may end with 255.
 */
export function signalOf(status: number | null, above = 128): number | null {
  const signal = (status ?? 0) - above;
  return signal > 0 && signal <= LAST ? signal : null;
}
