import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Clock } from '../../../src/lab/jobs/clock';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** A place whose times can be seen, or not. */
function place(isSeen: () => boolean): Element {
  return Object.assign(document.createElement('div'), { checkVisibility: isSeen });
}

test('one timer serves everybody, and runs only while somebody listens', () => {
  const clock = new Clock(() => true);
  clock.showIn(place(() => true));
  const [one, other] = [vi.fn<() => void>(), vi.fn<() => void>()];
  const stop = [clock.listen(one), clock.listen(other)];
  expect(vi.getTimerCount()).toBe(1);
  vi.advanceTimersByTime(2000);
  expect([one.mock.calls.length, other.mock.calls.length]).toEqual([2, 2]);

  stop[0]?.();
  vi.advanceTimersByTime(1000);
  expect([one.mock.calls.length, other.mock.calls.length]).toEqual([2, 3]);
  stop[1]?.();
  expect(vi.getTimerCount()).toBe(0);
});

test('nobody is told while nothing is seen, or the times do not go on', () => {
  let isSeen = false;
  let goesOn = true;
  const clock = new Clock(() => goesOn);
  const listener = vi.fn<() => void>();
  clock.listen(listener);
  vi.advanceTimersByTime(1000);
  clock.showIn(place(() => isSeen));
  vi.advanceTimersByTime(1000);
  expect(listener).not.toHaveBeenCalled();
  isSeen = true;
  vi.advanceTimersByTime(1000);
  expect(listener).toHaveBeenCalledTimes(1);
  goesOn = false;
  vi.advanceTimersByTime(1000);
  expect(listener).toHaveBeenCalledTimes(1);
});
