import { execFileSync } from 'node:child_process';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test, vi } from 'vitest';
import { type JobRecord, isTerminal } from '../../src/api/job';
import type { JobForm } from '../../src/api/jobSpec';
import type { Refusal } from '../../src/api/refusals';
import { notebook, outputsOf } from '../jobs/notebook';
import { sourceFolder } from '../jobs/sourceFolder';
import { clientAt } from '../jobs/sharedSidecar';
import { makeTemp } from '../makeTemp';
import { AT_HAND, clusterBench } from './clusterBench';
import { skippedFor, startCluster, stopCluster, whyNoSlurm } from './testCluster';

const reason = whyNoSlurm();
const skipped = skippedFor(reason);

const made = clusterBench(__filename, reason);

function slurm(program: string, ...words: string[]): string {
  const env = { ...process.env, SLURM_CONF: made().cluster.slurmConf };
  return execFileSync(program, words, { encoding: 'utf8', env });
}

/** Jobs whose tests speak with slurmctld up to their end. */
const ASKING = [
  'w4itcncl runcancl n0delost',
  'h3ldjobb t0olongg t0olarge t0onodes',
  'r3fqueue r3fgpusx r3fmemor r3fcores r3fconst r3freser r3fdirec r3fnodes r3flicen r3fdepen w4itsb4t'
].flatMap(ids => ids.split(' '));

/** A notebook that says something and then works for longer than anybody waits. */
async function submit(id: string, form: Partial<JobForm>): Promise<JobRecord> {
  const cells = ['print("before")', 'import time\ntime.sleep(300)'];
  const source = sourceFolder({ 'long.ipynb': notebook(...cells) });
  return made().client.submit(id, { notebook: source.notebook, cluster: 'hpc', cores: 1, ...form });
}

async function inSecondCell(id: string): Promise<JobRecord> {
  return made().bench.until(id, ({ progress }) => progress?.cell?.index === 2);
}

function expectPartial(job: JobRecord): void {
  expect(outputsOf(job.result.notebook ?? '')[0]).toBe('before\n');
}

/** Processes whose environment has all of these. */
function processesWith(...variables: string[]): number[] {
  return readdirSync('/proc')
    .filter(entry => /^\d+$/.test(entry))
    .filter(entry => {
      try {
        const has = readFileSync(`/proc/${entry}/environ`, 'utf8').split('\0');
        return variables.every(variable => has.includes(variable));
      } catch {
        return false;
      }
    })
    .map(Number);
}

test.skipIf(reason !== null)(
  `a job that is cancelled from outside while it waits is over with the next look at the queue${skipped}`,
  { concurrent: true, timeout: 60_000 },
  async () => {
    const { id } = await submit('w4itcncl', { queue: 'down' });
    const { schedulerId } = await made().bench.until(id, ({ queue }) => queue !== null);
    slurm('scancel', schedulerId ?? '');
    // Whose end was not in the queue would be waited for: four minutes.
    const job = await made().bench.end(id);
    expect(job).toMatchObject({
      state: 'cancelled',
      cause: { code: 'cancelled', by: 'cluster' },
      result: { place: 'none' }
    });
  }
);

test.skipIf(reason !== null)(
  `a job that is cancelled from outside while it runs is cancelled on the cluster${skipped}`,
  { concurrent: true, timeout: 100_000 },
  async () => {
    const { id } = await submit('runcancl', {});
    const { schedulerId } = await inSecondCell(id);
    slurm('scancel', schedulerId ?? '');
    const job = await made().bench.end(id);
    expect(job).toMatchObject({ state: 'cancelled', cause: { code: 'cancelled', by: 'cluster' } });
    expectPartial(job);
  }
);

test.skipIf(reason !== null)(
  `a job that outlives the minute of its partition is out of time, with what it had${skipped}`,
  { concurrent: true, timeout: 150_000 },
  async () => {
    const { id } = await submit('sh0rtjob', { queue: 'short', time: '1m' });
    const job = await made().bench.end(id, 120);
    expect(job).toMatchObject({ state: 'timed-out', cause: { code: 'time-limit', cell: 2 } });
    expectPartial(job);
  }
);

test.skipIf(reason !== null)(
  `a job whose time Slurm ends before it was told so is out of time, too${skipped}`,
  { concurrent: true, timeout: 180_000 },
  async () => {
    const { id } = await submit('l3sstime', {});
    const { schedulerId } = await made().bench.until(id, job => job.schedulerId !== null);
    slurm('scontrol', 'update', `JobId=${schedulerId}`, 'TimeLimit=1');
    const job = await made().bench.end(id, 150);
    expect(job).toMatchObject({ state: 'timed-out', cause: { code: 'time-limit', cell: 2 } });
    expectPartial(job);
  }
);

test.skipIf(reason !== null)(
  `a job that loses a node ends with that cause, and with what it had${skipped}`,
  { concurrent: true, timeout: 150_000 },
  async () => {
    // A job without engines would be on one node.
    const startEngines = 'always' as const;
    const lost = { cores: 2, nodes: 2, startEngines, directives: ['--nodelist=n3,n4'] };
    const { id } = await submit('n0delost', lost);
    const { schedulerId } = await inSecondCell(id);
    stopCluster('slurmd-n4');
    // Everything on a node ends with it.
    const there = processesWith(`SLURM_JOB_ID=${schedulerId}`, 'SLURMD_NODENAME=n4');
    slurm('scontrol', 'update', 'NodeName=n4', 'State=DOWN', 'Reason=lost');
    there.forEach(pid => process.kill(pid, 'SIGKILL'));
    const job = await made().bench.end(id, 90);
    expect(job).toMatchObject({ state: 'failed', cause: { code: 'node-failure' } });
    expectPartial(job);
  }
);

test.skipIf(reason !== null)(
  `why a job waits is told, and that it never starts as asked${skipped}`,
  { concurrent: true, timeout: 60_000 },
  async () => {
    await Promise.all([
      submit('h3ldjobb', { directives: ['--hold'] }),
      submit('t0olongg', { queue: 'short', time: '10m' }),
      submit('t0olarge', { cores: 200 }),
      submit('t0onodes', { cores: 9, nodes: 9, startEngines: 'always' })
    ]);
    for (const [id, wait] of [
      ['h3ldjobb', 'held-by-you'],
      ['t0olongg', 'too-long'],
      ['t0olarge', 'too-large'],
      ['t0onodes', 'too-many-nodes']
    ] as const) {
      // Slurm may tell a less exact reason until it has looked at all of its queue.
      const { queue } = await made().bench.until(id, job => job.queue?.wait === wait);
      expect(queue).toMatchObject({ wait, reason: expect.stringMatching(/^\w+$/) });
      await made().client.cancel(id);
      expect(await made().bench.end(id)).toMatchObject({
        state: 'cancelled',
        cause: { by: 'you' }
      });
    }
  }
);

test.skipIf(reason !== null)(
  `what Slurm refuses says what to change, in our words and its own${skipped}`,
  { concurrent: true, timeout: 60_000 },
  async () => {
    const refused: [string, Partial<JobForm>, Refusal][] = [
      ['r3fqueue', { queue: 'nowhere' }, 'queue'],
      ['r3fgpusx', { gpusPerNode: 1 }, 'gpus'],
      ['r3fmemor', { memoryPerCore: '900G' }, 'memory'],
      ['r3fcores', { cores: 32, coresPerEngine: 32 }, 'cores'],
      ['r3fconst', { constraint: 'nothing' }, 'constraint'],
      ['r3freser', { reservation: 'nothing' }, 'reservation'],
      ['r3fdirec', { directives: ['--no-such-option'] }, 'directives'],
      ['r3fnodes', { directives: ['--nodelist=nowhere'] }, 'node-names'],
      ['r3flicen', { directives: ['--licenses=nothing'] }, 'licenses'],
      ['r3fdepen', { directives: ['--dependency=afterok:mine'] }, 'directives']
    ];
    await Promise.all(refused.map(([id, form]) => submit(id, form)));
    for (const [id, , why] of refused) {
      expect(await made().bench.end(id)).toMatchObject({
        state: 'failed',
        cause: { code: 'refused', reason: why, text: expect.stringContaining('sbatch: ') },
        result: { place: 'none' }
      });
    }
  }
);

test.skipIf(reason !== null)(
  `a site whose sbatch waits for the job, and ends as it did, loses nothing of it${skipped}`,
  { concurrent: true, timeout: 60_000 },
  async () => {
    const folder = makeTemp();
    const sbatch = execFileSync('bash', ['-c', 'command -v sbatch'], { encoding: 'utf8' }).trim();
    const script = `#!/bin/sh\nSBATCH_WAIT=1 exec ${sbatch} "$@"\n`;
    writeFileSync(path.join(folder, 'sbatch'), script, { mode: 0o755 });
    const environment = {
      ...made().bench.environment,
      SLURM_CONF: made().cluster.slurmConf,
      PATH: `${folder}:${process.env['PATH']}`
    };
    const client = clientAt(made().bench.socket, environment, AT_HAND);
    const source = sourceFolder({
      'fails.ipynb': notebook('print("before")', 'import time\ntime.sleep(5)\n1 / 0')
    });
    const form = { notebook: source.notebook, cluster: 'hpc', cores: 1 };
    const { id } = await client.submit('w4itsb4t', form);
    await made().bench.until(
      id,
      ({ schedulerId, state }) => schedulerId !== null && state === 'running'
    );
    await expect(client.remove(id)).rejects.toThrow('job-active');
    const job = await made().bench.end(id);
    expect(job).toMatchObject({ state: 'failed', cause: { code: 'cell-error', cell: 2 } });
    expectPartial(job);
  }
);

test.skipIf(reason !== null)(
  `a job outlives a slurmctld that is away for a while${skipped}`,
  { concurrent: true, timeout: 120_000 },
  async () => {
    // The others have nothing more to say to it.
    await vi.waitUntil(
      async () => {
        const over = (await made().client.jobs()).filter(({ state }) => isTerminal(state));
        return ASKING.every(id => over.some(job => job.id === id));
      },
      { timeout: 60_000, interval: 500 }
    );
    const source = sourceFolder({ 'any.ipynb': notebook('import time\ntime.sleep(12)\nprint(1)') });
    const form = { notebook: source.notebook, cluster: 'hpc', cores: 1 };
    const { id } = await made().client.submit('ctldaway', form);
    await made().bench.until(id, ({ progress }) => progress?.cell?.index === 1);
    stopCluster('slurmctld');
    const job = await made().bench.until(id, ({ result }) => result.place === 'here');
    expect(job).toMatchObject({ state: 'succeeded', cause: null });
    await submit('n0ctldxx', {});
    expect(await made().bench.end('n0ctldxx')).toMatchObject({
      state: 'failed',
      cause: { code: 'refused', reason: 'unreachable' }
    });
    startCluster();
    expect(outputsOf(job.result.notebook ?? '')[0]).toBe('1\n');
  }
);
