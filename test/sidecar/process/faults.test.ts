import { afterEach, expect, test, vi } from 'vitest';
import { Faults } from '../../../src/sidecar/process/faults';

const kill = vi.spyOn(process, 'kill').mockImplementation(() => true);
afterEach(() => kill.mockClear());

/** Effects that note whether this process would have been dead by then. */
function effects(faults: Faults, died: boolean[]): Promise<void> {
  return faults.within('submit', async () => {
    faults.sync(() => died.push(kill.mock.calls.length > 0));
    await faults.async(async () => died.push(kill.mock.calls.length > 0));
    await Promise.resolve();
    faults.sync(() => died.push(kill.mock.calls.length > 0));
  });
}

test.each([
  ['submit:before:1', [true, true, true]],
  ['submit:after:1', [false, true, true]],
  ['submit:before:2', [false, true, true]],
  ['submit:before:3', [false, false, true]],
  ['submit:after:3', [false, false, false]]
])('%s kills this process there', async (plan, expected) => {
  const died: boolean[] = [];
  await effects(new Faults(plan), died);
  expect(died).toEqual(expected);
  expect(kill.mock.calls[0]).toEqual([process.pid, 'SIGKILL']);
});

test('an effect that takes its time is cut off in the middle', async () => {
  let isOver = false;
  const slow = new Faults('collect:during:1');
  await slow.within('collect', () =>
    slow.async(async () => {
      await vi.waitFor(() => expect(kill).toHaveBeenCalled());
      isOver = true;
    })
  );
  expect(isOver).toBe(true);
});

test('a plan may say how long it gets', async () => {
  const slow = new Faults('collect:during:1:200');
  const began = performance.now();
  await slow.within('collect', () =>
    slow.async(async () => {
      await vi.waitFor(() => expect(kill).toHaveBeenCalled());
    })
  );
  expect(performance.now() - began).toBeGreaterThan(190);
});

test.each([undefined, 'submit:before:4', 'collect:before:1', 'nonsense', ''])(
  'a plan of %j kills nothing here',
  async plan => {
    await effects(new Faults(plan), []);
    expect(kill).not.toHaveBeenCalled();
  }
);

test('effects outside of every operation do not count', async () => {
  const faults = new Faults('submit:before:1');
  faults.sync(() => 1);
  expect(await faults.async(async () => 2)).toBe(2);
  expect(kill).not.toHaveBeenCalled();
});
