import { setTimeout as sleep } from 'node:timers/promises';
import { beforeEach, expect, test } from 'vitest';
import { Idle } from '../../../src/sidecar/lifecycle/idle';
import { Viewers } from '../../../src/sidecar/watching/viewers';
import { FakeClock } from '../fakeClock';
import { type Workbench, addJob, makeWorkbench } from '../workbench';

let clock: FakeClock;
let bench: Workbench;
let viewers: Viewers;
let idle: Idle;
let stop: AbortController;
let hasLeft: boolean;
let began: number;
beforeEach(() => {
  clock = new FakeClock();
  bench = makeWorkbench({ clock });
  viewers = new Viewers();
  idle = new Idle(bench.context.jobs, viewers, clock, 600);
  stop = new AbortController();
  hasLeft = false;
  began = clock.now();
});

/** Waits until the sidecar leaves, or so many seconds are over; tells how many went by. */
async function leavesWithin(seconds: number): Promise<number | null> {
  if (clock.sleeps.length === 0) {
    void idle.whenIdle(stop.signal).then(() => {
      hasLeft = true;
    });
  }
  const deadline = clock.now() + seconds;
  await clock.advanceUntil(() => hasLeft || clock.now() >= deadline);
  return hasLeft ? clock.now() - began : null;
}

test('the sidecar leaves ten minutes after the last call', async () => {
  expect(await leavesWithin(500)).toBeNull();
  idle.noteCall();
  expect(await leavesWithin(599)).toBeNull();
  expect(await leavesWithin(60)).toBeLessThanOrEqual(1101);
});

test('it stays while a job is active or its result on its way', async () => {
  const { id } = await addJob(bench);
  expect(await leavesWithin(5000)).toBeNull();
  const { jobs } = bench.context;
  const { result } = jobs.get(id);
  jobs.update(id, { state: 'succeeded', result: { ...result, place: 'fetching' } });
  expect(await leavesWithin(5000)).toBeNull();
  jobs.update(id, { result: { ...result, place: 'here' } });
  expect(await leavesWithin(560)).toBeNull();
  expect(await leavesWithin(90)).not.toBeNull();
});

test('it stays while somebody has a stream open', async () => {
  const leave = viewers.add(null);
  expect(await leavesWithin(5000)).toBeNull();
  leave();
  expect(await leavesWithin(700)).not.toBeNull();
});

test('it leaves at once when it is told to', async () => {
  await addJob(bench);
  expect(await leavesWithin(10)).toBeNull();
  stop.abort();
  await sleep(20);
  expect(hasLeft).toBe(true);
});
