import { closeSync, openSync, rmSync, writeSync } from 'node:fs';
import path from 'node:path';
import { getSystemErrorMessage } from 'node:util';
import { type ProblemError, problem } from '../../api/problem';

/** Primary result codes: https://sqlite.org/rescode.html. */
const ERROR = 1;
const BUSY = 5;
export const CORRUPT = 11;
const FULL = 13;
const NOT_A_DATABASE = 26;

/** The primary result code of an error of SQLite; null of any other error. */
function codeOf(error: unknown): number | null {
  return error instanceof Error && 'errcode' in error && typeof error.errcode === 'number'
    ? error.errcode & 0xff
    : null;
}

/** Whether the file itself is what is wrong, and not its disk, its permissions, or somebody who has it open. */
export function isCorrupt(error: unknown): boolean {
  const code = codeOf(error);
  return code === CORRUPT || code === NOT_A_DATABASE;
}

/** Whether a statement makes no sense to the tables that are there, as those of something else would have it. */
export function isForeign(error: unknown): boolean {
  return codeOf(error) === ERROR;
}

/** An error of the job records as a problem that says what stands in the way; any other error as it is. */
export function recordsProblem(error: unknown, file: string): unknown {
  const code = codeOf(error);
  const errno = errnoOf(error);
  if (code === null && errno === null) {
    return error;
  }
  const output = error instanceof Error ? error.message : String(error);
  const more = { details: { output }, cause: error };
  if (code === FULL) {
    return full(file, more);
  }
  if (code === BUSY) {
    return problem('records-unwritable', { file, why: 'another program has them open' }, more);
  }
  // SQLite knows little of why; the system says it.
  const found = errno ?? whyNotWritable(file);
  if (found !== null && FULL_DISK.has(found.code)) {
    return full(file, more);
  }
  return problem('records-unwritable', { file, why: found?.words ?? output }, more);
}

type More = Parameters<typeof problem>[2];

function full(file: string, more: More): ProblemError {
  return problem('records-full', { folder: path.dirname(file) }, more);
}

const FULL_DISK = new Set(['ENOSPC', 'EDQUOT']);

/** What the system says of an error, and its code. */
interface SystemError {
  code: string;
  words: string;
}

function errnoOf(error: unknown): SystemError | null {
  if (!(error instanceof Error && 'code' in error && 'errno' in error)) {
    return null;
  }
  const { code, errno } = error;
  if (typeof code !== 'string' || typeof errno !== 'number') {
    return null;
  }
  const words = getSystemErrorMessage(errno) ?? code;
  return { code, words: words.charAt(0).toUpperCase() + words.slice(1) };
}

/** More than a page of SQLite's, so that the last free bytes of a disk do not pass for room. */
const PROBE_BYTES = 65_536;

/** Tries what SQLite has tried: to write the file, and to make one beside it. Null where both can be done. */
function whyNotWritable(file: string): SystemError | null {
  const probe = `${file}-probe`;
  try {
    closeSync(openSync(file, 'r+'));
    rmSync(probe, { force: true });
    const made = openSync(probe, 'wx', 0o600);
    try {
      writeSync(made, Buffer.alloc(PROBE_BYTES));
    } finally {
      closeSync(made);
      rmSync(probe, { force: true });
    }
    return null;
  } catch (error) {
    return errnoOf(error);
  }
}
