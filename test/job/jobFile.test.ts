import { expect, it } from 'vitest';
import { jobFile, toldOf } from '../../src/job/jobFile';
import { jobDirectory } from '../../src/job/paths';
import { local } from '../../src/schedulers/local';
import { jobRecord, jobSpec } from '../api/jobRecord';
import { AWKWARD_NAMES } from '../awkward';

const { cluster } = jobRecord();
const ENGINES = { engines: 4, mpi: false };
const MADE = { createdAt: 1_790_000_000, machine: 'laptop' };

it('tells the runner all that it must know', () => {
  expect(jobFile(local, 'k3v9x2ab', jobSpec(), cluster, ENGINES, MADE)).toBe(`{
  "version": 1,
  "id": "k3v9x2ab",
  "notebook": "analysis.ipynb",
  "directory": "work/work",
  "filesFolder": "analysis.k3v9x2ab.files",
  "engines": 4,
  "limitSeconds": 7200,
  "allowErrors": false,
  "allowLostEngines": false,
  "kernel": "notebook",
  "launch": {
    "argv": [],
    "rank": null,
    "nodes": null,
    "mpi": {
      "plugins": null,
      "mpiexec": true,
      "agent": null,
      "own": null
    }
  },
  "mpi": false,
  "mpiAsked": false,
  "fork": true,
  "outputLimitBytes": 1000000,
  "saveSeconds": 4,
  "record": ${JSON.stringify({ ...MADE, spec: toldOf(jobSpec()) }, null, 2).replaceAll('\n', '\n  ')}
}
`);
});

const told = (...[spec, engines = 4]: [ReturnType<typeof jobSpec>, number?]) =>
  JSON.parse(jobFile(local, 'k3v9x2ab', spec, cluster, { engines, mpi: false }, MADE)) as Record<
    string,
    unknown
  >;

it('asks for no engines where nothing would use them', () => {
  expect(told(jobSpec(), 0).engines).toBe(0);
});

it('takes the kernel of the notebook, unless the job names a Python', () => {
  expect(told(jobSpec()).kernel).toBe('notebook');
  expect(told(jobSpec({ python: '/opt/python' })).kernel).toBe('environment');
  const elsewhere = { ...cluster, kernel: 'environment' } as const;
  expect(jobFile(local, 'k3v9x2ab', jobSpec(), elsewhere, ENGINES, MADE)).toContain(
    '"kernel": "environment"'
  );
});

it('passes on how engines are launched', () => {
  const launch = {
    argv: ['srun', '--ntasks=4'],
    rank: 'SLURM_PROCID',
    nodes: null,
    mpi: {
      plugins: { list: ['srun', '--mpi=list'], argv: ['srun', '--mpi={plugin}'] },
      mpiexec: false,
      agent: { argv: ['qrsh', '{directory}'], hydra: true },
      own: null
    }
  };
  const scheduler = { ...local, launch: () => launch };
  const text = jobFile(scheduler, 'k3v9x2ab', jobSpec(), cluster, { engines: 4, mpi: true }, MADE);
  expect(JSON.parse(text)).toMatchObject({ launch, mpi: true });
});

it.each(AWKWARD_NAMES)('names a notebook and a folder called %j', name => {
  const notebook = `/home/ada/${name}/${name}.ipynb`;
  const directory = jobDirectory('/base', 'k3v9x2ab');
  const file = told(jobSpec({ notebook }));
  expect(file).toMatchObject({ notebook: `${name}.ipynb`, directory: `work/${name}` });
  expect(`${directory}/${String(file.directory)}`).toBe(`/base/k3v9x2ab/work/${name}`);
});

it('tells of a spec what may come back from a cluster, and no more than a look reads', () => {
  const spec = jobSpec({
    environment: ['export TOKEN=secret'],
    python: '/secret/python',
    directives: ['--comment=secret'],
    exclude: ['*.tmp']
  });
  const told = toldOf(spec);
  expect(JSON.stringify(told)).not.toContain('secret');
  const { python: _, ...rest } = spec;
  expect(told).toEqual({ ...rest, environment: [], directives: [] });
  expect(toldOf(jobSpec({ resultsFolder: 'results' })).resultsFolder).toBe('results');
  for (const elsewhere of ['/secret/results', '~/results']) {
    expect(toldOf(jobSpec({ resultsFolder: elsewhere }))).toEqual(toldOf(jobSpec()));
  }
  const many = jobSpec({ files: Array.from({ length: 10_000 }, (_, number) => `f${number}`) });
  expect(JSON.stringify(toldOf(many)).length).toBeLessThan(32_000);
  expect(toldOf(many)).toMatchObject({ notebook: many.notebook, files: [] });
});
