import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { checkProblems } from '../../src/api/clusterCheck';
import { notebook, outputsOf } from '../jobs/notebook';
import { clientAt } from '../jobs/sharedSidecar';
import { sourceFolder } from '../jobs/sourceFolder';
import { clusterBench } from './clusterBench';
import {
  sessions,
  skippedFor,
  sshdLog,
  startCluster,
  stopCluster,
  whyNoCluster
} from './testCluster';

const reason = whyNoCluster();

describe.skipIf(reason !== null)(`a host for files alone${skippedFor(reason)}`, () => {
  const made = clusterBench(__filename, reason, { overSsh: true });

  /** A client of somebody whose cluster has these settings. */
  function clientWith(settings: object): ReturnType<typeof clientAt> {
    const { bench, cluster } = made();
    const hpc = { name: 'hpc', host: 'slurm', python: cluster.python, ...settings };
    return clientAt(bench.socket, bench.environment, { clusters: [hpc] });
  }

  const throughOther = { transferHost: 'slurm-transfer' };

  function sessionsThere(): number {
    const log = path.join(made().cluster.folder, 'sshd-transfer.log');
    return existsSync(log)
      ? [...sshdLog(made().cluster, 'sshd-transfer').matchAll(/^Starting session/gm)].length
      : 0;
  }

  // First of all: later there is a connection, which goes on.
  test('that is down is the one that problems name, and the job goes once it is there', async () => {
    const { bench } = made();
    const client = clientWith({ ...throughOther, name: 'other', host: 'slurm' });
    stopCluster('sshd-transfer');
    const found = await client.checkCluster({ cluster: 'other' });
    expect(checkProblems(found)).toMatchObject([
      { code: 'cluster-unreachable', values: { cluster: 'slurm-transfer' } }
    ]);
    const source = sourceFolder({ 'some.ipynb': notebook('print(1)') });
    const form = { notebook: source.notebook, cluster: 'other', cores: 1, time: '5m' };
    await client.submit('transfe1', form);
    const waiting = await bench.until('transfe1', job => job.contact.problem !== null, 60);
    expect(waiting.contact.problem).toMatchObject({
      code: 'cluster-unreachable',
      values: { cluster: 'slurm-transfer' }
    });
    startCluster();
    expect(await bench.end('transfe1', 150)).toMatchObject({ state: 'succeeded' });
  }, 200_000);

  test('takes what is sent and gives what a job wrote, and everything else is done by the host itself', async () => {
    const { bench, cluster } = made();
    const client = clientWith(throughOther);
    const source = sourceFolder({
      'some.ipynb': notebook(
        'open("back.txt", "w").write(open("data.txt").read() * 2)\nprint("from there")'
      ),
      'data.txt': 'went there '
    });
    const form = { notebook: source.notebook, cluster: 'hpc', cores: 1, time: '5m' };
    const before = sessionsThere();
    await client.submit('transfe0', form);
    expect(sessionsThere() - before).toBeLessThanOrEqual(1);
    const job = await bench.end('transfe0', 120);
    expect(job).toMatchObject({ state: 'succeeded', result: { place: 'here' } });
    expect(outputsOf(job.result.notebook ?? '')).toEqual(['from there\n']);
    const back = path.join(job.result.folder ?? '', 'back.txt');
    expect(readFileSync(back, 'utf8')).toBe('went there went there ');
    // One up; the notebook, and the file.
    expect(sessionsThere() - before).toBe(3);
    expect(sessions(cluster)).toBeGreaterThan(3);
  }, 150_000);

  test('is looked at when a cluster is checked, and leaves nothing there', async () => {
    const { cluster } = made();
    const found = await clientWith(throughOther).checkCluster({ cluster: 'hpc' });
    expect(checkProblems(found)).toEqual([]);
    expect(found.parts.at(-1)).toEqual({
      what: 'transfer-host',
      values: { host: 'slurm-transfer', transport: 'ssh2', reason: 'usual', detail: '' },
      problem: null
    });
    const left = path.join(cluster.home, '.jupyterlab-submit');
    expect(existsSync(left)).toBe(true);
    const same = await clientWith({ transferHost: 'slurm' }).checkCluster({ cluster: 'hpc' });
    expect(same.parts.map(({ what }) => what)).not.toContain('transfer-host');
  }, 60_000);

  test('that has other files is told by the check', async () => {
    // Another account, which may not look into this one's home.
    const found = await clientWith({ transferHost: 'slurm-tcsh' }).checkCluster({ cluster: 'hpc' });
    expect(found.parts.find(({ what }) => what === 'scheduler')).toMatchObject({ problem: null });
    expect(checkProblems(found)).toMatchObject([
      { code: 'transfer-host-apart', values: { transferHost: 'slurm-tcsh', host: 'slurm' } }
    ]);
  }, 60_000);
});
