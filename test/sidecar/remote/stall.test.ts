import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { STALL_SECONDS, Stall } from '../../../src/sidecar/remote/stall';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

function pass(seconds: number): void {
  vi.advanceTimersByTime(seconds * 1000);
}

test('a transfer that never begins is given up', () => {
  const { signal } = new Stall();
  pass(STALL_SECONDS - 1);
  expect(signal.aborted).toBe(false);
  pass(1);
  expect(signal.reason).toMatchObject({ message: 'nothing was transferred for 300 s' });
});

test('however slow it is, one that goes on is not', () => {
  const stall = new Stall();
  for (let times = 0; times < 1000; times += 1) {
    pass(STALL_SECONDS - 1);
    stall.moved();
  }
  expect(stall.signal.aborted).toBe(false);
});

test('what comes next may have a time of its own', () => {
  const stall = new Stall();
  stall.moved(3600);
  pass(3599);
  expect(stall.signal.aborted).toBe(false);
  pass(1);
  expect(stall.signal.aborted).toBe(true);
});

test('one that is over is not given up', () => {
  const stall = new Stall();
  stall.over();
  pass(STALL_SECONDS);
  expect(stall.signal.aborted).toBe(false);
});
