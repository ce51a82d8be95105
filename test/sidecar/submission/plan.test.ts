import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { beforeEach, describe, expect, test } from 'vitest';
import type { ProblemError } from '../../../src/api/problem';
import { local } from '../../../src/sidecar/remote/local';
import type { Remote } from '../../../src/sidecar/remote/remote';
import { type Plan, planJob, scriptOf } from '../../../src/sidecar/submission/plan';
import { type Workbench, NOTEBOOK, makeWorkbench, planFor } from '../workbench';

let bench: Workbench;
beforeEach(() => {
  bench = makeWorkbench();
});

function write(name: string, text: string): void {
  writeFileSync(path.join(bench.project, name), text);
}

function withCells(...sources: string[]): string {
  return JSON.stringify({
    cells: sources.map(source => ({ cell_type: 'code', metadata: {}, outputs: [], source })),
    metadata: {},
    nbformat: 4,
    nbformat_minor: 5
  });
}

/** A host with nothing but bash, and programs that do this. */
function withoutSlurm(programs: Record<string, string> = {}): Remote {
  const folder = path.join(bench.home, 'bin');
  mkdirSync(folder);
  symlinkSync('/bin/bash', path.join(folder, 'bash'));
  for (const [name, text] of Object.entries(programs)) {
    writeFileSync(path.join(folder, name), `#!/bin/bash\n${text}\n`, { mode: 0o755 });
  }
  const environment = { PATH: folder, HOME: '/home/there/' };
  return { ...local, run: command => local.run({ ...command, environment }) };
}

/** The problem that a form meets. */
function problemOf(form: Parameters<typeof planFor>[1]): Promise<unknown> {
  return planFor(bench, form).then(
    () => 'no problem',
    (error: ProblemError) => error.problem
  );
}

test('a notebook without engines has all cores for its threads, and no engines in its spec', async () => {
  const plan = await planFor(bench, { cores: 4 });
  expect([plan.engines, plan.spec.engines]).toEqual([0, 0]);
  expect(plan.script).toContain('OMP_NUM_THREADS=4 ');
  write('nb.ipynb', withCells('%%px\n1'));
  const parallel = await planFor(bench, { cores: 4 });
  expect([parallel.engines, parallel.spec.engines]).toEqual([4, 4]);
  expect(parallel.script).toContain('OMP_NUM_THREADS=1 ');
});

test('a number of engines in the notebook that the job has not is noted before it is sent', async () => {
  write(
    'nb.ipynb',
    withCells('import ipyparallel as ipp\nrc = ipp.Cluster(n=4).start_and_connect_sync()')
  );
  expect((await planFor(bench, { cores: 4 })).notes).toEqual([]);
  const note = { code: 'too-few-engines', asked: 4, engines: 2 };
  expect((await planFor(bench, { cores: 2 })).notes).toEqual([note]);
  expect((await planFor(bench, { cores: 2, startEngines: 'never' })).notes).toEqual([]);
});

test('engines are MPI ranks where the notebook uses both, by itself or in a module of its own', async () => {
  write('solver.py', 'from mpi4py import MPI');
  write('nb.ipynb', withCells('import ipyparallel', '%%px\nimport solver'));
  expect(await planFor(bench, { cores: 4 })).toMatchObject({ engines: 4, mpi: true });
  write('nb.ipynb', withCells('import ipyparallel'));
  expect(await planFor(bench, { cores: 4 })).toMatchObject({ engines: 4, mpi: false });
  write('nb.ipynb', withCells('import solver'));
  expect(await planFor(bench, { cores: 4 })).toMatchObject({ engines: 0, mpi: false });
});

test('a plan says everything that submitting would do', async () => {
  write(
    'nb.ipynb',
    withCells('import helper\nopen("in.csv")\nopen("../up.csv")', 'import ipyparallel')
  );
  write('helper.py', 'x = 1');
  write('in.csv', '1,2');
  write('more.dat', '12345');
  writeFileSync(path.join(bench.home, 'up.csv'), '');
  const plan = await planFor(bench, { cores: 4, files: ['*.dat'] });
  expect(plan).toMatchObject({
    engines: 4,
    files: [
      { path: 'helper.py', bytes: 5, why: 'import' },
      { path: 'in.csv', bytes: 3, why: 'literal' },
      { path: 'more.dat', bytes: 5, why: 'asked' }
    ],
    notTaken: [{ literal: '../up.csv', cell: 1 }],
    spec: { cores: 4, timeSeconds: 600, name: 'nb' },
    cluster: { name: 'local', baseFolder: `${bench.home}/.jupyterlab-submit` }
  });
  expect(plan.script).toBe(scriptOf('job00000', plan.spec, plan.cluster));
  expect((await planFor(bench, { findFiles: false })).files).toEqual([]);
  expect((await planFor(bench, { exclude: ['*.csv'] })).files).toMatchObject([
    { path: 'helper.py' }
  ]);
});

test.each([
  ['auto', 0, 2],
  ['always', 2, 2],
  ['never', 0, 0]
] as const)(
  'engines %s: %d where no ipyparallel is seen, %d where it is',
  async (startEngines, unseen, seen) => {
    write('nb.ipynb', withCells('import mylib'));
    expect((await planFor(bench, { cores: 2, startEngines })).engines).toBe(unseen);
    write('nb.ipynb', withCells('%%px\n1'));
    expect((await planFor(bench, { cores: 2, startEngines })).engines).toBe(seen);
  }
);

test.each([
  ['auto', false, true],
  ['on', true, true],
  ['off', false, false]
] as const)('MPI %s: %s where none is seen, %s where it is', async (mpi, unseen, seen) => {
  write('nb.ipynb', withCells('%%px\n1'));
  expect((await planFor(bench, { cores: 2, mpi })).mpi).toBe(unseen);
  write('nb.ipynb', withCells('%%px\nimport mpi4py'));
  expect((await planFor(bench, { cores: 2, mpi })).mpi).toBe(seen);
});

describe('links to folders are followed where the person asks for files', () => {
  beforeEach(() => {
    const big = path.join(bench.home, 'big');
    mkdirSync(path.join(big, 'deep'), { recursive: true });
    writeFileSync(path.join(big, 'a.csv'), '1');
    writeFileSync(path.join(big, 'deep/b.csv'), '2');
    symlinkSync(big, path.join(bench.project, 'data'));
    // Ways that lead back: a walk would never end.
    symlinkSync(bench.project, path.join(big, 'back'));
    symlinkSync('..', path.join(big, 'deep/up'));
    symlinkSync('nowhere', path.join(bench.project, 'gone'));
  });

  test.each<[string, string[]]>([
    ['data', ['data/a.csv', 'data/deep/b.csv']],
    ['data/', ['data/a.csv', 'data/deep/b.csv']],
    ['data/*.csv', ['data/a.csv']],
    ['b.csv', ['data/deep/b.csv']]
  ])('--file %s', async (pattern, files) => {
    const plan = await planFor(bench, { files: [pattern] });
    expect(plan.files.map(file => file.path)).toEqual(files);
  });

  test('as they are for what the code names', async () => {
    write('nb.ipynb', withCells('open("data")'));
    expect((await planFor(bench, {})).files.map(file => file.path)).toEqual([
      'data/a.csv',
      'data/deep/b.csv'
    ]);
  });

  test.each(['gone', 'data/back', 'nothing/'])('nothing is promised for %s', async pattern => {
    expect(await problemOf({ files: [pattern] })).toMatchObject({ code: 'files-missing' });
  });
});

test('a folder beside the notebook’s own is there for what is written in it', async () => {
  mkdirSync(path.join(bench.home, 'figures'));
  write('nb.ipynb', withCells('open("../figures/plot.png", "w")'));
  const plan = await planFor(bench, {});
  expect([plan.folders, plan.notTaken]).toEqual([['../figures'], []]);
});

test('a file of this machine is where it is for a job on this machine', async () => {
  const file = path.join(bench.home, 'up.csv');
  writeFileSync(file, '');
  write('nb.ipynb', withCells(`open(${JSON.stringify(file)})`));
  expect((await planFor(bench, {})).notTaken).toEqual([]);
});

test.each([
  [{ queue: 'long' }, 'queue', 'unsupported'],
  [{ memoryPerCore: '4G' }, 'memoryPerCore', 'unsupported'],
  [{ directives: ['#SBATCH x'] }, 'directives', 'unsupported'],
  [{ files: ['../secret', '*.dat'] }, 'files.0', 'pattern-outside'],
  [{ exclude: ['a', '!'] }, 'exclude.1', 'pattern-empty'],
  [{ cores: 0 }, 'cores', 'minimum'],
  [{ cores: 5, coresPerEngine: 2 }, 'cores', 'not-divisible'],
  [{ time: '10' }, 'time', 'time-format'],
  [{ notebook: 'nb.ipynb' }, 'notebook', 'absolute-path']
])('%j is wrong in one field', async (form, field, code) => {
  expect(await problemOf(form)).toMatchObject({
    code: 'invalid-fields',
    fields: [{ field, code }]
  });
});

test('fields that are given and empty are not refused', async () => {
  const empty = { queue: '', directives: [], nodes: undefined } as object;
  expect((await planFor(bench, empty)).spec.queue).toBeUndefined();
});

test('a cluster that nobody knows is named', async () => {
  expect(await problemOf({ cluster: 'hpc' })).toMatchObject({
    code: 'unknown-cluster',
    values: { cluster: 'hpc' }
  });
});

describe('settings', () => {
  const notebook = (): string => path.join(bench.project, 'nb.ipynb');

  /** What is planned for a form that says nothing but what a test fills in, under these settings. */
  function planWith(settings: unknown, form: object = {}): Promise<Plan> {
    return planJob(
      {
        form: { notebook: notebook(), ...form },
        caller: { python: '/usr/bin/env', settings }
      },
      bench.context
    );
  }

  function refusal(settings: unknown, form: object = {}): Promise<unknown> {
    return planWith(settings, form).then(
      () => 'no problem',
      (error: ProblemError) => error.problem
    );
  }

  const FAST = { name: 'fast', baseFolder: '~/fast', defaults: { time: '2h', allowErrors: true } };

  test('without any, a notebook alone can be submitted', async () => {
    expect((await planWith(undefined)).spec).toMatchObject({ cores: 2, timeSeconds: 3600 });
  });

  test('the form counts first, then the cluster, then all clusters, then what is built in', async () => {
    const settings = { clusters: [FAST], defaults: { time: '3h', files: ['*.dat'] } };
    write('more.dat', '12345');
    const { spec, files } = await planWith(settings, { cluster: 'fast', time: '', files: [] });
    expect(spec).toMatchObject({ cores: 2, timeSeconds: 7200, allowErrors: true });
    expect(files).toMatchObject([{ path: 'more.dat', why: 'asked' }]);
    const asked = await planWith(settings, { cluster: 'fast', time: '5m', allowErrors: false });
    expect(asked.spec).toMatchObject({ timeSeconds: 300, allowErrors: false });
    expect((await planWith(settings)).spec).toMatchObject({
      cluster: 'local',
      timeSeconds: 10_800
    });
  });

  test.each([
    [{ nodes: 2 }, ['nodes']],
    [{ nodes: 2, enginesPerNode: 2 }, ['nodes', 'enginesPerNode']]
  ])('what asks for engines is refused where none start: %j', async (form, names) => {
    const settings = { clusters: [{ name: 'hpc', scheduler: 'slurm' }] };
    const fields = names.map(field => ({ field, code: 'no-engines', values: {} }));
    await expect(planWith(settings, { cluster: 'hpc', cores: 4, ...form })).rejects.toMatchObject({
      problem: { code: 'invalid-fields', fields }
    });
    const one = await planWith(settings, { cluster: 'hpc', cores: 4, nodes: 1 });
    expect(one.spec).toMatchObject({ engines: 0 });
  });

  test('ranks do not go on without one of them, which is said before they are sent', async () => {
    const fields = [{ field: 'allowLostEngines', code: 'mpi-ranks', values: {} }];
    const refused = { problem: { code: 'invalid-fields', fields } };
    write('nb.ipynb', withCells('import ipyparallel', '%%px\nfrom mpi4py import MPI'));
    await expect(planFor(bench, { allowLostEngines: true })).rejects.toMatchObject(refused);
    const off = await planFor(bench, { allowLostEngines: true, mpi: 'off' });
    expect(off).toMatchObject({ mpi: false, spec: { allowLostEngines: true } });
    write('nb.ipynb', withCells('import ipyparallel'));
    await expect(planFor(bench, { allowLostEngines: true, mpi: 'on' })).rejects.toMatchObject(
      refused
    );
  });

  test('a job keeps its cluster as the settings had it', async () => {
    const python = '/opt/py';
    const environment = ['module load gcc'];
    const plan = await planWith(
      { clusters: [{ ...FAST, python, environment }] },
      { cluster: 'fast' }
    );
    expect(plan.cluster).toEqual({
      name: 'fast',
      title: 'fast',
      jobsAtOnce: null,
      host: null,
      transport: 'auto',
      transferHost: null,
      scheduler: 'local',
      baseFolder: `${bench.home}/fast`,
      python,
      kernel: 'environment',
      environment,
      keepDays: 30,
      forkEngines: true,
      gpuOption: 'gpus-per-node',
      queueSeconds: 0,
      variables: {}
    });
    expect(plan.script).toContain('module load gcc');
    expect(plan.script).toContain(`cd ${bench.home}/fast/job00000`);
  });

  test('defaults for all clusters that mean nothing to one are left out there', async () => {
    const settings = { defaults: { queue: 'long', memoryPerCore: '4G', cores: 3 } };
    const { spec } = await planWith(settings);
    expect(spec.cores).toBe(3);
    expect(spec).not.toHaveProperty('queue');
    expect(await refusal(settings, { queue: 'long' })).toMatchObject({
      code: 'invalid-fields',
      fields: [{ field: 'queue', code: 'unsupported' }]
    });
  });

  test('defaults are checked together with the form', async () => {
    const settings = { defaults: { coresPerEngine: 4 } };
    expect(await refusal(settings, { cores: 6 })).toMatchObject({
      code: 'invalid-fields',
      fields: [{ field: 'cores', code: 'not-divisible' }]
    });
    expect((await planWith(settings, { cores: 8 })).spec.coresPerEngine).toBe(4);
  });

  test.each([
    [{ clusters: [{ name: 'fast', python: 'p' }] }, 'cluster-settings', 'python'],
    [
      { clusters: [{ name: 'fast', defaults: { time: '9' } }] },
      'cluster-settings',
      'defaults.time'
    ],
    [
      { clusters: [{ name: 'fast', defaults: { queue: 'q' } }] },
      'cluster-settings',
      'defaults.queue'
    ],
    [{ clusters: [{ name: 'local' }] }, 'settings-invalid', 'clusters.0.name'],
    [{ clusters: [{ name: 'fast' }], defaults: { time: '9' } }, 'settings-invalid', 'defaults.time']
  ])('%j are refused as %s, with the field %s', async (settings, code, field) => {
    expect(await refusal(settings, { cluster: 'fast' })).toMatchObject({
      code,
      fields: [{ field }]
    });
  });

  test('what is wrong elsewhere in the settings stands in nobody’s way', async () => {
    const settings = {
      clusters: [{ name: 'bad', python: 'p' }, FAST, { title: 'no name' }],
      defaults: { time: '90', queue: 7 }
    };
    expect((await planWith(settings, { cluster: 'fast' })).spec.timeSeconds).toBe(7200);
    expect((await planWith(settings, { time: '10m' })).spec.timeSeconds).toBe(600);
    expect(await refusal(settings)).toMatchObject({
      code: 'settings-invalid',
      fields: [{ field: 'defaults.time' }]
    });
  });

  test('a cluster on a host without a batch system cannot be used', async () => {
    bench = makeWorkbench({ remote: withoutSlurm() });
    const settings = { clusters: [{ name: 'hpc', title: 'HPC', host: 'login.hpc' }] };
    expect(await refusal(settings, { cluster: 'hpc' })).toMatchObject({
      code: 'no-scheduler',
      values: { cluster: 'HPC', programs: 'sbatch, qsub, bsub' }
    });
  });

  test('a host with several batch systems asks for which of them jobs are', async () => {
    const programs = {
      sbatch: '',
      bsub: 'echo "IBM Spectrum LSF Standard 10.1.0.14"',
      timeout: 'shift; exec "$@"',
      head: 'while read -r line; do echo "$line"; done'
    };
    bench = makeWorkbench({ remote: withoutSlurm(programs) });
    const hpc = { name: 'hpc', title: 'HPC', host: 'login.hpc' };
    expect(await refusal({ clusters: [hpc] }, { cluster: 'hpc' })).toMatchObject({
      code: 'several-schedulers',
      values: { cluster: 'HPC', schedulers: 'Slurm, LSF', names: 'slurm, lsf' }
    });
    const settings = { clusters: [{ ...hpc, scheduler: 'lsf' }] };
    expect((await planWith(settings, { cluster: 'hpc' })).cluster.scheduler).toBe('lsf');
  });

  test('a host that has no batch system, and needs none, runs jobs by itself', async () => {
    bench = makeWorkbench({ remote: withoutSlurm() });
    const settings = { clusters: [{ name: 'desk', host: 'desk', scheduler: 'local' }] };
    expect((await planWith(settings, { cluster: 'desk' })).cluster).toEqual({
      name: 'desk',
      title: 'desk',
      jobsAtOnce: null,
      host: 'desk',
      transport: 'auto',
      transferHost: null,
      scheduler: 'local',
      baseFolder: '/home/there/.jupyterlab-submit',
      python: null,
      kernel: 'environment',
      environment: [],
      keepDays: 30,
      forkEngines: true,
      gpuOption: 'gpus-per-node',
      queueSeconds: 0,
      variables: {}
    });
  });

  test('a cluster that is not in settings that cannot be read is not called unknown', async () => {
    const settings = { unreadable: 'line 3: Expecting value' };
    expect(await refusal(settings, { cluster: 'hpc' })).toMatchObject({
      code: 'settings-invalid',
      details: { output: 'line 3: Expecting value' }
    });
    expect((await planWith(settings)).cluster.name).toBe('local');
    expect(await refusal({ defaults: { time: '9' } }, { cluster: 'hpc' })).toMatchObject({
      code: 'unknown-cluster'
    });
  });
});

test.each([
  ['missing', 'notebook-missing', () => rmSync(path.join(bench.project, 'nb.ipynb'))],
  ['not JSON', 'notebook-invalid', () => write('nb.ipynb', '{"cells": [')],
  ['empty', 'notebook-invalid', () => write('nb.ipynb', '')],
  [
    'not UTF-8',
    'notebook-invalid',
    () =>
      writeFileSync(path.join(bench.project, 'nb.ipynb'), Buffer.from(withCells('"ü"'), 'latin1'))
  ],
  [
    'too large for any text',
    'notebook-invalid',
    () => truncateSync(path.join(bench.project, 'nb.ipynb'), 2 ** 40)
  ],
  ['no notebook', 'notebook-invalid', () => write('nb.ipynb', '[1, 2]')],
  [
    'a folder',
    'notebook-no-file',
    () => {
      rmSync(path.join(bench.project, 'nb.ipynb'));
      mkdirSync(path.join(bench.project, 'nb.ipynb'));
    }
  ],
  [
    'a pipe',
    'notebook-no-file',
    () => {
      rmSync(path.join(bench.project, 'nb.ipynb'));
      execFileSync('mkfifo', [path.join(bench.project, 'nb.ipynb')]);
    }
  ],
  [
    'a device without an end',
    'notebook-no-file',
    () => {
      rmSync(path.join(bench.project, 'nb.ipynb'));
      symlinkSync('/dev/zero', path.join(bench.project, 'nb.ipynb'));
    }
  ]
])('a notebook that is %s is the problem %s', async (_, code, spoil) => {
  spoil();
  expect(await problemOf({})).toMatchObject({
    code,
    values: { notebook: path.join(bench.project, 'nb.ipynb') }
  });
});

test('half of a character is refused with the cell that has it', async () => {
  write('nb.ipynb', withCells('1', 'x').replace('"x"', String.raw`"print('\ud800')"`));
  expect(await problemOf({})).toMatchObject({
    code: 'notebook-invalid',
    values: { why: 'half-character', cell: 2 }
  });
});

test('a notebook that is just being saved is read when it is whole', async () => {
  const whole = withCells('import ipyparallel');
  write('nb.ipynb', whole.slice(0, 20));
  const planned = planFor(bench, { cores: 2 });
  await sleep(50);
  write('nb.ipynb', whole);
  expect(await planned).toMatchObject({ notebook: whole, engines: 2 });
});

test('patterns that match no file are named, all at once', async () => {
  write('there.txt', '');
  expect(await problemOf({ files: ['*.csv', 'there.txt', 'no/such/'] })).toMatchObject({
    code: 'files-missing',
    values: { patterns: '*.csv, no/such/' }
  });
});

test('links that lead to folders, or nowhere, are no files to take along', async () => {
  write('there.txt', '');
  symlinkSync('there.txt', path.join(bench.project, 'link.txt'));
  symlinkSync('..', path.join(bench.project, 'up'));
  symlinkSync('nowhere', path.join(bench.project, 'broken'));
  expect((await planFor(bench, { files: ['*'] })).files.map(file => file.path)).toEqual([
    'link.txt',
    'there.txt'
  ]);
});

test('a notebook that is named in a roundabout way is staged under its own name', async () => {
  const { project } = bench;
  const plan = await planJob(
    {
      form: { notebook: `${project}/../project//./nb.ipynb`, cores: 1, time: '10m' },
      caller: { python: '/usr/bin/env' }
    },
    bench.context,
    { id: 'k3v9x2ab' }
  );
  expect(plan.notebook).toBe(NOTEBOOK);
  expect(plan.script).not.toContain('..');
});

test('a folder for results is looked at before anything is sent, with where the settings have it', async () => {
  const { project, home } = bench;
  for (const resultsFolder of ['.', 'results/2026', '~/far', `${home}/elsewhere`]) {
    expect((await planFor(bench, { resultsFolder })).spec).toMatchObject({ resultsFolder });
  }
  write('taken', 'a file');
  expect(await problemOf({ resultsFolder: 'taken/results' })).toMatchObject({
    code: 'invalid-fields',
    fields: [
      { field: 'resultsFolder', code: 'no-folder', values: { folder: path.join(project, 'taken') } }
    ]
  });
  await expect(
    planFor(bench, {}, { defaults: { resultsFolder: '/proc/self/results' } })
  ).rejects.toMatchObject({
    problem: { fields: [{ field: 'resultsFolder', code: 'read-only' }] }
  });
});

test('a form that is no form is refused', async () => {
  for (const form of [null, 'text', [], 7, { notebook: 5 }]) {
    await expect(
      planJob({ form, caller: { python: '/usr/bin/env' } }, bench.context)
    ).rejects.toMatchObject({
      problem: { code: 'invalid-fields' }
    });
  }
  await expect(
    planJob(
      {
        form: { notebook: '/a/b.ipynb', cores: 1, time: '1h' },
        caller: { python: 'relative' }
      },
      bench.context
    )
  ).rejects.toMatchObject({ problem: { code: 'invalid-fields', fields: [{ field: 'python' }] } });
});

describe('what a site wants', () => {
  const EXAMPLE = {
    name: 'example',
    title: 'Example',
    fields: {
      account: { required: true, note: 'your project' },
      memoryPerCore: { refused: 'all of it is yours' },
      qos: { default: 'normal', locked: true },
      launcher: { default: 'ibrun' }
    },
    nodes: { required: true, whole: true, cores: { skx: 48 } },
    refusedOptions: { mem: 'all of it is yours' }
  };
  const settings = {
    clusters: [{ name: 'hpc', scheduler: 'slurm', profile: 'example' }],
    sites: [EXAMPLE]
  };
  const form = { cluster: 'hpc', cores: 96, account: 'phys', queue: 'skx' };

  beforeEach(() => write('nb.ipynb', withCells('%%px\n1')));

  test('nodes are filled in from the engines, memory is left out, and whole nodes are said', async () => {
    const plan = await planFor(bench, form, settings);
    expect(plan).toMatchObject({
      profile: 'Example',
      spec: { nodes: 2, qos: 'normal', launcher: 'ibrun' },
      notes: [{ code: 'whole-nodes', site: 'Example', nodes: 2 }]
    });
    expect(plan.script).toContain('#SBATCH --nodes=2\n');
    expect(plan.script).not.toContain('--mem');
  });

  test('a notebook without engines gets one node', async () => {
    write('nb.ipynb', withCells('1'));
    const plan = await planFor(bench, form, settings);
    expect(plan.notes).toEqual([{ code: 'whole-nodes', site: 'Example', nodes: 1 }]);
    expect(plan.script).toContain('#SBATCH --nodes=1\n');
  });

  test.each([
    [{ account: '' }, ['account: site-requires']],
    [{ memoryPerCore: '2G' }, ['memoryPerCore: site-refuses']],
    [{ qos: 'high' }, ['qos: site-locked']],
    [{ directives: ['--mem=4G'] }, ['directives.0: site-option']],
    [{ queue: '' }, ['nodes: site-requires']],
    [{ account: '', time: '90' }, ['time: time-format', 'account: site-requires']]
  ])('%j is refused by field before anything is sent', async (change, expected) => {
    const refused = await planFor(bench, { ...form, ...change }, settings).then(
      () => [],
      (error: ProblemError) => error.problem.fields ?? []
    );
    expect(refused.map(({ code, field }) => `${field}: ${code}`)).toEqual(expected);
  });

  test('a default for all clusters that the site refuses is left out', async () => {
    const plan = await planFor(bench, form, { ...settings, defaults: { memoryPerCore: '2G' } });
    expect(plan.spec.memoryPerCoreMb).toBeUndefined();
  });
});
