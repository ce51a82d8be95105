import { describe, expect, it } from 'vitest';
import type { Cause } from '../../src/api/causes';
import { type JobRecord, type JobState, STATES, isTerminal, mayFollow } from '../../src/api/job';
import type { ExitFile, ProgressFile, StartedFile } from '../../src/api/runFiles';
import { type Knowing, type Memory, NOTHING, type Observation } from '../../src/job/observation';
import { type StatusChange, nextStatus } from '../../src/job/status';
import type { JobEnd, QueueEntry, Scheduler } from '../../src/schedulers/scheduler';
import { CAUSES } from '../api/everyCause';
import { NOTES } from '../api/everyNote';
import { NOON, jobRecord } from '../api/jobRecord';

/** A look at `NOON + 1000`, ten minutes after the start of a job of two hours. */
const AT = NOON + 1000;
const STARTED = AT - 600;
const LIMIT = 7200;

const CLUSTER: Scheduler['absence'] = { confirmSeconds: 60, filesSeconds: 240, meansKilled: false };
const THIS_MACHINE: Scheduler['absence'] = {
  confirmSeconds: 3,
  filesSeconds: 3,
  meansKilled: true
};

const started: StartedFile = { schedulerId: '4711', host: 'node1', startedAt: STARTED };
const engines = { ready: 3, wanted: 4 };
const cell = { index: 2, total: 9, startedAt: AT - 5 };

const progress = (phase: ProgressFile['phase']): ProgressFile => ({
  at: AT,
  phase,
  engines,
  cell,
  notes: []
});

const exit = (
  state: ExitFile['state'],
  cause: Cause | null = null,
  endedAt = AT - 2
): ExitFile => ({ state, cause, endedAt, notes: [] });

const waiting: QueueEntry = {
  schedulerId: '4711',
  jobId: 'k3v9x2ab',
  state: 'queued',
  end: null,
  reason: 'Priority',
  wait: 'other-jobs',
  estimatedStart: AT + 3600
};
const alive: QueueEntry = {
  ...waiting,
  state: 'running',
  reason: null,
  wait: null,
  estimatedStart: null
};

function job(state: JobState, change: Partial<JobRecord> = {}): JobRecord {
  const hasStarted = !['preparing', 'queued'].includes(state);
  return jobRecord({
    state,
    submittedAt: NOON,
    schedulerId: '4711',
    startedAt: hasStarted ? STARTED : null,
    endedAt: isTerminal(state) ? AT - 300 : null,
    ...change
  });
}

const look = (change: Partial<Observation>): Observation => ({
  at: AT,
  started: null,
  progress: null,
  exit: null,
  unreadable: [],
  queue: 'unknown',
  past: 'unasked',
  ...change
});

function next(
  record: JobRecord,
  seen: Partial<Observation>,
  { absence = CLUSTER, absentSince = null as number | null } = {}
): { record: JobRecord; change: StatusChange; memory: Memory } {
  const { change, memory } = nextStatus(record, { ...NOTHING, absentSince }, look(seen), {
    absence,
    records: null
  });
  return { record: { ...record, ...change }, change, memory };
}

describe('what files and queue show', () => {
  it.each<[JobState, string, Partial<Observation>, JobState]>([
    ['queued', 'nothing', {}, 'queued'],
    ['queued', 'waiting', { queue: waiting }, 'queued'],
    ['queued', 'running in the queue', { queue: alive }, 'starting'],
    ['queued', 'absent', { queue: 'absent' }, 'queued'],
    ['queued', 'started', { started }, 'starting'],
    [
      'queued',
      'started, and a queue that does not know it yet',
      { started, queue: waiting },
      'starting'
    ],
    ['queued', 'starting', { started, progress: progress('starting') }, 'starting'],
    ['queued', 'running', { started, progress: progress('running') }, 'running'],
    ['queued', 'finishing', { progress: progress('finishing') }, 'finishing'],
    ['starting', 'nothing', {}, 'starting'],
    ['starting', 'waiting', { queue: waiting }, 'starting'],
    ['starting', 'running in the queue', { queue: alive }, 'starting'],
    ['starting', 'absent', { queue: 'absent' }, 'starting'],
    ['starting', 'running', { progress: progress('running'), queue: alive }, 'running'],
    ['running', 'nothing', {}, 'running'],
    ['running', 'waiting', { queue: waiting }, 'running'],
    ['running', 'started', { started }, 'running'],
    ['running', 'starting', { progress: progress('starting') }, 'running'],
    ['running', 'absent', { queue: 'absent' }, 'running'],
    ['running', 'finishing', { progress: progress('finishing') }, 'finishing'],
    ['finishing', 'running', { progress: progress('running'), queue: alive }, 'finishing'],
    ['finishing', 'absent', { queue: 'absent' }, 'finishing']
  ])('%s, seen %s', (state, _, seen, after) => {
    expect(next(job(state), seen).record.state).toBe(after);
  });

  it('is kept beside the state', () => {
    const { change } = next(job('queued', { schedulerId: null }), {
      started,
      progress: progress('running'),
      queue: alive
    });
    expect(change).toEqual({
      state: 'running',
      schedulerId: '4711',
      startedAt: STARTED,
      notes: [],
      progress: { engines, cell },
      queue: null
    });
  });

  it('is the reason to wait, while it waits', () => {
    const queue = { reason: 'Priority', wait: 'other-jobs', estimatedStart: AT + 3600 };
    const queued = next(job('queued'), { queue: waiting }).record;
    expect(queued.queue).toEqual(queue);
    expect(next(queued, {}).record.queue).toEqual(queue);
    expect(next(queued, { queue: 'absent' }).record.queue).toEqual(queue);
    expect(next(queued, { started }).record.queue).toBeNull();
    expect(next(queued, { queue: alive }).record.queue).toBeNull();
    expect(next(job('running'), { queue: waiting }).record.queue).toBeNull();
  });

  it('keeps what was known where a file has nothing new', () => {
    const record = job('running', { progress: { engines, cell } });
    expect(next(record, { queue: alive }).record).toEqual(record);
  });

  it('does not replace the id that the scheduler gave', () => {
    const other = { ...started, schedulerId: '4712' };
    expect(next(job('queued'), { started: other }).record.schedulerId).toBe('4711');
  });

  it('is all that was noted, by whichever file, each once and whatever comes after', () => {
    const [one, two] = NOTES.slice(0, 2);
    const noted = job('running', { notes: NOTES.slice(0, 1) });
    const files = {
      progress: { ...progress('running'), notes: NOTES.slice(0, 2) },
      exit: { ...exit('succeeded'), notes: NOTES }
    };
    expect(next(noted, { progress: files.progress }).record.notes).toEqual([one, two]);
    expect(next(noted, files).record.notes).toEqual(NOTES);
    expect(next(noted, { exit: exit('succeeded') }).record.notes).toEqual([one]);
  });

  it('is nothing where nobody could tell', () => {
    for (const state of STATES) {
      const record = job(state);
      for (const absentSince of [null, AT - 10_000]) {
        const { record: after, memory } = next(record, {}, { absentSince });
        expect(after).toEqual(record);
        expect(memory).toEqual({ ...NOTHING, absentSince });
      }
    }
  });
});

describe('exit.json', () => {
  const error: Cause = { code: 'cell-error', cell: 2, ename: 'KeyError', evalue: "'x'" };

  it.each<[JobState, ExitFile, JobState, Cause | null]>([
    ['queued', exit('succeeded'), 'succeeded', null],
    ['starting', exit('failed', error), 'failed', error],
    ['running', exit('succeeded'), 'succeeded', null],
    ['finishing', exit('succeeded'), 'succeeded', null],
    ['finishing', exit('failed', error), 'failed', error],
    ['lost', exit('succeeded'), 'succeeded', null],
    ['lost', exit('failed', error), 'failed', error],
    [
      'running',
      exit('timed-out', { code: 'time-limit', cell: 3 }),
      'timed-out',
      { code: 'time-limit', cell: 3 }
    ],
    ['queued', exit('failed', { code: 'restarted' }), 'failed', { code: 'restarted' }]
  ])('decides when %s', (state, file, after, cause) => {
    for (const queue of [alive, waiting, 'absent', 'unknown'] as const) {
      for (const absentSince of [null, AT - 10_000]) {
        const { record } = next(job(state), { exit: file, queue }, { absentSince });
        expect(record).toMatchObject({ state: after, cause, endedAt: AT - 2, queue: null });
      }
    }
  });

  it('comes with the last of progress', () => {
    const seen = { exit: exit('succeeded'), started, progress: progress('finishing') };
    expect(next(job('queued'), seen).record).toMatchObject({
      state: 'succeeded',
      startedAt: STARTED,
      progress: { engines, cell }
    });
  });

  it.each(STATES.filter(state => isTerminal(state) && state !== 'lost'))(
    'changes nothing when the job has %s',
    state => {
      const seen = {
        exit: exit('failed', error),
        started: { ...started, startedAt: 1 },
        progress: progress('running'),
        queue: waiting
      };
      expect(next(job(state), seen, { absentSince: NOON }).change).toEqual({});
    }
  );
});

describe('absence', () => {
  it('is not believed at once', () => {
    const { record, memory } = next(job('running'), { queue: 'absent' });
    expect(record.state).toBe('running');
    expect(memory).toEqual({ ...NOTHING, absentSince: AT });
  });

  it.each([1, 60, 299])('is not believed after %d s', seconds => {
    const { record, memory } = next(
      job('running'),
      { queue: 'absent' },
      { absentSince: AT - seconds }
    );
    expect(record.state).toBe('running');
    expect(memory).toEqual({ ...NOTHING, absentSince: AT - seconds });
  });

  it('is believed sooner of a job that waited and was to end: no files are on their way', () => {
    const asked = { cancelRequestedAt: AT - 70 };
    const cancelled = { state: 'cancelled', cause: { code: 'cancelled', by: 'you' } };
    const after = (seconds: number, state: JobState): JobRecord =>
      next(job(state, asked), { queue: 'absent' }, { absentSince: AT - seconds }).record;
    expect(after(60, 'queued')).toMatchObject(cancelled);
    expect(after(59, 'queued').state).toBe('queued');
    expect(after(60, 'running').state).toBe('running');
  });

  it('is believed when it has lasted, and its files had time to arrive', () => {
    const { record } = next(job('running'), { queue: 'absent' }, { absentSince: AT - 300 });
    expect(record).toMatchObject({
      state: 'lost',
      cause: { code: 'no-word' },
      endedAt: AT - 300,
      queue: null
    });
  });

  it.each<JobState>(['queued', 'starting', 'running', 'finishing'])(
    'of a %s job on This machine is a kill',
    state => {
      const { record } = next(
        job(state),
        { queue: 'absent' },
        { absentSince: AT - 6, absence: THIS_MACHINE }
      );
      expect(record).toMatchObject({
        state: 'failed',
        cause: { code: 'killed', signal: null },
        endedAt: AT - 6
      });
    }
  );

  it('is forgotten when the queue has the job again', () => {
    for (const queue of [alive, waiting]) {
      const { record, memory } = next(job('running'), { queue }, { absentSince: NOON });
      expect(record.state).toBe('running');
      expect(memory).toEqual({ ...NOTHING, absentSince: null });
    }
  });

  it('needs a second answer: one that failed is none', () => {
    const { record, memory } = next(job('running'), {}, { absentSince: AT - 10_000 });
    expect(record.state).toBe('running');
    expect(memory).toEqual({ ...NOTHING, absentSince: AT - 10_000 });
  });

  it('counts anew when the job shows that it goes on', () => {
    const seen = { queue: 'absent', progress: progress('running') } as const;
    const { record, memory } = next(job('running'), seen, { absentSince: AT - 10_000 });
    expect(record.state).toBe('running');
    expect(memory).toEqual({ ...NOTHING, absentSince: AT });
  });

  it('of a lost job changes nothing', () => {
    for (const queue of ['absent', alive, waiting] as const) {
      const seen = { queue, started, progress: progress('running') };
      expect(next(job('lost'), seen, { absentSince: NOON }).change).toEqual({});
    }
  });
});

describe('an exit.json that cannot be read', () => {
  const over = (unreadable: string[], end: Partial<Observation> = {}) =>
    next(
      job('running'),
      { queue: 'absent', unreadable, ...end },
      { absence: THIS_MACHINE, absentSince: AT - 60 }
    ).record;

  it('is noted where the queue alone tells the end', () => {
    expect(over(['exit.json'])).toMatchObject({
      state: 'failed',
      cause: { code: 'killed' },
      notes: [{ code: 'verdict-unreadable' }]
    });
    expect(over(['progress.json']).notes).toEqual([]);
  });

  it('changes nothing while the job goes on, or where one was read before', () => {
    expect(next(job('running'), { queue: alive, unreadable: ['exit.json'] }).record.notes).toEqual(
      []
    );
    expect(over(['exit.json'], { exit: exit('succeeded') }).notes).toEqual([]);
  });
});

it('takes no id of a batch system that would be an option of its commands', () => {
  const evil = { ...started, schedulerId: '--me' };
  const unknown = job('queued', { schedulerId: null });
  expect(next(unknown, { started: evil }).record.schedulerId).toBeNull();
  expect(next(unknown, { started }).record.schedulerId).toBe('4711');
});

describe('why', () => {
  const YOU: Cause = { code: 'cancelled', by: 'you' };
  const killed: Cause = { code: 'killed', signal: 9 };
  const symptoms: Cause[] = [
    killed,
    { code: 'kernel-died', cell: 3, signal: 9 },
    { code: 'engines-never-came', ready: 0, wanted: 4, log: '' },
    { code: 'engines-lost', engines: [2], cell: 3, log: '' }
  ];
  const ended: Cause = { code: 'cancelled', by: 'unknown' };

  const because = (change: Partial<JobRecord>, file: ExitFile): JobRecord =>
    next(job('running', { progress: { engines, cell }, ...change }), { exit: file }).record;

  it.each(symptoms)('a death after our own cancel is that cancel: $code', cause => {
    const record = because({ cancelRequestedAt: AT - 10 }, exit('failed', cause));
    expect(record).toMatchObject({ state: 'cancelled', cause: YOU });
  });

  it('a death well before our cancel is not', () => {
    const record = because({ cancelRequestedAt: AT - 10 }, exit('failed', killed, AT - 60));
    expect(record).toMatchObject({ state: 'failed', cause: killed });
  });

  it('a death in the second of our cancel is, although the script counts whole seconds', () => {
    const record = because({ cancelRequestedAt: AT + 0.7 }, exit('failed', killed, AT));
    expect(record).toMatchObject({ state: 'cancelled', cause: YOU });
  });

  it.each([...symptoms, ended])('a death at the time limit is that limit: $code', cause => {
    for (const early of [-30, 0, 0.9]) {
      const file = exit('failed', cause, STARTED + LIMIT - early);
      expect(because({}, file)).toMatchObject({
        state: 'timed-out',
        cause: { code: 'time-limit', cell: 2 }
      });
    }
  });

  it('is told with what the same look shows for the first time', () => {
    const seen = {
      started,
      progress: progress('running'),
      exit: exit('failed', killed, STARTED + LIMIT)
    };
    expect(next(job('queued'), seen).record).toMatchObject({
      state: 'timed-out',
      cause: { code: 'time-limit', cell: 2 }
    });
  });

  it('a death is at the time limit by what the job counted, whatever became of the clocks', () => {
    const late = { ...exit('failed', killed, STARTED + LIMIT + 3600), ranSeconds: 13 };
    expect(because({}, late)).toMatchObject({ state: 'failed', cause: killed });
    const early = { ...exit('failed', killed, STARTED + 13), ranSeconds: LIMIT };
    expect(because({}, early)).toMatchObject({ state: 'timed-out' });
  });

  it('a death before the time limit is not', () => {
    const file = exit('failed', killed, STARTED + LIMIT - 20);
    expect(because({}, file)).toMatchObject({ state: 'failed', cause: killed });
  });

  it('our cancel counts before the time limit', () => {
    const file = exit('failed', killed, STARTED + LIMIT + 1);
    expect(because({ cancelRequestedAt: STARTED + LIMIT }, file).cause).toEqual(YOU);
  });

  it.each(symptoms)('a death that nothing explains stays as it is: $code', cause => {
    expect(because({}, exit('failed', cause))).toMatchObject({ state: 'failed', cause });
  });

  it('an end by somebody is our cancel, or the cluster’s', () => {
    const asked = { cancelRequestedAt: AT + 3600 };
    expect(because(asked, exit('cancelled', ended)).cause).toEqual(YOU);
    expect(because({}, exit('cancelled', ended))).toMatchObject({
      state: 'cancelled',
      cause: { code: 'cancelled', by: 'cluster' }
    });
  });

  it('a success stays one, whatever was asked', () => {
    const record = because({ cancelRequestedAt: AT - 10 }, exit('succeeded'));
    expect(record).toMatchObject({ state: 'succeeded', cause: null });
  });

  it.each(
    CAUSES.filter(
      ({ code }) =>
        !symptoms.some(symptom => symptom.code === code) &&
        code !== 'no-word' &&
        code !== 'cancelled'
    )
  )('what the runner knows is never replaced: $code', cause => {
    const file = exit('failed', cause, STARTED + LIMIT + 1);
    const record = because({ cancelRequestedAt: STARTED + 1 }, file);
    expect(record).toMatchObject({ state: 'failed', cause });
  });

  describe('of a job that is gone without a word', () => {
    const gone = (change: Partial<JobRecord>, absentSince: number, absence = CLUSTER): JobRecord =>
      next(
        job('running', change),
        { at: absentSince + 400, queue: 'absent' },
        { absentSince, absence }
      ).record;

    it.each([CLUSTER, THIS_MACHINE])('is our cancel', absence => {
      expect(gone({ cancelRequestedAt: AT - 10 }, AT, absence)).toMatchObject({
        state: 'cancelled',
        cause: YOU
      });
    });

    it('is not a cancel that came later', () => {
      expect(gone({ cancelRequestedAt: AT + 100 }, AT)).toMatchObject({
        state: 'lost',
        cause: { code: 'no-word' }
      });
    });

    it.each([-200, 0, 4000])('is no time limit by our clock, which may have been set: %d', late => {
      expect(gone({}, STARTED + LIMIT + late)).toMatchObject({ state: 'lost' });
    });

    it('is no time limit of a job that never started', () => {
      const record = next(
        job('queued'),
        { at: STARTED + LIMIT + 400, queue: 'absent' },
        { absentSince: STARTED + LIMIT }
      ).record;
      expect(record.state).toBe('lost');
    });
  });
});

describe("the scheduler's word", () => {
  const KNOWS: Knowing = {
    absence: CLUSTER,
    records: { argv: ids => ['ask', ...ids], parse: () => new Map() }
  };
  const killed: Cause = { code: 'killed', signal: 9 };
  const somebody: Cause = { code: 'cancelled', by: 'unknown' };

  const ended = (how: JobEnd['how'], change: Partial<JobEnd> = {}): JobEnd => ({
    how,
    hasRun: true,
    at: AT - 1,
    status: 0,
    signal: null,
    by: 'administrator',
    ...change
  });
  const over = (end: JobEnd): QueueEntry => ({ ...alive, state: 'over', end });

  /** What becomes of a job in these looks, each so many seconds after the first. */
  function after(
    record: JobRecord,
    looks: [number, Partial<Observation>][],
    knowing = KNOWS
  ): { record: JobRecord; memory: Memory } {
    return looks.reduce(
      (sofar, [seconds, seen]) => {
        const observed = look({ ...seen, at: AT + seconds });
        const { change, memory } = nextStatus(sofar.record, sofar.memory, observed, knowing);
        return { record: { ...sofar.record, ...change }, memory };
      },
      { record, memory: NOTHING }
    );
  }

  const WORDS: [JobEnd, JobState, Cause][] = [
    [ended('cancelled'), 'cancelled', { code: 'cancelled', by: 'administrator' }],
    [ended('cancelled', { by: 'account' }), 'cancelled', { code: 'cancelled', by: 'account' }],
    [ended('timed-out'), 'timed-out', { code: 'time-limit', cell: 2 }],
    [ended('deadline'), 'timed-out', { code: 'deadline' }],
    [ended('out-of-memory'), 'failed', { code: 'out-of-memory', cell: 2 }],
    [ended('node-failure'), 'failed', { code: 'node-failure' }],
    [ended('preempted'), 'failed', { code: 'preempted' }]
  ];

  describe.each(WORDS)('$how', (end, state, cause) => {
    const running = job('running', { progress: { engines, cell } });

    it.each<Cause>([
      killed,
      somebody,
      { code: 'kernel-died', cell: 2, signal: 9 },
      { code: 'engines-never-came', ready: 3, wanted: 4, log: '' },
      { code: 'engines-lost', engines: [1], cell: 2, log: '' }
    ])('replaces $code, whoever says it', symptom => {
      const file = exit('failed', symptom);
      for (const seen of [{ queue: over(end) }, { past: end }]) {
        expect(after(running, [[0, { exit: file, ...seen }]]).record).toMatchObject({
          state,
          cause,
          endedAt: AT - 2
        });
      }
    });

    it('is the end of a job without exit.json, when its files had time to arrive', () => {
      const early = after(running, [
        [0, { queue: over(end) }],
        [239, { queue: 'absent' }]
      ]);
      expect(early.record.state).toBe('running');
      const late = after(running, [
        [0, { queue: over(end) }],
        [240, { queue: 'absent' }]
      ]);
      expect(late.record).toMatchObject({ state, cause, endedAt: AT - 1, queue: null });
    });

    it('gives way to an exit.json that came late', () => {
      const { record } = after(running, [
        [0, { queue: over(end) }],
        [100, { exit: exit('succeeded'), queue: 'absent' }]
      ]);
      expect(record).toMatchObject({ state: 'succeeded', cause: null });
    });

    it('is the end of a job that never had a node, at once', () => {
      const never = { ...end, hasRun: false };
      const { record } = after(job('queued'), [[0, { queue: over(never) }]]);
      const told = 'cell' in cause ? { ...cause, cell: null } : cause;
      expect(record).toMatchObject({ state, cause: told, endedAt: AT - 1 });
      expect(after(job('starting'), [[0, { queue: over(never) }]]).record.state).toBe('starting');
    });

    it('is our own cancel where there was one', () => {
      const asked = job('running', { cancelRequestedAt: AT - 20 });
      for (const seen of [
        { exit: exit('failed', killed) },
        { exit: exit('cancelled', somebody) }
      ]) {
        const { record } = after(asked, [[0, { ...seen, queue: over(end) }]]);
        expect(record).toMatchObject({ state: 'cancelled', cause: { by: 'you' } });
      }
      const waited = job('queued', { cancelRequestedAt: AT - 20 });
      const { record } = after(waited, [[0, { queue: over({ ...end, hasRun: false }) }]]);
      expect(record).toMatchObject({ state: 'cancelled', cause: { by: 'you' } });
    });

    it('is found for a lost job', () => {
      const { record } = after(job('lost'), [[0, { queue: 'absent', past: end }]]);
      expect(record).toMatchObject({ state, endedAt: AT - 1 });
    });
  });

  it.each<[Partial<JobEnd>, Cause]>([
    [
      { status: null, signal: 9 },
      { code: 'killed', signal: 9 }
    ],
    [{ status: 3 }, { code: 'ended-early', status: 3 }],
    [{ status: null }, { code: 'killed', signal: null }]
  ])('of a script that failed with %j, and left nothing, is %j', (how, cause) => {
    const { record } = after(job('running'), [
      [0, { queue: over(ended('failed', how)), past: ended('failed', how) }],
      [240, { queue: 'absent' }]
    ]);
    expect(record).toMatchObject({ state: 'failed', cause });
  });

  it('of a script that went well, and left nothing, leaves the outcome unknown', () => {
    const { record } = after(job('running'), [
      [0, { queue: over(ended('completed')) }],
      [240, { queue: 'absent' }]
    ]);
    expect(record).toMatchObject({ state: 'lost', cause: { code: 'no-word' } });
    expect(after(job('lost'), [[0, { past: ended('completed') }]]).record).toEqual(job('lost'));
  });

  it('that only says that the script failed explains nothing', () => {
    const seen = { exit: exit('failed', killed), past: ended('failed', { status: 137 }) };
    expect(after(job('running'), [[0, seen]]).record).toMatchObject({
      state: 'failed',
      cause: killed
    });
  });

  it('is asked for once more when a symptom is seen, and waited for, but not for ever', () => {
    const file = exit('failed', killed);
    const first = after(job('running'), [[0, { exit: file, queue: alive }]]);
    expect(first.record).toMatchObject({ state: 'finishing', endedAt: null });
    expect(first.memory.askAt).toBe(AT);
    const looks: [number, Partial<Observation>][] = [
      [0, { exit: file, queue: alive }],
      [1, { queue: alive, past: 'nothing' }]
    ];
    const second = after(job('running'), looks);
    expect(second.memory.askAt).toBe(AT + 3);
    const told = after(job('running'), [...looks, [4, { past: ended('out-of-memory') }]]);
    expect(told.record).toMatchObject({ cause: { code: 'out-of-memory' }, endedAt: AT - 2 });
    expect(after(job('running'), [...looks, [29, {}]]).record.state).toBe('finishing');
    expect(after(job('running'), [...looks, [30, {}]]).record).toMatchObject({
      state: 'failed',
      cause: killed
    });
  });

  it('is not asked for where nobody keeps records, or nothing is open', () => {
    const silent: Knowing = { ...KNOWS, records: null };
    const symptom = { exit: exit('failed', killed) };
    expect(after(job('running'), [[0, symptom]], silent).record.state).toBe('failed');
    for (const seen of [{ exit: exit('succeeded') }, { queue: alive }, { queue: waiting }, {}]) {
      expect(after(job('running'), [[0, seen]]).memory.askAt).toBeNull();
    }
    const ours = job('running', { cancelRequestedAt: AT - 20 });
    expect(after(ours, [[0, symptom]]).record).toMatchObject({ cause: { by: 'you' } });
  });

  it('is asked for the rest of what the queue leaves open, once', () => {
    const { by, ...rest } = ended('cancelled', { hasRun: false });
    const half = { ...rest, by: null };
    const first = after(job('queued'), [[0, { queue: over(half) }]]);
    expect(first.record.state).toBe('queued');
    expect(first.memory.askAt).toBe(AT);
    const told = (past: Observation['past']): JobRecord =>
      after(job('queued'), [
        [0, { queue: over(half) }],
        [1, { queue: over(half), past }]
      ]).record;
    expect(told({ ...half, by })).toMatchObject({ cause: { by: 'administrator' } });
    expect(told('nothing')).toMatchObject({ state: 'cancelled', cause: { by: 'cluster' } });
  });

  it('is asked for when a job is absent for long enough, ever more rarely, a few times in all', () => {
    expect(after(job('running'), [[0, { queue: 'absent' }]]).memory.askAt).toBeNull();
    let memory = after(job('running'), [[0, { queue: 'absent' }]]).memory;
    const asked: number[] = [];
    for (let seconds = 1; seconds < 300; seconds += 1) {
      const isDue = memory.askAt !== null && memory.askAt <= AT + seconds;
      const past = isDue ? 'nothing' : 'unasked';
      const seen = look({ at: AT + seconds, queue: 'absent', past });
      memory = nextStatus(job('running'), memory, seen, KNOWS).memory;
      if (isDue) {
        asked.push(seconds);
      }
    }
    expect(asked).toEqual([61, 63, 67, 75, 91, 123, 187]);
  });

  it('is forgotten when the job is in the queue again', () => {
    const { record, memory } = after(job('running'), [
      [0, { queue: over(ended('node-failure')) }],
      [10, { queue: waiting }],
      [300, { queue: alive }]
    ]);
    expect(record.state).toBe('running');
    expect(memory.over).toBeNull();
  });

  it('that a job with a last word waits again means that the site restarted it', () => {
    for (const cause of [killed, somebody]) {
      const seen = { exit: exit('failed', cause), queue: waiting };
      expect(after(job('running'), [[0, seen]]).record).toMatchObject({
        state: 'failed',
        cause: { code: 'restarted' }
      });
    }
  });

  it('is heard of a job that the queue still clears away, but not of one that waits again', () => {
    const seen = { exit: exit('failed', killed), past: ended('preempted') };
    const told = (queue: QueueEntry): JobRecord =>
      after(job('running'), [[0, { ...seen, queue }]]).record;
    expect(told(alive)).toMatchObject({ cause: { code: 'preempted' } });
    expect(told(waiting)).toMatchObject({ cause: { code: 'restarted' } });
  });

  it('waits while progress still arrives', () => {
    const { record } = after(job('running'), [
      [0, { queue: over(ended('node-failure')) }],
      [200, { queue: 'absent', progress: progress('running') }],
      [300, { queue: 'absent' }]
    ]);
    expect(record.state).toBe('running');
  });
});

it('goes forward only, whatever is seen', () => {
  const exits = [
    null,
    ...(['succeeded', 'failed', 'timed-out', 'cancelled'] as const).flatMap(state =>
      [null, ...CAUSES].map(cause => exit(state, cause))
    )
  ];
  const phases = [null, ...(['starting', 'running', 'finishing'] as const).map(progress)];
  for (const state of STATES) {
    for (const seenExit of exits) {
      for (const seenProgress of phases) {
        for (const queue of [alive, waiting, 'absent', 'unknown'] as const) {
          for (const absentSince of [null, NOON]) {
            const seen = { exit: seenExit, progress: seenProgress, started, queue };
            const { record, change } = next(job(state), seen, { absentSince });
            const step = `${state} to ${record.state}`;
            expect(change.state === undefined || mayFollow(state, change.state), step).toBe(true);
            expect(isTerminal(record.state), step).toBe(record.endedAt !== null);
            expect(record.queue === null || record.state === 'queued', step).toBe(true);
          }
        }
      }
    }
  }
});

it('what is missing after an environment line has failed is told with that line', () => {
  const missing = { code: 'environment', module: 'python', python: '/p', fix: '' } as const;
  const note = { code: 'environment-failed', line: 1, text: 'source /gone', status: 1 } as const;
  const failed = exit('failed', missing);
  const { record } = next(job('running'), { exit: { ...failed, notes: [note] } });
  expect(record.cause).toEqual({ ...missing, after: { line: 1, text: 'source /gone' } });
  expect(next(job('running'), { exit: failed }).record.cause).toEqual(missing);
  const other = exit('failed', { code: 'killed', signal: 9 });
  const killed = next(job('running'), { exit: { ...other, notes: [note] } });
  expect(killed.record.cause).toEqual(other.cause);
});
