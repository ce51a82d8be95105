import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { whenWoken } from '../../../src/sidecar/lifecycle/wake';

let time: number;

beforeEach(() => {
  time = 1_790_000_000_000;
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
});

afterEach(() => {
  vi.useRealTimers();
});

/** Lets seconds pass, of which this machine is awake for some. */
function pass(seconds: number, awake = seconds): void {
  time += (seconds - awake) * 1000;
  for (let second = 0; second < awake; second += 1) {
    time += 1000;
    vi.advanceTimersByTime(1000);
  }
}

test('a sleep is noticed within ten seconds of waking, once', () => {
  const woke = vi.fn<() => void>();
  whenWoken(woke, () => time);
  pass(3600);
  expect(woke).not.toHaveBeenCalled();
  pass(3 * 3600, 10);
  expect(woke).toHaveBeenCalledTimes(1);
  pass(3600);
  expect(woke).toHaveBeenCalledTimes(1);
  pass(60, 10);
  expect(woke).toHaveBeenCalledTimes(2);
});

test('a machine that is slow, or whose clock is put back, has not slept', () => {
  const woke = vi.fn<() => void>();
  whenWoken(woke, () => time);
  pass(25, 10);
  pass(-3600, 0);
  pass(30);
  expect(woke).not.toHaveBeenCalled();
});

test('what was ended does not call', () => {
  const woke = vi.fn<() => void>();
  whenWoken(woke, () => time)();
  pass(3600, 10);
  expect(woke).not.toHaveBeenCalled();
});
