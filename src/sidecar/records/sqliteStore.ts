import { createHash, randomBytes } from 'node:crypto';
import { statSync } from 'node:fs';
import { hostname } from 'node:os';
import type { DatabaseSync } from 'node:sqlite';
import * as v from 'valibot';
import { JobRecord, briefJob } from '../../api/job';
import { type Problem, type ProblemError, problem } from '../../api/problem';
import { idOf } from '../../api/readRecords';
import { inOneStep } from './inOneStep';
import type { Log } from '../process/log';
import { numberIn, openRecords } from './recordsFile';
import { isCorrupt, recordsProblem } from './recordsProblem';
import { ResultNames } from './resultNames';
import type { Store, PendingSubmission } from './store';

const SubmissionText = v.pipe(
  v.string(),
  v.parseJson(),
  v.object({
    environment: v.record(v.string(), v.string()),
    notebook: v.string(),
    files: v.array(v.string()),
    folders: v.array(v.string()),
    engines: v.number(),
    // Submissions of earlier versions do not say.
    mpi: v.optional(v.boolean(), false)
  })
);

const RecordText = v.pipe(v.string(), v.parseJson(), JobRecord);

/** Who has the records, and who wants to know when they are lost. */
export interface StoreOptions {
  /** Whether a lock keeps other services away (sidecar.py). */
  isAlone?: boolean;
  /** Called when nothing can be kept here any more: the file is gone, another one, or spoiled. */
  onLost?: (why: Problem) => void;
}

/** The records in one SQLite file. Throws a problem when it cannot be had. */
export function openStore(
  file: string,
  log: Log,
  { isAlone = true, onLost = () => undefined }: StoreOptions = {}
): Store {
  const { database, notice } = told(file, () => openRecords(file, isAlone));
  const isInPlace = placeOf(file);
  const names = new ResultNames(database);
  const all = database.prepare('SELECT id, record FROM jobs ORDER BY created, id');
  const insert = database.prepare(
    'INSERT INTO jobs (id, created, record) VALUES (?, ?, ?) ON CONFLICT DO NOTHING'
  );
  const insertSubmission = database.prepare(
    'INSERT INTO submissions (id, submission) VALUES (?, ?)'
  );
  const update = database.prepare('UPDATE jobs SET record = ? WHERE id = ?');
  const submission = database.prepare('SELECT submission FROM submissions WHERE id = ?');
  const forget = database.prepare('DELETE FROM submissions WHERE id = ?');
  const remove = database.prepare('DELETE FROM jobs WHERE id = ?');

  const lost = (): ProblemError => {
    const why = problem('records-gone', { file });
    onLost(why.problem);
    return why;
  };
  /** A file that somebody has removed takes what is written, and nobody sees it again. */
  const write = <T>(effect: () => T): T => {
    if (!isInPlace()) {
      throw lost();
    }
    try {
      return effect();
    } catch (error) {
      throw isCorrupt(error) ? lost() : recordsProblem(error, file);
    }
  };

  return {
    mark: markOf(database, isAlone),
    notice,
    all: () => told(file, () => all.all().flatMap(row => readRecord(row, log))),
    unreadable: () =>
      all.all().flatMap(row => (v.is(RecordText, row['record']) ? [] : [idOf(row)])),
    add: (record, asked) =>
      write(() =>
        inOneStep(database, () => {
          const added = insert.run(record.id, record.createdAt, textOf(record)).changes > 0;
          if (added && asked !== null) {
            insertSubmission.run(record.id, JSON.stringify(asked));
          }
          return added;
        })
      ),
    save: (record, change) =>
      write(() =>
        inOneStep(database, () => {
          update.run(textOf(record), record.id);
          if (change) {
            names.change(record.id, change);
          }
        })
      ),
    files: (id, of, from, limit) => names.read(id, of, from, limit),
    submission: id => readSubmission(submission.get(id)),
    forgetSubmission: id => write(() => void forget.run(id)),
    remove: id => write(() => void remove.run(id)),
    close: () => database.close()
  };
}

function textOf(record: JobRecord): string {
  return JSON.stringify(briefJob(record));
}

function told<T>(file: string, effect: () => T): T {
  try {
    return effect();
  } catch (error) {
    throw recordsProblem(error, file);
  }
}

/** Tells whether a file is still the one that has this name now. */
export function placeOf(file: string): () => boolean {
  const { dev, ino } = statSync(file);
  return () => {
    const found = statSync(file, { throwIfNoEntry: false });
    return found?.ino === ino && found.dev === dev;
  };
}

/** The same for each service with these records; where two can be at work at once, one of its own for each. */
function markOf(database: DatabaseSync, isAlone: boolean): string {
  const number = isAlone ? numberIn(database, 'application_id') : 0;
  return number === 0
    ? randomBytes(4).toString('hex')
    : createHash('sha256').update(`${number} ${hostname()}`).digest('hex').slice(0, 8);
}

/** A record that this version cannot read stays in the file for the version that can. */
function readRecord(row: Record<string, unknown>, log: Log): JobRecord[] {
  const read = v.safeParse(RecordText, row['record']);
  if (!read.success) {
    log.warn(
      { job: row['id'], issues: read.issues.map(issue => issue.message) },
      'unreadable record'
    );
    return [];
  }
  return [read.output];
}

function readSubmission(row: Record<string, unknown> | undefined): PendingSubmission | null {
  return row === undefined ? null : v.parse(SubmissionText, row['submission']);
}
