import type { TranslationBundle } from '@jupyterlab/translation';
import type { IDisposable } from '@lumino/disposable';
import type { Message } from '@lumino/messaging';
import { Poll } from '@lumino/polling';
import type { Client } from '../../api/client';
import { type JobRecord, isTerminal } from '../../api/job';
import { LOGS } from '../../api/routes';
import { asProblem } from '../asProblem';
import type { IJobs } from '../tokens';
import { engineLogs } from './engineLogs';
import { firstLog } from './firstLog';
import { LogChooser } from './logChooser';
import { LogFollower } from './logFollower';
import { logProblemWords, skippedWords } from './logWords';
import { ReadingView } from './readingView';

/** Milliseconds between looks at a log that may grow, and the most after looks that failed. */
const INTERVAL_MS = 2000;
const LONGEST_INTERVAL_MS = 30_000;

/** What a view of a job's logs works with. */
export interface LogViewOptions {
  job: JobRecord;
  client: Pick<Client, 'log'>;
  jobs: Pick<IJobs, 'follow' | 'list'>;
  trans: TranslationBundle;
}

/** The logs of one job: the end of one of them, as long as it grows and somebody sees it. */
export class LogView extends ReadingView {
  private readonly chooser: LogChooser;
  private readonly poll: Poll;
  private follower: LogFollower;
  private following: IDisposable | null = null;

  constructor(private readonly options: LogViewOptions) {
    const { job, trans } = options;
    super({
      id: `jupyterlab-submit-log-${job.id}`,
      title: trans.__('%1: log', job.spec.name),
      isLog: true,
      trans
    });
    this.follower = this.followed(firstLog(job));
    this.chooser = new LogChooser(LOGS, this.follower.name, name => this.choose(name), trans);
    this.toolbar.insertItem(0, 'log', this.chooser);
    this.poll = new Poll({
      auto: false,
      name: this.id,
      factory: () => this.look(),
      frequency: { interval: INTERVAL_MS, backoff: true, max: LONGEST_INTERVAL_MS },
      standby: () => !this.isVisible || document.hidden
    });
    this.offerEngines();
  }

  /** Shows another of the job's logs. */
  choose(name: string): void {
    this.chooser.mark(name);
    this.content.setText('');
    this.follower = this.followed(name);
    this.offerEngines();
    this.goOn();
  }

  override dispose(): void {
    this.poll.dispose();
    this.rest();
    super.dispose();
  }

  protected override onAfterShow(message: Message): void {
    super.onAfterShow(message);
    this.goOn();
  }

  protected override onAfterAttach(message: Message): void {
    super.onAfterAttach(message);
    this.goOn();
  }

  protected override onBeforeHide(message: Message): void {
    super.onBeforeHide(message);
    this.rest();
  }

  protected override onBeforeDetach(message: Message): void {
    super.onBeforeDetach(message);
    this.rest();
  }

  /** The job as it is now. One that was removed stays as it was last. */
  private get job(): JobRecord {
    const { job, jobs } = this.options;
    return jobs.list.find(({ id }) => id === job.id) ?? job;
  }

  private followed(name: string): LogFollower {
    const follower = new LogFollower(this.options.client, this.options.job.id, name);
    follower.changed.connect((_, change) => {
      if (this.follower === follower) {
        this.content.change(change);
      }
    });
    return follower;
  }

  private goOn(): void {
    if (this.isVisible && !this.isDisposed) {
      this.following ??= this.options.jobs.follow(this.options.job.id);
      void this.poll.refresh();
    }
  }

  private rest(): void {
    this.following?.dispose();
    this.following = null;
  }

  private async look(): Promise<void> {
    const { follower, trans } = this;
    // What the job wrote last is there once it is over, so one more look has all of it.
    const isOver = isTerminal(this.job.state);
    try {
      await follower.look();
    } catch (error) {
      const problem = asProblem(error);
      if (follower === this.follower) {
        this.content.say(...logProblemWords(problem, isOver, trans));
      }
      if (problem.code !== 'no-such-log') {
        throw error;
      }
    }
    if (follower !== this.follower || this.isDisposed) {
      return;
    }
    if (follower.isThere) {
      this.content.say(skippedWords(follower, this.job, trans));
    }
    if (isOver) {
      void this.poll.stop();
    }
  }

  private offerEngines(): void {
    void engineLogs(this.options.client, this.job).then(
      names => this.isDisposed || this.chooser.offer([...LOGS, ...names])
    );
  }
}
