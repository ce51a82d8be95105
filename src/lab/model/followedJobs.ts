import { DisposableDelegate, type IDisposable } from '@lumino/disposable';
import type { JobEvent } from '../../api/events';
import type { JobRecord } from '../../api/job';
import type { Problem } from '../../api/problem';
import { PROTOCOL } from '../../api/protocol';
import type { Question } from '../../api/question';
import { Attention } from '../page/attention';
import { Endings } from './endings';
import { JobList } from './jobList';
import type { Page } from '../page/page';
import { SharedEvents, type SharedEventsOptions } from '../page/sharedEvents';
import { SignInNeeds } from './signInNeeds';
import type { Phase, SignInNeed } from '../tokens';

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
  /** Jobs wait for the person to sign in, and it is this page that says so. */
  signInNeeded: (need: SignInNeed) => void;
}

/**
 * The list of jobs, kept fresh while somebody follows it, or a login asks something, and the page can be seen. Once
 * `tellNews` was called, it follows itself as long as there are jobs whose end a person waits for.
 */
export class FollowedJobs implements IDisposable {
  phase: Phase = 'idle';
  problem: Problem | null = null;
  /** What logins ask. */
  questions: readonly Question[] = [];
  isDisposed = false;
  private readonly list = new JobList();
  private readonly followers = new Map<symbol, string | null>();
  private readonly attention: Attention;
  private readonly endings: Endings;
  private readonly signIns: SignInNeeds;
  private readonly events: SharedEvents;
  private readonly unwatch: () => void;
  private tellsNews = false;

  constructor(private readonly options: FollowedJobsOptions) {
    const { baseUrl, ended, page, signInNeeded, sources } = options;
    this.endings = new Endings(page, `jupyterlab-submit:watched:${baseUrl}`, ended);
    this.signIns = new SignInNeeds(page, `jupyterlab-submit:sign-ins:${baseUrl}`, signInNeeded);
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
      if (this.tellsNews) {
        this.endings.tellEnded(this.list);
        this.tellSignIns();
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

  /** From now on `ended` and `signInNeeded` are called; whoever listens to them is there. */
  tellNews(): void {
    this.tellsNews = true;
    this.endings.look(this.list);
    this.tellSignIns();
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
    if (event.type === 'questions') {
      this.hearQuestions(event.questions);
      return;
    }
    this.list.hear(event);
    if (event.type === 'jobs') {
      this.phase = 'live';
      this.problem = null;
      this.endings.forgetOthers(this.list);
    } else if (event.type === 'removed') {
      this.endings.forget(event.id);
    }
    if (this.tellsNews) {
      this.endings.look(this.list);
      this.tellSignIns();
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
    this.attention.want(
      this.followers.size > 0 ||
        this.questions.length > 0 ||
        (this.tellsNews && this.endings.areAwaited)
    );
    if (this.attention.isOn) {
      this.events.look(this.view);
    }
  }

  private hearQuestions(questions: readonly Question[]): void {
    if (questions.length + this.questions.length > 0) {
      this.questions = questions;
      this.attend();
      this.options.changed();
    }
  }

  /** Of a list that is not known yet nothing follows. */
  private tellSignIns(): void {
    if (this.phase === 'live') {
      this.signIns.look(this.list.all);
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
