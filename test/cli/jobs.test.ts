import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import * as v from 'valibot';
import { afterEach, describe, expect, it } from 'vitest';
import type { JobRecord } from '../../src/api/job';
import { type Problem, problem } from '../../src/api/problem';
import { filesLeft } from '../../src/api/resultFiles';
import { ClusterChoice, type RecoverAnswer } from '../../src/api/routes';
import { NOON, finishedJob, jobRecord, jobSpec } from '../api/jobRecord';
import { FUTURE } from '../api/ofTheFuture';
import { makeTemp } from '../makeTemp';
import { run, start } from './command';
import { CLUSTERS, type FakeSidecar, fakeSidecar } from './fakeSidecar';

const open: FakeSidecar[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map(sidecar => sidecar.close()));
});

async function sidecarWith(
  jobs: JobRecord[],
  reply?: NonNullable<Parameters<typeof fakeSidecar>[0]>['reply']
): Promise<FakeSidecar> {
  const sidecar = await fakeSidecar({ jobs, ...(reply && { reply }) });
  open.push(sidecar);
  return sidecar;
}

const RUNNING = jobRecord({
  id: 'running1',
  state: 'running',
  submittedAt: NOON,
  schedulerId: '4711',
  notTaken: ['../big.h5'],
  progress: { engines: { ready: 3, wanted: 4 }, cell: null }
});
const DONE = finishedJob({ id: 'rested12' });

describe('a job whose record cannot be read', () => {
  const broken: JobRecord = Object.assign({ ...DONE, id: 'broken12' }, { state: 'x' });

  it.each([
    ['show', 'brok'],
    ['show', 'broken12', '--follow'],
    ['remove', 'broken12']
  ])('is said to be one: %s %s', async (...words) => {
    const sidecar = await sidecarWith([broken, RUNNING]);
    const { exitCode, stderr } = await run(words, sidecar);
    expect(exitCode).toBe(2);
    expect(stderr).toContain('The record of job broken12 cannot be read.');
    expect(sidecar.asked()).not.toContainEqual(expect.stringMatching(/^DELETE/));
  });

  it('can be forgotten', async () => {
    const sidecar = await sidecarWith([broken]);
    const { exitCode, stdout } = await run(['remove', 'brok', '--even-result'], sidecar);
    expect({ exitCode, stdout }).toMatchObject({ exitCode: 0 });
    expect(sidecar.asked()).toContain('DELETE /api/jobs/broken12?result=too');
  });
});

describe('list', () => {
  it('says what to do first when there is nothing yet', async () => {
    const { exitCode, stdout } = await run(['list'], await sidecarWith([]));
    expect({ exitCode, stdout }).toEqual({
      exitCode: 0,
      stdout: 'No jobs yet. Submit one: jupyter submit NOTEBOOK\n'
    });
  });

  it('lists jobs in aligned columns, as the sidecar orders them', async () => {
    const named = { ...DONE, spec: jobSpec({ name: 'a-name-that-is-much-too-long-to-be-shown' }) };
    const { stdout } = await run(['list'], await sidecarWith([RUNNING, named]));
    const lines = stdout.trimEnd().split('\n');
    expect(lines).toHaveLength(2);
    expect(lines[0]).toMatch(/^running1 .* analysis +running, at most 2 h$/);
    expect(lines[1]).toMatch(/^rested12 .* a-name-that-is-m…ong-to-be-shown  done in 41 s$/);
    expect(lines[0]?.indexOf('running,')).toBe(lines[1]?.indexOf('done'));
  });

  it('says what keeps an active job from being heard of', async () => {
    const values = { host: 'hpc', fingerprint: 'SHA256:x', known: 'y', file: 'f', line: 1 };
    const contact = { seenAt: NOON, problem: { code: 'host-key-changed', values } as const };
    const { stdout } = await run(['list'], await sidecarWith([{ ...RUNNING, contact }, DONE]));
    expect(stdout).toMatch(
      /running, at most 2 h, last seen .* · hpc shows another key than before/
    );
    expect(stdout).toMatch(/done in 41 s$/m);
  });

  it.each([[], ['--json']])(
    'names a record that cannot be read, and lists the others: %j',
    async (...flags) => {
      const broken: JobRecord = Object.assign(
        { ...DONE, id: 'broken12' },
        { endedAt: null, state: 'x' }
      );
      const { exitCode, stderr, stdout } = await run(
        ['list', ...flags],
        await sidecarWith([broken, RUNNING])
      );
      expect(exitCode).toBe(0);
      expect(stderr).toBe('The record of job broken12 cannot be read.\n');
      expect(stdout.trimEnd().split('\n')).toHaveLength(1);
      expect(stdout).toContain('running1');
    }
  );

  it('names the clusters where there is more than one', async () => {
    const elsewhere = { ...DONE, cluster: { ...DONE.cluster, title: 'hpc' } };
    const { stdout } = await run(['list'], await sidecarWith([RUNNING, elsewhere]));
    expect(stdout).toMatch(/analysis {2}This machine {2}running/);
    expect(stdout).toMatch(/analysis {2}hpc {11}done/);
  });

  it('shows the newest of those that are over, and all that are not', async () => {
    const old = Array.from({ length: 30 }, (_, index) =>
      finishedJob({ id: `old000${10 + index}` })
    );
    const sidecar = await sidecarWith([...old, RUNNING]);
    const { stdout } = await run(['list'], sidecar);
    expect(stdout.split('\n').filter(line => line.startsWith('old'))).toHaveLength(20);
    expect(stdout).toContain('running1');
    expect(stdout).toContain('10 older: jupyter submit list --all\n');
    const all = await run(['list', '--all', '--json'], sidecar);
    expect(
      all.stdout
        .trimEnd()
        .split('\n')
        .map(line => (JSON.parse(line) as JobRecord).id)
    ).toEqual(sidecar.jobs.map(({ id }) => id));
  });

  it('ends with 1 when the sidecar fails', async () => {
    const problem = { code: 'internal', values: {}, details: { output: 'SQLITE_FULL' } } as const;
    const sidecar = await sidecarWith([], () => ({ problem }));
    const { exitCode, stderr } = await run(['list'], sidecar);
    expect(exitCode).toBe(1);
    expect(stderr).toContain('SQLITE_FULL');
  });
});

describe('ids', () => {
  it('may be cut to what is unique, and may be typed in capitals', async () => {
    const sidecar = await sidecarWith([RUNNING, DONE]);
    expect((await run(['show', 'RE', '--json'], sidecar)).stdout).toContain('"id":"rested12"');
  });

  it.each([
    ['r', '2 jobs begin with r: running1, rested12.'],
    ['x', 'There is no job x.'],
    ['', 'There is no job .'],
    ['running1x', 'There is no job running1x.'],
    ['../../etc', 'There is no job ../../etc.']
  ])('%j is refused with 2', async (id, words) => {
    const sidecar = await sidecarWith([RUNNING, DONE]);
    for (const command of ['show', 'log', 'cancel', 'fetch', 'remove']) {
      const { exitCode, stderr } = await run([command, id], sidecar);
      expect(exitCode).toBe(2);
      expect(stderr).toContain(words);
    }
    expect(new Set(sidecar.asked())).toEqual(new Set(['GET /api/jobs']));
  });
});

describe('show', () => {
  it('asks the cluster about a job that is not over, and says all that is known', async () => {
    const sidecar = await sidecarWith([RUNNING]);
    const { exitCode, stdout } = await run(['show', 'run'], sidecar);
    expect(exitCode).toBe(0);
    expect(sidecar.asked()).toContain('POST /api/jobs/running1/refresh');
    expect(stdout).toMatch(/^analysis  running1\n/);
    for (const fact of [
      '~/work/analysis.ipynb',
      '3 of 4',
      '4 cores for at most 2 h',
      '../big.h5',
      '4711'
    ]) {
      expect(stdout).toContain(fact);
    }
  });

  it('says where a result is going to be that is not to come beside its source', async () => {
    const sidecar = await sidecarWith([{ ...RUNNING, resultsFolder: '/home/ada/results' }, DONE]);
    expect((await run(['show', 'run'], sidecar)).stdout).toMatch(/comes to +~\/results\n/);
    expect((await run(['show', 'rest'], sidecar)).stdout).not.toContain('comes to');
  });

  it('asks about a lost one too, but not about one that is over', async () => {
    const lost = finishedJob({ id: 'lost0001', state: 'lost', cause: { code: 'no-word' } });
    const sidecar = await sidecarWith([lost, DONE]);
    expect((await run(['show', 'lost'], sidecar)).stdout).toContain('Check again later');
    await run(['show', 'rest'], sidecar);
    expect(sidecar.asked().filter(call => call.includes('refresh'))).toEqual([
      'POST /api/jobs/lost0001/refresh'
    ]);
  });

  describe('of a job that wrote 20,000 files', () => {
    const files = Array.from({ length: 20_000 }, (_, number) => ({ path: `f${number}`, bytes: 7 }));
    const left = [{ path: 'key', bytes: 1, reason: 'unreadable' as const }];
    const result = {
      ...DONE.result,
      folder: '/home/ada/work/x.files',
      files: { count: files.length, bytes: 140_000, outputs: 0 },
      left: filesLeft(left)
    };
    const many = (): Promise<FakeSidecar> =>
      sidecarWith([{ ...DONE, result }], ({ path: asked }) => {
        const { pathname, searchParams } = new URL(asked, 'http://sidecar');
        const number = (name: string, without: number): number =>
          Number(searchParams.get(name) ?? without);
        const all = searchParams.get('of') === 'left' ? left : files;
        const next = number('from', 0) + number('limit', 1000);
        return pathname.endsWith('/files')
          ? {
              json: {
                files: all.slice(number('from', 0), next),
                next: next < all.length ? next : null
              }
            }
          : undefined;
      });

    it('lists the first, and says how many more there are', async () => {
      const sidecar = await many();
      const { stdout } = await run(['show', 'rest'], sidecar);
      expect(stdout.split('\n').filter(line => /\bf\d+, 7 bytes$/.test(line))).toHaveLength(20);
      expect(stdout).toContain('and 19,980 more: jupyter submit show rested12 --files');
      expect(stdout).toContain('key, 1 byte: its permissions do not let you read it');
      expect(sidecar.asked().filter(call => call.includes('/files'))).toHaveLength(2);
    });

    it('lists all when they are asked for', async () => {
      const sidecar = await many();
      const { stdout } = await run(['show', 'rest', '--files'], sidecar);
      const lines = stdout.trimEnd().split('\n');
      expect(lines).toHaveLength(20_001);
      expect(lines[19_999]).toBe('f19999, 7 bytes');
      const json = await run(['show', 'rest', '--files', '--json'], sidecar);
      expect(JSON.parse(json.stdout.split('\n')[0] ?? '')).toEqual({
        of: 'here',
        path: 'f0',
        bytes: 7
      });
      const whole: unknown = JSON.parse((await run(['show', 'rest', '--json'], sidecar)).stdout);
      expect(whole).toMatchObject({ id: 'rested12', files: { here: files, left } });
    });
  });

  it('shows what was last known when the cluster does not answer', async () => {
    const sidecar = await sidecarWith([RUNNING], ({ path: asked }) =>
      asked.endsWith('refresh')
        ? { problem: { code: 'cluster-unreachable', values: { cluster: 'hpc' } } }
        : undefined
    );
    const { exitCode, stderr, stdout } = await run(['show', 'run'], sidecar);
    expect(exitCode).toBe(0);
    expect(stderr).toContain('hpc cannot be reached.');
    expect(stdout).toContain('running1');
  });

  it('waits for the end with --follow, and its exit code tells it', async () => {
    const sidecar = await sidecarWith([RUNNING]);
    const command = await start(['show', 'run', '--follow'], sidecar);
    await command.says('running');
    sidecar.change('running1', {
      ...finishedJob(),
      id: 'running1',
      state: 'failed',
      cause: { code: 'kernel-died', cell: 3, signal: 9 }
    });
    const { exitCode, stdout } = await command.ended;
    expect(exitCode).toBe(1);
    expect(stdout).toContain('The kernel died in cell 3.');
  });

  it('lets nothing that a job says move the cursor', async () => {
    const evil = '\u001b[2J\u001b]0;title\u0007\rx';
    const job = finishedJob({
      state: 'failed',
      notTaken: [evil],
      cause: { code: 'cell-error', cell: 1, ename: evil, evalue: evil },
      directory: `/x${evil}`
    });
    const sidecar = await sidecarWith([job]);
    for (const argv of [['show', 'k'], ['show', 'k', '--follow'], ['list']]) {
      const { stdout } = await run(argv, sidecar);
      expect(stdout).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/);
    }
  });
});

describe('log', () => {
  /** A log that is answered in pieces. */
  const logged = (text: () => string, most = 1000) =>
    (({ path: asked }) => {
      const url = new URL(asked, 'http://x');
      if (!url.pathname.endsWith('/log')) {
        return undefined;
      }
      const from = Number(url.searchParams.get('from'));
      const piece = text().slice(from, from + most);
      return { json: { text: piece, next: from + piece.length, size: text().length } };
    }) satisfies NonNullable<Parameters<typeof fakeSidecar>[0]>['reply'];

  it('prints a whole log, piece by piece, as it is', async () => {
    const text = '\u001b[31mred\u001b[0m\n'.repeat(50);
    const sidecar = await sidecarWith(
      [DONE],
      logged(() => text, 7)
    );
    const { exitCode, stdout } = await run(['log', 're', '--name', 'engines'], sidecar);
    expect(exitCode).toBe(0);
    expect(stdout).toBe(text);
    expect(sidecar.asked()[1]).toBe('GET /api/jobs/rested12/log?name=engines&from=0');
  });

  it('says beside it that a log is empty, and which others there are', async () => {
    const sidecar = await sidecarWith(
      [DONE],
      logged(() => '')
    );
    expect(await run(['log', 're'], sidecar)).toEqual({
      exitCode: 0,
      stdout: '',
      stderr: 'The log "job" is empty. Others: --name with runner, controller, engines, kernel\n'
    });
  });

  it('goes on with --follow until the job is over, to the last word', async () => {
    let text = 'one\n';
    const sidecar = await sidecarWith(
      [RUNNING],
      logged(() => text)
    );
    const command = await start(['log', 'run', '--follow'], sidecar);
    await command.says('one\n');
    text += 'two\n';
    await command.says('two\n');
    text += 'last\n';
    sidecar.change('running1', { ...finishedJob(), id: 'running1' });
    expect(await command.ended).toEqual({ exitCode: 0, stdout: 'one\ntwo\nlast\n', stderr: '' });
    expect(sidecar.asked()).toContain('GET /api/events?view=running1');
  });

  it('waits with --follow for a log that is not there yet', async () => {
    let isThere = false;
    const text = logged(() => 'at last\n');
    const sidecar = await sidecarWith([RUNNING], call =>
      call.path.includes('/log') && !isThere
        ? { problem: { code: 'no-such-log', values: { log: 'job' } } }
        : text(call)
    );
    const command = await start(['log', 'run', '--follow'], sidecar);
    while (!sidecar.asked().some(call => call.includes('/log'))) {
      await sleep(5);
    }
    isThere = true;
    await command.says('at last');
    sidecar.change('running1', { ...finishedJob(), id: 'running1' });
    expect(await command.ended).toMatchObject({ exitCode: 0, stderr: '' });
  });

  it('ends with 1 when there is none, with 2 when there cannot be one', async () => {
    const problem = { code: 'no-such-log', values: { log: 'kernel' } } as const;
    const sidecar = await sidecarWith([DONE], ({ path: asked }) =>
      asked.includes('/log') ? { problem } : undefined
    );
    const missing = await run(['log', 're', '--name', 'kernel'], sidecar);
    expect(missing.exitCode).toBe(1);
    expect(missing.stderr).toContain('no log "kernel"');
    const wrong = await run(['log', 're', '--name', 'diary'], sidecar);
    expect(wrong.exitCode).toBe(2);
    expect(wrong.stderr).toContain('job, runner, controller, engines, kernel');
  });
});

describe('cancel', () => {
  it('asks the cluster to end the job', async () => {
    const sidecar = await sidecarWith([RUNNING]);
    const { exitCode, stdout } = await run(['cancel', 'run'], sidecar);
    expect(exitCode).toBe(0);
    expect(stdout).toContain('running1 is being cancelled');
    expect(sidecar.asked()).toContain('POST /api/jobs/running1/cancel');
  });

  it('says so when the job is over', async () => {
    const problem = { code: 'job-over', values: { id: 'rested12' } } as const;
    const sidecar = await sidecarWith([DONE], ({ method }) =>
      method === 'POST' ? { problem } : undefined
    );
    const { exitCode, stderr } = await run(['cancel', 're'], sidecar);
    expect({ exitCode, stderr }).toEqual({
      exitCode: 1,
      stderr: 'jupyter submit: Job rested12 is over already.\n'
    });
  });
});

describe('fetch', () => {
  const ALREADY = 'It was here already, and is where it was: move or copy it yourself.';

  it('fetches everything, or what is named to where it is wanted', async () => {
    const sidecar = await sidecarWith([DONE]);
    const cwd = makeTemp();
    mkdirSync(path.join(cwd, 'here'));
    const { exitCode, stdout } = await run(['fetch', 're'], { ...sidecar, cwd });
    expect({ exitCode, stdout }).toEqual({
      exitCode: 0,
      stdout: '~/work/analysis.k3v9x2ab.ipynb\n'
    });
    const again = ['fetch', 're', '--to', 'here', '--file', 'a.h5', 'b c.h5'];
    expect((await run(again, { ...sidecar, cwd })).stdout).toBe(
      `~/work/analysis.k3v9x2ab.ipynb\n${ALREADY}\n`
    );
    expect(sidecar.calls.filter(({ method }) => method === 'POST').map(({ body }) => body)).toEqual(
      [{}, { place: path.join(cwd, 'here'), files: ['a.h5', 'b c.h5'] }]
    );
  });

  it('waits while a result is on its way', async () => {
    const fetching = { ...DONE.result, place: 'fetching', notebook: null } as const;
    const sidecar = await sidecarWith([{ ...DONE, result: fetching }]);
    const command = await start(['fetch', 're'], sidecar);
    while (sidecar.streams() === 0) {
      await sleep(5);
    }
    sidecar.change('rested12', { result: DONE.result });
    expect(await command.ended).toMatchObject({ exitCode: 0, stderr: '' });
  });

  it('ends with 1 when the result still cannot be placed', async () => {
    const problem = { code: 'disk-full', values: { folder: '/home/ada/work' } } as const;
    const result = { ...DONE.result, place: 'kept', notebook: null, problem } as const;
    const { exitCode, stdout } = await run(
      ['fetch', 're'],
      await sidecarWith([{ ...DONE, result }])
    );
    expect(exitCode).toBe(1);
    expect(stdout).toContain('There is no room left for the result in /home/ada/work.');
  });
});

describe('remove', () => {
  it('removes a job, and its unfetched result only when told to', async () => {
    const sidecar = await sidecarWith([DONE]);
    await run(['remove', 're'], sidecar);
    await run(['remove', 're', '--even-result'], sidecar);
    expect(sidecar.asked().filter(call => call.startsWith('DELETE'))).toEqual([
      'DELETE /api/jobs/rested12',
      'DELETE /api/jobs/rested12?result=too'
    ]);
  });

  it('says how to remove a job whose result was not fetched', async () => {
    const problem = { code: 'result-not-fetched', values: { id: 'rested12' } } as const;
    const sidecar = await sidecarWith([DONE], ({ method }) =>
      method === 'DELETE' ? { problem } : undefined
    );
    const { exitCode, stderr } = await run(['remove', 're'], sidecar);
    expect(exitCode).toBe(1);
    expect(stderr).toContain('jupyter submit remove rested12 --even-result');
  });

  it('is not asked twice when the connection breaks: the second answer would mislead', async () => {
    const sidecar = await sidecarWith([DONE], ({ method }) =>
      method === 'DELETE' ? 'cut' : undefined
    );
    expect((await run(['remove', 're'], sidecar)).exitCode).toBe(1);
    expect(sidecar.asked().filter(call => call.startsWith('DELETE'))).toHaveLength(1);
  });
});

describe('clusters', () => {
  it('lists what --cluster can name', async () => {
    const sidecar = await sidecarWith([]);
    expect((await run(['clusters'], sidecar)).stdout).toBe('local  This machine\n');
    const { stdout } = await run(['clusters', '--json'], sidecar);
    expect(JSON.parse(stdout)).toMatchObject({
      name: 'local',
      cluster: { scheduler: 'local' }
    });
  });

  /** The answer of a sidecar to settings of which some are wrong. */
  const [here] = CLUSTERS.clusters;
  const broken = (name: string, problem: Problem): object => ({
    ...here,
    name,
    title: `Title of ${name}`,
    cluster: null,
    problem
  });
  const mixed = {
    clusters: [
      broken('hpc', { code: 'no-scheduler', values: { cluster: 'HPC', programs: 'sbatch' } }),
      broken('typo', {
        code: 'cluster-settings',
        values: { cluster: 'typo' },
        fields: [{ field: 'python', code: 'absolute-path', values: {} }]
      }),
      here
    ],
    problem: null
  };

  it('says what is wrong with a cluster of the settings, below its name', async () => {
    const sidecar = await sidecarWith([], () => ({ json: mixed }));
    const { exitCode, stderr, stdout } = await run(['clusters'], sidecar);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    const lines = stdout.trimEnd().split('\n');
    expect(lines.filter(line => !line.startsWith(' '))).toEqual([
      'hpc    Title of hpc',
      'typo   Title of typo',
      'local  This machine'
    ]);
    expect(lines[1]).toBe('       No batch system was found on HPC.');
    expect(stdout).toContain('       Python: must be a full path, one that begins with /\n');
    const json = await run(['clusters', '--json'], sidecar);
    const names = json.stdout
      .trimEnd()
      .split('\n')
      .map(line => v.parse(ClusterChoice, JSON.parse(line)).name);
    expect(names).toEqual(['hpc', 'typo', 'local']);
  });

  it('says what is wrong with the settings as a whole, and lists the others all the same', async () => {
    const problem: Problem = {
      code: 'settings-invalid',
      values: {},
      fields: [{ field: 'clusters.0.name', code: 'required', values: {} }]
    };
    const sidecar = await sidecarWith([], () => ({ json: { ...CLUSTERS, problem } }));
    const { exitCode, stderr, stdout } = await run(['clusters', '--json'], sidecar);
    expect(exitCode).toBe(0);
    expect(stdout.trimEnd().split('\n')).toHaveLength(1);
    expect(stderr).toMatch(/^jupyter submit: The settings of Submit to cluster are not right\.\n/);
    expect(stderr).toContain('  Cluster 1, Name: is needed\n');
  });

  it('sends the settings along', async () => {
    const sidecar = await sidecarWith([]);
    const env = { JUPYTERLAB_SUBMIT_SETTINGS: '{"clusters":[{"name":"hpc"}]}' };
    await run(['clusters'], { ...sidecar, env });
    expect(sidecar.calls[0]?.body).toMatchObject({
      caller: { settings: { clusters: [{ name: 'hpc' }] } }
    });
  });
});

describe('help and version', () => {
  it.each([['--help'], ['list', '--help'], ['-V'], ['help', 'log']])(
    '%s needs no sidecar',
    async (...argv) => {
      const { exitCode, stderr, stdout } = await run(argv, {});
      expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
      expect(stdout).toMatch(argv[0] === '-V' ? /^1\.2\.3\n$/ : /^Usage: jupyter submit/);
    }
  );
});

it('what no job says is told beside what was asked for, once', async () => {
  const values = { file: '/data/jobs.sqlite', aside: '/data/jobs.sqlite.corrupt-1' };
  const notices = [problem('records-corrupt', values).problem];
  const sidecar = await sidecarWith([jobRecord({ id: 'k3v9x2ab' })], ({ path: route }, { jobs }) =>
    route === '/api/jobs'
      ? { json: { jobs, notices } }
      : route === '/api/notices/told'
        ? { json: {} }
        : undefined
  );
  const { exitCode, stderr, stdout } = await run(['list'], { socket: sidecar.socket });
  expect(exitCode).toBe(0);
  expect(stdout).toContain('k3v9x2ab');
  expect(stderr.match(/They are kept as \/data\/jobs\.sqlite\.corrupt-1\./g)).toHaveLength(1);
  expect(sidecar.asked()).toEqual(['GET /api/jobs', 'POST /api/notices/told']);
});

it('recover says what is in the list again, and what is not', async () => {
  const answer: RecoverAnswer = {
    recovered: [
      { id: 'aaaaaaaa', isBare: false, hasSource: true },
      { id: 'bbbbbbbb', isBare: false, hasSource: false },
      { id: 'cccccccc', isBare: true, hasSource: false }
    ],
    known: 2,
    notSubmitted: 1,
    foreign: 4,
    elsewhere: { jobs: 3, machines: ['laptop', 'de\u001b[2Jsk'] },
    unreadable: ['dddddddd'],
    waited: ['/base/eeeeeeee.tar'],
    isCut: true
  };
  const sidecar = await sidecarWith([], () => ({ json: answer }));
  const { exitCode, stdout } = await run(['recover', 'hpc'], { socket: sidecar.socket });
  expect(exitCode).toBe(0);
  expect(stdout).not.toContain('\u001b');
  expect(stdout.split('\n')).toEqual([
    'aaaaaaaa  its result comes beside its notebook',
    'bbbbbbbb  the folder of its notebook is not here; its result: jupyter submit fetch bbbbbbbb --to FOLDER',
    expect.stringMatching(
      /^cccccccc {2}an earlier version submitted it.*fetch cccccccc --to FOLDER$/
    ),
    'In the list again: 3. Look at them: jupyter submit list --all',
    expect.stringMatching(
      /^Submitted from other machines \(laptop, .*\): 3\. .* recover hpc --all$/
    ),
    'Never submitted: 1.',
    'Of another account: 4.',
    'Not to be read: dddddddd.',
    expect.stringMatching(/^Waited for their turn .*again: 1\..* in \/base\/eeeeeeee\.tar\.$/),
    'There are more folders than are looked at.',
    ''
  ]);
  expect(sidecar.calls[0]?.body).toMatchObject({ cluster: 'hpc', all: false });
});

it('recover says when there is nothing', async () => {
  const answer: RecoverAnswer = {
    recovered: [],
    known: 2,
    notSubmitted: 0,
    foreign: 0,
    elsewhere: { jobs: 0, machines: [] },
    unreadable: [],
    waited: [],
    isCut: false
  };
  const sidecar = await sidecarWith([], () => ({ json: answer }));
  const { stdout } = await run(['recover', 'hpc', '--all'], { socket: sidecar.socket });
  expect(stdout).toBe('Nothing to recover on hpc: 2 in the list already.\n');
  expect(sidecar.calls[0]?.body).toMatchObject({ all: true });
  const json = await run(['recover', 'hpc', '--json'], { socket: sidecar.socket });
  expect(JSON.parse(json.stdout)).toEqual(answer);
});

describe('jobs of a newer service', () => {
  const reply = ({ path: asked }: { path: string }) => {
    if (asked.includes('/files')) {
      return { json: { files: [{ path: 'shy.dat', bytes: 1, reason: 'shy' }], next: null } };
    }
    const one = FUTURE.find(({ id }) => asked.startsWith(`/api/jobs/${id}`));
    const all = { jobs: FUTURE.map(({ job }) => job) };
    return asked === '/api/jobs' ? { json: all } : one && { json: { job: one.job } };
  };

  it('are all listed', async () => {
    const { exitCode, stdout } = await run(['list'], await sidecarWith([], reply));
    expect({ exitCode, lines: stdout.trimEnd().split('\n').length }).toEqual({
      exitCode: 0,
      lines: FUTURE.length
    });
  });

  it.each(FUTURE)('are shown with its own words where there are none here: $id', async future => {
    const sidecar = await sidecarWith([], reply);
    const { exitCode, stdout } = await run(['show', future.id], sidecar);
    expect(exitCode).toBe(0);
    expect(stdout.toLowerCase()).toContain(future.inTerminal ?? future.said);
  });
});
