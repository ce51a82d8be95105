import type { Reader } from './reader';

/** Seconds from which on a day without its year could be taken for another. */
const HALF_A_YEAR = 182 * 86_400;

/** A moment (seconds since 1970) as the reader would write it: `14:20` today, with the day otherwise. */
export function momentWords(moment: number, reader: Reader): string {
  const { locale, now, timeZone } = reader;
  const zone = timeZone === undefined ? {} : { timeZone };
  const day = (seconds: number): string =>
    new Intl.DateTimeFormat('en', { dateStyle: 'short', ...zone }).format(seconds * 1000);
  return new Intl.DateTimeFormat(locale, {
    ...zone,
    hour: 'numeric',
    minute: '2-digit',
    ...(day(moment) !== day(now) && { weekday: 'short', day: 'numeric', month: 'short' }),
    ...(Math.abs(moment - now) > HALF_A_YEAR && { year: 'numeric' })
  }).format(moment * 1000);
}
