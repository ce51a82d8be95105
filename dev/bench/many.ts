import { mkdirSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { formatEvent } from '../../src/api/events';
import type { JobRecord } from '../../src/api/job';
import { filesLeft, withFiles, NO_FILES } from '../../src/api/resultFiles';
import { systemClock } from '../../src/sidecar/process/clock';
import { collectResult } from '../../src/sidecar/collecting/collect';
import { newJob } from '../../src/sidecar/submission/newJob';
import { planJob } from '../../src/sidecar/submission/plan';
import { local } from '../../src/sidecar/remote/local';
import { type Context, makeContext } from '../../test/sidecar/makeContext';

const NOTEBOOK = '{"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}';

/** So many jobs have the names of their files, too: those of all would take minutes to write, and no list reads them. */
const WITH_NAMES = 10;

/** Seconds after which memory is looked at again. */
const REST_SECONDS = 5;

/** Writes records of so many jobs that wrote so many files each; or, with `fetch`, fetches so many files of one job. */
export function run(folder: string, what: string, files: string): Promise<Record<string, number>> {
  return what === 'fetch'
    ? fetched(folder, Number(files))
    : listed(folder, Number(what), Number(files));
}

async function listed(
  folder: string,
  jobs: number,
  files: number
): Promise<Record<string, number>> {
  const data = path.join(folder, 'data');
  mkdirSync(data, { mode: 0o700 });
  const { context, store } = makeContext({
    clock: systemClock,
    folder: data,
    remote: local,
    runner: ''
  });
  const come = Array.from({ length: files }, (_, number) => ({
    path: `frames/${number}.png`,
    bytes: 2048
  }));
  for (let number = 0; number < jobs; number += 1) {
    const { id, result, spec } = await addJob(context, folder, number);
    const notebook = spec.notebook.replace('.ipynb', `.${id}.ipynb`);
    const now = systemClock.now();
    context.jobs.update(
      id,
      {
        state: 'succeeded',
        submittedAt: now,
        startedAt: now,
        endedAt: now + 41,
        schedulerId: String(1_000_000 + number),
        progress: {
          engines: { ready: 0, wanted: 0 },
          cell: { index: 10, total: 10, startedAt: now }
        },
        contact: { seenAt: now, problem: null },
        result: {
          ...result,
          place: 'here',
          notebook,
          notebookBytes: 12_345,
          folder: notebook.replace('.ipynb', '.files'),
          files: withFiles(NO_FILES, come),
          left: filesLeft([])
        }
      },
      number < WITH_NAMES ? { come } : undefined
    );
  }
  store.close();
  return { bytes: statSync(path.join(data, 'jobs.sqlite')).size };
}

async function fetched(folder: string, files: number): Promise<Record<string, number>> {
  process.env['HOME'] = folder;
  const { context } = makeContext({ clock: systemClock, folder, remote: local, runner: '' });
  const { directory, id } = await addJob(context, folder, 0);
  context.jobs.update(id, { state: 'succeeded', submittedAt: 5, endedAt: 6 });
  mkdirSync(path.join(directory, 'run.lock'), { recursive: true });
  await pause(50);
  writeFileSync(path.join(directory, 'result.ipynb'), NOTEBOOK);
  for (let number = 0; number < files; number += 1) {
    const frames = path.join(directory, `work/${path.basename(folder)}/frames${number % 100}`);
    if (number < 100) {
      mkdirSync(frames, { recursive: true });
    }
    writeFileSync(path.join(frames, `${number}.txt`), 'frame');
  }
  let longestEvent = 0;
  context.jobs.listen(event => {
    longestEvent = Math.max(longestEvent, formatEvent(event).length);
  });
  const before = megabytes();
  let peak = before;
  const watching = setInterval(() => {
    peak = Math.max(peak, megabytes());
  }, 50);
  const began = systemClock.steady();
  await collectResult(context, id);
  const seconds = systemClock.steady() - began;
  clearInterval(watching);
  const { count } = context.jobs.get(id).result.files;
  if (count !== files) {
    throw new Error(
      `${count} of ${files} files have come: ${JSON.stringify(context.jobs.get(id).result)}`
    );
  }
  await pause(REST_SECONDS * 1000);
  return { before, peak, after: megabytes(), seconds, longestEvent };
}

function megabytes(): number {
  return process.memoryUsage.rss() / 1e6;
}

async function addJob(context: Context, folder: string, number: number): Promise<JobRecord> {
  const notebook = path.join(folder, 'analysis.ipynb');
  writeFileSync(notebook, NOTEBOOK);
  const form = { notebook, cores: 1, time: '10h' };
  const plan = await planJob({ form, caller: { python: '/usr/bin/env' } }, context);
  const record = newJob(`k${String(number).padStart(7, '0')}`, plan, systemClock.now());
  context.jobs.add(record, null);
  return record;
}
