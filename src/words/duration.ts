import { splitDuration } from '../api/duration';
import type { Translator } from '../api/translation';

/** Below this many minutes, seconds are told too. */
const SECONDS_MATTER_BELOW = 10;

/**
 * A duration in seconds as people say it, in its two largest units at most: `41 s`, `3 min 20 s`, `12 min`, `2 h`,
 * `1 h 30 min`, `2 days 12 h`. Clocks that differ by a little make none that is below zero.
 */
export function durationWords(seconds: number, trans: Translator): string {
  const { days, hours, minutes, seconds: rest } = splitDuration(Math.max(seconds, 0));
  if (days > 0) {
    const whole = trans._n('%1 day', '%1 days', days);
    return hours > 0 ? trans.__('%1 %2 h', whole, hours) : whole;
  }
  if (hours > 0) {
    return minutes > 0 ? trans.__('%1 h %2 min', hours, minutes) : trans.__('%1 h', hours);
  }
  if (minutes === 0) {
    return trans.__('%1 s', rest);
  }
  return minutes < SECONDS_MATTER_BELOW && rest > 0
    ? trans.__('%1 min %2 s', minutes, rest)
    : trans.__('%1 min', minutes);
}
