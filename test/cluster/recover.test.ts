import { existsSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { makeTemp } from '../makeTemp';
import { notebook, outputsOf } from '../jobs/notebook';
import { sourceFolder } from '../jobs/sourceFolder';
import { clusterBench } from './clusterBench';
import { skippedFor, whyNoCluster } from './testCluster';

const reason = whyNoCluster();

describe.skipIf(reason !== null)(`lost records of Slurm behind SSH${skippedFor(reason)}`, () => {
  const made = clusterBench(__filename, reason, { overSsh: true });

  test('jobs that run and jobs that are over are found again, with their results', async () => {
    const { bench, client, cluster } = made();
    const form = { cluster: 'slurm', cores: 1, time: '5m', python: cluster.python };
    const over = sourceFolder({
      'over.ipynb': notebook('open("wrote.txt", "w").write("whole")\nprint("from there")')
    });
    const runs = sourceFolder({
      'runs.ipynb': notebook('import os, time\nwhile not os.path.exists("go-on"): time.sleep(0.1)')
    });
    await client.submit('over1234', { ...form, notebook: over.notebook });
    const before = await bench.end('over1234', 120);
    await client.submit('runs1234', { ...form, notebook: runs.notebook });
    const running = await bench.until('runs1234', ({ state }) => state === 'running', 60);

    await bench.kill();
    rmSync(path.join(bench.data, 'jobs.sqlite'));
    rmSync(before.result.notebook ?? '');
    rmSync(before.result.folder ?? '', { recursive: true });
    await bench.startSidecar();
    expect(await client.jobs()).toEqual([]);
    expect((await client.recover('slurm', false)).recovered.map(({ id }) => id).toSorted()).toEqual(
      ['over1234', 'runs1234']
    );

    const after = await bench.end('over1234', 60);
    expect(after).toMatchObject({
      state: 'succeeded',
      schedulerId: before.schedulerId,
      spec: { notebook: over.notebook, cores: 1, timeSeconds: 300 },
      result: before.result
    });
    expect(outputsOf(after.result.notebook ?? '')).toEqual(['from there\n']);
    expect(readFileSync(path.join(after.result.folder ?? '', 'wrote.txt'), 'utf8')).toBe('whole');
    expect(await client.script('over1234')).toBe(
      readFileSync(path.join(before.directory, 'script.sh'), 'utf8')
    );
    const place = makeTemp();
    await client.fetch('over1234', { place });

    const found = await bench.until('runs1234', ({ state }) => state === 'running', 60);
    expect(found.schedulerId).toBe(running.schedulerId);
    await client.cancel('runs1234');
    expect((await bench.end('runs1234', 120)).state).toBe('cancelled');
    await client.remove('runs1234', { evenResult: true });
    expect(existsSync(running.directory)).toBe(false);
    expect((await client.recover('slurm', false)).recovered).toEqual([]);
  }, 300_000);
});
