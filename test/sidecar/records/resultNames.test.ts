import { DatabaseSync } from 'node:sqlite';
import path from 'node:path';
import pino from 'pino';
import { beforeEach, expect, test } from 'vitest';
import type { JobRecord } from '../../../src/api/job';
import { newJob } from '../../../src/sidecar/submission/newJob';
import { openStore } from '../../../src/sidecar/records/sqliteStore';
import type { Store } from '../../../src/sidecar/records/store';
import { makeWorkbench, planFor } from '../workbench';

let file: string;
let record: JobRecord;
beforeEach(async () => {
  const bench = makeWorkbench();
  file = path.join(bench.home, 'other.sqlite');
  record = newJob('k3v9x2ab', await planFor(bench), 1_790_000_000.25);
});

function open(): Store {
  return openStore(file, pino({ level: 'silent' }));
}

const COME = [
  { path: 'a', bytes: 1 },
  { path: 'outputs/cell-1-1.png', bytes: 2, cell: 1 },
  { path: 'c-2', from: 'c', bytes: 0 }
];
const LEFT = [
  { path: 'big.h5', bytes: 5e12 },
  { path: 'ünï\n', bytes: 1, reason: 'unreadable' as const }
];

test('names are kept beside the record, in the order in which they came', () => {
  const store = open();
  store.add(record, null);
  store.save(record, { come: COME.slice(0, 2), left: LEFT });
  store.save(record, { come: COME.slice(2), left: LEFT.slice(1) });
  store.close();
  const again = open();
  expect(again.files(record.id, 'here', 0, 9)).toEqual(COME);
  expect(again.files(record.id, 'here', 1, 1)).toEqual(COME.slice(1, 2));
  expect(again.files(record.id, 'here', 3, 9)).toEqual([]);
  expect(again.files(record.id, 'left', 0, 9)).toEqual(LEFT.slice(1));
  again.save(record, { forget: true, come: COME.slice(0, 1) });
  expect(again.files(record.id, 'here', 0, 9)).toEqual(COME.slice(0, 1));
  expect(again.files(record.id, 'left', 0, 9)).toEqual([]);
  again.remove(record.id);
  expect(again.files(record.id, 'here', 0, 9)).toEqual([]);
});

test('names that records of the first version hold themselves are moved, once, and none is lost', () => {
  const store = open();
  store.add(record, null);
  store.close();
  const database = new DatabaseSync(file);
  const earlier = { ...record, result: { ...record.result, files: COME, left: LEFT }, more: 5 };
  database.prepare('UPDATE jobs SET record = ?').run(JSON.stringify(earlier));
  const strange = '{"id": "bbbbbbbb", "result": {"files": "none"}}';
  database.prepare("INSERT INTO jobs VALUES ('bbbbbbbb', 1, ?)").run(strange);
  database.exec('DROP TABLE files; PRAGMA user_version = 1');
  database.close();
  for (let time = 0; time < 2; time += 1) {
    const again = open();
    const [moved] = again.all();
    expect(moved?.result).toEqual({
      ...record.result,
      files: { count: 3, bytes: 3, outputs: 1 },
      left: {
        count: 2,
        bytes: 5e12 + 1,
        outputs: 0,
        large: { count: 1, bytes: 5e12 },
        lost: 2,
        unfetched: 0,
        some: LEFT.slice(1)
      }
    });
    expect(again.files(record.id, 'here', 0, 9)).toEqual(COME);
    expect(again.files(record.id, 'left', 0, 9)).toEqual(LEFT);
    again.close();
  }
  const kept = new DatabaseSync(file).prepare('SELECT record FROM jobs WHERE id = ?');
  expect(kept.get('bbbbbbbb')).toEqual({ record: strange });
  expect(String(kept.get(record.id)?.['record'])).toContain('"more":5');
});
