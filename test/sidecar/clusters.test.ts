import { availableParallelism } from 'node:os';
import { beforeEach, expect, test, vi } from 'vitest';
import type { ClusterChoice } from '../../src/api/routes';
import { schedulers } from '../../src/schedulers';
import { clustersOf } from '../../src/sidecar/clusters';

beforeEach(() => {
  vi.stubEnv('HOME', '/home/ada');
});

/** What can be chosen under these settings. */
function choices(settings: unknown): ClusterChoice[] {
  return clustersOf({ python: '/opt/jupyter/python', settings }).clusters;
}

const HERE = {
  name: 'local',
  title: 'This machine',
  remote: 'local',
  scheduler: 'local',
  baseFolder: '/home/ada/.jupyterlab-submit',
  python: '/opt/jupyter/python',
  kernel: 'notebook',
  environment: []
};

test('This machine is always there, with what its form can say', () => {
  const [here, ...others] = choices(undefined);
  expect(others).toEqual([]);
  expect(here).toEqual({
    name: 'local',
    title: 'This machine',
    cluster: HERE,
    problem: null,
    defaults: { cores: 2, time: '1h' },
    fields: expect.arrayContaining(['cores', 'time', ...schedulers.local.supports]),
    cores: availableParallelism()
  });
  expect(here?.fields).not.toContain('queue');
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
  const { clusters, problem } = clustersOf({
    python: '/p',
    settings: { defaults: { time: '90' } }
  });
  expect(clusters[0]?.defaults).toEqual({ cores: 2 });
  expect(problem).toMatchObject({ fields: [{ field: 'defaults.time' }] });
});

test.each([
  [{ python: 'p' }, { code: 'cluster-settings', fields: [{ field: 'python' }] }],
  [
    { defaults: { queue: 'q', cores: 1 } },
    { code: 'cluster-settings', fields: [{ field: 'defaults.queue', code: 'unsupported' }] }
  ],
  [{ host: 'login' }, { code: 'host-unsupported', values: { cluster: 'My', host: 'login' } }],
  [{ host: 'login', scheduler: 'slurm' }, { code: 'host-unsupported' }]
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
