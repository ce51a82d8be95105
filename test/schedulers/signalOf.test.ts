import { expect, test } from 'vitest';
import { signalOf } from '../../src/schedulers/signalOf';

test.each([
  [129, 1],
  [137, 9],
  [192, 64],
  [193, null],
  [255, null],
  [128, null],
  [0, null],
  [null, null]
])('an exit status of %s tells signal %s', (status, signal) => {
  expect(signalOf(status)).toBe(signal);
});

test('another number than 128 may stand before it', () => {
  expect([265, 256, 137, 321].map(status => signalOf(status, 256))).toEqual([9, null, null, null]);
});
