import { mkdirSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { beforeEach, expect, test, vi } from 'vitest';
import type { ClusterChoice } from '../../../src/api/routes';
import { schedulers } from '../../../src/schedulers';
import {
  type ClusterSources,
  clustersOf,
  reachCluster
} from '../../../src/sidecar/clusters/clusters';
import { Hosts } from '../../../src/sidecar/clusters/hosts';
import { local } from '../../../src/sidecar/remote/local';
import type { Remote } from '../../../src/sidecar/remote/remote';
import type { Behalf } from '../../../src/sidecar/remote/asker';
import { makeTemp } from '../../makeTemp';

beforeEach(() => {
  vi.stubEnv('HOME', '/home/ada');
});

/** Hosts that nobody has been on, and those that a configuration names. */
function sources(configured: string[] = []): ClusterSources {
  const nowhere = (): never => {
    throw new Error('a host was contacted');
  };
  const hosts = new Hosts(nowhere, nowhere);
  return { hosts, configuredHosts: () => configured };
}

/** What can be chosen under these settings. */
function choices(settings: unknown): ClusterChoice[] {
  return clustersOf({ python: '/opt/jupyter/python', settings }, sources()).clusters;
}

const HERE = {
  name: 'local',
  title: 'This machine',
  host: null,
  transport: 'auto',
  transferHost: null,
  scheduler: 'local',
  baseFolder: '/home/ada/.jupyterlab-submit',
  python: '/opt/jupyter/python',
  kernel: 'notebook',
  environment: [],
  keepDays: 30,
  forkEngines: true,
  gpuOption: 'gpus-per-node',
  queueSeconds: 0,
  jobsAtOnce: null,
  variables: {}
};

test('This machine is always there, with what its form can say', () => {
  const [here, ...others] = choices(undefined);
  expect(others).toEqual([]);
  expect(here).toEqual({
    name: 'local',
    title: 'This machine',
    host: null,
    cluster: HERE,
    problem: null,
    defaults: { cores: 2, time: '1h' },
    fields: expect.arrayContaining(['cores', 'time', ...schedulers.local.supports]),
    profile: null,
    siteProblem: null,
    cores: availableParallelism()
  });
  expect(here?.fields).not.toContain('queue');
});

test('how many jobs may run on this machine counts for all clusters on it', () => {
  const [other, here] = choices({ jobsAtOnce: 3, clusters: [{ name: 'other' }] });
  expect([other?.cluster?.jobsAtOnce, here?.cluster?.jobsAtOnce]).toEqual([3, 3]);
});

test('the clusters of the settings come first, in their order', () => {
  const named = ['c', 'a', 'b'].map(name => ({ name }));
  expect(choices({ clusters: named }).map(({ name }) => name)).toEqual(['c', 'a', 'b', 'local']);
});

test('a cluster of the settings is this machine, but for what it says', () => {
  const [plain, own] = choices({
    clusters: [
      { name: 'plain' },
      { name: 'own', title: 'Own', baseFolder: '~/x', python: '/p', environment: ['a'] }
    ]
  });
  expect(plain?.cluster).toEqual({ ...HERE, name: 'plain', title: 'plain' });
  expect(own?.cluster).toEqual({
    ...HERE,
    name: 'own',
    title: 'Own',
    baseFolder: '/home/ada/x',
    python: '/p',
    kernel: 'environment',
    environment: ['a']
  });
});

test('each has the defaults that count for it', () => {
  const settings = {
    clusters: [{ name: 'fast', defaults: { cores: 16 } }],
    defaults: { time: '2h', queue: 'long', files: [] }
  };
  expect(choices(settings).map(({ defaults }) => defaults)).toEqual([
    { cores: 16, time: '2h' },
    { cores: 2, time: '2h' }
  ]);
});

test('a default that is wrong is not replaced behind the person’s back', () => {
  const { clusters, problem } = clustersOf(
    {
      python: '/p',
      settings: { defaults: { time: '90' } }
    },
    sources()
  );
  expect(clusters[0]?.defaults).toEqual({ cores: 2 });
  expect(problem).toMatchObject({ fields: [{ field: 'defaults.time' }] });
});

test.each([
  [{ python: 'p' }, { code: 'cluster-settings', fields: [{ field: 'python' }] }],
  [
    { defaults: { queue: 'q', cores: 1 } },
    { code: 'cluster-settings', fields: [{ field: 'defaults.queue', code: 'unsupported' }] }
  ],
  [{ host: '-oProxyCommand=x' }, { code: 'cluster-settings', fields: [{ field: 'host' }] }],
  [{ host: 'two words' }, { code: 'cluster-settings', fields: [{ field: 'host' }] }]
])('a cluster with %j is listed with its problem, and cannot be chosen', (change, problem) => {
  const [first, last] = choices({ clusters: [{ name: 'my', title: 'My', ...change }] });
  expect(first).toMatchObject({
    name: 'my',
    title: 'My',
    cluster: null,
    problem,
    defaults: {},
    fields: [],
    cores: null
  });
  expect(last).toMatchObject({ name: 'local', problem: null });
});

test('the hosts of the SSH configuration come behind the clusters of the settings, and nothing is contacted', () => {
  const settings = { clusters: [{ name: 'b' }, { name: 'mine', host: 'c' }] };
  const { clusters } = clustersOf({ python: '/p', settings }, sources(['a', 'c']));
  expect(clusters.map(({ name, host }) => [name, host])).toEqual([
    ['b', null],
    ['mine', 'c'],
    ['a', 'a'],
    ['c', 'c'],
    ['local', null]
  ]);
  expect(clusters[2]).toMatchObject({ title: 'a', cluster: null, problem: null, cores: null });
  expect(clusters[2]?.fields).toEqual(expect.arrayContaining(['cores', 'queue', 'nodes']));
});

test('a name of the settings, and This machine, count before a host of the same name', () => {
  const settings = {
    clusters: [
      { name: 'hpc', host: 'login.hpc.edu' },
      { name: 'wrong', host: '-x' }
    ]
  };
  const { clusters } = clustersOf(
    { python: '/p', settings },
    sources(['hpc', 'local', 'wrong', 'other'])
  );
  expect(clusters.map(({ name, host }) => [name, host])).toEqual([
    ['hpc', 'login.hpc.edu'],
    ['wrong', null],
    ['other', 'other'],
    ['local', null]
  ]);
});

test('defaults for all clusters count on hosts of the SSH configuration', () => {
  const settings = { defaults: { cores: 16, queue: 'long' } };
  const { clusters } = clustersOf({ python: '/p', settings }, sources(['hpc']));
  expect(clusters[0]?.defaults).toMatchObject({ cores: 16, queue: 'long' });
});

test('a host is asked when it is chosen; a name that nothing has is none', async () => {
  const caller = { python: '/p', settings: { clusters: [{ name: 'mine', host: 'c' }] } };
  expect(await reachCluster('nothing', caller, sources(['hpc']), 'nobody')).toBeUndefined();
  expect(await reachCluster('local', caller, sources(['hpc']), 'nobody')).toMatchObject({
    cluster: { name: 'local' }
  });
  for (const name of ['hpc', 'mine']) {
    await expect(reachCluster(name, caller, sources(['hpc']), 'nobody')).rejects.toThrow(
      'a host was contacted'
    );
  }
});

test('a person who insists is heard by a host that is known, which is not asked again', async () => {
  let commands = 0;
  const forgiven: string[] = [];
  const remote: Remote = {
    ...local,
    run: command => {
      commands += 1;
      return local.run(command);
    }
  };
  const hosts = new Hosts(
    () => remote,
    async ({ host }) => void forgiven.push(String(host))
  );
  const settings = { clusters: [{ name: 'mine', host: 'c', scheduler: 'local' }] };
  const reach = (behalf: Behalf) =>
    reachCluster('mine', { python: '/p', settings }, { ...sources(), hosts }, behalf);
  for (const behalf of ['nobody', 'nobody', 'person'] as const) {
    expect(await reach(behalf)).toMatchObject({ cluster: { host: 'c' } });
  }
  expect({ commands, forgiven }).toEqual({ commands: 1, forgiven: ['c'] });
});

/** A host with the batch system Slurm, by a name that ssh connects to, which says this of itself. */
function slurmHost(hostName: string, siteFile?: string): ClusterSources {
  const remote: Remote = {
    ...local,
    run: async command => {
      const bin = path.join(makeTemp(), 'bin');
      mkdirSync(bin);
      writeFileSync(path.join(bin, 'sbatch'), '#!/bin/sh\n', { mode: 0o755 });
      const environment = { HOME: '/home/ada', PATH: `${bin}:/usr/bin:/bin` };
      return local.run({ ...command, environment });
    }
  };
  const hosts = new Hosts(
    () => remote,
    async () => undefined,
    async () => hostName,
    siteFile
  );
  return { hosts, configuredHosts: () => [] };
}

/** A cluster on such a host, once it was reached. */
async function reached(
  settings: Record<string, unknown>,
  { hostName = 'login.example.org', siteFile = '/nowhere/site.json', sites = [] as unknown[] } = {}
): Promise<ClusterChoice | undefined> {
  const all = { clusters: [{ name: 'mine', host: 'alias', ...settings }], sites };
  const from = slurmHost(hostName, siteFile);
  return reachCluster('mine', { python: '/p', settings: all }, from, 'nobody');
}

const EXAMPLE = {
  name: 'example',
  title: 'Example',
  hosts: ['*.example.org'],
  gpuOption: 'gres',
  fields: {
    account: { required: true },
    memoryPerCore: { refused: 'all of it is yours' },
    launcher: { default: 'ibrun' },
    cores: { default: 64 },
    qos: { default: 'normal', locked: true }
  }
};

test('a profile counts where it knows the host that ssh connects to, not what a person calls it', async () => {
  const [alias, other] = await Promise.all([
    reached({}, { sites: [EXAMPLE] }),
    reached({ host: 'login.example.org' }, { hostName: 'elsewhere', sites: [EXAMPLE] })
  ]);
  expect(alias?.profile).toMatchObject({ name: 'example', origin: 'administrator' });
  expect(other?.profile).toBeNull();
});

test('a host that nobody has been on goes by what it is called', () => {
  const settings = { sites: [EXAMPLE], clusters: [{ name: 'mine', host: 'ada@a.example.org' }] };
  const [mine] = choices(settings);
  expect(mine).toMatchObject({ cluster: null, profile: { name: 'example' } });
  expect(mine?.fields).not.toContain('memoryPerCore');
});

test('a profile fills in what a person has not set, takes fields away, and locks', async () => {
  const bare = await reached({}, { sites: [EXAMPLE] });
  expect(bare?.defaults).toEqual({ cores: 64, time: '1h', launcher: 'ibrun', qos: 'normal' });
  expect(bare?.fields).toContain('account');
  expect(bare?.fields).not.toContain('memoryPerCore');
  expect(bare?.cluster?.gpuOption).toBe('gres');
  const set = await reached(
    { gpuOption: 'gpus-per-node', defaults: { cores: 4, launcher: 'srun', qos: 'high' } },
    { sites: [EXAMPLE] }
  );
  expect(set?.defaults).toEqual({ cores: 4, time: '1h', launcher: 'srun', qos: 'normal' });
  expect(set?.cluster?.gpuOption).toBe('gpus-per-node');
});

test.each([
  [undefined, 60],
  [30, 60],
  [120, 120]
])('of %s seconds of a person and 60 of the site, %i count', async (queueSeconds, expected) => {
  const sites = [{ ...EXAMPLE, queueSeconds: 60 }];
  expect((await reached({ queueSeconds }, { sites }))?.cluster?.queueSeconds).toBe(expected);
});

test('a default that the site refuses is wrong where it is for that cluster alone', async () => {
  const choice = await reached({ defaults: { memoryPerCore: '2G' } }, { sites: [EXAMPLE] });
  expect(choice?.problem).toMatchObject({
    code: 'cluster-settings',
    fields: [{ field: 'defaults.memoryPerCore', code: 'site-refuses' }]
  });
});

test('the settings of a cluster name another profile, or none', async () => {
  const other = { ...EXAMPLE, name: 'other', hosts: [] };
  expect((await reached({ profile: 'other' }, { sites: [other] }))?.profile?.name).toBe('other');
  const lumi = { hostName: 'lumi.csc.fi' };
  expect((await reached({}, lumi))?.profile).toMatchObject({ name: 'lumi', origin: 'shipped' });
  expect((await reached({ profile: 'none' }, lumi))?.profile).toBeNull();
  expect((await reached({ profile: 'gone' }, lumi))?.problem).toMatchObject({
    code: 'cluster-settings',
    fields: [{ field: 'profile', code: 'choice' }]
  });
});

test('a base folder that jobs cannot write into is wrong before the first job', async () => {
  const archer = { hostName: 'login.archer2.ac.uk' };
  expect((await reached({}, archer))?.problem).toMatchObject({
    code: 'cluster-settings',
    fields: [{ field: 'baseFolder', code: 'home-not-on-nodes' }]
  });
  expect((await reached({ baseFolder: '/home/ada/x' }, archer))?.problem).not.toBeNull();
  expect((await reached({ baseFolder: '/home/adas' }, archer))?.problem).toBeNull();
  expect((await reached({ baseFolder: '/work/z01/ada' }, archer))?.problem).toBeNull();
});

test('what a cluster says of itself counts, or is told', async () => {
  const siteFile = path.join(makeTemp(), 'site.json');
  writeFileSync(siteFile, JSON.stringify({ ...EXAMPLE, name: 'own', hosts: [] }));
  const own = await reached({}, { siteFile });
  expect(own).toMatchObject({ profile: { name: 'own', origin: 'cluster' }, siteProblem: null });
  writeFileSync(siteFile, '{"name": 7}');
  const wrong = await reached({}, { siteFile, hostName: 'lumi.csc.fi' });
  expect(wrong).toMatchObject({
    problem: null,
    profile: { name: 'lumi' },
    siteProblem: {
      code: 'site-file',
      fields: [{ field: '/etc/jupyterlab-submit/site.json: name' }]
    }
  });
});
