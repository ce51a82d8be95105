import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { JobRecord } from '../../src/api/job';
import type { JobForm } from '../../src/api/jobSpec';
import type { Refusal } from '../../src/api/refusals';
import { Bench } from '../jobs/harness';
import { notebook, outputsOf } from '../jobs/notebook';
import { sourceFolder } from '../jobs/sourceFolder';
import { type Logins, skippedFor } from './testCluster';

/** A cluster of a test file's own, which people reach over SSH, with a batch system on four hosts of four slots, `gx1` to `gx4`. */
export interface Cluster extends Logins {
  /** Its host in `sshConfig`, where each shell finds the batch system. */
  host: string;
  /** The same where only a login shell does. */
  loginShellHost: string;
  /** Ends these daemons; without names, all of it. */
  stop(...daemons: string[]): void;
  /** Starts those that do not run. */
  start(): void;
}

/** What differs between batch systems whose jobs run from end to end. */
export interface WholeJobs<C extends Cluster> {
  /** Of the tests. */
  name: string;
  /** The first four characters of its jobs' ids. */
  prefix: string;
  /** Why it cannot be had here; null when it can. */
  reason: string | null;
  start(): C;
  /** A job that is on all hosts, how many of its engines are on each, and what its log says beside what the job prints. */
  spread: { form: Partial<JobForm>; hosts: [string, number][]; log: string };
  /** A job of eight engines, of which the sixth is on another host than the first. */
  eight: Partial<JobForm>;
  /** The command by which a person ends a job there, and who is told to have done so; null where a job then leaves no word in time. */
  outside: { command: (schedulerId: string) => string; by: string } | null;
  /** What prints the ids of jobs that wait or run, a line each. */
  list: string;
  /** Takes the home folder from all hosts, or gives it back; null where no job starts without. */
  homeless: ((cluster: C, is: boolean) => void) | null;
  /** Whether another shows what it does when time is over, or its server is away. */
  isLikeAnother: boolean;
  /** The directive that has a job held; `-h` without. */
  hold?: string;
  /** What its row says then. */
  held: object;
  refused: [Partial<JobForm>, Refusal][];
  /** The daemon that takes jobs. */
  server: string;
}

/** A cell that only an end from outside ends, and one before it. */
export const LONG = ['print("before")', 'import time\ntime.sleep(600)'];

/** A cell that waits for a file in the job's folder. */
export const UNTIL_GO = 'import os, time\nwhile not os.path.exists("go"):\n    time.sleep(0.1)';

/** What tests of whole jobs do. */
export interface There {
  bench: Bench;
  /** Submits these cells as a job of one core, unless `form` says otherwise. */
  submit: (name: string, form: Partial<JobForm>, ...cells: string[]) => Promise<JobRecord>;
  /** What a command says there, of the same person. */
  there: (command: string) => Promise<string>;
  inSecondCell: (id: string) => Promise<JobRecord>;
  /** Lets a job go on that waits for it. */
  go: (job: JobRecord) => Promise<void>;
}

/**
 * Whole jobs, from the client over SSH and back.
 *
 * @param more Declares tests of this system alone, those that are concurrent first: they go on with others.
 */
export function wholeJobs<C extends Cluster>(
  system: WholeJobs<C>,
  more: (made: () => There & { cluster: C }) => void = () => undefined
): void {
  const { eight, held, homeless, isLikeAnother, outside, prefix, reason, refused, server, spread } =
    system;
  const { hold = '-h' } = system;

  describe.skipIf(reason !== null)(`${system.name} behind SSH${skippedFor(reason)}`, () => {
    let cluster: C;
    let bench: Bench;

    beforeAll(async () => {
      cluster = system.start();
      bench = await Bench.start({
        variables: { JUPYTERLAB_SUBMIT_SSH_CONFIG: cluster.sshConfig },
        settings: {}
      });
    });

    afterAll(async () => {
      await bench.stop();
      cluster.stop();
    });

    async function submit(
      name: string,
      form: Partial<JobForm>,
      ...cells: string[]
    ): Promise<JobRecord> {
      const source = sourceFolder({ 'some.ipynb': notebook(...cells) });
      const asked = { cluster: cluster.host, cores: 1, time: '5m', python: cluster.python };
      return bench.client.submit(`${prefix}${name}`, {
        notebook: source.notebook,
        ...asked,
        ...form
      });
    }

    /** What a command says there, of the same person. */
    async function there(command: string): Promise<string> {
      const argv = ['-q', '-F', cluster.sshConfig, cluster.host, command];
      return (await promisify(execFile)('ssh', argv)).stdout;
    }

    async function go({ directory }: JobRecord): Promise<void> {
      await there(`cd ${directory}/work/*/ && touch go`);
    }

    const inSecondCell = (id: string): Promise<JobRecord> =>
      bench.until(id, ({ progress }) => progress?.cell?.index === 2, 100);

    test('engines are on all hosts, with the variables of the job', async () => {
      const { id } = await submit(
        'engs',
        {
          cluster: cluster.loginShellHost,
          environment: [`export WORDS="it's two words"`, 'echo said by a line'],
          ...spread.form
        },
        'import ipyparallel as ipp\nrc = ipp.Client()\nprint(rc.ids == list(range(len(rc.ids))))',
        '%%px\nimport os, socket\nseen = (socket.gethostname(), os.environ["WORDS"], os.getcwd())',
        'import collections\nseen = rc[:]["seen"]\nprint(sorted(collections.Counter(host for host, *_ in seen).items()))',
        'import os\nprint({tuple(more) for _, *more in seen} == {("it\'s two words", os.getcwd())})',
        'import pickle\npickle.dump(seen, open("seen.pickle", "wb"))'
      );
      const job = await bench.end(id, 200);
      expect(job).toMatchObject({ state: 'succeeded', cause: null, result: { place: 'here' } });
      const outputs = outputsOf(job.result.notebook ?? '');
      const counts = spread.hosts.map(([host, count]) => `('${host}', ${count})`).join(', ');
      expect(outputs[0]).toBe('True\n');
      expect(outputs[2]).toBe(`[${counts}]\n`);
      expect(outputs[3]).toBe('True\n');
      const pickle = readFileSync(path.join(job.result.folder ?? '', 'seen.pickle'));
      expect(pickle.length).toBeGreaterThan(0);
      // It may be copied there when the job has ended.
      const log = (): string => readFileSync(path.join(job.directory, 'logs/job.log'), 'utf8');
      await expect.poll(log, { timeout: 20_000 }).toContain('said by a line\n');
      expect(log()).toContain(spread.log);
    }, 240_000);

    test('an engine that is killed on another host ends the job at once', async () => {
      const { id } = await submit(
        'kill',
        { cores: 8, ...eight },
        'import ipyparallel as ipp\nrc = ipp.Client()',
        '%%px --targets 5\nimport os, signal\nos.kill(os.getpid(), signal.SIGKILL)',
        'import time\ntime.sleep(250)'
      );
      const job = await bench.end(id, 150);
      expect(job).toMatchObject({
        state: 'failed',
        cause: {
          code: 'engines-lost',
          engines: [5],
          log: expect.stringMatching(/engine-5 on gx\d was killed by signal 9/)
        }
      });
    }, 240_000);

    test.each(outside === null ? [] : [outside])(
      'a job that is ended from outside, on all its hosts, says so',
      async ({ by, command }) => {
        const { id } = await submit(
          'gone',
          { cores: 8, ...eight },
          'import ipyparallel as ipp\nrc = ipp.Client()',
          '%%px\nimport time\ntime.sleep(250)'
        );
        const { schedulerId } = await inSecondCell(id);
        await there(command(schedulerId ?? ''));
        const job = await bench.end(id, 60);
        expect(job).toMatchObject({ state: 'cancelled', cause: { code: 'cancelled', by } });
      },
      200_000
    );

    test.each(homeless === null ? [] : [homeless])(
      'a job runs where hosts have no home folder',
      async take => {
        take(cluster, true);
        try {
          const { id } = await submit(
            'home',
            { cores: 8, ...eight },
            'import ipyparallel as ipp\nprint(len(ipp.Client()[:].apply_sync(lambda: 1)))'
          );
          const job = await bench.end(id, 150);
          expect(job).toMatchObject({ state: 'succeeded', result: { place: 'here' } });
          expect(outputsOf(job.result.notebook ?? '')[0]).toBe('8\n');
        } finally {
          take(cluster, false);
        }
      },
      200_000
    );

    test.concurrent.each(isLikeAnother ? [] : ['1m'])(
      'a job that outlives its time has what it had until then, %s',
      async time => {
        const { id } = await submit('time', { time }, ...LONG);
        const job = await bench.end(id, 150);
        expect(job).toMatchObject({
          state: 'timed-out',
          cause: { code: 'time-limit', cell: 2 },
          result: { place: 'here' }
        });
        expect(outputsOf(job.result.notebook ?? '')[0]).toBe('before\n');
      },
      200_000
    );

    test.concurrent(
      'a job that is held says that it waits, and is cancelled while it does',
      async () => {
        const { id } = await submit('held', { directives: [hold] }, 'print(1)');
        const waiting = await bench.until(
          id,
          ({ queue }) => queue !== null && (queue.reason !== null || queue.wait !== null),
          60
        );
        expect(waiting).toMatchObject({ state: 'queued', queue: held });
        await bench.client.cancel(id);
        expect(await bench.end(id, 100)).toMatchObject({ state: 'cancelled' });
      },
      300_000
    );

    test.concurrent(
      'a job that is cancelled ends there, with what it had',
      async () => {
        const { id } = await submit('cncl', {}, ...LONG);
        const { schedulerId } = await inSecondCell(id);
        await bench.client.cancel(id);
        const job = await bench.end(id, 60);
        expect(job).toMatchObject({ state: 'cancelled', cause: { code: 'cancelled', by: 'you' } });
        expect(outputsOf(job.result.notebook ?? '')[0]).toBe('before\n');
        expect((await there(system.list)).split('\n')).not.toContain(schedulerId);
      },
      240_000
    );

    test.concurrent.each(refused.map(([form, reason], index) => [reason, form, index] as const))(
      'what it refuses says what to change: %s, of %j',
      async (reason, form, index) => {
        const { id } = await submit(`rf${index}x`, form, 'print(1)');
        expect(await bench.end(id, 60)).toMatchObject({
          state: 'failed',
          cause: { code: 'refused', reason }
        });
      }
    );

    more(() => ({ bench, cluster, submit, there, inSecondCell, go }));

    // The last one: it does not come back.
    test.each(isLikeAnother ? [] : [server])(
      'a server that is away takes no job, and ends none: %s',
      async daemon => {
        const { id } = await submit('stay', {}, 'print("before")', UNTIL_GO, 'print("after")');
        const running = await inSecondCell(id);
        cluster.stop(daemon);
        const down = await submit('down', {}, 'print(1)');
        expect(await bench.end(down.id, 60)).toMatchObject({
          cause: { code: 'refused', reason: 'unreachable' }
        });
        await go(running);
        const job = await bench.end(id, 120);
        expect(job).toMatchObject({ state: 'succeeded' });
        expect(outputsOf(job.result.notebook ?? '')[2]).toBe('after\n');
      },
      240_000
    );
  });
}
