import { expect, test } from 'vitest';
import { Bench } from './harness';
import { notebook, outputsOf } from './notebook';
import { sourceFolder } from './sourceFolder';

test('a job that reaches its time limit is saved before it is ended', async () => {
  const bench = await Bench.start();
  const source = sourceFolder({
    'long.ipynb': notebook(
      'import ipyparallel, time',
      'while True:\n    print("tick", flush=True)\n    time.sleep(1)'
    )
  });
  const job = await bench.submitAndEnd({ notebook: source.notebook, cores: 1, time: '60s' }, 120);
  expect(job).toMatchObject({
    state: 'timed-out',
    cause: { code: 'time-limit', cell: 2 },
    result: { place: 'here' }
  });
  expect((job.endedAt ?? 0) - (job.startedAt ?? 0)).toBeLessThanOrEqual(61);
  const ticks = outputsOf(job.result.notebook ?? '')[1]?.match(/tick/g)?.length;
  expect(ticks).toBeGreaterThan(35);
  source.expectUntouched([job.id]);
  await bench.stop();
}, 150_000);
