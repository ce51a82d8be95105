import { DisposableDelegate, type IDisposable } from '@lumino/disposable';
import type { JobEvent } from '../../api/events';
import type { JobRecord } from '../../api/job';
import type { Problem } from '../../api/problem';
import { PROTOCOL } from '../../api/protocol';
import { Attention } from '../page/attention';
import { Endings } from './endings';
import { JobList } from './jobList';
import type { Page } from '../page/page';
import { SharedEvents, type SharedEventsOptions } from '../page/sharedEvents';
import type { Phase } from '../tokens';

/** What a list that can be followed needs. */
export interface FollowedJobsOptions {
  page: Page;
  /** Names the Jupyter server among all that the browser sees. */
  baseUrl: string;
  /** Where events come from. */
  sources: Pick<SharedEventsOptions, 'list' | 'poll' | 'stream'>;
  changed: () => void;
  /** A job has ended, and it is this page that tells the person. */
  ended: (job: JobRecord) => void;
}

/**
 * The list of jobs, kept fresh while somebody follows it and the page can be seen. Once `tellEndings` was called, it
 * follows itself as long as there are jobs whose end a person waits for.
 */
export class FollowedJobs implements IDisposable {
  phase: Phase = 'idle';
  problem: Problem | null = null;
  isDisposed = false;
  private readonly list = new JobList();
  private readonly followers = new Map<symbol, string | null>();
  private readonly attention: Attention;
  private readonly endings: Endings;
  private readonly events: SharedEvents;
  private readonly unwatch: () => void;
  private tellsEndings = false;

  constructor(private readonly options: FollowedJobsOptions) {
    const { baseUrl, ended, page, sources } = options;
    this.endings = new Endings(page, `jupyterlab-submit:watched:${baseUrl}`, ended);
    this.events = new SharedEvents({
      ...sources,
      page,
      // Pages that were loaded before an update do not share with those loaded after it.
      name: `jupyterlab-submit:events:${PROTOCOL}:${baseUrl}`,
      heard: event => this.hear(event),
      failed: problem => this.tell('offline', problem)
    });
    this.attention = new Attention(page, { begin: () => this.begin(), end: () => this.end() });
    this.unwatch = page.sight.watch(() => {
      if (this.tellsEndings) {
        this.endings.tellEnded(this.list);
      }
      this.attend();
    });
  }

  /** Newest first. */
  get all(): readonly JobRecord[] {
    return this.list.all;
  }

  /** The ids of jobs whose records cannot be read. */
  get unreadable(): readonly string[] {
    return this.list.unreadable;
  }

  /** What a person is to be told that no job says. */
  get notices(): readonly Problem[] {
    return this.list.notices;
  }

  forgetNotices(): void {
    this.list.forgetNotices();
    this.options.changed();
  }

  find(id: string): JobRecord | undefined {
    return this.list.find(id);
  }

  follow(view: string | null): IDisposable {
    const follower = Symbol('follower');
    this.followers.set(follower, view);
    this.attend();
    return new DisposableDelegate(() => {
      this.followers.delete(follower);
      this.attend();
    });
  }

  /** From now on `ended` is called; whoever listens to it is there. */
  tellEndings(): void {
    this.tellsEndings = true;
    this.endings.look(this.list);
    this.attend();
  }

  retry(): void {
    if (this.attention.isOn) {
      this.tell('loading', null);
      this.events.stop();
      this.events.start();
    }
  }

  hear(event: JobEvent): void {
    this.list.hear(event);
    if (event.type === 'jobs') {
      this.phase = 'live';
      this.problem = null;
      this.endings.forgetOthers(this.list);
    } else if (event.type === 'removed') {
      this.endings.forget(event.id);
    }
    if (this.tellsEndings) {
      this.endings.look(this.list);
      this.attend();
    }
    this.options.changed();
  }

  dispose(): void {
    if (!this.isDisposed) {
      this.isDisposed = true;
      this.unwatch();
      this.attention.dispose();
      this.events.dispose();
    }
  }

  private attend(): void {
    this.attention.want(this.followers.size > 0 || (this.tellsEndings && this.endings.areAwaited));
    if (this.attention.isOn) {
      this.events.look(this.view);
    }
  }

  /** The job that is shown closely, of several the one that was opened last; none while the page cannot be seen. */
  private get view(): string | null {
    return this.options.page.sight.isVisible()
      ? ([...this.followers.values()].findLast(view => view !== null) ?? null)
      : null;
  }

  private begin(): void {
    if (this.phase === 'idle') {
      this.tell('loading', null);
    }
    this.events.look(this.view);
    this.events.start();
  }

  private end(): void {
    this.events.stop();
    this.events.look(null);
    if (this.phase === 'loading') {
      this.tell('idle', null);
    }
  }

  private tell(phase: Phase, problem: Problem | null): void {
    this.phase = phase;
    this.problem = problem;
    this.options.changed();
  }
}
