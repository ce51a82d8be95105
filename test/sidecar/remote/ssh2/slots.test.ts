import { setImmediate as turn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { Slots } from '../../../../src/sidecar/remote/ssh2/slots';

/** Takes so many, and tells how many have got one. */
function takers(slots: Slots, count: number): { got: number } {
  const seen = { got: 0 };
  for (let index = 0; index < count; index += 1) {
    void slots.take().then(() => (seen.got += 1));
  }
  return seen;
}

test('so many get a slot, the others one after another as it is free', async () => {
  const slots = new Slots(3);
  const seen = takers(slots, 5);
  await turn();
  expect(seen.got).toBe(3);
  slots.free();
  await turn();
  expect(seen.got).toBe(4);
  slots.free();
  slots.free();
  await turn();
  expect(seen.got).toBe(5);
});

test('where the other side takes fewer, no more get one until it is a new one', async () => {
  const slots = new Slots(6);
  const seen = takers(slots, 8);
  await turn();
  // One of six was refused.
  slots.free();
  expect(slots.shrink()).toBe(true);
  await turn();
  expect(seen.got).toBe(6);
  slots.free();
  await turn();
  expect(seen.got).toBe(7);
  slots.reset();
  await turn();
  expect(seen.got).toBe(8);
});

test('a refusal while nothing is in use is not to be waited out', async () => {
  const slots = new Slots(2);
  await slots.take();
  slots.free();
  expect(slots.shrink()).toBe(false);
  const seen = takers(slots, 2);
  await turn();
  expect(seen.got).toBe(1);
});
