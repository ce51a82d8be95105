import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeEach, expect, test, vi } from 'vitest';
import type { JobRecord } from '../../../src/api/job';
import type { LogAnswer } from '../../../src/api/routes';
import { readLog } from '../../../src/sidecar/watching/jobLog';
import { shellOf } from '../../../src/sidecar/clusters/shell';
import { type Workbench, addJob, makeWorkbench } from '../workbench';

let bench: Workbench;
let record: JobRecord;
beforeEach(async () => {
  bench = makeWorkbench();
  record = await addJob(bench);
  mkdirSync(path.join(record.directory, 'logs'), { recursive: true });
});

function write(name: string, text: string | Buffer): void {
  writeFileSync(path.join(record.directory, 'logs', name), text);
}

function read(from = 0, name = 'job', job = record): Promise<LogAnswer> {
  return readLog(shellOf(bench.context, job.cluster), job, name, from);
}

/** The log as whoever follows it puts it together. */
async function readAll(job = record): Promise<string> {
  let text = '';
  for (let from = 0; ;) {
    const answer = await read(from, 'job', job);
    text += answer.text;
    if (answer.next >= answer.size || answer.next === from) {
      return text;
    }
    from = answer.next;
  }
}

test('a log is read from any byte on', async () => {
  write('job.log', 'one\ntwo\n');
  expect(await read()).toEqual({ text: 'one\ntwo\n', next: 8, size: 8 });
  expect(await read(4)).toEqual({ text: 'two\n', next: 8, size: 8 });
  expect(await read(8)).toEqual({ text: '', next: 8, size: 8 });
  expect(await read(100)).toEqual({ text: '', next: 100, size: 8 });
  write('job.log', '');
  expect(await read()).toEqual({ text: '', next: 0, size: 0 });
});

test('each log has files of its own, and the engines are one log', async () => {
  write('runner.log', 'runner');
  write('engine-0.log', 'zero ');
  write('engine-1.log', 'one');
  expect((await read(0, 'runner')).text).toBe('runner');
  expect(await read(0, 'engines')).toEqual({ text: 'zero one', next: 8, size: 8 });
});

test('what a cell printed that was too much for the notebook is a log', async () => {
  mkdirSync(path.join(record.directory, 'outputs'));
  writeFileSync(path.join(record.directory, 'outputs/cell-12.txt'), 'printed');
  expect(await read(0, 'cell-12')).toEqual({ text: 'printed', next: 7, size: 7 });
  await expect(read(0, 'cell-1')).rejects.toMatchObject({ problem: { code: 'no-such-log' } });
});

test('a log that was not written is none', async () => {
  const refusal = { problem: { code: 'no-such-log', values: { log: 'kernel' } } };
  await expect(read(0, 'kernel')).rejects.toMatchObject(refusal);
  rmSync(record.directory, { recursive: true });
  await expect(read(0, 'kernel')).rejects.toMatchObject(refusal);
});

test.each(['é', '☃', '😀', 'a'])(
  'a log of %s that is longer than one answer loses and doubles nothing',
  async character => {
    const text = `-${character.repeat(Math.ceil(2_500_000 / Buffer.byteLength(character)))}`;
    write('job.log', text);
    expect((await readAll()) === text).toBe(true);
  }
);

test('a character that is half written is told when it is whole', async () => {
  const snowman = Buffer.from('☃');
  write('job.log', Buffer.concat([Buffer.from('a'), snowman.subarray(0, 2)]));
  expect(await read()).toEqual({ text: 'a', next: 1, size: 3 });
  expect(await read(1)).toEqual({ text: '', next: 1, size: 3 });
  write('job.log', 'a☃');
  expect(await read(1)).toEqual({ text: '☃', next: 4, size: 4 });
});

test('bytes that are no text are shown, and counted as bytes', async () => {
  write('job.log', Buffer.from([0x61, 0xff, 0xfe, 0x80, 0x62, 0x0a]));
  expect(await read()).toEqual({ text: 'a\ufffd\ufffd\ufffdb\n', next: 6, size: 6 });
});

test('the log of a job that is over ends with its last byte, whatever it is', async () => {
  write('job.log', Buffer.from([0x61, 0xe2, 0x98]));
  expect(await read(0, 'job', { ...record, state: 'failed' })).toEqual({
    text: 'a\ufffd',
    next: 3,
    size: 3
  });
  const bytes = Buffer.concat([Buffer.from('é'.repeat(600_000)), Buffer.from([0xc3])]);
  write('job.log', bytes);
  expect((await readAll({ ...record, state: 'lost' })).length).toBe(600_001);
});

test.each(['', 'NaN\n', '1e5\ntext', '12 34\n'])('a size that is none (%j) is told', async said => {
  const bin = path.join(bench.home, 'bin');
  mkdirSync(bin);
  writeFileSync(path.join(bin, 'wc'), `#!/bin/sh\ncat >/dev/null; printf '${said}'\n`, {
    mode: 0o755
  });
  vi.stubEnv('PATH', `${bin}:${process.env['PATH']}`);
  write('job.log', said === '' ? '' : 'text\n');
  await expect(read()).rejects.toMatchObject({ problem: { code: 'answer-unreadable' } });
});

test('a log that is longer than what was asked for is told', async () => {
  const bin = path.join(bench.home, 'bin');
  mkdirSync(bin);
  writeFileSync(path.join(bin, 'head'), '#!/bin/sh\nexec yes\n', { mode: 0o755 });
  vi.stubEnv('PATH', `${bin}:${process.env['PATH']}`);
  write('job.log', 'text\n');
  await expect(read()).rejects.toMatchObject({ problem: { code: 'answer-unreadable' } });
});
