import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { FIELD_NAMES } from '../../src/api/fields';
import type { JobForm } from '../../src/api/jobSpec';
import type { Refusal } from '../../src/api/refusals';
import { jobDirectory } from '../../src/job/paths';
import { jobScript } from '../../src/job/script';
import { schedulers } from '../../src/schedulers';
import type {
  BatchJob,
  JobEnd,
  Launch,
  Limits,
  QueueEntry,
  Scheduler
} from '../../src/schedulers/scheduler';
import { command } from '../../src/shell/quote';
import { jobRecord } from '../api/jobRecord';
import { AWKWARD_NAMES } from '../awkward';
import { wordsOf } from '../words';
import { batchJob } from './batchJob';
import { recorded, recordings } from './recorded';

/** What a test of the shared suite must be told of a scheduler. */
export interface SchedulerFacts {
  scheduler: Scheduler;
  /** A form, the whole of its directives, its submit argv and the argv before `ipengine`: the exact script. */
  exact: Record<string, Exact>;
  /** What submissions print, and the id in it. */
  submitted: Record<string, string>;
  /** What is nearly such an output, beyond what is wrong for every scheduler. */
  notSubmitted: string[];
  /** What submissions print that were refused, and what that means; 'unclear' where the job may have been taken. */
  refused: Record<string, Refusal | 'unclear' | null>;
  /** Each recording of the queue in `test/recorded/<scheduler>/`, and the entries in it. */
  queues: Record<string, QueueEntry[]>;
  /** Each recording of what `records.argv` prints there, and the ends in it, by the scheduler's id. */
  pasts: Record<string, Record<string, JobEnd>>;
  /** Each recording in `test/recorded/<scheduler>_limits/`, and what it says; null for a system that has no queues. */
  limits: Record<string, Limits> | null;
  /** Why this system reads no directives; the submit argv and the body of the script then carry everything. */
  withoutDirectives?: string;
}

interface Exact {
  form: Partial<JobForm>;
  directives: string[];
  submit: string[];
  launch: Launch;
}

/** A value of each optional field that some schedulers honor, unlike all that a script holds without it. */
const SAMPLES: Partial<JobForm> = {
  memoryPerCore: '1717M',
  nodes: 2,
  enginesPerNode: 1,
  coresPerEngine: 2,
  launcher: 'launcher-l',
  queue: 'queue-q',
  parallelEnvironment: 'environment-e',
  account: 'account-a',
  qos: 'qos-q',
  reservation: 'reservation-r',
  constraint: 'constraint-c',
  gpusPerNode: 7,
  gpuType: 'gpu-type-t',
  email: 'ada@example.org',
  directives: ['--sample-directive=s']
};

const NOTHING_TOLD: Limits = { version: null, queues: [] };

/** Outputs of a submission that hold no job id, whatever the scheduler. */
const NO_ID = [
  '',
  '\n',
  ' ',
  '0',
  '-1',
  '-4711\n',
  '47 11',
  '4711\n4712\n',
  'null',
  'undefined',
  'error: 4711 is not a valid option\n',
  'bash: line 1: 4711: command not found\n',
  'Last login: Sun Nov 22 17:31:56 2026\n',
  '４７１１'
];

/** Lines that a login script or an administrator may put before or behind any answer. */
const NOISE = ['', 'Welcome to the cluster! 3 messages.', '*** maintenance on 11/29 ***', '\t|  |'];

/** Tests one scheduler against the contract that `scheduler.ts` states. */
export function schedulerSuite(facts: SchedulerFacts): void {
  const { scheduler, withoutDirectives } = facts;

  describe(`${scheduler.name}`, () => {
    it('is the one that its name stands for', () => {
      expect(schedulers[scheduler.name]).toBe(scheduler);
    });

    describe('what it submits', () => {
      it.each(Object.entries(facts.exact))('%s', (_, { form, ...exact }) => {
        const job = batchJob(form);
        expect({
          directives: scheduler.directives(job),
          submit: scheduler.submitArgv(job),
          launch: scheduler.launch(job.spec)
        }).toEqual(exact);
      });

      it('is the same each time, and leaves the job as it is', () => {
        const job = batchJob(supportedSamples(scheduler));
        const before = structuredClone(job);
        expect(carried(scheduler, job)).toBe(carried(scheduler, job));
        expect(job).toEqual(before);
      });

      it('is a script that bash can read, below any folder', () => {
        for (const name of AWKWARD_NAMES) {
          const job = batchJob(
            { ...supportedSamples(scheduler), notebook: `/home/ada/${name}/${name}.ipynb` },
            { baseFolder: `/scratch/${name}` }
          );
          expect(() =>
            execFileSync('bash', ['-n'], { input: wholeScript(scheduler, job) })
          ).not.toThrow();
        }
      });
    });

    describe('directives', () => {
      it.each(withoutDirectives === undefined ? [] : [withoutDirectives])('are none: %s', () => {
        expect(scheduler.directives(batchJob(supportedSamples(scheduler)))).toEqual([]);
      });

      it('are comments of one line each, which end where they end', () => {
        for (const name of AWKWARD_NAMES) {
          const form = { ...supportedSamples(scheduler), notebook: `/home/ada/${name}.ipynb` };
          const job = batchJob(form, { baseFolder: `/scratch/${name}` });
          for (const line of scheduler.directives(job)) {
            expect(line).toMatch(/^#[^\n\r]*$/);
          }
        }
      });

      it.each(Object.entries(asked(facts)))('carry %s', (_, form) => {
        const text = (change: Partial<JobForm>): string => {
          const job = batchJob(change);
          // What starts engines is told to the runner.
          return withoutDirectives === undefined && form.launcher === undefined
            ? scheduler.directives(job).join('\n')
            : carried(scheduler, job);
        };
        // A type of GPUs needs a number of them.
        const needed: Partial<JobForm> = form.gpuType === undefined ? {} : { gpusPerNode: 7 };
        expect(text({ ...needed, ...form })).not.toBe(text(needed));
      });

      it('have no trace of an empty field', () => {
        const empty: Partial<JobForm> = Object.fromEntries(
          Object.keys(SAMPLES).map(field => [field, ''])
        );
        const job = batchJob({ ...empty, ...exactlyNeeded });
        expect(carried(scheduler, job)).toBe(carried(scheduler, batchJob()));
        expect(scheduler.directives(job).join('\n')).not.toMatch(/null|undefined|NaN|[= ]$/m);
        for (const value of Object.values(SAMPLES).filter(sample => typeof sample === 'string')) {
          expect(wholeScript(scheduler, job)).not.toContain(value);
        }
      });
    });

    describe('argv', () => {
      const argvs = (job: BatchJob): Record<string, string[]> => ({
        submit: scheduler.submitArgv(job),
        cancel: scheduler.cancelArgv({ id: job.id, schedulerId: '4711' }),
        status: scheduler.statusArgv(),
        launch: scheduler.launch(job.spec).argv,
        nodes: scheduler.launch(job.spec).nodes?.argv ?? [],
        list: scheduler.launch(job.spec).mpi.plugins?.list ?? [],
        ranks: scheduler.launch(job.spec).mpi.plugins?.argv ?? [],
        own: scheduler.launch(job.spec).mpi.own ?? []
      });

      it('is words that a shell gives on unharmed', () => {
        for (const argv of Object.values(argvs(batchJob(supportedSamples(scheduler))))) {
          expect(wordsOf(command(argv))).toEqual(argv);
          expect(argv.join('')).not.toContain('\u0000');
        }
      });

      it.each(['submit', 'cancel', 'status'])('to %s begins with the name of a program', what => {
        expect(argvs(batchJob())[what]?.[0]).toMatch(/^[a-z]+$/);
      });

      it('to submit has the script as a word of its own, wherever it lies', () => {
        for (const name of AWKWARD_NAMES) {
          const job = batchJob({}, { baseFolder: `/scratch/${name}` });
          const argv = scheduler.submitArgv(job);
          expect(argv).toContain(job.script);
          expect(wordsOf(command(argv))).toEqual(argv);
        }
      });

      it('to cancel has the id as a word of its own', () => {
        expect(argvs(batchJob()).cancel).toContain('4711');
      });

      it('before ipengine names the variable of the rank, or is empty', () => {
        const { argv, rank } = scheduler.launch(batchJob().spec);
        expect(argv.length > 0).toBe(rank !== null);
      });

      it('before engines that are ranks has one place for the plugin', () => {
        const { ranks = [] } = argvs(batchJob());
        expect(ranks.join(' ').split('{plugin}')).toHaveLength(ranks.length > 0 ? 2 : 1);
      });
    });

    describe('parseJobId', () => {
      it.each(Object.entries(facts.submitted))('%j has %s', (output, id) => {
        expect(scheduler.parseJobId(output)).toBe(id);
      });

      it.each([...NO_ID, ...facts.notSubmitted])('%j has none', output => {
        expect(scheduler.parseJobId(output)).toBeNull();
      });
    });

    describe('parseRefusal', () => {
      it.each(Object.entries(facts.refused))('%j is %s', (output, refusal) => {
        expect(scheduler.parseRefusal(output)).toBe(refusal);
        const noisy = [...NOISE, output, ...NOISE].join('\n');
        expect(scheduler.parseRefusal(noisy)).toBe(refusal);
      });

      it.each([...NOISE, 'error: something new', '4711'])('finds no reason in %j', output => {
        expect(scheduler.parseRefusal(output)).toBeNull();
      });
    });

    describe('parseStatus', () => {
      it('is tested with every recording that there is', () => {
        const known = [...Object.keys(facts.queues), ...Object.keys(facts.pasts)];
        expect(known.toSorted()).toEqual(recordings(scheduler.name));
      });

      describe.each(Object.entries(facts.queues))('%s', (file, entries) => {
        const output = recorded(`${scheduler.name}/${file}`);

        it('is read', () => {
          expect(scheduler.parseStatus(output)).toEqual(entries);
        });

        it('tells how jobs ended that are over, and only of those', () => {
          for (const { end, state } of scheduler.parseStatus(output)) {
            expect(end !== null).toBe(state === 'over');
          }
        });

        it('is read through the noise of others', () => {
          const noisy = [...NOISE, ...output.split('\n'), ...NOISE].join('\n');
          expect(scheduler.parseStatus(noisy)).toEqual(entries);
        });

        it('names no other job when it is cut', () => {
          const ids = (queue: QueueEntry[]): string[] =>
            queue.map(({ schedulerId, jobId }) => `${schedulerId} ${jobId}`);
          for (let length = 0; length < output.length; length += 1) {
            const cut = ids(scheduler.parseStatus(output.slice(0, length)));
            expect(ids(entries)).toEqual(expect.arrayContaining(cut));
          }
        });
      });

      it.each([...NOISE, NOISE.join('\n'), 'error: connection refused\n', '{}', '[]', '4711'])(
        'finds nothing in %j',
        output => {
          expect(scheduler.parseStatus(output)).toEqual([]);
        }
      );
    });

    describe('records', () => {
      const past = (output: string): Map<string, JobEnd> =>
        scheduler.records?.parse(output) ?? new Map<string, JobEnd>();

      it('has something to read exactly where records are kept', () => {
        expect(Object.keys(facts.pasts).length > 0).toBe(scheduler.records !== null);
      });

      describe.each(Object.entries(facts.pasts))('%s', (file, ends) => {
        const output = recorded(`${scheduler.name}/${file}`);

        it('is read', () => {
          expect(Object.fromEntries(past(output))).toEqual(ends);
        });

        it('is read through the noise of others', () => {
          const noisy = [...NOISE, ...output.split('\n'), ...NOISE].join('\n');
          expect(Object.fromEntries(past(noisy))).toEqual(ends);
        });

        it('ends no other job when it is cut', () => {
          for (let length = 0; length < output.length; length += 1) {
            const cut = [...past(output.slice(0, length)).keys()];
            expect(Object.keys(ends)).toEqual(expect.arrayContaining(cut));
          }
        });
      });

      it.each([...NOISE, NOISE.join('\n'), 'error: connection refused\n', '{}', '[]', '4711'])(
        'finds nothing in %j',
        output => {
          expect(past(output).size).toBe(0);
        }
      );

      it('is asked with each id as a word of its own', () => {
        const argv = scheduler.records?.argv(['4711', '4712']) ?? ['no', '4711', '4712'];
        expect(argv).toEqual(expect.arrayContaining(['4711', '4712']));
        expect(argv[0]).toMatch(/^[a-z]+$/);
        expect(wordsOf(command(argv))).toEqual(argv);
      });
    });

    describe('limits', () => {
      const limitsIn = (output: string): Required<Limits> => ({
        accounts: [],
        qos: [],
        ...(scheduler.limits?.parse(output) ?? NOTHING_TOLD)
      });

      it('are asked for where there are any, in words that a shell gives on unharmed', () => {
        const argv = scheduler.limits?.argv ?? null;
        expect(argv !== null).toBe(facts.limits !== null);
        expect(wordsOf(command(argv ?? []))).toEqual(argv ?? []);
      });

      it('are tested with every recording that there is', () => {
        const tested = Object.keys(facts.limits ?? {}).toSorted();
        expect(tested).toEqual(facts.limits === null ? [] : recordings(`${scheduler.name}_limits`));
      });

      it.each(Object.entries(facts.limits ?? {}))(
        '%s is read, through noise too',
        (file, limits) => {
          const output = recorded(`${scheduler.name}_limits/${file}`);
          expect(limitsIn(output)).toEqual({ accounts: [], qos: [], ...limits });
          const noisy = [...NOISE, ...output.split('\n'), ...NOISE].join('\n');
          expect(limitsIn(noisy)).toEqual({ accounts: [], qos: [], ...limits });
        }
      );

      it.each(Object.entries(facts.limits ?? {}))(
        '%s names no other queue, account or QoS when cut',
        (file, limits) => {
          const output = recorded(`${scheduler.name}_limits/${file}`);
          for (let length = 0; length < output.length; length += 1) {
            const { accounts, qos, queues } = limitsIn(output.slice(0, length));
            expect(limits.queues).toEqual(expect.arrayContaining(queues));
            expect((limits.accounts ?? []).map(({ name }) => name)).toEqual(
              expect.arrayContaining(accounts.map(({ name }) => name))
            );
            expect((limits.qos ?? []).map(({ name }) => name)).toEqual(
              expect.arrayContaining(qos.map(({ name }) => name))
            );
          }
        }
      );

      it.each(['', ...NOISE, 'error: connection refused\n', '{}'])(
        'are not known by %j',
        output => {
          expect(limitsIn(output)).toEqual({ ...NOTHING_TOLD, accounts: [], qos: [] });
        }
      );
    });

    it('reads its own id in the script with one shell word', () => {
      const script = `set -- ${scheduler.idWord}; echo "$#"`;
      expect(execFileSync('bash', ['-c', script], { encoding: 'utf8' })).toBe('1\n');
    });

    it('supports fields of the form', () => {
      expect(FIELD_NAMES).toEqual(expect.arrayContaining([...scheduler.supports]));
    });

    it('is asked politely, and is believed in time', () => {
      const { queuePace, absence } = scheduler;
      expect(queuePace.firstSeconds).toBeGreaterThan(0);
      expect(queuePace.longestSeconds).toBeGreaterThanOrEqual(queuePace.firstSeconds);
      expect(absence.confirmSeconds).toBeGreaterThan(0);
      expect(absence.filesSeconds).toBeGreaterThan(0);
    });
  });
}

/** What no form may leave empty. */
const exactlyNeeded: Partial<JobForm> = { cores: 4, time: '10m' };

/** Changes of a form that must be seen in what is submitted: what every job has, and what this system supports. */
function asked({ scheduler, withoutDirectives }: SchedulerFacts): Record<string, Partial<JobForm>> {
  const samples = Object.entries(supportedSamples(scheduler)).map(
    ([field, value]) => [field, { [field]: value }] as const
  );
  return {
    time: { time: '11m' },
    // Without directives the number of engines is told to the runner alone, and nobody sees a name.
    ...(withoutDirectives === undefined && { cores: { cores: 8 }, name: { name: 'sample-name' } }),
    ...Object.fromEntries(samples)
  };
}

function supportedSamples({ supports }: Scheduler): Partial<JobForm> {
  return Object.fromEntries(supports.map(field => [field, SAMPLES[field]]));
}

/** Everything that reaches the scheduler or runs in the job. */
function carried(scheduler: Scheduler, job: BatchJob): string {
  const launch = scheduler.launch(job.spec);
  return [
    wholeScript(scheduler, job),
    command(scheduler.submitArgv(job)),
    ...[
      launch.argv,
      launch.nodes?.argv ?? [],
      launch.mpi.plugins?.argv ?? [],
      launch.mpi.own ?? []
    ].map(argv => command(argv))
  ].join('\n');
}

function wholeScript(scheduler: Scheduler, job: BatchJob): string {
  const { cluster } = jobRecord();
  const baseFolder = job.script.split('/').slice(0, -2).join('/');
  return jobScript(scheduler, job, jobDirectory(baseFolder, job.id), cluster);
}
