import type { IDisposable } from '@lumino/disposable';
import { Signal } from '@lumino/signaling';
import type { Client, Transport } from '../../api/client';
import { formOf } from '../../api/formOf';
import type { JobRecord } from '../../api/job';
import type { PageForm } from '../../api/jobSpec';
import type { ContentsPath, FilePath } from '../../api/paths';
import { type Problem, problem } from '../../api/problem';
import type { Question } from '../../api/question';
import { ContentsPaths } from './contentsPaths';
import { FollowedJobs, type FollowedJobsOptions } from './followedJobs';
import { JobActions } from './jobActions';
import type { Page } from '../page/page';
import { Submissions } from './submissions';
import type { IJobs, JobAction, Phase, SignInNeed } from '../tokens';

/** What the jobs of a page are made of. */
export interface JobsModelOptions extends Pick<FollowedJobsOptions, 'baseUrl' | 'sources'> {
  client: Client;
  /** For what the Jupyter server itself answers. */
  transport: Transport;
  page: Page;
}

/** The jobs as a page knows them. Asks for nothing before somebody follows them, or does something. */
export class JobsModel implements IJobs, IDisposable {
  readonly changed = new Signal<this, void>(this);
  readonly ended = new Signal<this, JobRecord>(this);
  readonly begun = new Signal<this, JobRecord>(this);
  readonly signInNeeded = new Signal<this, SignInNeed>(this);
  private readonly jobs: FollowedJobs;
  private readonly actions: JobActions;
  private readonly paths: ContentsPaths;
  private readonly submissions: Submissions;
  private readonly client: Client;

  constructor({ baseUrl, client, page, sources, transport }: JobsModelOptions) {
    const changed = (): void => this.changed.emit();
    const ended = (job: JobRecord): void => this.ended.emit(job);
    const signInNeeded = (need: SignInNeed): void => this.signInNeeded.emit(need);
    this.client = client;
    this.jobs = new FollowedJobs({ baseUrl, page, sources, changed, ended, signInNeeded });
    this.paths = new ContentsPaths({ transport, clock: page.clock, changed });
    this.submissions = new Submissions(client, page);
    this.actions = new JobActions(client, {
      put: job => this.jobs.hear({ type: 'job', job }),
      remove: id => this.jobs.hear({ type: 'removed', id }),
      changed
    });
  }

  /** Begins to tell which jobs have ended, and which wait for the person; whoever listens to that is there by now. */
  start(): void {
    this.jobs.tellNews();
  }

  get list(): readonly JobRecord[] {
    return this.jobs.all;
  }

  get unreadable(): readonly string[] {
    return this.jobs.unreadable;
  }

  get notices(): readonly Problem[] {
    return this.jobs.notices;
  }

  get questions(): readonly Question[] {
    return this.jobs.questions;
  }

  dismissNotices(): void {
    this.jobs.forgetNotices();
    // Told once more is better than never.
    this.client.noticesTold().catch(() => undefined);
  }

  get phase(): Phase {
    return this.jobs.phase;
  }

  get problem(): Problem | null {
    return this.jobs.problem;
  }

  get isDisposed(): boolean {
    return this.jobs.isDisposed;
  }

  follow(view: string | null = null): IDisposable {
    return this.jobs.follow(view);
  }

  retry(): void {
    this.jobs.retry();
  }

  async submit(form: PageForm): Promise<JobRecord> {
    const job = await this.present(() => this.submissions.submit(form));
    this.jobs.hear({ type: 'job', job });
    this.begun.emit(job);
    return job;
  }

  submitAgain(id: string, changes: Partial<PageForm> = {}): Promise<JobRecord> {
    return this.actions.during(id, 'submit-again', async () => {
      const job = this.jobs.find(id);
      if (job === undefined) {
        throw problem('no-such-job', { id });
      }
      const notebook = await this.paths.find(job.spec.notebook);
      if (notebook === null) {
        throw problem('not-a-file', { path: job.spec.notebook });
      }
      return this.submit({ ...formOf(job.spec), notebook, ...changes });
    });
  }

  act(...asked: Parameters<IJobs['act']>): Promise<void> {
    return this.present(() => this.actions.act(...asked));
  }

  action(id: string): { name: JobAction; problem: Problem | null } | null {
    return this.actions.of(id);
  }

  dismiss(id: string): void {
    this.actions.dismiss(id);
  }

  contentsPath(file: FilePath): ContentsPath | null | undefined {
    return this.paths.get(file);
  }

  /** Does something at the person's wish; the page hears meanwhile what a login asks for it. */
  private async present<T>(work: () => Promise<T>): Promise<T> {
    const following = this.follow();
    try {
      return await work();
    } finally {
      following.dispose();
    }
  }

  dispose(): void {
    if (!this.isDisposed) {
      this.jobs.dispose();
      Signal.clearData(this);
    }
  }
}
