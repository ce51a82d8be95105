import { chmodSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import * as v from 'valibot';
import { JobRecord } from '../api/job';
import { idOf } from '../api/readRecords';
import type { Faults } from './faults';
import type { Log } from './log';
import type { Store, Submission } from './store';

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS jobs (
    id TEXT PRIMARY KEY, created REAL NOT NULL, record TEXT NOT NULL
  ) STRICT;
  CREATE TABLE IF NOT EXISTS submissions (
    id TEXT PRIMARY KEY REFERENCES jobs (id) ON DELETE CASCADE, submission TEXT NOT NULL
  ) STRICT;
  PRAGMA user_version = 1;
`;

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

/**
 * The records in one SQLite file. Rollback journal, not write-ahead log: the home folder may be a network file
 * system, where a write-ahead log's shared memory does not work (https://sqlite.org/wal.html).
 */
export function openStore(file: string, faults: Faults, log: Log): Store {
  const database = new DatabaseSync(file);
  // Submissions hold what their callers' shells held.
  chmodSync(file, 0o600);
  database.exec(
    'PRAGMA journal_mode = DELETE; PRAGMA foreign_keys = ON; PRAGMA secure_delete = ON'
  );
  database.exec('PRAGMA busy_timeout = 5000; PRAGMA synchronous = FULL');
  database.exec(SCHEMA);
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

  return {
    all: () => all.all().flatMap(row => readRecord(row, log)),
    unreadable: () =>
      all.all().flatMap(row => (v.is(RecordText, row['record']) ? [] : [idOf(row)])),
    add: (record, asked) =>
      faults.sync(() => {
        database.exec('BEGIN IMMEDIATE');
        try {
          const added = insert.run(record.id, record.createdAt, JSON.stringify(record)).changes > 0;
          if (added) {
            insertSubmission.run(record.id, JSON.stringify(asked));
          }
          database.exec('COMMIT');
          return added;
        } catch (error) {
          database.exec('ROLLBACK');
          throw error;
        }
      }),
    save: record => faults.sync(() => void update.run(JSON.stringify(record), record.id)),
    submission: id => readSubmission(submission.get(id)),
    forgetSubmission: id => faults.sync(() => void forget.run(id)),
    remove: id => faults.sync(() => void remove.run(id)),
    close: () => database.close()
  };
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

function readSubmission(row: Record<string, unknown> | undefined): Submission | null {
  return row === undefined ? null : v.parse(SubmissionText, row['submission']);
}
