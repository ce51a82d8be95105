import { existsSync, readFileSync, renameSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { outputsOf } from '../jobs/notebook';
import { type GridEngine, startGridEngine, whyNoGridEngine } from './gridEngine';
import { CONNECT, ranks } from './ranks';
import { LONG, type There, UNTIL_GO, wholeJobs } from './wholeJobs';

/** Jobs wait for each other, and this machine for other tests. */
const END_SECONDS = 240;
const TEST_MS = 300_000;

wholeJobs<GridEngine>(
  {
    name: 'Grid Engine',
    prefix: 'gr1d',
    reason: whyNoGridEngine(),
    start: () => startGridEngine(__filename),
    spread: {
      form: { cores: 16 },
      hosts: [
        ['gx1', 4],
        ['gx2', 4],
        ['gx3', 4],
        ['gx4', 4]
      ],
      log: 'Parallel environment: mpi\n'
    },
    eight: { parallelEnvironment: 'orte' },
    outside: { command: id => `qdel ${id}`, by: 'cluster' },
    list: "qstat | awk '{ print $1 }'",
    homeless: null,
    isLikeAnother: false,
    held: { reason: 'Job is in hold state' },
    refused: [
      [{ cores: 2, parallelEnvironment: 'nope' }, 'parallel-environment'],
      [{ cores: 2000 }, 'parallel-environment'],
      [{ queue: 'nope.q' }, 'queue'],
      [{ queue: 'short.q', time: '2h' }, 'no-queue-fits'],
      [{ cores: 64 }, 'no-queue-fits'],
      [{ account: 'nope' }, 'account'],
      [{ directives: ['-l nope=1'] }, 'directives']
    ],
    server: 'qmaster'
  },
  gridEngineAlone
);

/** What is Grid Engine's own. */
function gridEngineAlone(made: () => There & { cluster: GridEngine }): void {
  /** Waits until qstat shows a job with such letters. */
  async function inQueue(schedulerId: string | null, letters: RegExp): Promise<void> {
    const line = new RegExp(`^ *${schedulerId} (?:\\S+ +){3}(\\S+)`, 'm');
    while (!letters.test(line.exec(await made().there('qstat'))?.[1] ?? '')) {
      await sleep(200);
    }
  }

  ranks(made, { mpich: { parallelEnvironment: 'orte' }, openmpi: { parallelEnvironment: 'orte' } });

  test.concurrent(
    'a job that Grid Engine ends at its limit, before its own clock does, has what it had until then',
    async () => {
      const { bench, submit, there } = made();
      const { id } = await submit('hard', { directives: ['-h'] }, ...LONG);
      const { schedulerId } = await bench.until(id, one => one.schedulerId !== null);
      await there(`qalter -l h_rt=40 ${schedulerId} && qrls ${schedulerId}`);
      const job = await bench.end(id, END_SECONDS);
      expect(job).toMatchObject({
        state: 'timed-out',
        cause: { code: 'time-limit', cell: 2 },
        result: { place: 'here' }
      });
      expect(outputsOf(job.result.notebook ?? '')[0]).toBe('before\n');
    },
    TEST_MS
  );

  // A queue that warns: USR1 comes to all processes.
  test.concurrent(
    'engines of a parallel environment that has none on other hosts stay on one, and outlive a warning',
    async () => {
      const { bench, submit } = made();
      const form = { cores: 4, parallelEnvironment: 'smp', queue: 'short.q' };
      const where = '%%px\nimport socket\nhost = socket.gethostname()';
      const warned =
        'import signal, time\ngot = []\nsignal.signal(signal.SIGUSR1, lambda *_: got.append(1))\nwhile not got:\n    time.sleep(0.1)\ntime.sleep(1)';
      const { id } = await submit(
        'smp1',
        form,
        CONNECT,
        where,
        warned,
        'print(len(rc), len(set(rc[:]["host"])))'
      );
      const job = await bench.end(id, END_SECONDS);
      expect(job).toMatchObject({ state: 'succeeded' });
      expect(outputsOf(job.result.notebook ?? '')[3]).toBe('4 1\n');
    },
    TEST_MS
  );

  test.concurrent(
    'a host that takes no processes of the job is named',
    async () => {
      const { bench, submit } = made();
      const { id } = await submit('none', { cores: 2, parallelEnvironment: 'loose' }, CONNECT);
      expect(await bench.end(id, END_SECONDS)).toMatchObject({
        state: 'failed',
        cause: {
          code: 'engines-never-came',
          log: expect.stringMatching(
            /^engines could not be started on (gx\d)\n[^]*host "\1" didn't accept task/
          )
        }
      });
    },
    TEST_MS
  );

  // It would run a job again that ends with 99, and leave one in the queue, in error, that ends with 100.
  test.concurrent.each([99, 100])(
    'an environment line that ends with %i orders nothing',
    async status => {
      const { bench, submit, there } = made();
      const environment = [`exit ${status}`];
      const { directory, id } = await submit(
        `x${status}`.padEnd(4, 'x'),
        { environment },
        'print(1)'
      );
      const job = await bench.end(id, END_SECONDS);
      expect(job).toMatchObject({ state: 'failed', cause: { code: 'ended-early', status } });
      const record = 'until qacct -j "$id"; do sleep 0.2; done 2>/dev/null';
      const said = await there(`id=${job.schedulerId}; ${record}`);
      expect(said.match(/^exit_status +\d+/gm)).toEqual([expect.stringMatching(/ 1$/)]);
      expect(await there('qstat')).not.toContain(` ${job.schedulerId} `);
      expect(existsSync(path.join(directory, 'run.lock/id'))).toBe(true);
    },
    TEST_MS
  );

  test.concurrent(
    'a job in error says why, and runs when its person has mended that',
    async () => {
      const { bench, submit, there } = made();
      const { directory, id } = await submit('errs', { directives: ['-h'] }, 'print("mended")');
      const { schedulerId } = await bench.until(id, one => one.schedulerId !== null);
      renameSync(directory, `${directory}.away`);
      await there(`qrls ${schedulerId}`);
      await inQueue(schedulerId, /^Eqw$/);
      await bench.client.refresh(id);
      const waiting = await bench.until(id, ({ queue }) => queue?.wait === 'held-after-failures');
      expect(waiting).toMatchObject({
        state: 'queued',
        queue: {
          reason: expect.stringContaining(`can't chdir to ${directory}: No such file or directory`)
        }
      });
      renameSync(`${directory}.away`, directory);
      // Its status is 1 although it did.
      await there(`qmod -cj ${schedulerId} || true`);
      expect(await bench.end(id, END_SECONDS)).toMatchObject({ state: 'succeeded' });
    },
    TEST_MS
  );

  test.concurrent(
    'a job that is stopped goes on afterwards as if nothing had been',
    async () => {
      const { bench, go, inSecondCell, submit, there } = made();
      const { id } = await submit(
        'stop',
        { cores: 2 },
        CONNECT,
        UNTIL_GO,
        'print(rc[:].apply_sync(lambda: 1))'
      );
      const job = await inSecondCell(id);
      await there(`qmod -sj ${job.schedulerId}`);
      await inQueue(job.schedulerId, /s/);
      // All get USR1, and stop five seconds later.
      await sleep(6000);
      await go(job);
      await sleep(1000);
      expect(await bench.client.refresh(id)).toMatchObject({
        state: 'running',
        cause: null,
        progress: { cell: { index: 2 } }
      });
      await there(`qmod -usj ${job.schedulerId}`);
      const after = await bench.end(id, END_SECONDS);
      expect(after).toMatchObject({ state: 'succeeded', cause: null });
      expect(outputsOf(after.result.notebook ?? '')[2]).toBe('[1, 1]\n');
    },
    TEST_MS
  );

  // What follows would change the jobs of others.
  test('a host from which nobody may submit is told as that', async () => {
    const { bench, cluster, submit } = made();
    cluster.administer('qconf', '-ds', 'gxm');
    try {
      const { id } = await submit('deny', {}, 'print(1)');
      expect(await bench.end(id, END_SECONDS)).toMatchObject({
        state: 'failed',
        cause: { code: 'refused', reason: 'not-allowed' }
      });
    } finally {
      cluster.administer('qconf', '-as', 'gxm');
    }
  }, 60_000);

  test(
    'a host that is lost is named by the job that ran there',
    async () => {
      const { bench, cluster, inSecondCell, submit } = made();
      const form = { cores: 8, parallelEnvironment: 'orte' };
      const lost = await submit('lost', form, CONNECT, 'import time\ntime.sleep(250)');
      await inSecondCell(lost.id);
      const log = readFileSync(path.join(lost.directory, 'logs/engines.log'), 'utf8');
      const host = /^node 3 is (gx\d):/m.exec(log)?.[1] ?? '';
      cluster.stop(`execd-${host}`);
      expect(await bench.end(lost.id, END_SECONDS)).toMatchObject({
        state: 'failed',
        cause: {
          code: 'engines-lost',
          engines: [6, 7],
          log: expect.stringContaining(`engine-6 on ${host} `)
        }
      });
    },
    TEST_MS
  );
}
