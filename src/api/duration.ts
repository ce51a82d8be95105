/** A day, an hour and a minute, in seconds. */
const DAY = 86_400;
const HOUR = 3_600;
const MINUTE = 60;

/**
 * Reads a time limit as people write it: `48:00:00`, `2-12:00:00`, `90m`, `2h`, `1h30m`, `2d`, `90 min`.
 *
 * A bare number is refused: it means minutes to Slurm and LSF, and seconds to PBS and Grid Engine.
 *
 * @returns whole seconds, or null when the text is none of these.
 */
export function parseDuration(text: string): number | null {
  const trimmed = text.trim();
  return parseClock(trimmed) ?? parseUnits(trimmed);
}

function parseClock(text: string): number | null {
  const match = /^(?:(\d{1,4})-)?(\d{1,5}):([0-5]\d):([0-5]\d)$/.exec(text);
  if (!match) {
    return null;
  }
  const [, days, hours, minutes, seconds] = match;
  if (days !== undefined && Number(hours) > 23) {
    return null;
  }
  return (
    Number(days ?? 0) * DAY + Number(hours) * HOUR + Number(minutes) * MINUTE + Number(seconds)
  );
}

function parseUnits(text: string): number | null {
  const match =
    /^(?:(\d{1,7}) *d(?:ays?)?)? *(?:(\d{1,7}) *h(?:ours?)?)? *(?:(\d{1,7}) *m(?:in(?:utes?)?)?)? *(?:(\d{1,9}) *s(?:ec(?:onds?)?)?)?$/i.exec(
      text
    );
  if (!match || text === '') {
    return null;
  }
  const [, days, hours, minutes, seconds] = match;
  return (
    Number(days ?? 0) * DAY +
    Number(hours ?? 0) * HOUR +
    Number(minutes ?? 0) * MINUTE +
    Number(seconds ?? 0)
  );
}

/** Writes seconds as `2:00:00`, the way a time limit is echoed; days run on in the hours (`60:00:00`). */
export function formatClock(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const pad = (value: number): string => String(value).padStart(2, '0');
  return `${Math.floor(whole / HOUR)}:${pad(Math.floor((whole % HOUR) / MINUTE))}:${pad(whole % MINUTE)}`;
}

/** A duration in seconds, rounded, split into its units, for words: 5400 is 1 h and 30 min. */
export function splitDuration(seconds: number): {
  days: number;
  hours: number;
  minutes: number;
  seconds: number;
} {
  const whole = Math.max(0, Math.round(seconds));
  return {
    days: Math.floor(whole / DAY),
    hours: Math.floor((whole % DAY) / HOUR),
    minutes: Math.floor((whole % HOUR) / MINUTE),
    seconds: whole % MINUTE
  };
}
