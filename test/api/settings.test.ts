import { describe, expect, it } from 'vitest';
import { BUILT_IN_DEFAULTS } from '../../src/api/defaults';
import { type NamedCluster, readSettings } from '../../src/api/settings';

/** What is wrong with the settings as a whole, as `field: code`. */
function problems(settings: unknown): string[] {
  const fields = readSettings(settings).problem?.fields ?? [];
  return fields.map(({ code, field }) => `${field}: ${code}`);
}

/** The one cluster of these settings. */
function clusterOf(change: Record<string, unknown>): NamedCluster {
  const { clusters, problem } = readSettings({ clusters: [{ name: 'hpc', ...change }] });
  expect(problem).toBeNull();
  expect(clusters).toHaveLength(1);
  return clusters[0] as NamedCluster;
}

describe('readSettings', () => {
  it.each([
    undefined,
    null,
    {},
    { clusters: [], defaults: {} },
    { clusters: null, defaults: null },
    { defaults: { time: '', files: [], cores: null } },
    { toolbar: [{ name: 'x' }] }
  ])('finds nothing in %j', settings => {
    expect(readSettings(settings)).toEqual({
      clusters: [],
      usual: BUILT_IN_DEFAULTS,
      defaults: {},
      jobsAtOnce: null,
      profiles: [],
      problem: null
    });
  });

  it('needs nothing of a cluster but its name', () => {
    expect(clusterOf({})).toEqual({
      name: 'hpc',
      title: 'hpc',
      host: null,
      settings: { name: 'hpc', environment: [], defaults: {} },
      wrong: []
    });
  });

  it('takes what a settings editor leaves empty for not set', () => {
    const empty = {
      title: '',
      host: '',
      scheduler: null,
      baseFolder: '',
      python: '',
      environment: [],
      defaults: { time: '', files: [] }
    };
    expect(clusterOf(empty)).toEqual(clusterOf({}));
  });

  it('keeps everything that a cluster can say', () => {
    const cluster = {
      name: 'fast',
      title: 'Fast disks',
      scheduler: 'local',
      baseFolder: '/scratch/ada',
      python: '/opt/py/bin/python3',
      environment: ['module load gcc', 'export A="b c"'],
      queueSeconds: 120,
      defaults: { cores: 16, time: '2h', files: ['*.csv'] }
    };
    expect(readSettings({ clusters: [cluster], defaults: { time: '3h' } })).toEqual({
      clusters: [{ name: 'fast', title: 'Fast disks', host: null, settings: cluster, wrong: [] }],
      usual: BUILT_IN_DEFAULTS,
      defaults: { time: '3h' },
      jobsAtOnce: null,
      profiles: [],
      problem: null
    });
  });

  it.each(['/scratch', '/', '~/jobs', '~', "/it's; $HOME"])('takes %j for a base folder', path => {
    expect(clusterOf({ baseFolder: path }).settings?.baseFolder).toBe(path);
  });

  it.each<[Record<string, unknown>, string[]]>([
    [{ title: 'two\nlines' }, ['title: control-characters']],
    [{ title: 7 }, ['title: text']],
    [{ title: 'x'.repeat(129) }, ['title: too-long']],
    [{ scheduler: 'cron' }, ['scheduler: choice']],
    [{ scheduler: 1 }, ['scheduler: choice']],
    [{ baseFolder: 'scratch' }, ['baseFolder: absolute-path']],
    [{ baseFolder: '~ada/jobs' }, ['baseFolder: absolute-path']],
    [{ baseFolder: '/a\0b' }, ['baseFolder: control-characters']],
    [{ python: 'python3' }, ['python: absolute-path']],
    [{ python: '~/bin/python' }, ['python: absolute-path']],
    [{ environment: 'module load x' }, ['environment: text']],
    [{ environment: ['fine', ''] }, ['environment.1: required']],
    [{ environment: ['a\nb'] }, ['environment.0: control-characters']],
    [{ queueSeconds: 0 }, ['queueSeconds: minimum']],
    [{ queueSeconds: 3601 }, ['queueSeconds: maximum']],
    [{ queueSeconds: 1.5 }, ['queueSeconds: whole-number']],
    [{ queueSeconds: '60' }, ['queueSeconds: whole-number']],
    [{ user: 'ada' }, ['user: unknown']],
    [{ transferHost: 'dtn' }, ['transferHost: without-host']],
    [{ transferHost: 'dtn', host: '' }, ['transferHost: without-host']],
    [{ transport: 'openssh' }, ['transport: without-host']],
    [{ transport: 'ssh2', title: 7 }, ['title: text', 'transport: without-host']],
    // What is wrong with the host comes first.
    [{ transferHost: 'dtn', host: '-x' }, ['host: name-characters']],
    [{ defaults: { time: '90' } }, ['defaults.time: time-format']],
    [{ defaults: { files: ['../x'] } }, ['defaults.files.0: pattern-outside']],
    [{ defaults: { cluster: 'hpc' } }, ['defaults.cluster: unknown']],
    [{ defaults: 'fast' }, ['defaults: required']],
    [
      { title: 7, python: 'p', defaults: { cores: 0, time: '2h' } },
      ['title: text', 'python: absolute-path', 'defaults.cores: minimum']
    ]
  ])('lists a cluster with %j as one that is wrong', (change, expected) => {
    const { settings, title, wrong } = clusterOf(change);
    expect(wrong.map(({ code, field }) => `${field}: ${code}`)).toEqual(expected);
    expect(settings).toBeNull();
    expect(title).toBe('hpc');
  });

  it('takes a transport and a transfer host of a host, and auto anywhere', () => {
    expect(clusterOf({ transport: 'auto' }).wrong).toEqual([]);
    const host = { host: 'hpc', transport: 'ssh2', transferHost: 'dtn' };
    expect(clusterOf(host).wrong).toEqual([]);
  });

  it.each([1, 4, 10_000])('lets %d jobs run at a time', jobsAtOnce => {
    expect(readSettings({ jobsAtOnce })).toMatchObject({ jobsAtOnce, problem: null });
  });

  it.each([0, null, undefined, ''])('leaves %j jobs at a time to the cores', jobsAtOnce => {
    expect(readSettings({ jobsAtOnce })).toMatchObject({ jobsAtOnce: null, problem: null });
  });

  it.each<[unknown, string]>([
    [-1, 'minimum'],
    [1.5, 'whole-number'],
    ['4', 'whole-number'],
    [10_001, 'maximum']
  ])('does not let %j jobs run at a time', (jobsAtOnce, code) => {
    const { jobsAtOnce: read, problem } = readSettings({ jobsAtOnce });
    expect(read).toBeNull();
    expect(problem?.fields).toMatchObject([{ field: 'jobsAtOnce', code }]);
  });

  it('says which schedulers there are', () => {
    expect(clusterOf({ scheduler: 'cron' }).wrong[0]?.values).toEqual({
      choices: 'local, slurm, gridengine, pbspro, torque, lsf'
    });
  });

  it('knows the host of a cluster, even where the rest is wrong', () => {
    expect(clusterOf({ host: 'login.hpc', scheduler: 'cron' })).toMatchObject({
      host: 'login.hpc',
      settings: null,
      wrong: [{ field: 'scheduler' }]
    });
    expect(clusterOf({ host: 5 })).toMatchObject({ host: null, wrong: [{ code: 'text' }] });
  });

  it('takes no cluster away for another that is wrong', () => {
    const { clusters, problem } = readSettings({
      clusters: [{ name: 'one', python: 'x' }, { name: 'two' }, { title: 'three' }]
    });
    expect(clusters.map(({ name, settings }) => [name, settings !== null])).toEqual([
      ['one', false],
      ['two', true]
    ]);
    expect(problem).toMatchObject({ code: 'settings-invalid' });
  });

  it.each<[unknown, string[]]>([
    [[{}], ['clusters.0.name: required']],
    [[{ name: '' }], ['clusters.0.name: required']],
    [[{ name: 7 }], ['clusters.0.name: text']],
    [[{ name: 'my cluster' }], ['clusters.0.name: name-characters']],
    [[{ name: '-x' }], ['clusters.0.name: name-characters']],
    [[{ name: 'local' }], ['clusters.0.name: reserved']],
    [[{ name: 'a' }, { name: 'b' }, { name: 'a' }], ['clusters.2.name: duplicate']],
    [
      [{ name: 'a' }, null, 'b'],
      ['clusters.1: required', 'clusters.2: required']
    ],
    ['hpc', ['clusters: list']],
    [{ hpc: {} }, ['clusters: list']]
  ])('clusters %j: %j', (clusters, expected) => {
    expect(problems({ clusters })).toEqual(expected);
  });

  it('keeps the right ones of wrong defaults, and nothing for the wrong ones', () => {
    const { clusters, defaults, problem, usual } = readSettings({
      clusters: [{ name: 'hpc' }],
      defaults: { time: '90', account: 'phys' }
    });
    expect(clusters).toHaveLength(1);
    expect([usual, defaults]).toEqual([{ cores: 2 }, { account: 'phys' }]);
    expect(problem).toEqual({
      code: 'settings-invalid',
      values: {},
      fields: [{ field: 'defaults.time', code: 'time-format', values: { given: '90' } }]
    });
  });

  it('keeps the right profiles of sites, those of files after those of overrides', () => {
    const sites = [{ name: 'a' }, { name: 7 }, { name: 'b', hosts: ['B'] }];
    const siteFiles = [
      { file: '/etc/c.json', text: '{"name": "c"}' },
      { file: '/etc/d.json', text: '{"color": "red"}' },
      { file: '/etc/e.json', text: '{' },
      { file: '/etc/f.json', text: '', unreadable: 'Permission denied' }
    ];
    const { profiles, problem } = readSettings({ sites, siteFiles });
    expect(profiles.map(({ name }) => name)).toEqual(['a', 'c']);
    expect(problem?.fields?.map(({ code, field }) => `${field}: ${code}`)).toEqual([
      'sites.1.name: text',
      'sites.2.hosts.0: host-pattern',
      '/etc/d.json: name: required',
      '/etc/d.json: color: unknown',
      '/etc/e.json: json',
      '/etc/f.json: unreadable'
    ]);
    expect(problems({ sites: 'all' })).toEqual(['sites: list']);
  });

  it.each(['text', 7, true])('cannot read %j', settings => {
    expect(readSettings(settings)).toMatchObject({
      clusters: [],
      problem: { code: 'settings-invalid', details: { output: JSON.stringify(settings) } }
    });
  });

  it('says why the Jupyter server could not read them', () => {
    const output = 'Expecting value: line 3 column 1';
    expect(readSettings({ unreadable: output })).toEqual({
      clusters: [],
      usual: BUILT_IN_DEFAULTS,
      defaults: {},
      jobsAtOnce: null,
      profiles: [],
      problem: { code: 'settings-invalid', values: {}, details: { output } }
    });
  });
});
