import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { promisify } from 'node:util';
import { onTestFinished, vi } from 'vitest';
import { local } from '../../src/schedulers/local';
import type { BatchJob } from '../../src/schedulers/scheduler';
import { command } from '../../src/shell/quote';
import { makeTemp } from '../makeTemp';
import { batchJob } from './batchJob';

const run = promisify(execFile);

/** A job of This machine whose script is any piece of bash, started as the sidecar starts it. */
export class GroupJob {
  readonly job: BatchJob;
  /** The id that the start has printed. */
  id = '';

  constructor(script: string, { baseFolder = makeTemp(), timeSeconds = 600 } = {}) {
    const job = batchJob({}, { baseFolder });
    this.job = { ...job, spec: { ...job.spec, timeSeconds } };
    mkdirSync(path.dirname(this.job.log), { recursive: true });
    writeFileSync(this.job.script, `cd "\${0%/*}"\n${script}`);
    onTestFinished(() => {
      // Before the folders of the job are removed.
      this.kill();
    });
  }

  /** What starts the job, as one shell command; a group that ignores TERM is killed after so many seconds. */
  startCommand(killAfterSeconds = 15): string {
    const argv = local.submitArgv(this.job);
    return command(argv.map(word => (word === '15' ? String(killAfterSeconds) : word)));
  }

  async start(killAfterSeconds = 15): Promise<this> {
    const { stdout } = await run('bash', ['-c', this.startCommand(killAfterSeconds)]);
    this.id = local.parseJobId(stdout) ?? `no id in ${stdout}`;
    return this;
  }

  /** What cancels the job of this id, which may be any word of the shell. */
  cancelCommand(id: string): string {
    const schedulerId = '4711';
    return command(local.cancelArgv({ id: this.job.id, schedulerId })).replace(schedulerId, id);
  }

  async cancel(): Promise<void> {
    await run('bash', ['-c', this.cancelCommand(this.id)]);
  }

  /** Whether the queue shows the job under the id that its start has printed. */
  async isListed(variables: Record<string, string> = {}): Promise<boolean> {
    const [program = '', ...words] = local.statusArgv();
    const { stdout } = await run(program, words, { env: { ...process.env, ...variables } });
    return local
      .parseStatus(stdout)
      .some(entry => entry.schedulerId === this.id && entry.jobId === this.job.id);
  }

  /** The processes of the job's group that have not ended. */
  members(): string[] {
    return readdirSync('/proc').filter(entry => /^\d+$/.test(entry) && groupOf(entry) === this.id);
  }

  has(name: string): boolean {
    return existsSync(path.join(path.dirname(this.job.script), name));
  }

  /** Waits until the script has written a file. */
  async until(name: string): Promise<void> {
    await vi.waitUntil(() => this.has(name), { timeout: 10_000, interval: 20 });
  }

  /** The processes of the group that are still there when it had ten seconds to end. */
  async left(): Promise<string[]> {
    for (let looks = 0; looks < 200 && this.members().length > 0; looks += 1) {
      await setTimeout(50);
    }
    return this.members();
  }

  private kill(): void {
    if (this.members().length > 0) {
      process.kill(-Number(this.id), 'SIGKILL');
    }
  }
}

/** The process group of a process, as proc(5) shows it; null when it has ended, waited for or not. */
function groupOf(id: string): string | null {
  try {
    const stat = readFileSync(`/proc/${id}/stat`, 'utf8');
    // The name, in parentheses, may hold anything.
    const [state, , group] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return state === 'Z' ? null : (group ?? null);
  } catch {
    return null;
  }
}
