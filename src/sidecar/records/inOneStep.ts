import type { DatabaseSync } from 'node:sqlite';

/** All of a change, or nothing of it. */
export function inOneStep<T>(database: DatabaseSync, change: () => T): T {
  database.exec('BEGIN IMMEDIATE');
  try {
    const result = change();
    database.exec('COMMIT');
    return result;
  } catch (error) {
    rollBack(database);
    throw error;
  }
}

/** What went wrong before is what is told; SQLite may have rolled back by itself for it. */
function rollBack(database: DatabaseSync): void {
  try {
    if (database.isTransaction) {
      database.exec('ROLLBACK');
    }
  } catch {
    // The file is as it was: the journal is played back when it is opened again.
  }
}
