import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import type { RemoteAnswer } from '../../../src/sidecar/remote/remote';
import { Slots, inSlots } from '../../../src/sidecar/remote/slots';
import type { Connection } from '../../../src/sidecar/remote/way';
import { FakeClock } from '../fakeClock';
import { NearWay, refusalOf } from './nearWay';

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

test('where the other side takes fewer, no more get one', async () => {
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
  slots.free();
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

describe('a connection with slots', () => {
  const clock = new FakeClock();
  const LOST = { reason: 'lost' };

  function runAll(connection: Connection, count: number): Promise<RemoteAnswer[]> {
    const numbers = Array.from({ length: count }, (_, index) => index);
    return Promise.all(
      numbers.map(number =>
        connection.run({ script: `sleep 0.02; echo ${number}`, timeoutSeconds: 20 })
      )
    );
  }

  /** A connection to a host with room for one command, which it counts longer than it runs. */
  async function lingering(): Promise<{
    way: NearWay;
    patient: FakeClock;
    connection: Connection;
  }> {
    const way = new NearWay();
    way.room = 1;
    const patient = new FakeClock();
    const connection = await inSlots(way, 3, patient).connect(null);
    await runAll(connection, 1);
    way.lingering = 1;
    return { way, patient, connection };
  }

  test.each([
    [3, Infinity, 3],
    [3, 2, 2],
    [3, 1, 1],
    [1, 5, 1]
  ])('of %s, and a host with room for %s, runs %s at a time, and all', async (most, room, peak) => {
    const way = new NearWay();
    way.room = room;
    const connection = await inSlots(way, most, clock).connect(null);
    const answers = await runAll(connection, 8);
    expect(answers.map(({ stdout }) => Number(stdout))).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    expect(way.peak).toBe(peak);
  });

  test('has all of them again when it is a new one', async () => {
    const way = new NearWay();
    way.room = 1;
    const slotted = inSlots(way, 3, clock);
    await runAll(await slotted.connect(null), 4);
    way.room = 3;
    await runAll(await slotted.connect(null), 4);
    expect(way.peak).toBe(3);
  });

  test('to a host that has never had room is of no use, but is not given up', async () => {
    const way = new NearWay();
    way.room = 0;
    const connection = await inSlots(way, 3, clock).connect(null);
    await expect(runAll(connection, 2)).rejects.toMatchObject({
      problem: {
        code: 'cluster-unreachable',
        values: { cluster: 'near' },
        details: { output: 'the host takes no command on this connection' }
      }
    });
    expect(connection.isOpen).toBe(true);
  });

  test('asks a host that counts a command longer than it runs, less and less often', async () => {
    const { connection, patient, way } = await lingering();
    const asked = runAll(connection, 1);
    for (const pause of [0.01, 0.02, 0.04]) {
      await expect.poll(() => patient.sleeps.at(-1)).toBeCloseTo(pause, 5);
      patient.advance(pause);
    }
    await expect.poll(() => patient.sleeps.length).toBe(4);
    way.lingering = 0;
    patient.advance(1);
    expect((await asked).map(({ stdout }) => stdout)).toEqual(['0\n']);
    expect(connection.isOpen).toBe(true);
  });

  test('is given up when what nobody waits for any more holds all the room, and nothing was run', async () => {
    const { connection, patient } = await lingering();
    const asked = refusalOf(runAll(connection, 3), LOST);
    await patient.advanceUntil(() => !connection.isOpen);
    await asked;
    expect(patient.sleeps).toHaveLength(6);
  });

  test('runs nothing of what has waited when it is lost', async () => {
    const way = new NearWay();
    const connection = await inSlots(way, 1, clock).connect(null);
    const running = refusalOf(connection.run({ script: 'sleep 20', timeoutSeconds: 20 }), {
      problem: { code: 'cluster-unreachable' }
    });
    const waiting = [1, 2, 3].map(() => refusalOf(runAll(connection, 1), LOST));
    await expect.poll(() => way.running).toBe(1);
    way.cut();
    await running;
    await Promise.all(waiting);
    expect(way.peak).toBe(1);
  });
});
