import {
  chmodSync,
  existsSync,
  linkSync,
  mkdirSync,
  statSync,
  symlinkSync,
  writeFileSync
} from 'node:fs';
import path from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import type { JobRecord } from '../../../src/api/job';
import { filesLeft } from '../../../src/api/resultFiles';
import { removeJob } from '../../../src/sidecar/removal/remove';
import { sweep } from '../../../src/sidecar/removal/sweep';
import { finishedJob } from '../../api/jobRecord';
import { makeTemp } from '../../makeTemp';
import { FakeClock } from '../fakeClock';
import { TrickyRemote } from '../trickyRemote';
import { type Workbench, addJob, makeWorkbench } from '../workbench';

const DAY = 86_400;

let clock: FakeClock;
let remote: TrickyRemote;
let bench: Workbench;
beforeEach(() => {
  clock = new FakeClock();
  remote = new TrickyRemote();
  bench = makeWorkbench({ clock, remote });
});

/** A job that ended so many days ago, with a job directory. */
async function ended(
  id: string,
  days: number,
  change: Partial<JobRecord> = {}
): Promise<JobRecord> {
  const { directory } = await addJob(bench, id);
  mkdirSync(directory, { recursive: true });
  const { result, state } = finishedJob();
  const endSeenAt = clock.now() - days * DAY;
  return bench.context.jobs.update(id, { state, result, endSeenAt, ...change });
}

function swept(id: string): boolean {
  const { directory, isSwept } = bench.context.jobs.get(id);
  expect(existsSync(directory)).toBe(!isSwept);
  return isSwept;
}

test('directories whose time is over go, with one command, and the records stay', async () => {
  const { cluster } = await ended('a0000000', 31);
  await ended('b0000000', 30);
  await ended('c0000000', 29.9);
  await sweep(bench.context, cluster);
  expect(['a0000000', 'b0000000', 'c0000000'].map(swept)).toEqual([true, true, false]);
  expect(remote.scripts).toHaveLength(1);
  await sweep(bench.context, cluster);
  expect(remote.scripts).toHaveLength(1);
  await removeJob(bench.context, 'a0000000', false);
  expect(remote.scripts).toHaveLength(1);
});

test('what is not safely home stays, however old it is', async () => {
  const { result } = finishedJob();
  const left = filesLeft([{ path: 'big.bin', bytes: 5e9 }]);
  const { cluster } = await ended('a0000000', 99, { result: { ...result, left } });
  await ended('b0000000', 99, { result: { ...result, place: 'kept' } });
  await ended('c0000000', 99, { state: 'lost' });
  await ended('d0000000', 99, { state: 'running', endSeenAt: null });
  await ended('e0000000', 99, { cluster: { ...cluster, host: 'other' } });
  await sweep(bench.context, cluster);
  expect(remote.scripts).toEqual([]);
  expect(['a', 'b', 'c', 'd', 'e'].map(letter => swept(`${letter}0000000`))).not.toContain(true);
});

test('a folder that nothing can be removed from is opened first, and no link is followed', async () => {
  const { cluster, directory } = await ended('a0000000', 31);
  const outside = makeTemp();
  chmodSync(outside, 0o555);
  writeFileSync(path.join(outside, 'kept'), 'kept', { mode: 0o444 });
  mkdirSync(path.join(directory, 'work/deep/er'), { recursive: true });
  writeFileSync(path.join(directory, 'work/deep/er/x'), 'x');
  symlinkSync(outside, path.join(directory, 'work/deep/link'));
  linkSync(path.join(outside, 'kept'), path.join(directory, 'work/deep/second name'));
  chmodSync(path.join(directory, 'work/deep/er'), 0);
  chmodSync(path.join(directory, 'work/deep'), 0o555);
  remote.obeysModes();
  await sweep(bench.context, cluster);
  expect(swept('a0000000')).toBe(true);
  expect(statSync(outside).mode & 0o777).toBe(0o555);
  expect(statSync(path.join(outside, 'kept')).mode & 0o777).toBe(0o444);
});

test('one that cannot be removed keeps no other, and its removal says what stays', async () => {
  const { cluster, directory } = await ended('a0000000', 31);
  await ended('b0000000', 31);
  mkdirSync(path.join(directory, 'work'));
  writeFileSync(path.join(directory, 'work/x'), 'x');
  const folder = makeTemp();
  writeFileSync(
    path.join(folder, 'rm'),
    `#!/bin/bash
for name; do [[ $name != *a0000000* ]] || { echo "rm: cannot remove '$name'" >&2; exit 1; }; done
exec /bin/rm "$@"`,
    { mode: 0o755 }
  );
  remote.prelude = `PATH=${folder}:$PATH\n`;
  await sweep(bench.context, cluster);
  expect(['a0000000', 'b0000000'].map(swept)).toEqual([false, true]);
  bench.context.jobs.update('a0000000', {
    result: { ...finishedJob().result, files: { count: 1, bytes: 1, outputs: 0 } }
  });
  await expect(removeJob(bench.context, 'a0000000', true)).rejects.toMatchObject({
    problem: {
      code: 'folder-not-removed',
      values: { id: 'a0000000', path: path.join(directory, 'work/x') },
      details: { output: `rm: cannot remove '${directory}'` }
    }
  });
  expect(bench.context.jobs.find('a0000000')).toBeDefined();
});

test('a setting says how many days; none is at once', async () => {
  const { cluster } = await ended('a0000000', 3);
  await sweep(bench.context, { ...cluster, keepDays: 4 });
  expect(swept('a0000000')).toBe(false);
  await sweep(bench.context, { ...cluster, keepDays: 0 });
  expect(swept('a0000000')).toBe(true);
});

test('a cluster that does not answer keeps them for another time', async () => {
  const { cluster } = await ended('a0000000', 31);
  remote.isDown = true;
  await sweep(bench.context, cluster);
  expect(swept('a0000000')).toBe(false);
  remote.isDown = false;
  await sweep(bench.context, cluster);
  expect(swept('a0000000')).toBe(true);
});

test('the days count from when the end was seen, whatever the clock of the node says', async () => {
  const { cluster } = await ended('a0000000', 1, { endedAt: 5 });
  await ended('b0000000', 31, { endedAt: clock.now() + 99 * DAY });
  await sweep(bench.context, cluster);
  expect(['a0000000', 'b0000000'].map(swept)).toEqual([false, true]);
});

test('of a record that does not say when, they count from now', async () => {
  const { cluster } = await ended('a0000000', 99, { endedAt: 5, endSeenAt: null });
  await sweep(bench.context, cluster);
  clock.advance(29.9 * DAY);
  await sweep(bench.context, cluster);
  expect(swept('a0000000')).toBe(false);
  clock.advance(0.1 * DAY);
  await sweep(bench.context, cluster);
  expect(swept('a0000000')).toBe(true);
});
