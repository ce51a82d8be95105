import {
  chmodSync,
  closeSync,
  existsSync,
  lstatSync,
  openSync,
  readSync,
  renameSync,
  rmSync
} from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { pathToFileURL } from 'node:url';
import { type Problem, problem } from '../../api/problem';
import { moveNames } from './earlierRecords';
import { inOneStep } from './inOneStep';
import { expectOwn } from '../process/ownFile';
import { CORRUPT, isCorrupt, isForeign } from './recordsProblem';
import { NAMES_SCHEMA } from './resultNames';

/**
 * What this version writes; a file of a later one may hold what this one would spoil. 1: the names of results' files are in
 * the records.
 */
const VERSION = 2;

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS jobs (
    id TEXT PRIMARY KEY, created REAL NOT NULL, record TEXT NOT NULL
  ) STRICT;
  CREATE TABLE IF NOT EXISTS submissions (
    id TEXT PRIMARY KEY REFERENCES jobs (id) ON DELETE CASCADE, submission TEXT NOT NULL
  ) STRICT;
  ${NAMES_SCHEMA}
`;

/** Milliseconds that a service before us may take to leave its file: sidecar.ts gives it ten seconds. */
const BUSY_MS = 15_000;

/** The file, open and fit to use, and what a person has to know of how it was found. */
export interface Records {
  database: DatabaseSync;
  notice: Problem | null;
}

/**
 * Opens the job records, for this process alone. A file that cannot be read as such is put aside, whole, under a name
 * that nothing has, and a new one begun; nothing else than what is wrong in the file itself is a reason for that.
 *
 * @param isAlone Whether a lock keeps other services away; where there can be none, SQLite can take none either.
 * @throws the error of SQLite or of the system.
 */
export function openRecords(file: string, isAlone: boolean): Records {
  expectOwn(file);
  if (!existsSync(file)) {
    return { database: begin(file, isAlone), notice: null };
  }
  const found = tryOpen(file, isAlone);
  if (typeof found !== 'string') {
    return { database: found, notice: null };
  }
  const aside = putAside(file);
  return {
    database: begin(file, isAlone),
    notice: problem('records-corrupt', { file, aside }, { details: { output: found } }).problem
  };
}

/** A new file gets its name when it is whole: one without a byte has been cut. */
function begin(file: string, isAlone: boolean): DatabaseSync {
  const unfinished = `${file}.new`;
  for (const name of [unfinished, `${unfinished}-journal`, `${file}-journal`]) {
    rmSync(name, { force: true });
  }
  open(unfinished, isAlone).close();
  rmSync(`${unfinished}-journal`, { force: true });
  renameSync(unfinished, file);
  return open(file, isAlone);
}

/**
 * The file, or why it is none of ours. SQLite plays a journal back before it looks, and empties one that it cannot; of
 * what begins as no database both stay as they are. https://sqlite.org/fileformat.html#the_database_header
 */
function tryOpen(file: string, isAlone: boolean): DatabaseSync | string {
  const begin = beginningOf(file);
  if (begin !== 'SQLite format 3\0') {
    return begin === '' ? 'It is empty.' : 'It is not a database.';
  }
  try {
    return open(file, isAlone);
  } catch (error) {
    const isSpoiled = error instanceof Newer || isCorrupt(error) || isForeign(error);
    if (error instanceof Error && isSpoiled) {
      return error.message;
    }
    throw error;
  }
}

function beginningOf(file: string): string {
  const bytes = Buffer.alloc(16);
  const opened = openSync(file, 'r');
  try {
    return bytes.toString('latin1', 0, readSync(opened, bytes));
  } finally {
    closeSync(opened);
  }
}

class Newer extends Error {}

/**
 * Rollback journal, not write-ahead log: the home folder may be a network file system, where a write-ahead log's shared
 * memory does not work (https://sqlite.org/wal.html). Cut at each end, as it has what was there before: submissions
 * hold what their callers' shells held.
 */
function open(file: string, isAlone: boolean): DatabaseSync {
  const at = pathToFileURL(file);
  if (!isAlone) {
    at.searchParams.set('nolock', '1');
  }
  const database = new DatabaseSync(at);
  try {
    chmodSync(file, 0o600);
    database.exec(`PRAGMA busy_timeout = ${BUSY_MS}; PRAGMA locking_mode = EXCLUSIVE`);
    database.exec(
      'PRAGMA journal_mode = TRUNCATE; PRAGMA foreign_keys = ON; PRAGMA secure_delete = ON'
    );
    database.exec('PRAGMA synchronous = FULL');
    // Nobody else's from here on, for reading either.
    database.exec('BEGIN EXCLUSIVE; COMMIT');
    const version = numberIn(database, 'user_version');
    if (version > VERSION) {
      throw new Newer(
        `A newer version has written it (${version}, and this one reads ${VERSION}).`
      );
    }
    const check = database.prepare('PRAGMA quick_check(1)').get()?.['quick_check'];
    if (check !== 'ok') {
      throw Object.assign(new Error(String(check)), { errcode: CORRUPT });
    }
    inOneStep(database, () => {
      database.exec(SCHEMA);
      if (version === 1) {
        moveNames(database);
      }
      if (version < VERSION) {
        database.exec(`PRAGMA user_version = ${VERSION}`);
      }
    });
    if (numberIn(database, 'application_id') === 0) {
      database.exec(`PRAGMA application_id = ${1 + Math.floor(Math.random() * 0x7ffffffe)}`);
    }
    database.exec('SELECT id, created, record FROM jobs LIMIT 0');
    database.exec('SELECT id, submission FROM submissions LIMIT 0');
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

/** A number in the file's header, by the name of its pragma. */
export function numberIn(
  database: DatabaseSync,
  pragma: 'application_id' | 'user_version'
): number {
  return Number(database.prepare(`PRAGMA ${pragma}`).get()?.[pragma]);
}

/**
 * Moves a file, and the journal that belongs to it, to a name that nothing has; returns the name. The journal first: it
 * would be played back into whatever has the name of the file.
 */
function putAside(file: string): string {
  const at = new Date().toISOString().replace(/[-:]|\.\d+/g, '');
  let aside = `${file}.corrupt-${at}`;
  for (let number = 2; isTaken(aside); number += 1) {
    aside = `${file}.corrupt-${at}-${number}`;
  }
  for (const more of ['-journal', '-wal', '-shm', '']) {
    if (existsSync(`${file}${more}`)) {
      renameSync(`${file}${more}`, `${aside}${more}`);
    }
  }
  return aside;
}

function isTaken(file: string): boolean {
  return ['', '-journal', '-wal', '-shm'].some(
    more => lstatSync(`${file}${more}`, { throwIfNoEntry: false }) !== undefined
  );
}
