import type { TranslationBundle } from '@jupyterlab/translation';
import type { IDisposable } from '@lumino/disposable';
import { Poll } from '@lumino/polling';
import { Signal } from '@lumino/signaling';
import type { Client } from '../../api/client';
import { type JobRecord, isTerminal } from '../../api/job';
import { asProblem } from '../asProblem';
import type { IJobs } from '../tokens';
import { firstLog } from './firstLog';
import { LogFollower } from './logFollower';
import { logProblemWords, shownWords } from './logWords';
import type { TextPane } from './textPane';

/** Milliseconds between looks at a log that may grow, and the most after looks that failed. */
const INTERVAL_MS = 2000;
const LONGEST_INTERVAL_MS = 30_000;

/** What reading a job's logs works with. */
export interface LogReading {
  job: JobRecord;
  client: Pick<Client, 'log'>;
  jobs: Pick<IJobs, 'follow' | 'list'>;
  trans: TranslationBundle;
}

/** Shows one log of a job in a pane, and what comes to it as long as the job runs and somebody sees it. */
export class LogReader implements IDisposable {
  /** Another log is shown. */
  readonly switched = new Signal<this, void>(this);
  private readonly poll: Poll;
  /** Whether the person has said which log to show. */
  private isChosen = false;
  private follower: LogFollower;
  private following: IDisposable | null = null;

  constructor(
    private readonly pane: TextPane,
    private readonly options: LogReading
  ) {
    this.follower = this.followed(firstLog(options.job));
    this.poll = new Poll({
      auto: false,
      name: `jupyterlab-submit: log of ${options.job.id}`,
      factory: () => this.look(),
      frequency: { interval: INTERVAL_MS, backoff: true, max: LONGEST_INTERVAL_MS },
      standby: () => this.following === null || document.hidden
    });
  }

  /** The name of the log that is shown. */
  get name(): string {
    return this.follower.name;
  }

  /** The job as it is now. One that was removed stays as it was last. */
  get job(): JobRecord {
    const { job, jobs } = this.options;
    return jobs.list.find(({ id }) => id === job.id) ?? job;
  }

  get isDisposed(): boolean {
    return this.poll.isDisposed;
  }

  /** Shows another log, at the person's wish. */
  choose(name: string): void {
    this.isChosen = true;
    this.switchTo(name);
    void this.poll.refresh();
  }

  /** Somebody sees the pane. */
  begin(): void {
    this.following ??= this.options.jobs.follow(this.options.job.id);
    void this.poll.refresh();
  }

  /** Nobody sees it any more. */
  rest(): void {
    this.following?.dispose();
    this.following = null;
  }

  dispose(): void {
    this.rest();
    this.poll.dispose();
    Signal.clearData(this);
  }

  private switchTo(name: string): void {
    this.pane.setText('');
    this.follower = this.followed(name);
    this.switched.emit();
  }

  private followed(name: string): LogFollower {
    const { client, job, trans } = this.options;
    // The cluster may be far away.
    this.pane.say(trans.__('Asking for the log…'));
    const follower = new LogFollower(client, job.id, name);
    follower.changed.connect((_, change) => {
      if (this.follower === follower) {
        this.pane.change(change);
      }
    });
    return follower;
  }

  private async look(): Promise<void> {
    const first = firstLog(this.job);
    // Whoever opens the view early wants to see what comes, and not what stays empty.
    if (!this.isChosen && this.follower.text === '' && this.name !== first) {
      this.switchTo(first);
    }
    const { follower, pane } = this;
    const { trans } = this.options;
    // What the job wrote last is there once it is over, so one more look has all of it.
    const isOver = isTerminal(this.job.state);
    try {
      await follower.look();
    } catch (error) {
      const problem = asProblem(error);
      if (follower === this.follower) {
        pane.say(...logProblemWords(problem, isOver, trans));
      }
      if (problem.code !== 'no-such-log') {
        throw error;
      }
    }
    if (follower !== this.follower || this.isDisposed) {
      return;
    }
    if (follower.isThere) {
      pane.say(shownWords(follower, this.job, trans));
    }
    if (isOver) {
      void this.poll.stop();
    }
  }
}
