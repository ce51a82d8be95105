import {
  chmodSync,
  copyFileSync,
  existsSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync
} from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import path from 'node:path';
import pino from 'pino';
import { beforeEach, expect, onTestFinished, test } from 'vitest';
import type { JobRecord } from '../../../src/api/job';
import { type Problem, ProblemError } from '../../../src/api/problem';
import { newJob } from '../../../src/sidecar/submission/newJob';
import { type StoreOptions, openStore } from '../../../src/sidecar/records/sqliteStore';
import type { Store, PendingSubmission } from '../../../src/sidecar/records/store';
import { type Volume, fill, readOnlyView, smallDisk } from '../../jobs/volumes';
import { makeWorkbench, planFor } from '../workbench';

const SUBMISSION: PendingSubmission = {
  environment: { SECRET: 'correct-horse-battery-staple' },
  notebook: '{"cells": []}',
  files: ['a.py', 'ünï\n.txt'],
  folders: ['out'],
  engines: 4,
  mpi: true
};

let file: string;
let record: JobRecord;
beforeEach(async () => {
  const bench = makeWorkbench();
  file = path.join(bench.home, 'other.sqlite');
  record = newJob('k3v9x2ab', await planFor(bench), 1_790_000_000.25);
});

function open(options?: StoreOptions): Store {
  return openStore(file, pino({ level: 'silent' }), options);
}

/** Files beside the records whose names begin as theirs, without it. */
function beside(): string[] {
  const name = path.basename(file);
  return readdirSync(path.dirname(file)).filter(
    found => found.startsWith(name) && ![name, `${name}-journal`].includes(found)
  );
}

/** What a person is told of what went wrong. */
function problemOf(effect: () => unknown): Problem | undefined {
  try {
    effect();
  } catch (error) {
    if (error instanceof ProblemError) {
      return error.problem;
    }
    throw error;
  }
  return undefined;
}

function onVolume(volume: Volume | null): Volume {
  if (volume === null) {
    throw new Error('This test needs to mount a disk: run it as root, or with a small /dev/shm.');
  }
  onTestFinished(volume.undo);
  return volume;
}

test('what was added and saved is there when the file is opened again', () => {
  const store = open();
  expect(store.add(record, SUBMISSION)).toBe(true);
  store.save({ ...record, state: 'running', schedulerId: '123' });
  expect(store.submission(record.id)).toEqual(SUBMISSION);
  store.close();
  const again = open();
  expect(again.all()).toEqual([{ ...record, state: 'running', schedulerId: '123' }]);
  expect(again.submission(record.id)).toEqual(SUBMISSION);
});

test('a second job of the same id is not added, and changes nothing', () => {
  const store = open();
  store.add(record, SUBMISSION);
  expect(store.add({ ...record, createdAt: 5 }, { ...SUBMISSION, engines: 9 })).toBe(false);
  expect(store.all()).toEqual([record]);
  expect(store.submission(record.id)).toEqual(SUBMISSION);
});

test('records come oldest first', () => {
  const store = open();
  store.add({ ...record, id: 'bbbbbbbb', createdAt: 3 }, SUBMISSION);
  store.add({ ...record, id: 'cccccccc', createdAt: 1 }, SUBMISSION);
  store.add({ ...record, id: 'aaaaaaaa', createdAt: 2 }, SUBMISSION);
  expect(store.all().map(({ id }) => id)).toEqual(['cccccccc', 'aaaaaaaa', 'bbbbbbbb']);
});

test.each(['not json', '{"id": "bbbbbbbb"}', ''])(
  'a record that cannot be read (%j) is passed over, and stays in the file',
  text => {
    const store = open();
    store.add(record, SUBMISSION);
    store.close();
    const database = new DatabaseSync(file);
    database.prepare("INSERT INTO jobs VALUES ('bbbbbbbb', 1, ?)").run(text);
    database.close();
    const again = open();
    expect(again.all()).toEqual([record]);
    expect(again.unreadable()).toEqual(['bbbbbbbb']);
    expect(again.add({ ...record, id: 'bbbbbbbb' }, SUBMISSION)).toBe(false);
    again.close();
    const left = new DatabaseSync(file).prepare('SELECT record FROM jobs WHERE id = ?');
    expect(left.get('bbbbbbbb')).toEqual({ record: text });
  }
);

test("a submission that is forgotten leaves none of its bytes: it holds the caller's environment", () => {
  const store = open();
  store.add(record, SUBMISSION);
  expect(readFileSync(file).includes('correct-horse')).toBe(true);
  store.forgetSubmission(record.id);
  expect(store.submission(record.id)).toBeNull();
  expect(readFileSync(file).includes('correct-horse')).toBe(false);
  store.forgetSubmission(record.id);
  expect(store.all()).toEqual([record]);
});

test('a job that is removed takes its submission with it', () => {
  const store = open();
  store.add(record, SUBMISSION);
  store.remove(record.id);
  expect(store.all()).toEqual([]);
  expect(store.submission(record.id)).toBeNull();
  expect(readFileSync(file).includes('correct-horse')).toBe(false);
  expect(store.add(record, SUBMISSION)).toBe(true);
});

test('nobody else can read the file, even where it was open to others', () => {
  open().close();
  expect(statSync(file).mode & 0o777).toBe(0o600);
  chmodSync(file, 0o644);
  open().close();
  expect(statSync(file).mode & 0o777).toBe(0o600);
});

/** What may become of a file, by disks, by people and by other programs. */
const SPOILED: [string, () => void][] = [
  ['is something else', () => writeFileSync(file, 'dear diary\n'.repeat(500))],
  ['is cut in two', () => truncateSync(file, Math.floor(statSync(file).size / 2 / 4096) * 4096)],
  ['is cut within a page', () => truncateSync(file, statSync(file).size - 100)],
  ['is empty', () => truncateSync(file)],
  [
    'has a hole',
    () => {
      const bytes = readFileSync(file);
      writeFileSync(file, bytes.fill(0xff, 4096, 3 * 4096));
    }
  ],
  ['is of a later version', () => changed('PRAGMA user_version = 99')],
  ['has other tables', () => changed('DROP TABLE jobs; CREATE TABLE jobs (title TEXT)')]
];

function changed(statements: string): void {
  const database = new DatabaseSync(file);
  database.exec(`PRAGMA foreign_keys = OFF; ${statements}`);
  database.close();
}

test.each(SPOILED)('a file that %s is put aside with every byte, and said', (_, spoil) => {
  const store = open();
  store.add(record, SUBMISSION);
  // So that no page is empty, which nothing is cut from.
  store.save(record, { come: [{ path: 'table.csv', bytes: 3 }] });
  store.close();
  spoil();
  const bytes = readFileSync(file);
  const again = open();
  const [aside = ''] = beside();
  expect(again.all()).toEqual([]);
  expect(again.add(record, SUBMISSION)).toBe(true);
  expect(again.notice).toMatchObject({
    code: 'records-corrupt',
    values: { file, aside: path.join(path.dirname(file), aside) }
  });
  expect(aside).toMatch(/^other\.sqlite\.corrupt-\d{8}T\d{6}Z$/);
  expect(readFileSync(path.join(path.dirname(file), aside)).equals(bytes)).toBe(true);
  again.close();
  const third = open();
  expect(third.notice).toBeNull();
  expect(third.all()).toEqual([record]);
});

test('what was put aside before stays, and a journal goes with its file', () => {
  for (let time = 0; time < 3; time += 1) {
    writeFileSync(file, `spoiled ${time}`);
    writeFileSync(`${file}-journal`, `journal ${time}`);
    const store = open();
    expect(store.notice?.code).toBe('records-corrupt');
    store.close();
    rmSync(file);
  }
  const folder = path.dirname(file);
  const texts = beside().map(name => readFileSync(path.join(folder, name), 'utf8'));
  expect(texts.toSorted()).toEqual([
    'journal 0',
    'journal 1',
    'journal 2',
    'spoiled 0',
    'spoiled 1',
    'spoiled 2'
  ]);
});

test('a file that was never finished is no record that was lost', () => {
  writeFileSync(`${file}.new`, '');
  const store = open();
  expect(store.notice).toBeNull();
  expect(beside()).toEqual([]);
});

test('records of a version that had no mark get one, and keep it', () => {
  const first = open();
  first.add(record, SUBMISSION);
  first.close();
  changed('PRAGMA application_id = 0');
  const second = open();
  expect(second.all()).toEqual([record]);
  const { mark } = second;
  second.close();
  expect(open().mark).toBe(mark);
});

test('two files have two marks; where nobody can be kept away, each service has its own', () => {
  const store = open();
  const { mark } = store;
  store.close();
  const alone = open({ isAlone: false });
  expect(alone.mark).not.toBe(mark);
  alone.close();
  rmSync(file);
  expect(open().mark).not.toBe(mark);
});

test('while it is open nobody else reads or writes it', () => {
  open();
  const other = new DatabaseSync(file);
  expect(() => other.exec('SELECT * FROM jobs')).toThrow('database is locked');
  expect(() => other.exec('DELETE FROM jobs')).toThrow('database is locked');
});

test('on a disk without locks it works all the same', () => {
  open().close();
  const other = new DatabaseSync(file);
  other.exec('BEGIN EXCLUSIVE');
  const store = open({ isAlone: false });
  expect(store.add(record, SUBMISSION)).toBe(true);
  store.close();
  other.close();
  expect(open().all()).toEqual([record]);
});

test('a link is not written through', () => {
  const victim = path.join(path.dirname(file), 'victim');
  writeFileSync(victim, 'theirs');
  symlinkSync(victim, file);
  expect(problemOf(open)).toMatchObject({ code: 'file-not-ours', values: { file } });
  expect(readFileSync(victim, 'utf8')).toBe('theirs');
});

test.each<[string, () => void]>([
  ['removed', () => rmSync(file)],
  ['moved away', () => renameSync(file, `${file}.moved`)],
  [
    'replaced',
    () => {
      copyFileSync(file, `${file}.copy`);
      renameSync(`${file}.copy`, file);
    }
  ]
])('records that are %s take nothing more, and that is told', (_, take) => {
  const lost: string[] = [];
  const store = open({ onLost: ({ code }) => lost.push(code) });
  store.add(record, SUBMISSION);
  take();
  const gone = { code: 'records-gone', values: { file } };
  expect(problemOf(() => store.save({ ...record, state: 'running' }))).toMatchObject(gone);
  expect(problemOf(() => store.add({ ...record, id: 'aaaaaaaa' }, SUBMISSION))).toMatchObject(gone);
  expect(lost).toEqual(['records-gone', 'records-gone']);
});

test('a disk that is full is called full, and nothing is put aside for it', () => {
  const { folder } = onVolume(smallDisk());
  file = path.join(folder, 'jobs.sqlite');
  const store = open();
  store.add(record, SUBMISSION);
  const empty = fill(folder);
  const large = { ...SUBMISSION, notebook: 'x'.repeat(100_000) };
  const full = { code: 'records-full', values: { folder } };
  expect(problemOf(() => store.add({ ...record, id: 'aaaaaaaa' }, large))).toMatchObject(full);
  expect(store.all()).toEqual([record]);
  empty();
  expect(store.add({ ...record, id: 'aaaaaaaa' }, large)).toBe(true);
  store.close();
  const emptyAgain = fill(folder);
  const again = open();
  expect(again.all()).toHaveLength(2);
  expect(beside()).toEqual([]);
  again.close();
  emptyAgain();
  rmSync(file);
  fill(folder);
  writeFileSync(path.join(folder, '.more'), Buffer.alloc(8192));
  expect(problemOf(open)).toMatchObject(full);
  expect(existsSync(file)).toBe(false);
});

test('a disk that takes nothing is told in the words of the system', () => {
  const folder = path.dirname(file);
  open().close();
  const view = onVolume(readOnlyView(folder));
  file = path.join(view.folder, path.basename(file));
  expect(problemOf(open)).toMatchObject({
    code: 'records-unwritable',
    values: { file, why: 'Read-only file system' }
  });
  expect(beside()).toEqual([]);
});
