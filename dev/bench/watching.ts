import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { JobRecord } from '../../src/api/job';
import { Life } from '../../src/sidecar/lifecycle/life';
import { newJob } from '../../src/sidecar/submission/newJob';
import { planJob } from '../../src/sidecar/submission/plan';
import type { Remote } from '../../src/sidecar/remote/remote';
import { Viewers } from '../../src/sidecar/watching/viewers';
import { FakeClock } from '../../test/sidecar/fakeClock';
import { type Context, makeContext } from '../../test/sidecar/makeContext';

/** What a minute of watching took: this process's CPU time, and what the cluster was asked. */
export interface Watched {
  cpuMs: number;
  commands: number;
  queueQuestions: number;
}

/** How old the jobs are when the minute begins, in seconds. */
const AGE = 60;

const NOTEBOOK = '{"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}';

/** Watches so many running jobs of one Slurm, a tenth of which have moved on at each look, on a clock moved by hand. */
export async function run(folder: string, jobs: string): Promise<Watched> {
  const count = Number(jobs);
  const clock = new FakeClock();
  const cluster = new PretendedCluster(() => clock.now());
  const { context, stop } = makeContext({ clock, folder, remote: cluster, runner: '' });
  cluster.jobs = await addJobs(context, folder, count);
  const viewers = new Viewers();
  viewers.add(null);
  new Life(context, viewers).resume();
  // The first look brings everything; what follows is what a minute takes.
  await pause(1000 + count);
  const before = process.cpuUsage();
  cluster.commands = 0;
  cluster.queueQuestions = 0;
  for (let second = 0; second < 60; second += 1) {
    clock.advance(1);
    // Real time for what was woken, in which nothing else happens.
    await pause(50);
  }
  const { system, user } = process.cpuUsage(before);
  stop();
  return {
    cpuMs: (system + user) / 1000,
    commands: cluster.commands,
    queueQuestions: cluster.queueQuestions
  };
}

async function addJobs(context: Context, folder: string, count: number): Promise<JobRecord[]> {
  const notebook = path.join(folder, 'nb.ipynb');
  writeFileSync(notebook, NOTEBOOK);
  const form = { notebook, cores: 1, time: '10h' };
  const plan = await planJob({ form, caller: { python: '/usr/bin/env' } }, context);
  const now = context.clock.now();
  return Array.from({ length: count }, (_, number) => {
    const id = `k${String(number).padStart(7, '0')}`;
    const record: JobRecord = {
      ...newJob(id, plan, now - AGE),
      cluster: { ...plan.cluster, name: 'hpc', host: 'hpc', scheduler: 'slurm' },
      state: 'running',
      submittedAt: now - AGE,
      startedAt: now - AGE,
      schedulerId: String(number + 1)
    };
    context.jobs.add(record, null);
    return record;
  });
}

/** Answers as a cluster would that has these jobs, all of them running. */
class PretendedCluster implements Remote {
  readonly where = 'hpc';
  jobs: JobRecord[] = [];
  commands = 0;
  queueQuestions = 0;
  private looks = 0;

  constructor(private readonly now: () => number) {}

  run({ script }: { script: string }): ReturnType<Remote['run']> {
    this.commands += 1;
    const mark = /jupyterlab-submit [0-9a-f]{18}/.exec(script)?.[0] ?? '';
    const asksQueue = script.includes('@@ queue');
    this.queueQuestions += asksQueue ? 1 : 0;
    const stdout = `\n${mark}\n${this.progress()}${asksQueue ? this.queue() : ''}`;
    return Promise.resolve({ stdout, stderr: '', exitCode: 0, signal: null });
  }

  close(): void {}

  private progress(): string {
    this.looks += 1;
    return this.jobs
      .filter((_, number) => number % 10 === this.looks % 10 || this.looks === 1)
      .map(({ id }) => {
        const cell = { index: this.looks, total: 1000, startedAt: this.now() };
        const engines = { ready: 4, wanted: 4 };
        const text = JSON.stringify({ at: this.now(), phase: 'running', engines, cell });
        return `\n@@ file ${id} progress.json ${this.looks} ${text.length}\n${text}`;
      })
      .join('');
  }

  private queue(): string {
    const lines = this.jobs.map(
      ({ id, schedulerId }) => `${schedulerId}|RUNNING|N/A|${this.now() + 36000}|n1|${id}-nb|None`
    );
    return `\n@@ queue\n${lines.join('\n')}\n\n0`;
  }
}
