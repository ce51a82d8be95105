import type { DatabaseSync } from 'node:sqlite';
import * as v from 'valibot';
import { HereFile, LeftFile, NO_FILES, filesLeft, withFiles } from '../../api/resultFiles';
import { ResultNames } from './resultNames';

/** What of a record counts here; everything else stays as it is. */
const EarlierRecord = v.looseObject({
  result: v.looseObject({
    files: v.optional(v.array(HereFile), []),
    left: v.optional(v.array(LeftFile), [])
  })
});

/** Moves the names of results' files, which records of earlier versions hold themselves, to their table. */
export function moveNames(database: DatabaseSync): void {
  const names = new ResultNames(database);
  const all = database.prepare('SELECT id FROM jobs');
  const one = database.prepare('SELECT record FROM jobs WHERE id = ?');
  const update = database.prepare('UPDATE jobs SET record = ? WHERE id = ?');
  for (const { id } of all.all()) {
    const read = v.safeParse(
      v.pipe(v.string(), v.parseJson(), EarlierRecord),
      one.get(id ?? null)?.['record']
    );
    // What is none of ours, or has them moved already, stays as it is.
    if (read.success && typeof id === 'string') {
      const { files, left } = read.output.result;
      const result = {
        ...read.output.result,
        files: withFiles(NO_FILES, files),
        left: filesLeft(left)
      };
      names.change(id, { forget: true, come: files, left });
      update.run(JSON.stringify({ ...read.output, result }), id);
    }
  }
}
