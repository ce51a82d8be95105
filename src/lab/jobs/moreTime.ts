const MINUTE = 60;
const HOUR = 60 * MINUTE;

/** The longest time that can be asked for, in seconds: a year. */
const LONGEST = 366 * 24 * HOUR;

/**
 * Half as much time again, in seconds, rounded up to what a person would ask for: 2 h gives 3 h, 25 min gives 40 min.
 * Null when there is no more to ask for.
 */
export function moreTime(seconds: number): number | null {
  const wanted = seconds * 1.5;
  const step = stepOf(wanted);
  const more = Math.min(Math.ceil(wanted / step) * step, LONGEST);
  return more > seconds ? more : null;
}

/** What times of this length are rounded to, in seconds. */
function stepOf(seconds: number): number {
  if (seconds < 20 * MINUTE) {
    return MINUTE;
  }
  if (seconds < HOUR) {
    return 5 * MINUTE;
  }
  return seconds < 10 * HOUR ? 15 * MINUTE : HOUR;
}
