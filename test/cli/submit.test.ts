import { mkdirSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import * as v from 'valibot';
import { afterEach, describe, expect, it } from 'vitest';
import { JobRecord } from '../../src/api/job';
import { Problem, type ProblemCode } from '../../src/api/problem';
import { SubmitRequest } from '../../src/api/routes';
import { NOON, finishedJob } from '../api/jobRecord';
import { makeTemp } from '../makeTemp';
import { pythonThat, run, start } from './command';
import { type Call, type FakeSidecar, fakeSidecar, newSocket } from './fakeSidecar';

const open: FakeSidecar[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map(sidecar => sidecar.close()));
});

async function sidecarThat(options: Parameters<typeof fakeSidecar>[0] = {}): Promise<FakeSidecar> {
  const sidecar = await fakeSidecar(options);
  open.push(sidecar);
  return sidecar;
}

/** The parts of a job that its end changes. */
function end(change: Partial<JobRecord> = {}): Partial<JobRecord> {
  const { state, endedAt, result, startedAt } = finishedJob();
  return { state, endedAt, result, startedAt, ...change };
}

const finishes = (id: string, sidecar: FakeSidecar): void => {
  void (async () => {
    while (sidecar.streams() === 0) {
      await sleep(5);
    }
    sidecar.change(id, { state: 'queued', submittedAt: NOON });
    // Two changes that read the same in words.
    sidecar.change(id, { state: 'starting', startedAt: NOON });
    sidecar.change(id, { progress: { engines: { ready: 0, wanted: 0 }, cell: null } });
    sidecar.change(id, {
      state: 'running',
      startedAt: NOON,
      progress: {
        engines: { ready: 4, wanted: 4 },
        cell: { index: 2, total: 9, startedAt: Date.now() / 1000 }
      }
    });
    sidecar.change(id, { contact: { seenAt: NOON, problem: null } });
    sidecar.change(id, { state: 'finishing' });
    sidecar.change(id, end());
  })();
};

function sent(sidecar: FakeSidecar): Call[] {
  return sidecar.calls.filter(({ method }) => method === 'PUT');
}

describe('jupyter submit NOTEBOOK', () => {
  it('says what it takes, submits, tells each change once, and where the result is', async () => {
    const sidecar = await sidecarThat({ onSubmit: finishes });
    const { exitCode, stderr, stdout } = await run(['analysis.ipynb', '--cores', '4'], sidecar);
    const id = sidecar.jobs[0]?.id ?? '';
    expect(stderr).toBe('');
    expect(exitCode).toBe(0);
    expect(stdout.replace(/[^,]* of 2 h$/m, ' TIME')).toBe(`~/work/analysis.ipynb on This machine
  4 engines, at most 2 h.
  Takes 2 files along, 12 MB:
    model.py        1.2 kB  imported
    data/größe.csv   12 MB  named in the notebook
  Not taken along: ../big.h5 (cell 3)
  Not looked into: raw
  Job ${id}
${id}  preparing
${id}  waiting
${id}  starting
${id}  cell 2 of 9, TIME
${id}  fetching results
✓ analysis ${id}  done in 41 s
  ~/work/analysis.k3v9x2ab.ipynb
`);
    expect(sidecar.asked()).toEqual([
      'POST /api/check',
      `PUT /api/jobs/${id}`,
      `GET /api/events?view=${id}`
    ]);
  });

  it('sends the form, the caller’s Python and variables, and nothing that Python handed down', async () => {
    const sidecar = await sidecarThat();
    const argv = ['a b.ipynb', '--cores', '8', '--time', '90m', '--file', '*.csv', '--file', 'x y'];
    const place = {
      ...sidecar,
      cwd: makeTemp(),
      python: '/opt/py',
      env: { KRB5CCNAME: 'FILE:/k', JUPYTERLAB_SUBMIT_CALLERS_NODE_OPTIONS: '--inspect' }
    };
    await run([...argv, '--no-find-files', '--allow-errors', '--detach'], place);
    const request = v.parse(SubmitRequest, sent(sidecar)[0]?.body);
    expect(request.form).toEqual({
      notebook: path.join(place.cwd, 'a b.ipynb'),
      cores: 8,
      time: '90m',
      files: ['*.csv', 'x y'],
      findFiles: false,
      allowErrors: true
    });
    const { environment, python } = request.caller;
    expect(python).toBe('/opt/py');
    expect(environment).toMatchObject({
      KRB5CCNAME: 'FILE:/k',
      HOME: '/home/ada',
      NODE_OPTIONS: '--inspect'
    });
    expect(Object.keys(environment).join()).not.toContain('JUPYTERLAB_SUBMIT');
  });

  it('leaves to the settings what the command line does not say', async () => {
    const sidecar = await sidecarThat();
    const settings = { defaults: { cores: 8 } };
    const env = { JUPYTERLAB_SUBMIT_SETTINGS: JSON.stringify(settings) };
    // It fits to the cores of the settings, and not to those that are built in.
    const argv = ['x.ipynb', '--cores-per-engine', '4', '--nodes', '2', '--detach'];
    const { exitCode } = await run(argv, { ...sidecar, cwd: '/', env });
    expect(exitCode).toBe(0);
    const { caller, form } = v.parse(SubmitRequest, sent(sidecar)[0]?.body);
    expect(form).toEqual({ notebook: '/x.ipynb', coresPerEngine: 4, nodes: 2 });
    expect(caller.settings).toEqual(settings);
    expect(JSON.stringify(caller.environment)).not.toContain('SETTINGS');
  });

  it.each([undefined, '', '{"clusters":'])('has no settings when it is given %j', async text => {
    const sidecar = await sidecarThat();
    const env = text === undefined ? {} : { JUPYTERLAB_SUBMIT_SETTINGS: text };
    await run(['x.ipynb', '--detach'], { ...sidecar, env });
    expect(v.parse(SubmitRequest, sent(sidecar)[0]?.body).caller).not.toHaveProperty('settings');
  });

  it('starts at the folder that the person sees, symbolic links and all', async () => {
    const sidecar = await sidecarThat();
    const folder = makeTemp();
    mkdirSync(path.join(folder, 'real'));
    symlinkSync('real', path.join(folder, 'seen'));
    const place = { ...sidecar, cwd: path.join(folder, 'real') };
    const form = (): unknown => v.parse(SubmitRequest, sent(sidecar).at(-1)?.body).form;
    await run(['x.ipynb', '--detach'], { ...place, env: { PWD: path.join(folder, 'seen') } });
    expect(form()).toMatchObject({ notebook: path.join(folder, 'seen/x.ipynb') });
    await run(['x.ipynb', '--detach'], { ...place, env: { PWD: '/usr' } });
    expect(form()).toMatchObject({ notebook: path.join(folder, 'real/x.ipynb') });
  });

  it('prints one record a line with --json, each once, and nothing else', async () => {
    const sidecar = await sidecarThat({ onSubmit: finishes });
    const { exitCode, stderr, stdout } = await run(['x.ipynb', '--json'], sidecar);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    const lines = stdout.trimEnd().split('\n');
    const states = lines.map(line => v.parse(JobRecord, JSON.parse(line)).state);
    expect(states).toEqual([
      'preparing',
      'queued',
      'starting',
      'starting',
      'running',
      'running',
      'finishing',
      'succeeded'
    ]);
    expect(new Set(lines).size).toBe(lines.length);
    expect(sidecar.asked()).not.toContain('POST /api/check');
  });

  it.each<[number, Partial<JobRecord>, string]>([
    [
      1,
      {
        state: 'failed',
        cause: { code: 'cell-error', cell: 3, ename: 'ValueError', evalue: 'no\u001b[31m' }
      },
      'Cell 3 failed: ValueError: no\n'
    ],
    [
      1,
      { state: 'timed-out', cause: { code: 'time-limit', cell: 9 } },
      'The time limit was reached in cell 9.'
    ],
    [
      1,
      { state: 'cancelled', cause: { code: 'cancelled', by: 'cluster' } },
      'cancelled on the cluster'
    ],
    [1, { state: 'lost', cause: { code: 'no-word' } }, 'outcome unknown'],
    [3, { state: 'failed', cause: { code: 'not-sent', text: 'No space left' } }, 'No space left'],
    [
      3,
      { state: 'failed', cause: { code: 'refused', reason: null, text: 'sbatch: invalid' } },
      'sbatch: invalid'
    ]
  ])('ends with %d for %j', async (expected, change, words) => {
    const onSubmit = (id: string, sidecar: FakeSidecar): void => sidecar.change(id, end(change));
    const { exitCode, stdout } = await run(['x.ipynb'], await sidecarThat({ onSubmit }));
    expect(exitCode).toBe(expected);
    expect(stdout).toContain(words);
  });

  it('says where a result is kept, why, and how to get it', async () => {
    const onSubmit = (id: string, sidecar: FakeSidecar): void =>
      sidecar.change(
        id,
        end({
          result: {
            ...finishedJob().result,
            place: 'kept',
            notebook: null,
            problem: { code: 'folder-read-only', values: { folder: '/home/ada/work' } }
          }
        })
      );
    const { exitCode, stdout } = await run(['x.ipynb'], await sidecarThat({ onSubmit }));
    expect(exitCode).toBe(0);
    expect(stdout).toContain(
      'kept in ~/.jupyterlab-submit/k3v9x2ab, because: Nothing can be written'
    );
    expect(stdout).toMatch(/Fetch: jupyter submit fetch \w{8} \[--to FOLDER\]/);
  });
});

describe('what cannot be submitted', () => {
  it.each<[string[], string]>([
    [[], 'Usage:'],
    [['lst'], '"lst" is neither a notebook nor a command'],
    [['x.ipynb', '--time', '90'], '--time: "90" has no unit'],
    [['x.ipynb', '--cores', 'four'], '--cores: must be a whole number'],
    [['x.ipynb', '--cores', '-1'], '--cores: must be at least 1'],
    [['x.ipynb', '--cores', '3', '--cores-per-engine', '2'], '3 cores cannot be shared out'],
    [['x.ipynb', '--file', 'a', '--file', '../b'], '--file (number 2): leads out'],
    [['x.ipynb', '--queue', 'a;b', '--email', 'x'], '2 fields are not right.'],
    [['x.ipynb', '--bogus'], "unknown option '--bogus'"],
    [['x.ipynb', 'y.ipynb'], 'too many arguments'],
    [['x.ipynb', '--cores'], 'argument missing']
  ])('%j ends with 2, and nobody is asked', async (argv, words) => {
    const sidecar = await sidecarThat();
    const { exitCode, stderr, stdout } = await run(argv, sidecar);
    expect(exitCode).toBe(2);
    expect(stderr).toContain(words);
    expect(stdout).toBe('');
    expect(sidecar.calls).toEqual([]);
  });

  it.each<[number, ProblemCode]>([
    [2, 'invalid-fields'],
    [2, 'unknown-cluster'],
    [2, 'cluster-settings'],
    [2, 'settings-invalid'],
    [2, 'no-scheduler'],
    [2, 'several-schedulers'],
    [2, 'notebook-missing'],
    [2, 'notebook-invalid'],
    [2, 'files-missing'],
    [3, 'internal'],
    [3, 'cluster-unreachable'],
    [3, 'invalid-request']
  ])('ends with %d when the sidecar refuses for %s', async (expected, code) => {
    for (const refused of ['POST', 'PUT']) {
      const sidecar = await sidecarThat({
        reply: ({ method }) => (method === refused ? { problem: { code, values: {} } } : undefined)
      });
      const { exitCode, stderr } = await run(['x.ipynb'], sidecar);
      expect(exitCode).toBe(expected);
      expect(stderr).toMatch(/^jupyter submit: .+\n/);
    }
  });

  it('says what is wrong in the settings, and where they are', async () => {
    const fields = [{ field: 'defaults.time', code: 'time-format', values: { given: '90' } }];
    const problem = v.parse(Problem, {
      code: 'cluster-settings',
      values: { cluster: 'HPC' },
      fields
    });
    const sidecar = await sidecarThat({ reply: () => ({ problem }) });
    const { exitCode, stderr } = await run(['x.ipynb', '--cluster', 'hpc'], sidecar);
    expect(exitCode).toBe(2);
    expect(stderr).toContain('jupyter submit: The settings of the cluster HPC are not right.\n');
    expect(stderr).toContain('  Default of Time: "90" has no unit');
    expect(stderr).toContain('jupyterlab-submit/plugin.jupyterlab-settings');
  });

  it('ends with 3, in Python’s words, when the sidecar cannot be started', async () => {
    const python = pythonThat('echo "Node.js is missing. Install it." >&2', 'exit 1');
    const { exitCode, stderr } = await run(['x.ipynb'], { socket: newSocket(), python });
    expect(exitCode).toBe(3);
    expect(stderr).toContain('does not answer');
    expect(stderr).toContain('Node.js is missing. Install it.');
  });
});

describe('--dry-run', () => {
  it('shows everything and submits nothing', async () => {
    const sidecar = await sidecarThat();
    const { exitCode, stdout } = await run(['x.ipynb', '--dry-run'], sidecar);
    expect(exitCode).toBe(0);
    expect(stdout).toContain('4 engines, at most 2 h.');
    expect(stdout).toContain('Not taken along: ../big.h5');
    expect(stdout).toContain('#!/usr/bin/env bash\necho "the whole script"\n');
    expect(sidecar.asked()).toEqual(['POST /api/check']);
  });

  it('prints the whole answer with --json', async () => {
    const { stdout } = await run(['x.ipynb', '--dry-run', '--json'], await sidecarThat());
    expect(JSON.parse(stdout)).toMatchObject({ engines: 4, files: [{ path: 'model.py' }, {}] });
  });
});

describe('--detach', () => {
  it('says how to hear more, and leaves', async () => {
    const sidecar = await sidecarThat();
    const { exitCode, stdout } = await run(['x.ipynb', '--detach'], sidecar);
    expect(exitCode).toBe(0);
    expect(stdout).toContain(`jupyter submit show ${sidecar.jobs[0]?.id} --follow`);
    expect(sidecar.streams()).toBe(0);
  });

  it('prints the record with --json', async () => {
    const sidecar = await sidecarThat();
    const { stdout } = await run(['x.ipynb', '--detach', '--json'], sidecar);
    expect(v.parse(JobRecord, JSON.parse(stdout)).id).toBe(sidecar.jobs[0]?.id);
  });
});

describe('faults', () => {
  it('asks again with the same id when the connection breaks, so that there is one job', async () => {
    let puts = 0;
    const sidecar = await sidecarThat({
      reply: ({ method }) => (method === 'PUT' && (puts += 1) === 1 ? 'cut' : undefined)
    });
    const { exitCode } = await run(['x.ipynb', '--detach'], sidecar);
    expect(exitCode).toBe(0);
    expect(new Set(sent(sidecar).map(call => call.path)).size).toBe(1);
    expect(sent(sidecar)).toHaveLength(2);
  });

  it('gives up after a few attempts, and says so', async () => {
    const sidecar = await sidecarThat({ reply: () => 'cut' });
    const { exitCode, stderr } = await run(['x.ipynb'], sidecar);
    expect(exitCode).toBe(3);
    expect(stderr).toContain('does not answer');
    expect(sidecar.calls.length).toBeLessThan(10);
  });

  it('opens a stream again that broke, and misses nothing', async () => {
    const sidecar = await sidecarThat();
    const command = await start(['x.ipynb'], sidecar);
    await command.says('preparing');
    const id = sidecar.jobs[0]?.id ?? '';
    await until(() => sidecar.streams() === 1);
    sidecar.cutStreams();
    sidecar.change(id, { state: 'queued' });
    await command.says('waiting');
    sidecar.change(id, end());
    expect(await command.ended).toMatchObject({ exitCode: 0, stderr: '' });
  });

  it('has Python start a sidecar that has gone, and goes on with that', async () => {
    const first = await sidecarThat();
    const socket = newSocket();
    const python = pythonThat(
      '[ "$*" = "-m jupyterlab_submit.sidecar" ] || exit 9',
      `echo ${socket}`
    );
    const command = await start(['x.ipynb'], { ...first, python });
    await command.says('preparing');
    const { jobs } = first;
    const second = await sidecarThat({ jobs, socket });
    await first.close();
    await until(() => second.streams() === 1);
    second.change(jobs[0]?.id ?? '', end());
    expect(await command.ended).toMatchObject({ exitCode: 0, stderr: '' });
  });

  it('waits for a sidecar that takes its time', async () => {
    const sidecar = await sidecarThat({
      reply: async ({ method }) => void (method === 'PUT' && (await sleep(1500)))
    });
    expect(await run(['x.ipynb', '--detach'], sidecar)).toMatchObject({ exitCode: 0, stderr: '' });
    expect(sent(sidecar)).toHaveLength(1);
  });

  it('says so when somebody removes the job meanwhile', async () => {
    const sidecar = await sidecarThat();
    const command = await start(['x.ipynb'], sidecar);
    await command.says('preparing');
    await until(() => sidecar.streams() === 1);
    sidecar.jobs = [];
    sidecar.cutStreams();
    const { exitCode, stderr } = await command.ended;
    expect(exitCode).toBe(1);
    expect(stderr).toContain('There is no job');
  });
});

describe('Ctrl-C and broken pipes', () => {
  it('leaves the job running, and says how to follow it', async () => {
    const sidecar = await sidecarThat();
    const command = await start(['x.ipynb'], sidecar);
    await command.says('preparing');
    await until(() => sidecar.streams() === 1);
    command.process.kill('SIGINT');
    const { exitCode, stderr } = await command.ended;
    const id = sidecar.jobs[0]?.id ?? '';
    expect(exitCode).toBe(130);
    expect(stderr).toContain(`${id} goes on running.`);
    expect(stderr).toContain(`jupyter submit show ${id} --follow`);
    expect(sidecar.asked().filter(call => call.includes('cancel'))).toEqual([]);
  });

  it('says whether anything was submitted when it comes early', async () => {
    for (const [stuck, words] of [
      ['POST', 'Nothing was submitted'],
      ['PUT', 'was being handed over']
    ] as const) {
      const sidecar = await sidecarThat({
        reply: async ({ method }) => void (method === stuck && (await sleep(3000)))
      });
      const command = await start(['x.ipynb'], sidecar);
      await until(() => sidecar.calls.some(({ method }) => method === stuck));
      command.process.kill('SIGINT');
      const { exitCode, stderr } = await command.ended;
      expect(exitCode).toBe(130);
      expect(stderr).toContain(words);
    }
  });

  it('ends quietly when nobody reads any more', async () => {
    const sidecar = await sidecarThat();
    const command = await start(['x.ipynb'], sidecar);
    await command.says('preparing');
    await until(() => sidecar.streams() === 1);
    command.process.stdout.destroy();
    sidecar.change(sidecar.jobs[0]?.id ?? '', { state: 'queued' });
    expect(await command.ended).toMatchObject({ exitCode: 141, stderr: '' });
  });
});

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) {
    await sleep(5);
  }
}
