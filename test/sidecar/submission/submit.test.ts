import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { beforeEach, expect, test, vi } from 'vitest';
import type { JobRecord } from '../../../src/api/job';
import { problem } from '../../../src/api/problem';
import { local } from '../../../src/sidecar/remote/local';
import type { Remote } from '../../../src/sidecar/remote/remote';
import { submitJob } from '../../../src/sidecar/submission/submit';
import { makeTemp } from '../../makeTemp';
import { fill, smallDisk } from '../../jobs/volumes';
import { FakeClock } from '../fakeClock';
import { holdLeases } from '../leases';
import { TrickyRemote } from '../trickyRemote';
import { RUNNER, type Workbench, addJob, makeWorkbench } from '../workbench';

let remote: TrickyRemote;
let clock: FakeClock;
let bench: Workbench;
let id: string;
beforeEach(async () => {
  remote = new TrickyRemote();
  clock = new FakeClock();
  // Each run of the job leaves a line.
  const runner = `open(${JSON.stringify('RUNS')}, "a").write("ran\\n")\n${RUNNER}`;
  bench = makeWorkbench({ remote, clock, runner });
  writeFileSync(bench.context.runner, runner.replace('RUNS', path.join(bench.home, 'runs')));
  writeFileSync(path.join(bench.project, 'data.txt'), 'data');
  // No other test has it: it is looked for among the processes of this machine.
  ({ id } = await addJob(bench, 'submitte', { files: ['data.txt'] }));
});

/** Submits, letting the clock run, until that is over. */
async function submit(): Promise<JobRecord> {
  let isOver = false;
  const done = submitJob(bench.context, id).finally(() => {
    isOver = true;
  });
  await clock.advanceUntil(() => isOver);
  await done;
  return job();
}

function job(): JobRecord {
  return bench.context.jobs.get(id);
}

function at(name: string): string {
  return path.join(job().directory, name);
}

/** How often the job ran, once it has come to its end. */
async function runs(): Promise<number> {
  await vi.waitFor(() => expect(existsSync(at('exit.json'))).toBe(true), 5000);
  return readFileSync(path.join(bench.home, 'runs'), 'utf8').split('\n').length - 1;
}

async function expectNoRun(): Promise<void> {
  await sleep(200);
  expect(existsSync(path.join(bench.home, 'runs'))).toBe(false);
}

test('a job is submitted with one command, and what only that needed is forgotten', async () => {
  expect(await submit()).toMatchObject({
    state: 'queued',
    schedulerId: expect.stringMatching(/^\d+$/),
    submittedAt: expect.any(Number),
    step: null
  });
  expect(remote.scripts).toHaveLength(1);
  expect(bench.context.jobs.submission(id)).toBeNull();
  expect(await runs()).toBe(1);
  expect(readFileSync(at('work/project/data.txt'), 'utf8')).toBe('data');
  expect(existsSync(at('work/project/nb.ipynb'))).toBe(true);
});

test('an answer that got lost is found, and the job is submitted once', async () => {
  remote.losesAnswer = true;
  expect((await submit()).state).toBe('queued');
  expect(remote.scripts).toHaveLength(2);
  expect(await runs()).toBe(1);
});

test('a cluster that is not reached is tried again, more and more rarely', async () => {
  remote.isDown = true;
  let isOver = false;
  const done = submitJob(bench.context, id).finally(() => {
    isOver = true;
  });
  await clock.advanceUntil(() => remote.scripts.length === 4);
  expect(clock.sleeps.slice(0, 3)).toEqual([5, 10, 20]);
  expect(job()).toMatchObject({
    state: 'preparing',
    contact: { problem: { code: 'cluster-unreachable' } }
  });
  remote.isDown = false;
  await clock.advanceUntil(() => isOver);
  await done;
  expect(job()).toMatchObject({ state: 'queued', contact: { problem: null } });
  expect(await runs()).toBe(1);
});

test(
  'a claim of somebody else, of whom nothing is heard for ten minutes, is unclear',
  { timeout: 90_000 },
  async () => {
    mkdirSync(at('submit.claim'), { recursive: true });
    const began = clock.now();
    expect(await submit()).toMatchObject({
      state: 'lost',
      cause: { code: 'submission-unclear' },
      result: { place: 'none' }
    });
    expect(clock.now() - began).toBeGreaterThan(600);
    expect(clock.now() - began).toBeLessThan(700);
    await expectNoRun();
    expect(existsSync(at('job.json'))).toBe(false);
  }
);

test('the ten minutes begin when the claim is seen, not when the cluster was lost', async () => {
  remote.isDown = true;
  const began = clock.now();
  const done = submit();
  await vi.waitFor(() => expect(clock.now() - began).toBeGreaterThan(900), 5000);
  mkdirSync(at('submit.claim'), { recursive: true });
  remote.isDown = false;
  await vi.waitFor(() => expect(job().contact.problem).toBeNull(), 5000);
  writeFileSync(at('submit.out'), '0\n4711\n\n@@ errors\n');
  expect(await done).toMatchObject({ state: 'queued', schedulerId: '4711' });
});

test('the answer that somebody else has got is ours', async () => {
  mkdirSync(at('submit.claim'), { recursive: true });
  writeFileSync(at('submit.out'), '0\n4711\n\n@@ errors\nsome warning\n');
  expect(await submit()).toMatchObject({ state: 'queued', schedulerId: '4711' });
  await expectNoRun();
});

test("a refusal ends the job, with the scheduler's own words", async () => {
  mkdirSync(at('submit.claim'), { recursive: true });
  writeFileSync(at('submit.out'), '1\non output\n@@ errors\nInvalid account\n');
  expect(await submit()).toMatchObject({
    state: 'failed',
    cause: { code: 'refused', reason: null, text: 'on outputInvalid account' },
    endedAt: clock.now(),
    result: { place: 'none' }
  });
});

test('a file that cannot be sent ends the job, and nobody can submit it later', async () => {
  rmSync(path.join(bench.project, 'data.txt'));
  expect(await submit()).toMatchObject({
    state: 'failed',
    cause: { code: 'not-sent', text: expect.stringContaining('data.txt') }
  });
  expect(bench.context.jobs.submission(id)).toBeNull();
  expect(existsSync(at('submit.claim'))).toBe(true);
  expect(readFileSync(at('submit.out'), 'utf8')).toBe('withdrawn\n');
  await expectNoRun();
});

test('a cluster that cannot take the files ends the job, with its own words', async () => {
  writeFileSync(path.join(bench.home, '.jupyterlab-submit'), 'a file where the folder would be');
  expect(await submit()).toMatchObject({
    state: 'failed',
    cause: { code: 'not-sent', text: expect.stringMatching(/mkdir.*(exists|directory)/i) }
  });
});

test('an upload that is cut leaves no claim, and the next one is whole', async () => {
  const cut = vi.spyOn(remote, 'run').mockImplementationOnce(async command => {
    const { input, ...rest } = command;
    input?.destroy();
    const answer = await local.run(rest);
    expect(answer.exitCode).toBe(1);
    expect(existsSync(at('submit.claim'))).toBe(false);
    return { ...answer, exitCode: null, signal: 'SIGPIPE' };
  });
  expect((await submit()).state).toBe('queued');
  expect(cut).toHaveBeenCalled();
  expect(await runs()).toBe(1);
});

test('two sidecars that submit at the same time submit once', async () => {
  let isOver = 0;
  const both = [1, 2].map(() =>
    submitJob(bench.context, id).finally(() => {
      isOver += 1;
    })
  );
  await clock.advanceUntil(() => isOver === 2);
  await Promise.all(both);
  expect(job().state).toBe('queued');
  expect(await runs()).toBe(1);
  await sleep(300);
  expect(await runs()).toBe(1);
});

test('a job that is cancelled before anything was tried never reaches the cluster', async () => {
  bench.context.jobs.update(id, { cancelRequestedAt: clock.now() });
  expect(await submit()).toMatchObject({
    state: 'cancelled',
    cause: { code: 'cancelled', by: 'you' }
  });
  expect(remote.scripts).toEqual([]);
});

test('a job that is cancelled while the cluster is not reached is withdrawn there', async () => {
  remote.isDown = true;
  const done = submit();
  await clock.advanceUntil(() => remote.scripts.length === 6);
  const began = clock.now();
  remote.isDown = false;
  bench.context.jobs.update(id, { cancelRequestedAt: clock.now() });
  expect(await done).toMatchObject({ state: 'cancelled', cause: { by: 'you' } });
  // Nobody waits until the next attempt is due.
  expect(clock.now() - began).toBeLessThan(60);
  expect(readFileSync(at('submit.out'), 'utf8')).toBe('withdrawn\n');
  await expectNoRun();
});

test('a job that is cancelled after a death in between is found where it was submitted', async () => {
  vi.spyOn(remote, 'run').mockImplementationOnce(async command => {
    await local.run(command);
    bench.context.jobs.update(id, { cancelRequestedAt: clock.now() });
    throw problem('cluster-unreachable', { cluster: 'This machine' });
  });
  expect(await submit()).toMatchObject({
    state: 'queued',
    schedulerId: expect.stringMatching(/^\d+$/)
  });
  expect(await runs()).toBe(1);
});

test('a submission stops when the sidecar is about to leave, and goes on with the next', async () => {
  remote.isDown = true;
  const done = submitJob(bench.context, id);
  await clock.advanceUntil(() => remote.scripts.length === 2);
  bench.stop();
  await done;
  expect(job().state).toBe('preparing');
  expect(bench.context.jobs.submission(id)).not.toBeNull();
});

/** A host for files that keeps to itself what is written into the base folder through it. */
function hostApart(): Remote {
  const { baseFolder } = job().cluster;
  const other = makeTemp();
  const run: Remote['run'] = command =>
    local.run({ ...command, script: command.script.replaceAll(baseFolder, other) });
  return { where: 'files', run };
}

test('a job is not submitted whose files have gone to a host that has others', async () => {
  const { cluster } = job();
  bench.context.jobs.update(id, { cluster: { ...cluster, host: 'hpc', transferHost: 'files' } });
  const [here, apart] = [bench.context.remoteOf, hostApart()];
  bench.context.remoteOf = cluster => (cluster.host === 'files' ? apart : here(cluster));
  await submit();
  expect(job()).toMatchObject({
    state: 'failed',
    cause: { code: 'not-sent', text: expect.stringMatching(/^what files has in \S+ is not what/) }
  });
  await expectNoRun();
}, 60_000);

test('a disk that is full is told as such, with its numbers, and holds nothing of the job', async context => {
  const disk = smallDisk();
  if (disk === null) {
    context.skip('this user cannot mount');
    return;
  }
  const makeRoom = fill(disk.folder);
  const { cluster } = job();
  const directory = path.join(disk.folder, 'jobs', id);
  const baseFolder = path.dirname(directory);
  bench.context.jobs.update(id, { cluster: { ...cluster, baseFolder }, directory });
  writeFileSync(path.join(bench.project, 'data.txt'), Buffer.alloc(1_000_000));
  await submit();
  expect(job()).toMatchObject({
    state: 'failed',
    cause: {
      code: 'no-room',
      lacks: 'disk',
      folder: baseFolder,
      text: expect.stringMatching(/No space left on device[^]*100%/)
    }
  });
  expect(existsSync(directory) ? readdirSync(directory) : []).not.toContain('job.json');
  makeRoom();
  disk.undo();
  await expectNoRun();
});

test('a quota that is used up is told as such, although there is not even room for a claim', async () => {
  const programs = path.join(bench.home, 'bin');
  mkdirSync(programs);
  const fake = (name: string, lines: string): void =>
    writeFileSync(path.join(programs, name), `#!/bin/bash\n${lines}\n`, { mode: 0o755 });
  const refuse = 'echo "in another language" >&2; exit 1';
  // What programs meet whose system says EDQUOT.
  fake('tar', `cat >/dev/null; ${refuse}`);
  fake('dd', 'echo "dd: fsync failed: Disk quota exceeded" >&2; exit 1');
  fake('mkdir', `[[ $* == *claim* ]] && { ${refuse}; }; exec /bin/mkdir "$@"`);
  fake('quota', 'echo "home 10000M* 9000M 10000M"');
  remote.prelude = `PATH=${programs}:$PATH\n`;
  await submit();
  expect(job()).toMatchObject({
    state: 'failed',
    cause: {
      code: 'no-room',
      lacks: 'quota',
      text: expect.stringMatching(/another language[^]*Disk quota exceeded[^]*10000M\*/)
    }
  });
  expect(existsSync(job().directory)).toBe(false);
  await expectNoRun();
});

test('a host that takes no byte any more is given up, and asked again', async () => {
  writeFileSync(path.join(bench.project, 'data.txt'), Buffer.alloc(5_000_000));
  remote.stallSeconds = 0.5;
  const run = remote.run.bind(remote);
  vi.spyOn(remote, 'run').mockImplementationOnce(command =>
    run({ ...command, script: command.script.replace('(\n', '(\nsleep 600\n') })
  );
  expect((await submit()).state).toBe('queued');
  expect(remote.scripts).toHaveLength(2);
  expect(await runs()).toBe(1);
});

test('a cancel ends an upload that would take for hours, and nothing is submitted after it', async () => {
  const tar = path.join(bench.home, 'bin', 'tar');
  mkdirSync(path.dirname(tar));
  // Takes what is sent, and never comes to its end.
  writeFileSync(tar, '#!/bin/bash\n/usr/bin/tar "$@"\nexec sleep 300\n', { mode: 0o755 });
  vi.stubEnv('PATH', `${path.dirname(tar)}:${process.env['PATH']}`);
  const done = submit();
  await vi.waitFor(() => expect(readdirSync(job().directory)).toHaveLength(1), 10_000);
  bench.context.jobs.update(id, { cancelRequestedAt: clock.now() });
  expect(await done).toMatchObject({ state: 'cancelled', cause: { code: 'cancelled', by: 'you' } });
  expect(readFileSync(at('submit.out'), 'utf8')).toBe('withdrawn\n');
  expect(readdirSync(job().directory).toSorted()).toEqual(['submit.claim', 'submit.out']);
  await expectNoRun();
});

test('a cancel ends the reading of a file that never comes', async () => {
  const leases = await holdLeases([path.join(bench.project, 'data.txt')]);
  const done = submit();
  await leases.broken();
  bench.context.jobs.update(id, { cancelRequestedAt: clock.now() });
  expect((await done).state).toBe('cancelled');
  // It comes after all: the archive has no reader any more, and nothing comes of it.
  leases.end();
  await expectNoRun();
});
