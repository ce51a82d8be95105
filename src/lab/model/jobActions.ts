import type { Client } from '../../api/client';
import type { JobRecord } from '../../api/job';
import { type Problem, ProblemError } from '../../api/problem';
import { asProblem } from '../asProblem';
import type { IJobs, JobAction } from '../tokens';

/** What a job is asked for beside submitting it again. */
type Asked = Parameters<IJobs['act']>[1];
type ActOptions = NonNullable<Parameters<IJobs['act']>[2]>;

/** Who acts here is there to answer what a login asks. */
const HERE = { asks: true };

/** What comes of an action. */
export interface Effects {
  put: (job: JobRecord) => void;
  remove: (id: string) => void;
  /** What is told of an action is another thing now. */
  changed: () => void;
}

/** What is being done with jobs at the person's wish, and what went wrong with it. */
export class JobActions {
  private readonly byJob = new Map<string, { name: JobAction; problem: Problem | null }>();

  constructor(
    private readonly client: Client,
    private readonly effects: Effects
  ) {}

  of(id: string): { name: JobAction; problem: Problem | null } | null {
    return this.byJob.get(id) ?? null;
  }

  dismiss(id: string): void {
    if (this.of(id)?.problem) {
      this.byJob.delete(id);
      this.effects.changed();
    }
  }

  /** Never rejects. A click on what is being done already does nothing. */
  async act(id: string, name: Asked, options: ActOptions = {}): Promise<void> {
    const present = this.of(id);
    if (present?.name === name && present.problem === null) {
      return;
    }
    try {
      await this.during(id, name, () => this.request(id, name, options));
    } catch {
      // `of` tells it.
    }
  }

  /** Shows that something is being done with a job while it is, and its problem afterwards; rejects with that. */
  async during<T>(id: string, name: JobAction, work: () => Promise<T>): Promise<T> {
    const action: { name: JobAction; problem: Problem | null } = { name, problem: null };
    this.byJob.set(id, action);
    this.effects.changed();
    try {
      const done = await work();
      this.end(id, action);
      return done;
    } catch (error) {
      if (isGone(error)) {
        this.end(id, action);
        this.effects.remove(id);
      }
      action.problem = asProblem(error);
      throw error;
    } finally {
      this.effects.changed();
    }
  }

  /** Another action may have begun meanwhile, which goes on. */
  private end(id: string, action: object): void {
    if (this.byJob.get(id) === action) {
      this.byJob.delete(id);
    }
  }

  private async request(id: string, name: Asked, options: ActOptions): Promise<void> {
    switch (name) {
      case 'cancel':
        this.effects.put(await this.cancel(id));
        return;
      case 'refresh':
        this.effects.put(await this.client.refresh(id, HERE));
        return;
      case 'fetch':
        this.effects.put(await this.client.fetch(id, {}, HERE));
        return;
      case 'remove':
        await this.client.remove(id, { ...options, ...HERE });
        this.effects.remove(id);
        return;
      default:
        name satisfies never;
    }
  }

  /** A job that was over before it could be cancelled is what the person wanted: it only has to be seen. */
  private async cancel(id: string): Promise<JobRecord> {
    try {
      return await this.client.cancel(id, HERE);
    } catch (error) {
      if (error instanceof ProblemError && error.problem.code === 'job-over') {
        return this.client.job(id);
      }
      throw error;
    }
  }
}

function isGone(error: unknown): boolean {
  return error instanceof ProblemError && error.problem.code === 'no-such-job';
}
