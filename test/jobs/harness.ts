import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdirSync, openSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from '../../src/api/client';
import type { JobEvent } from '../../src/api/events';
import { type JobRecord, isTerminal, newJobId } from '../../src/api/job';
import type { JobForm } from '../../src/api/jobSpec';
import type { FilesAnswer, FilesOf } from '../../src/api/routes';
import { NoAnswer } from '../../src/cli/noAnswer';
import { socketTransport } from '../../src/cli/transport';
import { PYTHON, runnerArchive, sidecarBundle } from './bundle';
import { expectNoProcesses } from './processes';
import { makeTemp } from '../makeTemp';
import { sealed } from '../sealed';

/** How a sidecar of the tests is started. */
export interface BenchOptions {
  home?: string;
  /** As in src/sidecar/process/faults.ts. */
  fault?: string;
  /** Put before the command line. */
  prefix?: string[];
  /** More of what a caller's shell would have. */
  variables?: Record<string, string>;
  /** The person's settings. */
  settings?: unknown;
}

/** A real sidecar with a home, data and socket of its own, and a client that speaks with it. */
export class Bench {
  readonly client: Client;
  private child: ChildProcess | null = null;

  private constructor(
    readonly home: string,
    readonly data: string,
    readonly socket: string,
    private readonly prefix: readonly string[],
    private readonly variables: Record<string, string>,
    settings: unknown
  ) {
    const start = (): Promise<string> => Promise.resolve(this.socket);
    const pauses = Array.from({ length: 100 }, () => 100);
    this.client = new Client(socketTransport({ socket, start, pauses }), {
      python: PYTHON,
      environment: this.environment,
      ...(settings !== undefined && { settings })
    });
  }

  static async start({
    home,
    fault,
    prefix = [],
    variables = {},
    settings
  }: BenchOptions = {}): Promise<Bench> {
    const base = makeTemp();
    const ours = home ?? path.join(base, 'home');
    const data = path.join(base, 'data');
    for (const folder of [ours, data]) {
      mkdirSync(folder, { recursive: true });
    }
    const bench = new Bench(ours, data, path.join(base, 's.sock'), prefix, variables, settings);
    await bench.startSidecar(fault);
    return bench;
  }

  /** Starts the sidecar (again); resolves when it answers. */
  async startSidecar(fault?: string): Promise<void> {
    const program = await sidecarBundle();
    const argv = [
      ...this.prefix,
      process.execPath,
      program,
      '--socket',
      this.socket,
      '--data',
      this.data
    ];
    argv.push('--runner', runnerArchive());
    const output = openSync(path.join(this.data, 'output.log'), 'a');
    this.child = spawn(argv[0] ?? '', argv.slice(1), {
      cwd: '/',
      detached: true,
      stdio: ['ignore', output, output],
      env: { ...this.environment, ...(fault !== undefined && { JUPYTERLAB_SUBMIT_FAULT: fault }) }
    });
    closeSync(output);
    await this.client.ping();
  }

  /** What a caller's shell would have. */
  get environment(): Record<string, string> {
    return { ...sealed(this.home), ...this.variables };
  }

  /** Whether the sidecar has died by itself, as a planned fault makes it. */
  get isDead(): boolean {
    return this.child?.exitCode !== null || this.child.signalCode !== null;
  }

  /** Kills the sidecar as a power cut would. */
  async kill(): Promise<void> {
    if (!this.isDead) {
      this.child?.kill('SIGKILL');
      await once(this.child ?? process, 'exit');
    }
  }

  /** What the sidecar itself has written. */
  get log(): string {
    return ['sidecar.log', 'output.log']
      .map(name => path.join(this.data, name))
      .map(file => readFileSync(file, { encoding: 'utf8', flag: 'a+' }))
      .join('\n');
  }

  submit(form: Partial<JobForm>, id = newJobId(Math.random)): Promise<JobRecord> {
    return this.client.submit(id, { cluster: 'local', cores: 1, time: '10m', ...form });
  }

  /** The names of a result's files. */
  async files(id: string, of: FilesOf = 'here'): Promise<FilesAnswer['files']> {
    return (await this.client.files(id, of)).files;
  }

  /** Looks at a job until `is` holds, through as many sidecars as it takes. */
  async until(
    id: string,
    is: (record: JobRecord) => boolean,
    longestSeconds = 50
  ): Promise<JobRecord> {
    const deadline = Date.now() + longestSeconds * 1000;
    let last: JobRecord | undefined;
    while (Date.now() < deadline) {
      const events = this.client.events(id);
      try {
        for (;;) {
          const next = await Promise.race([
            events.next(),
            sleep(deadline - Date.now(), null, { ref: false })
          ]);
          if (!next || next.done === true) {
            break;
          }
          last = jobIn(next.value, id) ?? last;
          if (last && is(last)) {
            void events.return(undefined);
            return last;
          }
        }
      } catch (error) {
        if (!(error instanceof NoAnswer)) {
          throw error;
        }
      }
      await sleep(50);
    }
    throw new Error(`waited in vain: ${JSON.stringify(last, null, 1)}\n${this.log}`);
  }

  /** The job when it is over and its result has come home, or could not; no process of it is left. */
  async end(id: string, longestSeconds?: number): Promise<JobRecord> {
    await this.until(
      id,
      ({ state, endedAt }) => isTerminal(state) && endedAt !== null,
      longestSeconds
    );
    await expectNoProcesses(id);
    return this.until(id, ({ result }) => !['pending', 'fetching'].includes(result.place));
  }

  async submitAndEnd(form: Partial<JobForm>, longestSeconds?: number): Promise<JobRecord> {
    const { id } = await this.submit(form);
    return this.end(id, longestSeconds);
  }

  async stop(): Promise<void> {
    await this.kill();
    rmSync(path.dirname(this.data), { recursive: true, force: true });
  }
}

function jobIn(event: JobEvent, id: string): JobRecord | undefined {
  switch (event.type) {
    case 'jobs':
      return event.jobs.find(job => job.id === id);
    case 'job':
      return event.job.id === id ? event.job : undefined;
    case 'unreadable':
    case 'removed':
    case 'questions':
      return undefined;
  }
}
