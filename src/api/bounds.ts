import * as v from 'valibot';

/**
 * What a number or a text may be that comes from a job or its cluster, so that whatever is written into a record can be read back
 * and shown: JSON has numbers that no clock and no counter has (`1e999` is read as Infinity, and written as null).
 */

/** Seconds since 1970, up to the year 9999. */
export const moment = v.pipe(v.number(), v.finite(), v.minValue(0), v.maxValue(253_402_300_799));

/** How long something took, in seconds. */
export const duration = v.pipe(v.number(), v.finite(), v.minValue(0), v.maxValue(1e10));

/** How many there are of something: engines, cells. */
export const count = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(1_000_000_000));

/** An exit status or the number of a signal; negative where a system tells it so. */
export const statusNumber = v.pipe(
  v.number(),
  v.integer(),
  v.minValue(-65_536),
  v.maxValue(65_536)
);

/** A number of which nothing more is known than that it can be written and read back. */
export const finite = v.pipe(v.number(), v.finite());

/** A size in bytes. One that no counter has is the largest there is: a sparse file may have 2^63 - 1. */
export const byteCount = v.pipe(v.number(), v.transform(countable));

/** The nearest number that a counter has. */
function countable(value: number): number {
  return Math.max(0, Math.min(Math.trunc(value), Number.MAX_SAFE_INTEGER));
}

/** The number that a text of a cluster's has in digits, at most the largest there is; null where it has none. */
export function readCount(text: string): number | null {
  return /^\d{1,20}$/.test(text) ? countable(Number(text)) : null;
}

/** An exit status or a signal in digits; null where the text has none. */
export function readStatus(text: string): number | null {
  return /^\d{1,5}$/.test(text) ? Math.min(Number(text), 65_536) : null;
}

/**
 * A batch system's id of a job, out of a file or an answer; null where the text is none: it becomes a word of commands, where
 * `--me` would be all jobs.
 */
export function readSchedulerId(text: string): string | null {
  return /^[A-Za-z0-9][\w.[\]-]{0,127}$/.test(text) ? text : null;
}

/** A text of which the first `most` characters count. */
export function text(most: number) {
  return v.pipe(
    v.string(),
    v.transform(whole => (whole.length > most ? whole.slice(0, most) : whole))
  );
}

/** A word or a line: a name, a path, an error's message. */
export const line = text(4096);

/** The end of a log, or what a program said. */
export const excerpt = text(20_000);
