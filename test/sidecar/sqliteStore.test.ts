import { chmodSync, readFileSync, statSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import path from 'node:path';
import pino from 'pino';
import { beforeEach, expect, test } from 'vitest';
import type { JobRecord } from '../../src/api/job';
import { Faults } from '../../src/sidecar/faults';
import { newJob } from '../../src/sidecar/newJob';
import { openStore } from '../../src/sidecar/sqliteStore';
import type { Store, Submission } from '../../src/sidecar/store';
import { makeWorkbench, planFor } from './workbench';

const SUBMISSION: Submission = {
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

function open(): Store {
  return openStore(file, new Faults(undefined), pino({ level: 'silent' }));
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
