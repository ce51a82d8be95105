import { existsSync, mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeEach, describe, expect, it, test } from 'vitest';
import { type ClusterCheck, checkProblems } from '../../../src/api/clusterCheck';
import { ProblemError } from '../../../src/api/problem';
import type { ClusterCheckRequest } from '../../../src/api/routes';
import { checkCluster } from '../../../src/sidecar/clusters/checkCluster';
import { Hosts } from '../../../src/sidecar/clusters/hosts';
import type { Behalf } from '../../../src/sidecar/remote/asker';
import { local } from '../../../src/sidecar/remote/local';
import { PYTHON } from '../../jobs/bundle';
import { fill, readOnlyView, smallDisk } from '../../jobs/volumes';
import { TrickyRemote } from '../trickyRemote';
import { type Workbench, makeWorkbench } from '../workbench';

let remote: TrickyRemote;
let bench: Workbench;
/** What the programs of a Slurm do in a test. */
let slurm: Record<string, string>;

beforeEach(() => {
  remote = new TrickyRemote();
  bench = makeWorkbench({ remote });
  slurm = {
    sbatch: 'echo slurm 23.02.6',
    scontrol:
      'echo "PartitionName=main AllowGroups=ALL Default=YES MaxTime=1:00:00 State=UP Nodes=1"; echo "PartitionName=old State=DOWN Nodes=1"'
  };
});

/** Checks the cluster `hpc` with these settings, beside the programs in `slurm`; `site` is what its profile says. */
function check(
  settings: object = {},
  form: object = {},
  site: object | null = null
): Promise<ClusterCheck> {
  const programs = path.join(bench.home, 'bin');
  mkdirSync(programs, { recursive: true });
  for (const [name, does] of Object.entries(slurm)) {
    writeFileSync(path.join(programs, name), `#!/bin/bash\n${does}\n`, { mode: 0o755 });
  }
  const cluster = { name: 'hpc', title: 'Our HPC', scheduler: 'slurm', python: PYTHON };
  return checkCluster(bench.context, {
    form: { cluster: 'hpc', ...form },
    caller: {
      python: PYTHON,
      environment: { PATH: `${programs}:${process.env['PATH']}`, HOME: bench.home },
      settings: {
        clusters: [{ ...cluster, ...(site !== null && { profile: 'site' }), ...settings }],
        sites: [{ name: 'site', ...site }]
      }
    }
  });
}

/** The codes of what is wrong. */
const wrong = (found: ClusterCheck): string[] => checkProblems(found).map(({ code }) => code);

const what = (found: ClusterCheck): string[] => found.parts.map(part => part.what);

test.each<[Pick<ClusterCheckRequest, 'asks' | 'insists'>, Behalf[]]>([
  [{}, []],
  [{ insists: true }, ['person']],
  [{ asks: true }, ['answering-person']]
])('a host that was refused is asked again for a person alone: %j', async (who, expected) => {
  const behalves: Behalf[] = [];
  const hosts = new Hosts(
    () => local,
    async (_, behalf) => void behalves.push(behalf)
  );
  const found = await checkCluster(
    { ...bench.context, hosts },
    {
      form: { cluster: 'hpc' },
      caller: { python: PYTHON, settings: { clusters: [{ name: 'hpc', host: 'c' }] } },
      ...who
    }
  );
  expect([found.name, behalves]).toEqual(['hpc', expected]);
});

test('a host with several batch systems is reached, and which of them is meant is asked', async () => {
  const programs = path.join(bench.home, 'bin');
  mkdirSync(programs);
  writeFileSync(path.join(programs, 'sbatch'), '', { mode: 0o755 });
  writeFileSync(path.join(programs, 'bsub'), '#!/bin/bash\necho Platform LSF 9.1.3', {
    mode: 0o755
  });
  const environment = { PATH: `${programs}:${process.env['PATH']}`, HOME: bench.home };
  const hosts = new Hosts(
    () => ({ ...local, run: command => local.run({ ...command, environment }) }),
    async () => {}
  );
  const found = await checkCluster(
    { ...bench.context, hosts },
    {
      form: { cluster: 'hpc' },
      caller: { python: PYTHON, settings: { clusters: [{ name: 'hpc', host: 'c' }] } }
    }
  );
  expect(what(found)).toEqual(['reachable', 'scheduler']);
  expect(wrong(found)).toEqual(['several-schedulers']);
});

describe('a cluster in order', () => {
  it('is told part by part, by one command', async () => {
    const found = await check({ environment: ['export A=1', 'echo hello'] });
    expect(found).toEqual({
      name: 'hpc',
      title: 'Our HPC',
      scheduler: 'slurm',
      parts: [
        { what: 'reachable', values: { host: expect.stringMatching(/./) }, problem: null },
        { what: 'scheduler', values: { version: '23.02.6' }, problem: null },
        { what: 'queues', values: {}, problem: null },
        {
          what: 'base-folder',
          values: {
            folder: path.join(bench.home, '.jupyterlab-submit'),
            freeBytes: expect.any(Number)
          },
          problem: null
        },
        { what: 'environment', values: { lines: 2 }, problem: null },
        {
          what: 'python',
          values: { python: PYTHON, version: expect.stringMatching(/^3\.\d+\.\d+$/) },
          problem: null
        },
        {
          what: 'packages',
          values: {
            packages: expect.stringMatching(/^nbclient \d\S*, ipykernel \d\S*, ipyparallel \d\S*$/)
          },
          problem: null
        }
      ],
      queues: [
        { name: 'main', isDefault: true, limitSeconds: 3600, isUsable: true },
        { name: 'old', isDefault: false, limitSeconds: null, isUsable: false }
      ],
      accounts: [],
      qos: []
    });
    expect(remote.scripts).toHaveLength(1);
  });

  it('has a base folder for nobody else, and nothing in it', async () => {
    await check();
    const folder = path.join(bench.home, '.jupyterlab-submit');
    expect(readdirSync(folder)).toEqual([]);
    expect(statSync(folder).mode & 0o777).toBe(0o700);
  });

  it('is asked about the Python and the queue of the form', async () => {
    const found = await check({}, { queue: 'main', environment: ['exit 3'] });
    expect(wrong(found)).toEqual(['environment-ended']);
    expect(wrong(await check({ environment: ['exit 3'] }, { queue: 'old' }))).toEqual([
      'queue-unusable',
      'environment-ended'
    ]);
  });

  it('needs less on This machine, where notebooks have their own kernels', async () => {
    const found = await check({}, { cluster: 'local' });
    expect(what(found)).toEqual(['reachable', 'base-folder', 'python', 'packages']);
    expect(found.parts.at(-1)?.values['packages']).toMatch(/^nbclient \S+$/);
    const own = await check({}, { cluster: 'local', python: PYTHON });
    expect(own.parts.at(-1)?.values['packages']).toContain('ipyparallel');
  });
});

describe('what cannot be asked', () => {
  it.each([
    [{ cluster: 'nowhere' }, 'unknown-cluster'],
    [{ python: 'bin/python' }, 'invalid-fields'],
    [{ environment: ['a\nb'] }, 'invalid-fields']
  ])('%j is %s', async (form, code) => {
    const error: unknown = await check({}, form).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ProblemError);
    expect(error).toMatchObject({ problem: { code } });
    expect(remote.scripts).toEqual([]);
  });
});

describe('what is wrong', () => {
  it('is the connection, and then nothing else is known', async () => {
    remote.isDown = true;
    const found = await check();
    expect(what(found)).toEqual(['reachable']);
    expect(wrong(found)).toEqual(['cluster-unreachable']);
  });

  it('is each of several things, told at once', async () => {
    slurm = { scontrol: 'echo "Unable to contact slurm controller" >&2; exit 1', sbatch: 'exit 0' };
    const baseFolder = path.join(bench.home, 'project/nb.ipynb/jobs');
    const found = await check({ baseFolder, python: '/nowhere/python', environment: ['false'] });
    expect(wrong(found)).toEqual([
      'scheduler-silent',
      'base-folder-missing',
      'environment-failed',
      'python-missing'
    ]);
    expect(JSON.stringify(checkProblems(found))).toContain('Unable to contact slurm controller');
    expect(JSON.stringify(checkProblems(found))).toContain('Not a directory');
  });

  it('is a scheduler that is not there', async () => {
    slurm = { sbatch: 'exit 127' };
    expect(wrong(await check())).toEqual(['scheduler-missing']);
  });

  it('is a cluster without a queue that can be used', async () => {
    slurm['scontrol'] = 'echo "PartitionName=main State=DOWN Nodes=1"';
    expect(wrong(await check())).toEqual(['no-queue']);
  });

  it('is a queue that the settings name', async () => {
    const found = await check({ defaults: { queue: 'main,old,gone' } });
    expect(checkProblems(found)).toMatchObject([
      { code: 'queue-unusable', values: { queue: 'old, gone', queues: 'main' } }
    ]);
  });

  it('is a base folder without room, or that is read only', async context => {
    const disk = smallDisk();
    const view = readOnlyView(bench.home);
    if (disk === null || view === null) {
      context.skip('this user cannot mount');
      return;
    }
    const makeRoom = fill(disk.folder);
    expect(wrong(await check({ baseFolder: path.join(disk.folder) }))).toEqual([
      'base-folder-full'
    ]);
    expect(readdirSync(disk.folder)).toEqual(['.filler']);
    makeRoom();
    expect(wrong(await check({ baseFolder: disk.folder }))).toEqual([]);
    expect(wrong(await check({ baseFolder: view.folder }))).toEqual(['base-folder-read-only']);
    expect(wrong(await check({ baseFolder: `${view.folder}/jobs` }))).toEqual([
      'base-folder-missing'
    ]);
    disk.undo();
    view.undo();
  });

  it('is a quota that is used up, with what the cluster says of it', async () => {
    // No quota can be set here: this is what they say of one (man 3 strerror, EDQUOT; man 1 quota).
    slurm['dd'] = 'echo "dd: fsync failed for a file: Disk quota exceeded" >&2; exit 1';
    slurm['quota'] = 'echo "home 10000M* 9000M 10000M"';
    const found = await check();
    expect(checkProblems(found)).toMatchObject([
      {
        code: 'base-folder-quota',
        details: { output: expect.stringMatching(/Disk quota exceeded[^]*10000M\*/) }
      }
    ]);
  });

  it('is what the lines say, apart from what Python says', async () => {
    const python = path.join(bench.home, 'python');
    writeFileSync(python, '#!/bin/sh\necho "libffi is missing" >&2; exit 1\n', { mode: 0o755 });
    const found = await check({ python, environment: ['echo "no module foo" >&2; false'] });
    expect(checkProblems(found)).toMatchObject([
      { code: 'environment-failed', details: { exitCode: 1, output: 'no module foo' } },
      { code: 'python-failed', details: { exitCode: 1, output: 'libffi is missing' } }
    ]);
  });

  it('is a Python that the lines were to bring', async () => {
    const found = await check(
      { python: undefined, defaults: { python: '/env/bin/python' } },
      { environment: ['export PATH=/nowhere'] }
    );
    expect(checkProblems(found)).toMatchObject([
      { code: 'python-missing', values: { python: '/env/bin/python' } }
    ]);
  });

  it.each([
    ['[2,7,18]', '{}', true, ['python-old']],
    ['[3,12,0]', '{"nbclient":"0.10","ipykernel":""}', true, ['packages-missing']],
    ['[3,12,0]', '{}', false, ['packages-refused']],
    [
      '[3,12,0]',
      '{"nbclient":"0.10","ipykernel":"6.29.5","ipyparallel":"8.2.0rc1","jupyter_client":""}',
      true,
      []
    ]
  ])('is a Python %s with %s', async (version, packages, takes, codes) => {
    const python = path.join(bench.home, 'py thon');
    const answer = `{"python":"${python}","version":${version},"packages":${packages},"takes":${takes}}`;
    writeFileSync(python, `#!/bin/sh\necho '@@ found ${answer}'\n`, { mode: 0o755 });
    const found = await check({ python });
    expect(wrong(found)).toEqual(codes);
    if (codes[0] === 'packages-missing') {
      expect(checkProblems(found)[0]?.values).toEqual({
        packages: 'ipyparallel',
        python,
        fix: `'${python}' -m pip install ipyparallel`
      });
    }
  });

  it('that tells a path which no program can have is none that can be used', async () => {
    const python = path.join(bench.home, 'python');
    const answer = '{"python":"/usr/\\u0000bin","version":[3,12,0],"packages":{},"takes":true}';
    writeFileSync(python, `#!/bin/sh\ncat << 'END'\n@@ found ${answer}\nEND\n`, { mode: 0o755 });
    expect(wrong(await check({ python }))).toEqual(['python-failed']);
  });
});

describe('a package that is too old', () => {
  const found = {
    nbclient: '0.10.2',
    ipykernel: '6.29.5',
    ipyparallel: '8.6.1',
    jupyter_client: '8.6.0'
  };

  async function checkPackages(packages: object, takes = true): Promise<[string, ClusterCheck]> {
    const python = path.join(bench.home, 'py thon');
    const answer = JSON.stringify({ python, version: [3, 12, 0], packages, takes });
    writeFileSync(python, `#!/bin/sh\necho '@@ found ${answer}'\n`, { mode: 0o755 });
    return [python, await check({ python })];
  }

  it.each([
    ['nbclient', '0.5.13', '0.7'],
    ['jupyter_client', '6.1.12', '7.0'],
    ['ipykernel', '5.5.6', '6.0'],
    ['ipyparallel', '7.1.0', '8.2']
  ])('is told with the line that brings a newer one: %s %s', async (name, version, oldest) => {
    const [python, checked] = await checkPackages({ ...found, [name]: version });
    expect(checkProblems(checked)).toMatchObject([
      {
        code: 'package-old',
        values: {
          package: name,
          version,
          oldest,
          fix: `'${python}' -m pip install -U '${name}>=${oldest}'`
        }
      }
    ]);
  });

  it('of a Python that takes no packages needs another Python', async () => {
    const [, checked] = await checkPackages({ ...found, ipyparallel: '6.3.0' }, false);
    expect(checkProblems(checked)).toMatchObject([
      {
        code: 'package-old-refused',
        values: { package: 'ipyparallel', version: '6.3.0', fix: expect.stringContaining(' venv') }
      }
    ]);
  });

  it('comes after what is missing, and is mended by the same line', async () => {
    const packages = { nbclient: '0.5.13', ipykernel: '6.29.5' };
    const [python, checked] = await checkPackages(packages);
    expect(checkProblems(checked)).toMatchObject([
      {
        code: 'packages-missing',
        values: {
          packages: 'ipyparallel',
          fix: `'${python}' -m pip install -U ipyparallel 'nbclient>=0.7'`
        }
      }
    ]);
  });
});

describe('the accounts of a site', () => {
  const LINE = 'saldo | awk \'{print $1, $2, "hours left"}\'';
  beforeEach(() => {
    slurm['saldo'] = 'echo phys-001 1200; echo physics 7';
    slurm['sacctmgr'] = 'echo "physics||normal|normal"; echo "chemistry|gpu|long|"';
  });

  const accounts = (accountsCommand: string): Promise<ClusterCheck> =>
    check({}, {}, { accountsCommand });

  it('are told beside those of the batch system, which says more of its own', async () => {
    const found = await accounts(LINE);
    expect(found.accounts).toEqual([
      { name: 'phys-001', notIn: [], qos: [], defaultQos: null, words: '1200 hours left' },
      { name: 'physics', notIn: [], qos: ['normal'], defaultQos: 'normal', words: '7 hours left' },
      { name: 'chemistry', notIn: ['main', 'old'], qos: ['long'], defaultQos: null }
    ]);
    expect(found.parts.map(part => [part.what, part.problem, part.warning ?? null])).toContainEqual(
      ['accounts', null, null]
    );
    expect(what(found).indexOf('accounts')).toBe(what(found).indexOf('queues') + 1);
    expect(remote.scripts).toHaveLength(1);
  });

  it.each([
    [
      'echo "saldo: no database" >&2; exit 3',
      'accounts-failed',
      { status: 3, said: 'saldo: no database' }
    ],
    [
      '/nowhere/saldo',
      'accounts-failed',
      { status: 127, said: expect.stringContaining('/nowhere/saldo') }
    ],
    ['true', 'accounts-unreadable', { said: '' }]
  ])('are not told by %j, which is %s and in nobody’s way', async (command, code, values) => {
    const found = await accounts(command);
    expect(wrong(found)).toEqual([]);
    expect(found.parts.find(part => part.what === 'accounts')?.warning).toMatchObject({
      code,
      values: { command, ...values }
    });
    expect(found.accounts.map(({ name }) => name)).toEqual(['physics', 'chemistry']);
  });

  it('are told where the batch system is silent', async () => {
    slurm['scontrol'] = 'exit 1';
    const found = await accounts(LINE);
    expect(wrong(found)).toEqual(['scheduler-silent']);
    expect(found.accounts.map(({ name }) => name)).toEqual(['phys-001', 'physics']);
  });

  it('are asked for on no machine without a batch system, and by no setting of a person', async () => {
    const line = { accountsCommand: 'saldo' };
    const here = await check({ scheduler: 'local' }, {}, line);
    expect([here.accounts, what(here)]).toEqual([[], expect.not.arrayContaining(['accounts'])]);
    const own = await check(line).catch((error: unknown) => error);
    expect(JSON.stringify(own)).not.toContain('phys-001');
  });
});

describe('what takes too long', () => {
  it('is ended, and told apart from the rest', async () => {
    const timeout = 'shift 3; exec /usr/bin/timeout -k 2 1 "$@"';
    slurm = { ...slurm, timeout, scontrol: 'sleep 300' };
    const found = await check({ environment: ['echo waiting', 'sleep 300'] });
    expect(checkProblems(found)).toMatchObject([
      { code: 'scheduler-silent', details: { exitCode: 124 } },
      { code: 'environment-slow', details: { exitCode: 124, output: 'waiting' } }
    ]);
    slurm['scontrol'] = 'echo "PartitionName=main State=UP Nodes=1"';
    const python = path.join(bench.home, 'python');
    writeFileSync(python, '#!/bin/sh\nsleep 300\n', { mode: 0o755 });
    expect(wrong(await check({ python, environment: ['true'] }))).toEqual(['python-failed']);
  });

  it('of a site is ended, and warned of', async () => {
    slurm['timeout'] = 'shift 3; exec /usr/bin/timeout -k 2 2 "$@"';
    slurm['saldo'] = 'echo phys-001; echo asking >&2; sleep 300';
    const found = await check({}, {}, { accountsCommand: 'saldo' });
    expect(wrong(found)).toEqual([]);
    expect(found.accounts).toEqual([]);
    expect(found.parts.find(part => part.what === 'accounts')?.warning).toMatchObject({
      code: 'accounts-slow',
      values: { command: 'saldo', seconds: 10 }
    });
  });
});

describe('lines that leave something behind', () => {
  it('do not hold the answer up, and their process is ended', async () => {
    const file = path.join(bench.home, 'pid');
    const found = await check({ environment: [`sleep 300 & echo "$!" >${file}`] });
    expect(wrong(found)).toEqual([]);
    const pid = readFileSync(file, 'utf8').trim();
    await expect.poll(() => existsSync(`/proc/${pid}/exe`)).toBe(false);
  });

  it('cannot be taken for an answer', async () => {
    const found = await check({ environment: ['exec >/dev/null 2>&1', 'python3() { :; }'] });
    expect(wrong(found)).toEqual([]);
  });
});
