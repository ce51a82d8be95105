import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { onTestFinished, vi } from 'vitest';
import type { JobSpec } from '../../src/api/jobSpec';
import { ExitFile, readRunFile } from '../../src/api/runFiles';
import { FILES } from '../../src/api/jobDirectory';
import { jobDirectory } from '../../src/job/paths';
import { jobScript } from '../../src/job/script';
import { local } from '../../src/schedulers/local';
import type { Scheduler } from '../../src/schedulers/scheduler';
import { jobRecord, jobSpec } from '../api/jobRecord';
import { makeTemp } from '../makeTemp';

/** What is special about a job. */
interface Special {
  /** Python that stands in for the runner. */
  runner?: string;
  spec?: Partial<JobSpec>;
  /** What of the batch system is not as on this machine. */
  scheduler?: Partial<Scheduler>;
  /** The site's lines. */
  environment?: string[];
  /** The folder that holds the job directory. */
  baseFolder?: string;
}

/** A job directory with a script in it that bash can run, as a scheduler would run it. */
export class JobRun {
  readonly directory: string;
  private readonly script: string;

  constructor({
    runner = '',
    spec = {},
    scheduler = {},
    environment = [],
    baseFolder
  }: Special = {}) {
    const { id, cluster } = jobRecord();
    const asked = jobSpec(spec);
    this.directory = jobDirectory(baseFolder ?? makeTemp(), id);
    this.script = this.path(FILES.script);
    mkdirSync(this.directory, { recursive: true });
    writeFileSync(this.path(FILES.runner), runner);
    writeFileSync(
      this.script,
      jobScript(
        { ...local, ...scheduler, idWord: '"$TEST_SCHEDULER_ID"' },
        {
          id,
          spec: asked,
          script: this.script,
          log: this.path(FILES.log),
          gpuOption: cluster.gpuOption
        },
        this.directory,
        { ...cluster, python: null, environment }
      )
    );
  }

  /** Starts the script in a process group of its own; whatever is left of it ends with the test. */
  start(schedulerId = '4711', variables: Record<string, string> = {}): Start {
    const child = spawn('/usr/bin/env', ['bash', this.script], {
      cwd: '/',
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, ...variables, TEST_SCHEDULER_ID: schedulerId }
    });
    onTestFinished(() => signal(-Number(child.pid), 'SIGKILL'));
    return new Start(child);
  }

  /** Runs the script to its end, and gives its exit code. */
  async run(): Promise<number | null> {
    const { code } = await this.start().ended;
    return code;
  }

  path(name: string): string {
    return path.join(this.directory, name);
  }

  has(name: string): boolean {
    return existsSync(this.path(name));
  }

  read(name: string): string {
    return readFileSync(this.path(name), 'utf8');
  }

  /** exit.json, as the sidecar reads it. */
  verdict(): Pick<ExitFile, 'state' | 'cause'> | null {
    const read = this.has('exit.json') ? readRunFile(ExitFile, this.read('exit.json')) : null;
    return read && { state: read.state, cause: read.cause };
  }

  /** Waits until the job has written a file. */
  async until(name: string): Promise<void> {
    await vi.waitUntil(() => this.has(name), { timeout: 10_000, interval: 20 });
  }
}

/** One start of a script. */
class Start {
  /** How it ended, and what it wrote to standard error. */
  readonly ended: Promise<{ code: number | null; signal: string | null; stderr: string }>;

  constructor(private readonly child: ChildProcess) {
    let stderr = '';
    child.stderr?.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    child.stdout?.resume();
    this.ended = once(child, 'exit').then(([code, by]: unknown[]) => ({
      code: typeof code === 'number' ? code : null,
      signal: typeof by === 'string' ? by : null,
      stderr
    }));
  }

  /** Sends a signal to the script alone. */
  signal(name: NodeJS.Signals): void {
    signal(Number(this.child.pid), name);
  }

  /** Sends a signal to the whole group, as schedulers do. */
  signalAll(name: NodeJS.Signals): void {
    signal(-Number(this.child.pid), name);
  }
}

function signal(target: number, name: NodeJS.Signals): void {
  try {
    process.kill(target, name);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) {
      throw error;
    }
  }
}
