import type { DatabaseSync } from 'node:sqlite';
import type { HereFile, LeftFile, LeftReason } from '../../api/resultFiles';
import { LEFT_REASONS } from '../../api/resultFiles';
import type { FilesOf } from '../../api/routes';
import type { NamesChange } from './store';

/** The table of the names of results' files, numbered from 0 in the order in which they came. */
export const NAMES_SCHEMA = `
  CREATE TABLE IF NOT EXISTS files (
    job TEXT NOT NULL REFERENCES jobs (id) ON DELETE CASCADE,
    kind TEXT NOT NULL, number INTEGER NOT NULL,
    path TEXT NOT NULL, bytes REAL NOT NULL, cell INTEGER, origin TEXT, reason TEXT,
    PRIMARY KEY (job, kind, number)
  ) STRICT, WITHOUT ROWID;
`;

/** The names of results' files in the database of the records; a change is part of the transaction that it is made in. */
export class ResultNames {
  private readonly insert;
  private readonly clear;
  private readonly next;
  private readonly page;

  constructor(database: DatabaseSync) {
    this.insert = database.prepare('INSERT INTO files VALUES (?, ?, ?, ?, ?, ?, ?, ?)');
    this.clear = database.prepare('DELETE FROM files WHERE job = ? AND kind = ?');
    this.next = database.prepare(
      'SELECT coalesce(max(number) + 1, 0) AS next FROM files WHERE job = ? AND kind = ?'
    );
    this.page = database.prepare(
      'SELECT * FROM files WHERE job = ? AND kind = ? AND number >= ? ORDER BY number LIMIT ?'
    );
  }

  change(id: string, { come = [], forget = false, left }: NamesChange): void {
    if (forget) {
      this.clear.run(id, 'here');
    }
    if (forget || left !== undefined) {
      this.clear.run(id, 'left');
    }
    this.append(id, 'here', come);
    this.append(id, 'left', left ?? []);
  }

  read(id: string, of: FilesOf, from: number, limit: number): (HereFile & LeftFile)[] {
    return this.page.all(id, of, from, limit).map(readRow);
  }

  private append(id: string, of: FilesOf, files: readonly (HereFile | LeftFile)[]): void {
    let number = Number(this.next.get(id, of)?.['next'] ?? 0);
    for (const file of files) {
      const { bytes, cell = null, path } = file;
      const from = 'from' in file ? (file.from ?? null) : null;
      const reason = 'reason' in file ? (file.reason ?? null) : null;
      this.insert.run(id, of, number, path, bytes, cell, from, reason);
      number += 1;
    }
  }
}

function readRow(row: Record<string, unknown>): HereFile & LeftFile {
  const { bytes, cell, origin, path } = row;
  const reason = LEFT_REASONS.find((one: LeftReason) => one === row['reason']);
  return {
    path: String(path),
    bytes: Number(bytes),
    ...(typeof cell === 'number' && { cell }),
    ...(typeof origin === 'string' && { from: origin }),
    ...(reason !== undefined && { reason })
  };
}
