import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { promisify } from 'node:util';
import { describe, expect, it, onTestFinished } from 'vitest';
import { AWKWARD_NAMES } from '../awkward';
import { makeTemp } from '../makeTemp';
import { GroupJob } from './groupJob';

const run = promisify(execFile);

/** A job that works for a minute, with two children. */
const WORK = 'sleep 60 & sleep 61 & touch ready; wait';

describe('a start', () => {
  it('prints the leader of a group of its own, and is not held by the job', async () => {
    const job = await new GroupJob(WORK).start();
    await job.until('ready');
    expect(job.members()).toContain(job.id);
    expect(job.members()).toHaveLength(4);
    expect(readFileSync(`/proc/${job.id}/comm`, 'utf8')).toBe('timeout\n');
  });

  it('keeps what the script prints', async () => {
    const job = await new GroupJob('echo out; echo err >&2').start();
    expect(await job.left()).toEqual([]);
    expect(readFileSync(job.job.log, 'utf8')).toBe('out\nerr\n');
  });

  it('is found in the process table while it runs, below any folder, in any locale', async () => {
    const root = makeTemp();
    await Promise.all(
      AWKWARD_NAMES.map(async name => {
        const job = await new GroupJob(WORK, { baseFolder: path.join(root, name) }).start();
        await job.until('ready');
        expect(await job.isListed(), name).toBe(true);
        expect(await job.isListed({ LC_ALL: 'C' }), name).toBe(true);
        await job.cancel();
        expect(await job.left()).toEqual([]);
        expect(await job.isListed(), name).toBe(false);
      })
    );
  });

  it('survives the end of its starter and of all that its starter has started', async () => {
    const job = new GroupJob(WORK);
    const starter = spawn('bash', ['-c', `${job.startCommand()}; sleep 60`], {
      detached: true,
      stdio: ['ignore', 'pipe', 'ignore']
    });
    const [printed] = (await once(starter.stdout, 'data')) as [Buffer];
    job.id = printed.toString().trim();
    await job.until('ready');
    process.kill(-Number(starter.pid), 'SIGHUP');
    process.kill(-Number(starter.pid), 'SIGTERM');
    await once(starter, 'exit');
    await setTimeout(200);
    expect(job.members()).toHaveLength(4);
  });

  it('survives the hang-up of its terminal', async () => {
    const job = new GroupJob(WORK);
    // The terminal is gone when its last holder, this Python, ends.
    const terminal = `
import os, pty, sys
child, terminal = pty.fork()
if child == 0:
    os.execvp("bash", ["bash", "-c", sys.argv[1] + "; sleep 60"])
print(os.read(terminal, 100).decode().strip())`;
    const { stdout } = await run('python3', ['-c', terminal, job.startCommand()]);
    job.id = stdout.trim();
    await job.until('ready');
    await setTimeout(200);
    expect(job.members()).toHaveLength(4);
  });
});

describe('a cancel', () => {
  it('ends the whole group', async () => {
    const job = await new GroupJob(WORK).start();
    await job.until('ready');
    await job.cancel();
    expect(await job.left()).toEqual([]);
  });

  it('lets the script save first', async () => {
    const job = await new GroupJob(
      'trap "touch saved; exit" TERM; sleep 60 & touch ready; wait'
    ).start();
    await job.until('ready');
    await job.cancel();
    expect(await job.left()).toEqual([]);
    expect(job.has('saved')).toBe(true);
  });

  it('kills a group that ignores it', async () => {
    const deaf = "trap '' TERM; sleep 60 & touch ready; sleep 61; sleep 62";
    const job = await new GroupJob(deaf).start(1);
    await job.until('ready');
    await job.cancel();
    await setTimeout(300);
    expect(job.members()).not.toEqual([]);
    expect(await job.left()).toEqual([]);
  });

  it('reaches a job that has only just been started', async () => {
    for (let times = 0; times < 15; times += 1) {
      const job = new GroupJob(WORK);
      // As close together as one shell can do it.
      const both = `id=$(${job.startCommand()}); echo "$id"; ${job.cancelCommand('"$id"')}`;
      job.id = (await run('bash', ['-c', both])).stdout.trim();
      expect(await job.left()).toEqual([]);
    }
  });

  it('of a job that is gone succeeds', async () => {
    const job = await new GroupJob('true').start();
    expect(await job.left()).toEqual([]);
    await expect(job.cancel()).resolves.toBeUndefined();
  });

  it.each([
    ['a program of its own', 'sleep', ['60']],
    ['another job', 'bash', ['-c', 'sleep 60; :', '/home/ada/jobs/b7q1m0zt/script.sh']],
    ['a script of another name', 'bash', ['-c', 'sleep 60; :', '/home/ada/k3v9x2ab/script.sh~']]
  ])('does not touch %s that has got the id since', async (_, program, words) => {
    const other = spawn(program, words, { detached: true, stdio: 'ignore' });
    onTestFinished(() => {
      process.kill(-Number(other.pid), 'SIGKILL');
    });
    const job = new GroupJob('true');
    job.id = String(other.pid);
    await job.cancel();
    await setTimeout(100);
    expect(other.exitCode ?? other.signalCode).toBeNull();
    expect(await job.isListed()).toBe(false);
  });
});

describe('the time limit', () => {
  it('ends the whole group, and lets the script save first', async () => {
    const script = 'trap "touch saved; exit" TERM; sleep 60 & wait';
    const job = await new GroupJob(script, { timeSeconds: 1 }).start();
    await expect.poll(() => job.isListed()).toBe(true);
    expect(await job.left()).toEqual([]);
    expect(job.has('saved')).toBe(true);
  });

  it('kills a group that does not heed it', async () => {
    const script = "trap '' TERM; sleep 60 & sleep 61; sleep 62";
    const job = await new GroupJob(script, { timeSeconds: 1 }).start(1);
    expect(await job.left()).toEqual([]);
  });
});
