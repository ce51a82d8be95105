import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { JobRecord } from '../../src/api/job';
import type { JobForm } from '../../src/api/jobSpec';
import { Bench } from '../jobs/harness';
import { notebook, outputsOf } from '../jobs/notebook';
import { sourceFolder } from '../jobs/sourceFolder';
import { type GridEngine, startGridEngine, whyNoGridEngine } from './gridEngine';
import { skippedFor } from './testCluster';

const reason = whyNoGridEngine();

const LONG = ['print("before")', 'import time\ntime.sleep(600)'];

describe.skipIf(reason !== null)(`Grid Engine behind SSH${skippedFor(reason)}`, () => {
  let cluster: GridEngine;
  let bench: Bench;

  beforeAll(async () => {
    cluster = startGridEngine(__filename);
    bench = await Bench.start({
      variables: { JUPYTERLAB_SUBMIT_SSH_CONFIG: cluster.sshConfig },
      settings: {}
    });
  }, 120_000);

  afterAll(async () => {
    await bench.stop();
    cluster.stop();
  }, 60_000);

  async function submit(
    id: string,
    form: Partial<JobForm>,
    ...cells: string[]
  ): Promise<JobRecord> {
    const source = sourceFolder({ 'some.ipynb': notebook(...cells) });
    const asked = { cluster: cluster.host, cores: 1, time: '5m', python: cluster.python };
    return bench.client.submit(id, { notebook: source.notebook, ...asked, ...form });
  }

  /** What a command says there, of the same person. */
  function there(command: string): string {
    return execFileSync('ssh', ['-q', '-F', cluster.sshConfig, cluster.host, command], {
      encoding: 'utf8'
    });
  }

  const inSecondCell = (id: string): Promise<JobRecord> =>
    bench.until(id, ({ progress }) => progress?.cell?.index === 2);

  test('sixteen engines are on all four hosts, with the variables of the job', async () => {
    await submit(
      'gr1dengs',
      {
        cluster: cluster.loginShellHost,
        cores: 16,
        environment: [`export WORDS="it's two words"`]
      },
      'import ipyparallel as ipp\nrc = ipp.Client()\nprint(rc.ids == list(range(16)))',
      '%%px\nimport os, socket\nseen = (socket.gethostname(), os.environ["WORDS"], os.getcwd())',
      'import collections\nseen = rc[:]["seen"]\nprint(sorted(collections.Counter(host for host, *_ in seen).items()))',
      'import os\nprint({tuple(more) for _, *more in seen} == {("it\'s two words", os.getcwd())})',
      'import pickle\npickle.dump(seen, open("seen.pickle", "wb"))'
    );
    const job = await bench.end('gr1dengs', 200);
    expect(job).toMatchObject({ state: 'succeeded', cause: null, result: { place: 'here' } });
    const outputs = outputsOf(job.result.notebook ?? '');
    expect(outputs[0]).toBe('True\n');
    expect(outputs[2]).toBe("[('gx1', 4), ('gx2', 4), ('gx3', 4), ('gx4', 4)]\n");
    expect(outputs[3]).toBe('True\n');
    const pickle = readFileSync(path.join(job.result.folder ?? '', 'seen.pickle'));
    expect(pickle.length).toBeGreaterThan(0);
    expect(readFileSync(path.join(job.directory, 'logs/job.log'), 'utf8')).toContain(
      'Parallel environment: mpi\n'
    );
  }, 240_000);

  test('an engine that is killed on another host ends the job at once', async () => {
    await submit(
      'gr1dkill',
      { cores: 8, parallelEnvironment: 'orte' },
      'import ipyparallel as ipp\nrc = ipp.Client()',
      '%%px --targets 5\nimport os, signal\nos.kill(os.getpid(), signal.SIGKILL)',
      'import time\ntime.sleep(250)'
    );
    const job = await bench.end('gr1dkill', 150);
    expect(job).toMatchObject({
      state: 'failed',
      cause: {
        code: 'engines-lost',
        engines: [5],
        log: expect.stringMatching(/engine-5 on gx\d was killed by signal 9/)
      }
    });
  }, 240_000);

  test('a job that is cancelled ends there, with what it had', async () => {
    await submit('gr1dcncl', {}, ...LONG);
    const { schedulerId } = await inSecondCell('gr1dcncl');
    await bench.client.cancel('gr1dcncl');
    const job = await bench.end('gr1dcncl', 60);
    expect(job).toMatchObject({ state: 'cancelled', cause: { code: 'cancelled', by: 'you' } });
    expect(outputsOf(job.result.notebook ?? '')[0]).toBe('before\n');
    expect(there('qstat')).not.toContain(` ${schedulerId} `);
  }, 240_000);

  test('a job that outlives its time has what it had until then', async () => {
    await submit('gr1dtime', { time: '1m' }, ...LONG);
    const job = await bench.end('gr1dtime', 150);
    expect(job).toMatchObject({
      state: 'timed-out',
      cause: { code: 'time-limit', cell: 2 },
      result: { place: 'here' }
    });
    expect(outputsOf(job.result.notebook ?? '')[0]).toBe('before\n');
  }, 200_000);

  test('a job that is cancelled from outside, on all its hosts, says so', async () => {
    await submit(
      'gr1dgone',
      { cores: 8 },
      'import ipyparallel as ipp\nrc = ipp.Client()',
      '%%px\nimport time\ntime.sleep(250)'
    );
    const { schedulerId } = await inSecondCell('gr1dgone');
    there(`qdel ${schedulerId}`);
    const job = await bench.end('gr1dgone', 60);
    expect(job).toMatchObject({ state: 'cancelled', cause: { code: 'cancelled', by: 'cluster' } });
  }, 200_000);

  test('a job that is held says that it waits, and is cancelled while it does', async () => {
    await submit('gr1dheld', { directives: ['-h'] }, 'print(1)');
    const waiting = await bench.until(
      'gr1dheld',
      ({ queue }) => typeof queue?.reason === 'string',
      60
    );
    expect(waiting).toMatchObject({
      state: 'queued',
      queue: { reason: 'Job is in hold state' }
    });
    await bench.client.cancel('gr1dheld');
    expect(await bench.end('gr1dheld', 100)).toMatchObject({ state: 'cancelled' });
  }, 300_000);

  test.each<[string, Partial<JobForm>, string]>([
    ['r3fgridp', { cores: 2, parallelEnvironment: 'nope' }, 'parallel-environment'],
    ['r3fgrids', { cores: 2000 }, 'parallel-environment'],
    ['r3fgridq', { queue: 'nope.q' }, 'queue'],
    ['r3fgridt', { queue: 'short.q', time: '2h' }, 'no-queue-fits'],
    ['r3fgridc', { cores: 64 }, 'no-queue-fits'],
    ['r3fgrida', { account: 'nope' }, 'account'],
    ['r3fgridd', { directives: ['-l nope=1'] }, 'directives']
  ])('what it refuses says what to change: %s', async (id, form, refused) => {
    await submit(id, form, 'print(1)');
    expect(await bench.end(id, 60)).toMatchObject({
      state: 'failed',
      cause: { code: 'refused', reason: refused }
    });
  });

  test('a qmaster that is away takes no job, and ends none', async () => {
    await submit(
      'gr1dstay',
      {},
      'print("before")',
      'import time\ntime.sleep(25)',
      'print("after")'
    );
    await inSecondCell('gr1dstay');
    cluster.stop('qmaster');
    try {
      await submit('gr1ddown', {}, 'print(1)');
      expect(await bench.end('gr1ddown', 60)).toMatchObject({
        cause: { code: 'refused', reason: 'unreachable' }
      });
      const job = await bench.end('gr1dstay', 120);
      expect(job).toMatchObject({ state: 'succeeded' });
      expect(outputsOf(job.result.notebook ?? '')[2]).toBe('after\n');
    } finally {
      cluster.start();
    }
  }, 240_000);
});
