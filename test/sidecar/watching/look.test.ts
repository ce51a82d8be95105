import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import type { JobRecord } from '../../../src/api/job';
import { ONE_SHELL } from '../../../src/sidecar/remote/oneShell/driver';
import { shellOf } from '../../../src/sidecar/clusters/shell';
import { type Seen, askQueue, look } from '../../../src/sidecar/watching/look';
import { type Workbench, addJob, makeWorkbench } from '../workbench';

let bench: Workbench;
let record: JobRecord;
let seen: Map<string, Seen>;
beforeEach(async () => {
  bench = makeWorkbench();
  record = await addJob(bench);
  mkdirSync(record.directory, { recursive: true });
  seen = new Map();
});

function lookAt(records: JobRecord[], withQueue = false) {
  const shell = shellOf(bench.context, record.cluster);
  return look(shell, records, seen, shell.scheduler, {
    queue: withQueue,
    past: [],
    lingerSeconds: 0
  });
}

function write(name: string, text: string): void {
  writeFileSync(path.join(record.directory, name), text);
}

const STARTED = { schedulerId: '5', host: 'here', startedAt: 7 };
const EXIT = { state: 'failed', cause: { code: 'killed', signal: 9 }, endedAt: 8, notes: [] };

/** Puts a program of this name before the real one. */
function fake(name: string, script: string): void {
  const bin = path.join(bench.home, 'bin');
  mkdirSync(bin, { recursive: true });
  writeFileSync(path.join(bin, name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  vi.stubEnv('PATH', `${bin}:${process.env['PATH']}`);
}

test('each valid file is told once, and again when it changes', async () => {
  expect((await lookAt([record])).files.size).toBe(0);
  write('started.json', JSON.stringify(STARTED));
  expect((await lookAt([record])).files.get(record.id)).toEqual({
    started: STARTED,
    progress: null,
    exit: null
  });
  expect((await lookAt([record])).files.size).toBe(0);
  write('started.json', JSON.stringify({ ...STARTED, host: 'there' }));
  expect((await lookAt([record])).files.get(record.id)?.started?.host).toBe('there');
});

test('a queue that never answers keeps no file from being seen', async () => {
  write('exit.json', JSON.stringify(EXIT));
  const usual = process.env['PATH'];
  fake('ps', 'sleep 3028');
  // Of its own seconds, one.
  fake('timeout', 'shift 3; exec /usr/bin/timeout 1 "$@"');
  const told = await lookAt([record], true);
  vi.stubEnv('PATH', usual);
  expect(told.queue).toBeNull();
  expect(told.files.get(record.id)?.exit).toEqual(EXIT);
  const processes = execFileSync('ps', ['-eo', 'args'], { encoding: 'utf8' });
  expect(processes.split('\n')).not.toContain('sleep 3028');
});

test('a file that is longer than any of ours is none, and keeps nobody from being seen', async () => {
  const other = await addJob(bench, 'other123');
  mkdirSync(other.directory, { recursive: true });
  for (const length of [65_537, 30_000_000]) {
    write('exit.json', JSON.stringify(EXIT).padEnd(length));
    writeFileSync(
      path.join(other.directory, 'started.json'),
      JSON.stringify({ ...STARTED, startedAt: length })
    );
    const { files } = await lookAt([record, other]);
    expect(files.get(record.id)?.exit ?? null).toBeNull();
    expect(files.get(other.id)?.started?.startedAt).toBe(length);
  }
  write('exit.json', JSON.stringify(EXIT).padEnd(65_536));
  expect((await lookAt([record])).files.get(record.id)?.exit).toEqual(EXIT);
});

test.each(['', '{', '{"state": "succeeded"}', 'null', '[]', '{"state": "maybe", "endedAt": 1}'])(
  'an exit file that says %j is none, and is looked at again',
  async text => {
    write('exit.json', text);
    expect((await lookAt([record])).files.get(record.id)?.exit ?? null).toBeNull();
    write('exit.json', JSON.stringify(EXIT));
    expect((await lookAt([record])).files.get(record.id)?.exit).toEqual(EXIT);
  }
);

test('a file that says what cannot be read is told by its name, until it says what can', async () => {
  const unreadable = async (): Promise<string[]> =>
    (await lookAt([record])).unreadable.get(record.id) ?? [];
  expect(await unreadable()).toEqual([]);
  write('started.json', JSON.stringify(STARTED));
  write(
    'exit.json',
    JSON.stringify({ ...EXIT, cause: { code: 'time-limit', cell: 0 } }).replace(
      '"cell":0',
      '"cell":1e999'
    )
  );
  expect(await unreadable()).toEqual(['exit.json']);
  const { files, unreadable: again } = await lookAt([record]);
  expect([files.size, again.get(record.id)]).toEqual([0, ['exit.json']]);
  write('exit.json', JSON.stringify(EXIT));
  expect(await unreadable()).toEqual([]);
});

test('of files that would be too much together, those that had no room come the next time', async () => {
  const ids = Array.from({ length: 150 }, (_, index) => `j${String(index).padStart(7, '0')}`);
  const records = ids.map((id): JobRecord => ({ ...record, id }));
  for (const id of ids) {
    const folder = path.join(path.dirname(record.directory), id);
    mkdirSync(folder, { recursive: true });
    writeFileSync(path.join(folder, 'exit.json'), JSON.stringify(EXIT).padEnd(65_536));
  }
  const found: string[] = [];
  for (let looks = 1; looks <= 2; looks += 1) {
    const { files, unreadable } = await lookAt(records);
    expect([...unreadable.values()].flat()).toEqual([]);
    found.push(...files.keys());
    expect(found.length).toBeLessThan(looks === 1 ? 150 : 151);
  }
  expect(found).toEqual(ids);
});

test('a queue without end is one that did not answer, and keeps no file from being seen', async () => {
  fake('ps', 'yes');
  write('exit.json', JSON.stringify(EXIT));
  const { files, queue } = await lookAt([record], true);
  expect(queue).toBeNull();
  expect(files.get(record.id)?.exit).toEqual(EXIT);
});

test('a file that plays a part of the answer is only a file', async () => {
  const evil = { ...EXIT, cause: { code: 'not-sent', text: '\n@@ queue\n\n0' } };
  write('exit.json', JSON.stringify(evil));
  const forged = JSON.stringify({ ...EXIT, state: 'succeeded', cause: null });
  write('started.json', `\n@@ file k3v9x2ab exit.json 1 2\n${forged}\n@@ queue\n\n0`);
  const { files, queue } = await lookAt([record]);
  expect(files.get(record.id)?.exit).toEqual(evil);
  expect(queue).toBeNull();
});

test('many jobs are seen in one look, those without a directory not at all', async () => {
  const other = await addJob(bench, 'other123');
  mkdirSync(other.directory, { recursive: true });
  writeFileSync(path.join(other.directory, 'exit.json'), JSON.stringify(EXIT));
  write('started.json', JSON.stringify(STARTED));
  symlinkSync('/etc/passwd', path.join(other.directory, 'started.json'));
  const missing = await addJob(bench, 'missing1');
  const many = Array.from({ length: 300 }, () => missing);
  const { files } = await lookAt([record, ...many, other]);
  expect([...files.keys()]).toEqual([record.id, 'other123']);
  expect(files.get('other123')).toEqual({ started: null, progress: null, exit: EXIT });
});

test('a program is started for many jobs, not for each, whatever their folders are named', async () => {
  fake('cksum', `echo x >>'${bench.home}/calls'; exec /usr/bin/cksum "$@"`);
  const folders = ["it's one", 'two  blanks $HOME'].map(name => path.join(bench.home, name));
  const jobs = Array.from({ length: 1200 }, (_, index): JobRecord => {
    const baseFolder = folders[index % 2] ?? '';
    const id = `j${String(index).padStart(7, '0')}`;
    return { ...record, id, cluster: { ...record.cluster, baseFolder } };
  });
  for (const { cluster, id } of jobs.slice(0, 100)) {
    mkdirSync(path.join(cluster.baseFolder, id), { recursive: true });
    writeFileSync(
      path.join(cluster.baseFolder, id, 'started.json'),
      JSON.stringify({ ...STARTED, schedulerId: id })
    );
  }
  const { files } = await lookAt(jobs);
  const found = new Map([...files].map(([id, { started }]) => [id, started?.schedulerId]));
  expect(found).toEqual(new Map(jobs.slice(0, 100).map(({ id }) => [id, id])));
  expect((await lookAt(jobs)).files.size).toBe(0);
  const calls = readFileSync(path.join(bench.home, 'calls'), 'utf8').length / 2;
  expect(calls).toBeLessThanOrEqual(2 * 4);
});

test('the queue is asked when it is due, and its failure is no answer', async () => {
  fake('ps', 'echo " 77 timeout -k 15 600 /usr/bin/env bash /b/k3v9x2ab/script.sh"; exit $STATUS');
  vi.stubEnv('STATUS', '0');
  expect((await lookAt([record])).queue).toBeNull();
  const entry = { schedulerId: '77', jobId: 'k3v9x2ab', state: 'running' };
  expect((await lookAt([record], true)).queue).toMatchObject([entry]);
  const shell = shellOf(bench.context, record.cluster);
  expect(await askQueue(shell, shell.scheduler)).toMatchObject([entry]);
  vi.stubEnv('STATUS', '1');
  expect((await lookAt([record], true)).queue).toBeNull();
  expect(await askQueue(shell, shell.scheduler)).toBeNull();
});

test('the records of a scheduler are asked in the same command, and never spoil the rest', async () => {
  fake('squeue', 'echo "9|COMPLETING|1|2|n1|k3v9x2ab-x|None"');
  fake('scontrol', 'echo "no such thing" >&2; exit 1');
  fake('sacct', 'echo "9|OUT_OF_MEMORY|0:125|n1|1795815258"; echo noise >&2; exit 3');
  write('exit.json', JSON.stringify(EXIT));
  const shell = shellOf(bench.context, { ...record.cluster, scheduler: 'slurm' });
  const run = vi.spyOn(shell.remote, 'run');
  const question = { queue: true, past: ['9', '10'], lingerSeconds: 0 };
  const told = await look(shell, [record], seen, shell.scheduler, question);
  expect(told.files.get(record.id)?.exit).toEqual(EXIT);
  expect(told.queue).toMatchObject([{ schedulerId: '9', state: 'running' }]);
  expect([...(told.past ?? [])]).toMatchObject([['9', { how: 'out-of-memory' }]]);
  expect(run).toHaveBeenCalledOnce();
});

describe('a look that waits for an end', () => {
  function waits(lingerSeconds: number, records = [record], signal?: AbortSignal) {
    const shell = shellOf(bench.context, record.cluster);
    const question = { queue: false, past: [], lingerSeconds };
    return look(shell, records, seen, shell.scheduler, question, signal);
  }

  async function seconds(of: Promise<unknown>): Promise<number> {
    const began = performance.now();
    await of;
    return (performance.now() - began) / 1000;
  }

  test('tells of it when it is there, also of one job of several', async () => {
    const other = await addJob(bench, 'other123');
    const found = waits(60, [record, other]);
    await sleep(500);
    mkdirSync(other.directory, { recursive: true });
    const file = path.join(other.directory, 'exit.json');
    writeFileSync(`${file}.new`, JSON.stringify(EXIT));
    renameSync(`${file}.new`, file);
    const took = await seconds(found);
    expect((await found).files.get(other.id)?.exit).toEqual(EXIT);
    expect(took).toBeLessThan(20);
  });

  test('takes its time otherwise, also for an end that was seen before', async () => {
    write('exit.json', JSON.stringify(EXIT));
    expect((await waits(60)).files.get(record.id)?.exit).toEqual(EXIT);
    expect(await seconds(waits(1))).toBeGreaterThanOrEqual(1);
  });

  test('is given up when somebody is in a hurry', async () => {
    const hurry = new AbortController();
    const found = waits(60, [record], hurry.signal);
    setTimeout(() => hurry.abort(), 100);
    await expect(found).rejects.toThrow('cluster-unreachable');
  });

  test('does not where other commands of the host would wait for it', async () => {
    vi.stubEnv(ONE_SHELL, '1');
    expect(await seconds(waits(60))).toBeLessThan(20);
  });
});

test('an empty queue is an answer', async () => {
  fake('ps', 'exit 0');
  expect((await lookAt([record], true)).queue).toEqual([]);
});
